/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/tray.h"

#include <ctype.h>
#include <stdio.h>

#include "base/mem.h"
#include "printers/ipp.h"
#include "printers/media.h"
#include "printers/pairs.h"

static struct printer_tray *tray_add(struct printer_status *status)
{
	struct printer_tray *tray;

	if (status->n_trays == PRINTER_TRAYS_MAX)
		return NULL;
	tray = &status->trays[status->n_trays++];
	*tray = (struct printer_tray){.level = PRINTER_LEVEL_UNKNOWN};
	return tray;
}

/*
 * The paper by its measures, in 1/100 mm. Printers that leave an empty tray out
 * of media-col-ready still tell here what belongs into it.
 */
static void tray_media_from_size(struct printer_tray *tray, int width,
                                 int height)
{
	const char *name = NULL;

	if (width > 0 && height > 0)
		name = media_name_from_size((unsigned)width, (unsigned)height);
	if (name)
		snprintf(tray->media, sizeof tray->media, "%s", name);
}

static void input_trays_from_ipp(ipp_t *ipp, struct printer_status *status)
{
	ipp_attribute_t *attr =
		ipp_find(ipp, IPP_TAG_PRINTER, "printer-input-tray");
	char pairs[1024];

	for (int i = 0; i < ipp_count(attr); i++) {
		struct printer_tray *tray;

		if (!ipp_text_at(attr, i, pairs, sizeof pairs))
			continue;
		tray = tray_add(status);
		if (!tray)
			return;
		pairs_text(pairs, "name", tray->name, sizeof tray->name);
		tray->level = pairs_level(pairs);
		tray_media_from_size(tray, pairs_int(pairs, "mediaxfeed", 0),
		                     pairs_int(pairs, "mediafeed", 0));
	}
}

bool printer_tray_is(const char *a, const char *b)
{
	for (;; a++, b++) {
		while (*a && !isalnum((unsigned char)*a))
			a++;
		while (*b && !isalnum((unsigned char)*b))
			b++;
		if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
			return false;
		if (!*a)
			return true;
	}
}

static struct printer_tray *tray_by_name(struct printer_status *status,
                                         const char *name)
{
	for (unsigned i = 0; name[0] && i < status->n_trays; i++)
		if (printer_tray_is(status->trays[i].name, name))
			return &status->trays[i];
	return NULL;
}

static void member_keyword(ipp_t *col, const char *name, char *out, size_t size)
{
	ipp_attribute_t *attr = ippFindAttribute(col, name, IPP_TAG_ZERO);

	if (!attr || !ipp_keyword_at(attr, 0, out, size))
		out[0] = '\0';
}

/* One value of media-col-ready: the paper that lies in one tray. */
static void ready_from_collection(ipp_t *col, struct printer_status *status)
{
	ipp_t *size = ipp_member_collection(col, "media-size");
	struct printer_tray *tray;
	char source[64];

	member_keyword(col, "media-source", source, sizeof source);
	tray = tray_by_name(status, source);
	if (!tray)
		tray = tray_add(status);
	if (!tray)
		return;
	if (!tray->name[0])
		memcpy(tray->name, source, sizeof tray->name);
	member_keyword(col, "media-type", tray->type, sizeof tray->type);
	if (size)
		tray_media_from_size(tray, ipp_member_int(size, "x-dimension"),
		                     ipp_member_int(size, "y-dimension"));
	if (ippFindAttribute(col, "media-size-name", IPP_TAG_ZERO))
		member_keyword(col, "media-size-name", tray->media,
		               sizeof tray->media);
}

static bool has_media(const struct printer_status *status)
{
	for (unsigned i = 0; i < status->n_trays; i++)
		if (status->trays[i].media[0])
			return true;
	return false;
}

void printer_trays_from_ipp(ipp_t *ipp, struct printer_status *status)
{
	ipp_attribute_t *attr =
		ipp_find(ipp, IPP_TAG_PRINTER, "media-col-ready");

	input_trays_from_ipp(ipp, status);
	if (attr && ippGetValueTag(attr) == IPP_TAG_BEGIN_COLLECTION)
		for (int i = 0; i < ippGetCount(attr); i++)
			ready_from_collection(ippGetCollection(attr, i),
			                      status);
	for (unsigned i = 0; !attr && i < status->n_media_ready; i++) {
		struct printer_tray *tray;

		if (i == 0 && has_media(status))
			break;
		tray = tray_add(status);
		if (tray)
			memcpy(tray->media, status->media_ready[i],
			       sizeof tray->media);
	}
}
