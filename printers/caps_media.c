/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/caps_private.h"

#include "base/mem.h"
#include "printers/ipp.h"
#include "printers/media.h"

static void media_from_ipp(ipp_t *ipp, struct printer_caps *caps)
{
	ipp_attribute_t *attr =
		ipp_find(ipp, IPP_TAG_PRINTER, "media-supported");
	ipp_attribute_t *first =
		ipp_find(ipp, IPP_TAG_PRINTER, "media-default");
	unsigned width, height;
	char name[CAPS_NAME_MAX];

	if (first && ipp_keyword_at(first, 0, name, sizeof name) &&
	    media_size_from_name(name, &width, &height) == 0)
		memcpy(caps->media_default, name, sizeof name);
	for (int i = 0; i < ipp_count(attr); i++) {
		if (caps->n_media_supported == CAPS_MEDIA_MAX)
			break;
		if (ipp_keyword_at(attr, i, name, sizeof name) &&
		    media_size_from_name(name, &width, &height) == 0)
			memcpy(caps->media_supported[caps->n_media_supported++],
			       name, sizeof name);
	}
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

void caps_media_from_ipp(ipp_t *ipp, struct printer_caps *out)
{
	media_from_ipp(ipp, out);
	sources_from_ipp(ipp, out);
	margins_from_ipp(ipp, out);
}
