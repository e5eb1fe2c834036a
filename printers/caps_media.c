/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/caps_private.h"

#include <limits.h>

#include "base/mem.h"
#include "printers/ipp.h"
#include "printers/media.h"

/* Value i, if it is a paper of which the size is known. */
static bool media_at(ipp_attribute_t *attr, int i, char name[CAPS_NAME_MAX])
{
	unsigned width, height;

	return ipp_keyword_at(attr, i, name, CAPS_NAME_MAX) &&
	       media_size_from_name(name, &width, &height) == 0;
}

static void list_from_ipp(ipp_t *ipp, struct printer_caps *caps)
{
	ipp_attribute_t *attr =
		ipp_find(ipp, IPP_TAG_PRINTER, "media-supported");
	char name[CAPS_NAME_MAX];

	for (int i = 0; i < ipp_count(attr); i++) {
		if (caps->n_media_supported == CAPS_MEDIA_MAX)
			break;
		if (media_at(attr, i, name))
			memcpy(caps->media_supported[caps->n_media_supported++],
			       name, sizeof name);
	}
}

const char *caps_media_name(const struct printer_caps *caps, const char *media)
{
	const char *same = NULL;

	for (unsigned i = 0; i < caps->n_media_supported; i++) {
		const char *name = caps->media_supported[i];

		if (media_range_end(name) != 0)
			continue;
		if (strcmp(name, media) == 0)
			return name;
		if (!same && media_is_same_size(name, media))
			same = name;
	}
	return same;
}

static bool is_in_range(const struct printer_caps *caps, const char *media)
{
	unsigned min_w = UINT_MAX, min_h = UINT_MAX, max_w = 0, max_h = 0;
	unsigned width, height, w, h;

	if (media_size_from_name(media, &width, &height) < 0)
		return false;
	for (unsigned i = 0; i < caps->n_media_supported; i++) {
		const char *name = caps->media_supported[i];
		int end = media_range_end(name);

		if (end == 0 || media_size_from_name(name, &w, &h) < 0)
			continue;
		if (end < 0) {
			min_w = w < min_w ? w : min_w;
			min_h = h < min_h ? h : min_h;
		} else {
			max_w = w > max_w ? w : max_w;
			max_h = h > max_h ? h : max_h;
		}
	}
	if (min_w == UINT_MAX)
		min_w = min_h = 0;
	return width >= min_w && width <= max_w && height >= min_h &&
	       height <= max_h;
}

bool caps_takes_media(const struct printer_caps *caps, const char *media)
{
	return caps->n_media_supported == 0 ||
	       caps->n_media_supported == CAPS_MEDIA_MAX ||
	       caps_media_name(caps, media) || is_in_range(caps, media);
}

/* The first value that is a paper which the printer takes. */
static bool first_taken(ipp_t *ipp, const char *attribute,
                        struct printer_caps *caps)
{
	ipp_attribute_t *attr = ipp_find(ipp, IPP_TAG_PRINTER, attribute);
	char name[CAPS_NAME_MAX];

	for (int i = 0; i < ipp_count(attr); i++) {
		if (!media_at(attr, i, name) || media_range_end(name) != 0 ||
		    !caps_takes_media(caps, name))
			continue;
		memcpy(caps->media_default, name, sizeof name);
		return true;
	}
	return false;
}

/*
 * Some printers have no default, or one that is no paper, or that their own
 * list lacks. A4, which is taken where nothing is known, does not go into a
 * printer of labels or photographs.
 */
static void media_from_ipp(ipp_t *ipp, struct printer_caps *caps)
{
	list_from_ipp(ipp, caps);
	if (first_taken(ipp, "media-default", caps) ||
	    first_taken(ipp, "media-ready", caps) ||
	    caps_takes_media(caps, "iso_a4_210x297mm"))
		return;
	first_taken(ipp, "media-supported", caps);
}

static void sources_from_ipp(ipp_t *ipp, struct printer_caps *caps)
{
	ipp_attribute_t *attr =
		ipp_find(ipp, IPP_TAG_PRINTER, "media-source-supported");

	for (int i = 0; i < ipp_count(attr); i++) {
		if (caps->n_sources == CAPS_SOURCES_MAX)
			break;
		if (ipp_keyword_at(attr, i, caps->sources[caps->n_sources],
		                   sizeof caps->sources[0]))
			caps->n_sources++;
	}
}

/* The largest that is plausible: nothing is lost on any paper. */
static unsigned margin_of(ipp_t *ipp, const char *name)
{
	ipp_attribute_t *attr = ipp_find(ipp, IPP_TAG_PRINTER, name);
	int margin = 0;

	if (!attr || ippGetValueTag(attr) != IPP_TAG_INTEGER)
		return 0;
	for (int i = 0; i < ippGetCount(attr); i++) {
		int value = ippGetInteger(attr, i);

		if (value > margin && value <= 2540)
			margin = value;
	}
	return (unsigned)margin;
}

static bool may_be_0(ipp_t *ipp, const char *name)
{
	ipp_attribute_t *attr = ipp_find(ipp, IPP_TAG_PRINTER, name);

	if (!attr || ippGetValueTag(attr) != IPP_TAG_INTEGER)
		return false;
	for (int i = 0; i < ippGetCount(attr); i++)
		if (ippGetInteger(attr, i) == 0)
			return true;
	return false;
}

static void margins_from_ipp(ipp_t *ipp, struct printer_caps *out)
{
	static const char left[] = "media-left-margin-supported";
	static const char right[] = "media-right-margin-supported";
	static const char top[] = "media-top-margin-supported";
	static const char bottom[] = "media-bottom-margin-supported";

	out->margin_left = margin_of(ipp, left);
	out->margin_right = margin_of(ipp, right);
	out->margin_top = margin_of(ipp, top);
	out->margin_bottom = margin_of(ipp, bottom);
	out->is_borderless = may_be_0(ipp, left) && may_be_0(ipp, right) &&
	                     may_be_0(ipp, top) && may_be_0(ipp, bottom);
}

static bool is_of_size(ipp_t *col, const char *media)
{
	ipp_t *size = ipp_member_collection(col, "media-size");
	unsigned width, height;

	return size && media_size_from_name(media, &width, &height) == 0 &&
	       ipp_member_int(size, "x-dimension") == (int)width &&
	       ipp_member_int(size, "y-dimension") == (int)height;
}

/* 0 is the edge of a picture, which is asked for by itself: not said. */
static unsigned edge_of(ipp_t *col, const char *name, unsigned most)
{
	int value = ipp_member_int(col, name);

	return value > 0 && (unsigned)value < most ? (unsigned)value : 0;
}

static void default_edges_from_ipp(ipp_t *ipp, struct printer_caps *out)
{
	ipp_t *col = ipp_member_collection(ipp, "media-col-default");
	struct caps_edges *edges = &out->default_edges;

	if (!col || !is_of_size(col, out->media_default))
		return;
	edges->left = edge_of(col, "media-left-margin", out->margin_left);
	edges->right = edge_of(col, "media-right-margin", out->margin_right);
	edges->top = edge_of(col, "media-top-margin", out->margin_top);
	edges->bottom = edge_of(col, "media-bottom-margin", out->margin_bottom);
}

void caps_media_from_ipp(ipp_t *ipp, struct printer_caps *out)
{
	media_from_ipp(ipp, out);
	sources_from_ipp(ipp, out);
	margins_from_ipp(ipp, out);
	default_edges_from_ipp(ipp, out);
}
