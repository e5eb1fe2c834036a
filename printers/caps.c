/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/caps.h"

#include <stdint.h>
#include <stdio.h>
#include <strings.h>

#include "base/mem.h"
#include "printers/caps_private.h"
#include "printers/ipp.h"

struct caps_word {
	const char *word;
	unsigned bit;
};

/* clang-format off */
static const struct caps_word format_words[] = {
	{"image/pwg-raster",         CAPS_PWG},
	{"image/urf",                CAPS_URF},
	{"application/pdf",          CAPS_PDF},
	{"image/jpeg",               CAPS_JPEG},
	{"application/pclm",         CAPS_PCLM},
	{"application/postscript",   CAPS_POSTSCRIPT},
	{"application/vnd.hp-pcl",   CAPS_PCL},
	{"application/vnd.hp-pclxl", CAPS_PCLXL},
	{"image/png",                CAPS_PNG},
	{"text/plain",               CAPS_TEXT},
};

static const struct caps_word pwg_pixel_words[] = {
	{"black_1", CAPS_BLACK_1},
	{"sgray_1", CAPS_SGRAY_1},
	{"sgray_8", CAPS_SGRAY_8},
	{"srgb_8",  CAPS_SRGB_8},
};

static const struct caps_word sides_words[] = {
	{"one-sided",            1u << PRINT_ONE_SIDED},
	{"two-sided-long-edge",  1u << PRINT_TWO_SIDED_LONG},
	{"two-sided-short-edge", 1u << PRINT_TWO_SIDED_SHORT},
};

static const struct caps_word colour_mode_words[] = {
	{"color",      CAPS_MODE_COLOUR},
	{"monochrome", CAPS_MODE_MONOCHROME},
};

static const struct caps_word scaling_words[] = {
	{"none", CAPS_SCALING_NONE},
	{"fill", CAPS_SCALING_FILL},
};

static const struct caps_word sheet_back_words[] = {
	{"normal",        SHEET_BACK_NORMAL},
	{"flipped",       SHEET_BACK_FLIPPED},
	{"rotated",       SHEET_BACK_ROTATED},
	{"manual-tumble", SHEET_BACK_MANUAL_TUMBLE},
};

static const struct {
	int code;
	unsigned bit;
} operation_codes[] = {
	{IPP_OP_PRINT_JOB,                    CAPS_PRINT_JOB},
	{IPP_OP_VALIDATE_JOB,                 CAPS_VALIDATE_JOB},
	{IPP_OP_CREATE_JOB,                   CAPS_CREATE_JOB},
	{IPP_OP_SEND_DOCUMENT,                CAPS_SEND_DOCUMENT},
	{IPP_OP_CANCEL_JOB,                   CAPS_CANCEL_JOB},
	{IPP_OP_GET_JOB_ATTRIBUTES,           CAPS_GET_JOB_ATTRIBUTES},
	{IPP_OP_GET_JOBS,                     CAPS_GET_JOBS},
	{IPP_OP_CREATE_PRINTER_SUBSCRIPTIONS, CAPS_CREATE_SUBSCRIPTION},
	{IPP_OP_GET_NOTIFICATIONS,            CAPS_GET_NOTIFICATIONS},
};
/* clang-format on */

/* The bits of all values that are in the table. */
static unsigned words_of(ipp_t *ipp, const char *name,
                         const struct caps_word *words, size_t n_words)
{
	ipp_attribute_t *attr = ipp_find(ipp, IPP_TAG_PRINTER, name);
	unsigned bits = 0;
	char text[256];

	for (int i = 0; i < ipp_count(attr); i++) {
		if (!ipp_text_at(attr, i, text, sizeof text))
			continue;
		for (size_t w = 0; w < n_words; w++)
			if (strcasecmp(text, words[w].word) == 0)
				bits |= words[w].bit;
	}
	return bits;
}

static unsigned operations_of(ipp_t *ipp)
{
	ipp_attribute_t *attr =
		ipp_find(ipp, IPP_TAG_PRINTER, "operations-supported");
	unsigned bits = 0;

	if (!attr || ippGetValueTag(attr) != IPP_TAG_ENUM)
		return 0;
	for (int i = 0; i < ippGetCount(attr); i++)
		for (size_t o = 0; o < ARRAY_LEN(operation_codes); o++)
			if (ippGetInteger(attr, i) == operation_codes[o].code)
				bits |= operation_codes[o].bit;
	return bits;
}

static void resolutions_add(struct caps_resolutions *list, unsigned dpi)
{
	unsigned at = 0;

	if (dpi < 50 || dpi > CAPS_DPI_MAX || list->n == CAPS_RESOLUTIONS_MAX)
		return;
	while (at < list->n && list->dpi[at] < dpi)
		at++;
	if (at < list->n && list->dpi[at] == dpi)
		return;
	memmove(&list->dpi[at + 1], &list->dpi[at],
	        (list->n - at) * sizeof list->dpi[0]);
	list->dpi[at] = dpi;
	list->n++;
}

/*
 * Dots per cm come in steps of 2.54 dpi: 236 are meant to be 600, not 599. What
 * is next to no such round number stays: 80 are 203.
 */
static unsigned dpi_from_dpcm(unsigned dpcm)
{
	unsigned dpi = (dpcm * 254 + 50) / 100;

	for (unsigned step = 50; step <= 60; step += 10) {
		unsigned rest = (dpi + 1) % step;

		if (rest <= 2)
			return dpi + 1 - rest;
	}
	return dpi;
}

/* Where it came as text: "600dpi", "600x600dpi". */
static bool resolution_from_text(const char *text, int *x, int *y)
{
	char *end;
	unsigned long across = strtoul(text, &end, 10), along = across;

	if (*end == 'x')
		along = strtoul(end + 1, &end, 10);
	if (end == text || across > 4800 || along > 4800 ||
	    strcasecmp(end, "dpi") != 0)
		return false;
	*x = (int)across;
	*y = (int)along;
	return true;
}

/* Value i in dpi, across and along; false when it is none. */
static bool resolution_at(ipp_attribute_t *attr, int i, unsigned *across,
                          unsigned *along)
{
	ipp_res_t units = IPP_RES_PER_INCH;
	char text[32];
	int x = 0, y = 0;

	if (ippGetValueTag(attr) == IPP_TAG_RESOLUTION)
		x = ippGetResolution(attr, i, &y, &units);
	else if (!ipp_text_at(attr, i, text, sizeof text) ||
	         !resolution_from_text(text, &x, &y))
		return false;
	if (x <= 0 || y <= 0 || x > 4800 || y > 4800)
		return false;
	*across = (unsigned)x;
	*along = (unsigned)y;
	if (units == IPP_RES_PER_CM) {
		*across = dpi_from_dpcm(*across);
		*along = dpi_from_dpcm(*along);
	}
	return true;
}

static void resolutions_of(ipp_t *ipp, const char *name,
                           struct caps_resolutions *out)
{
	ipp_attribute_t *attr = ipp_find(ipp, IPP_TAG_PRINTER, name);
	unsigned across, along;

	for (int i = 0; i < ipp_count(attr); i++)
		if (resolution_at(attr, i, &across, &along) && across == along)
			resolutions_add(out, across);
}

/* "RS300-600": the numbers after the letters. */
static void urf_resolutions(const char *s, struct caps_resolutions *out)
{
	while (*s) {
		char *end;
		unsigned long dpi = strtoul(s, &end, 10);

		if (end == s || dpi > 4800)
			return;
		resolutions_add(out, (unsigned)dpi);
		if (*end != '-')
			return;
		s = end + 1;
	}
}

/* "W8", "SRGB24-48": the letters, and the number among those behind them. */
static bool urf_has(const char *word, const char *letters, unsigned long wanted)
{
	size_t len = strlen(letters);

	if (strncasecmp(word, letters, len) != 0)
		return false;
	for (const char *s = word + len; *s >= '0' && *s <= '9';) {
		char *end;

		if (strtoul(s, &end, 10) == wanted)
			return true;
		s = *end == '-' ? end + 1 : end;
	}
	return false;
}

/* One value of urf-supported: W8-16, SRGB24, RS300-600, DM1 to DM4. */
static void urf_word(const char *word, struct printer_caps *caps)
{
	if (urf_has(word, "W", 8)) {
		caps->urf_pixels |= CAPS_SGRAY_8;
	} else if (urf_has(word, "SRGB", 24)) {
		caps->urf_pixels |= CAPS_SRGB_8;
	} else if (strncasecmp(word, "RS", 2) == 0) {
		urf_resolutions(word + 2, &caps->urf_resolutions);
	} else if (strncasecmp(word, "DM", 2) == 0 && word[2] >= '1' &&
	           word[2] <= '4' && !word[3]) {
		caps->has_urf_duplex = true;
		caps->urf_sheet_back = (enum print_sheet_back)(word[2] - '1');
	}
}

static void urf_from_ipp(ipp_t *ipp, struct printer_caps *caps)
{
	ipp_attribute_t *attr = ipp_find(ipp, IPP_TAG_PRINTER, "urf-supported");
	char words[256];

	for (int i = 0; i < ipp_count(attr); i++) {
		char *rest = words, *word;

		if (!ipp_text_at(attr, i, words, sizeof words))
			continue;
		/* one value with commas, as DNS-SD has it */
		while ((word = strsep(&rest, ", ")))
			urf_word(word, caps);
	}
	/* the same rollers turn the sheet */
	if (!caps->has_urf_duplex)
		caps->urf_sheet_back = caps->pwg_sheet_back;
	caps->has_urf_details = caps->urf_pixels && caps->urf_resolutions.n > 0;
}

static enum print_sheet_back sheet_back_of(ipp_t *ipp, const char *name)
{
	char word[32];

	ipp_text(ipp, IPP_TAG_PRINTER, name, word, sizeof word);
	for (size_t i = 0; i < ARRAY_LEN(sheet_back_words); i++)
		if (strcmp(word, sheet_back_words[i].word) == 0)
			return (enum print_sheet_back)sheet_back_words[i].bit;
	return SHEET_BACK_NORMAL;
}

/* The preferred height, unless it makes no sense. */
static unsigned strip_height_of(ipp_t *ipp)
{
	ipp_attribute_t *attr =
		ipp_find(ipp, IPP_TAG_PRINTER, "pclm-strip-height-preferred");
	int height = 0;

	if (attr && ippGetValueTag(attr) == IPP_TAG_INTEGER)
		height = ippGetInteger(attr, 0);
	return height > 0 && height <= CAPS_STRIP_MAX ? (unsigned)height : 0;
}

static void pclm_from_ipp(ipp_t *ipp, struct printer_caps *caps)
{
	resolutions_of(ipp, "pclm-source-resolution-supported",
	               &caps->pclm_resolutions);
	caps->pclm_sheet_back = sheet_back_of(ipp, "pclm-raster-back-side");
	caps->pclm_strip_height = strip_height_of(ipp);
}

static int copies_max_of(ipp_t *ipp)
{
	ipp_attribute_t *attr =
		ipp_find(ipp, IPP_TAG_PRINTER, "copies-supported");
	int max = 1;

	if (!attr)
		return 1;
	if (ippGetValueTag(attr) == IPP_TAG_RANGE)
		ippGetRange(attr, 0, &max);
	else if (ippGetValueTag(attr) == IPP_TAG_INTEGER)
		max = ippGetInteger(attr, 0);
	return max >= 1 && max <= 99999 ? max : 1;
}

/* Something, and not that it is unknown or has no value. */
static bool says(ipp_t *ipp, const char *name)
{
	ipp_attribute_t *attr = ipp_find(ipp, IPP_TAG_PRINTER, name);

	return attr && ippGetValueTag(attr) > IPP_TAG_ADMINDEFINE;
}

/* Where it names its kinds of PWG raster, and we make none of them. */
static bool has_foreign_pwg(ipp_t *ipp, const struct printer_caps *caps)
{
	return (!caps->pwg_pixels &&
	        says(ipp, "pwg-raster-document-type-supported")) ||
	       (!caps->pwg_resolutions.n && !caps->pwg_across &&
	        says(ipp, "pwg-raster-document-resolution-supported"));
}

/* Pixels of which several stand side by side make a square one. */
static bool makes_squares(unsigned across, unsigned along)
{
	unsigned less = across < along ? across : along;
	unsigned more = across < along ? along : across;

	return less >= 50 && less <= CAPS_DPI_MAX && more <= 2 * CAPS_DPI_MAX &&
	       more % less == 0 && more / less <= CAPS_REPEAT_MAX;
}

/* Of a printer that has no others. */
static void uneven_pwg_from_ipp(ipp_t *ipp, struct printer_caps *caps)
{
	ipp_attribute_t *attr =
		ipp_find(ipp, IPP_TAG_PRINTER,
	                 "pwg-raster-document-resolution-supported");
	unsigned across, along;

	for (int i = 0; i < ipp_count(attr); i++) {
		if (!resolution_at(attr, i, &across, &along) ||
		    !makes_squares(across, along))
			continue;
		caps->pwg_across = across;
		caps->pwg_along = along;
		return;
	}
}

static void pwg_from_ipp(ipp_t *ipp, struct printer_caps *caps)
{
	caps->pwg_pixels =
		words_of(ipp, "pwg-raster-document-type-supported",
	                 pwg_pixel_words, ARRAY_LEN(pwg_pixel_words));
	resolutions_of(ipp, "pwg-raster-document-resolution-supported",
	               &caps->pwg_resolutions);
	if (!caps->pwg_resolutions.n)
		uneven_pwg_from_ipp(ipp, caps);
	caps->pwg_sheet_back =
		sheet_back_of(ipp, "pwg-raster-document-sheet-back");
	if (has_foreign_pwg(ipp, caps))
		caps->formats &= ~(unsigned)CAPS_PWG;
}

/* One version for each part of it (PWG 5100.13 5.6.8). */
static void firmware_from_ipp(ipp_t *ipp, char *out, size_t size)
{
	ipp_attribute_t *attr = ipp_find(ipp, IPP_TAG_PRINTER,
	                                 "printer-firmware-string-version");
	size_t used = 0;
	char version[64];

	for (int i = 0; i < ipp_count(attr) && used < size; i++)
		if (ipp_text_at(attr, i, version, sizeof version))
			used += (size_t)snprintf(out + used, size - used,
			                         "%s%s", used ? ", " : "",
			                         version);
}

static bool has_gzip(ipp_t *ipp)
{
	static const struct caps_word gzip[] = {{"gzip", 1}};

	return words_of(ipp, "compression-supported", gzip, 1) != 0;
}

void printer_caps_from_ipp(ipp_t *ipp, struct printer_caps *out)
{
	*out = (struct printer_caps){0};
	ipp_text(ipp, IPP_TAG_PRINTER, "printer-make-and-model",
	         out->make_and_model, sizeof out->make_and_model);
	ipp_text(ipp, IPP_TAG_PRINTER, "printer-uuid", out->uuid,
	         sizeof out->uuid);
	firmware_from_ipp(ipp, out->firmware, sizeof out->firmware);
	out->formats = words_of(ipp, "document-format-supported", format_words,
	                        ARRAY_LEN(format_words));
	out->operations = operations_of(ipp);
	pwg_from_ipp(ipp, out);
	urf_from_ipp(ipp, out);
	pclm_from_ipp(ipp, out);
	resolutions_of(ipp, "printer-resolution-supported", &out->resolutions);
	out->sides = words_of(ipp, "sides-supported", sides_words,
	                      ARRAY_LEN(sides_words));
	out->colour_modes =
		words_of(ipp, "print-color-mode-supported", colour_mode_words,
	                 ARRAY_LEN(colour_mode_words));
	out->has_colour = ipp_bool(ipp, IPP_TAG_PRINTER, "color-supported",
	                           out->colour_modes & CAPS_MODE_COLOUR);
	out->scalings = words_of(ipp, "print-scaling-supported", scaling_words,
	                         ARRAY_LEN(scaling_words));
	out->has_gzip = has_gzip(ipp);
	out->copies_max = copies_max_of(ipp);
	out->has_many_documents =
		ipp_bool(ipp, IPP_TAG_PRINTER,
	                 "multiple-document-jobs-supported", false);
	caps_media_from_ipp(ipp, out);
}
