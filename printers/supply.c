/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/supply.h"

#include <stdio.h>
#include <strings.h>

#include "base/mem.h"
#include "printers/ipp.h"
#include "printers/pairs.h"
#include "printers/text.h"

/* clang-format off */
static const struct {
	const char *name;
	const char *rgb; /* as marker-colors has it */
} colours[] = {
	{"black",   "#000000"},
	{"cyan",    "#00FFFF"},
	{"magenta", "#FF00FF"},
	{"yellow",  "#FFFF00"},
};
/* clang-format on */

static struct printer_supply *supply_add(struct printer_status *status)
{
	struct printer_supply *supply;

	if (status->n_supplies == PRINTER_SUPPLIES_MAX)
		return NULL;
	supply = &status->supplies[status->n_supplies++];
	*supply =
		(struct printer_supply){.level_percent = PRINTER_LEVEL_UNKNOWN};
	return supply;
}

/* The colorant, else a colour's name within the supply's. */
static void supply_set_colour(struct printer_supply *supply, const char *colour)
{
	if (strcmp(colour, "unknown") != 0 && strcmp(colour, "none") != 0)
		text_keyword(supply->colour, sizeof supply->colour, colour);
	for (size_t i = 0; !supply->colour[0] && i < ARRAY_LEN(colours); i++)
		if (strcasestr(supply->name, colours[i].name))
			snprintf(supply->colour, sizeof supply->colour, "%s",
			         colours[i].name);
}

static void supply_from_pairs(struct printer_supply *supply, const char *pairs)
{
	char word[64];

	pairs_text(pairs, "class", word, sizeof word);
	supply->is_receptacle = strcasestr(word, "receptacle") != NULL;
	pairs_text(pairs, "type", word, sizeof word);
	text_keyword(supply->type, sizeof supply->type, word);
	supply->level_percent = pairs_level(pairs);
	pairs_text(pairs, "colorantname", word, sizeof word);
	supply_set_colour(supply, word);
}

static bool supplies_from_printer_supply(ipp_t *ipp,
                                         struct printer_status *status)
{
	ipp_attribute_t *attr =
		ipp_find(ipp, IPP_TAG_PRINTER, "printer-supply");
	ipp_attribute_t *names =
		ipp_find(ipp, IPP_TAG_PRINTER, "printer-supply-description");
	char pairs[1024];

	for (int i = 0; i < ipp_count(attr); i++) {
		struct printer_supply *supply;

		if (!ipp_text_at(attr, i, pairs, sizeof pairs))
			continue;
		supply = supply_add(status);
		if (!supply)
			break;
		if (i < ipp_count(names))
			ipp_text_at(names, i, supply->name,
			            sizeof supply->name);
		supply_from_pairs(supply, pairs);
	}
	return status->n_supplies > 0;
}

static void colour_from_rgb(const char *rgb, char *out, size_t size)
{
	out[0] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(colours); i++)
		if (strcasecmp(rgb, colours[i].rgb) == 0)
			snprintf(out, size, "%s", colours[i].name);
}

/* marker-levels: percent, -1 does not apply, -2 unknown, -3 some. */
static int marker_level(ipp_attribute_t *levels, int i)
{
	int level = ippGetInteger(levels, i);

	if (level < PRINTER_LEVEL_SOME || level > 100)
		return PRINTER_LEVEL_UNKNOWN;
	return level;
}

static bool marker_text(ipp_t *ipp, const char *name, int i, char *out,
                        size_t size)
{
	ipp_attribute_t *attr = ipp_find(ipp, IPP_TAG_PRINTER, name);

	out[0] = '\0';
	return i < ipp_count(attr) && ipp_text_at(attr, i, out, size);
}

static void supplies_from_markers(ipp_t *ipp, struct printer_status *status)
{
	ipp_attribute_t *levels =
		ipp_find(ipp, IPP_TAG_PRINTER, "marker-levels");

	if (!levels || ippGetValueTag(levels) != IPP_TAG_INTEGER)
		return;
	for (int i = 0; i < ippGetCount(levels); i++) {
		struct printer_supply *supply = supply_add(status);
		char rgb[64], colour[32], type[64];

		if (!supply)
			return;
		supply->level_percent = marker_level(levels, i);
		marker_text(ipp, "marker-names", i, supply->name,
		            sizeof supply->name);
		marker_text(ipp, "marker-types", i, type, sizeof type);
		text_keyword(supply->type, sizeof supply->type, type);
		supply->is_receptacle = strncmp(supply->type, "waste", 5) == 0;
		marker_text(ipp, "marker-colors", i, rgb, sizeof rgb);
		colour_from_rgb(rgb, colour, sizeof colour);
		supply_set_colour(supply, colour);
	}
}

void printer_supplies_from_ipp(ipp_t *ipp, struct printer_status *status)
{
	if (!supplies_from_printer_supply(ipp, status))
		supplies_from_markers(ipp, status);
}
