/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/formats.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <strings.h>

#include "base/mem.h"
#include "printers/media.h"

#define DPI_DEFAULT   300
#define MEDIA_DEFAULT "iso_a4_210x297mm"
#define PCL_EDGE      635 /* 1/100 mm */

/* clang-format off */
static const struct {
	enum print_format_kind kind;
	unsigned bit; /* enum caps_format */
	const char *mime, *word;
} formats[] = {
	{PRINT_URF,        CAPS_URF,        "image/urf",                "urf"},
	{PRINT_PWG,        CAPS_PWG,        "image/pwg-raster",         "pwg"},
	{PRINT_PCLM,       CAPS_PCLM,       "application/PCLm",         "pclm"},
	{PRINT_PDF,        CAPS_PDF,        "application/pdf",          "pdf"},
	{PRINT_PCLXL,      CAPS_PCLXL,      "application/vnd.hp-PCLXL", "pclxl"},
	{PRINT_POSTSCRIPT, CAPS_POSTSCRIPT, "application/postscript",
	 "postscript"},
	{PRINT_PCL,        CAPS_PCL,        "application/vnd.hp-PCL",   "pcl"},
	{PRINT_JPEG,       CAPS_JPEG,       "image/jpeg",               "jpeg"},
};
/* clang-format on */

int print_format_kind_from_mime(const char *mime, enum print_format_kind *out)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		if (strcasecmp(mime, formats[i].mime) == 0) {
			*out = formats[i].kind;
			return 0;
		}
	}
	return -EINVAL;
}

const char *print_format_mime(enum print_format_kind kind)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (formats[i].kind == kind)
			return formats[i].mime;
	abort();
}

const char *print_format_from_word(const char *word)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (strcmp(formats[i].word, word) == 0)
			return formats[i].mime;
	return NULL;
}

const char *print_sides_keyword(enum print_sides sides)
{
	switch (sides) {
	case PRINT_ONE_SIDED: return "one-sided";
	case PRINT_TWO_SIDED_LONG: return "two-sided-long-edge";
	case PRINT_TWO_SIDED_SHORT: return "two-sided-short-edge";
	}
	abort();
}

/* Pixels of PWG raster; a printer that names none has both that we make. */
static unsigned pwg_pixels(const struct printer_caps *caps)
{
	if (caps->pwg_pixels)
		return caps->pwg_pixels;
	return CAPS_SGRAY_8 | (caps->has_colour ? CAPS_SRGB_8 : 0);
}

static unsigned bit_of(enum print_format_kind kind)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (formats[i].kind == kind)
			return formats[i].bit;
	abort();
}

static bool is_usable(const struct printer_caps *caps,
                      enum print_format_kind kind)
{
	const unsigned ones = CAPS_BLACK_1 | CAPS_SGRAY_1;
	const unsigned pixels = CAPS_SGRAY_8 | CAPS_SRGB_8;

	if (!(caps->formats & bit_of(kind)))
		return false;
	if (kind == PRINT_URF)
		return caps->has_urf_details && (caps->urf_pixels & pixels);
	if (kind == PRINT_PWG)
		return pwg_pixels(caps) & (pixels | ones);
	return true;
}

static int choose_first(const struct printer_caps *caps,
                        enum print_format_kind *out, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		if (is_usable(caps, formats[i].kind)) {
			*out = formats[i].kind;
			return 0;
		}
	}
	return err_set(err, -ENOTSUP,
	               "the printer takes none of the formats that can be "
	               "made: PWG raster, URF, PCLm, PDF, PCL, PostScript "
	               "and JPEG");
}

static int choose_kind(const struct printer_caps *caps, const char *format,
                       enum print_format_kind *out, struct err *err)
{
	enum print_format_kind kind;

	if (!format || !format[0])
		return choose_first(caps, out, err);
	if (print_format_kind_from_mime(format, &kind) < 0)
		return err_set(err, -EINVAL, "unknown print format '%.64s'",
		               format);
	if (!is_usable(caps, kind))
		return err_set(err, -ENOTSUP, "the printer does not take '%s'",
		               print_format_mime(kind));
	*out = kind;
	return 0;
}

static int choose_media(const struct printer_caps *caps, const char *wish,
                        struct print_format *out, struct err *err)
{
	const char *media = wish;
	const char *name;
	char title[64];

	if (!media[0])
		media = caps->media_default[0] ? caps->media_default
		                               : MEDIA_DEFAULT;
	if (media_size_from_name(media, &out->media_width, &out->media_height) <
	    0)
		return err_set(err, -EINVAL, "unknown paper '%.64s'", media);
	if (wish[0] && !caps_takes_media(caps, media))
		return err_set(err, -ENOTSUP, "the printer takes no %s paper",
		               media_title(media, title, sizeof title));
	name = caps_media_name(caps, media);
	snprintf(out->media, sizeof out->media, "%s", name ? name : media);
	return 0;
}

/* The wish, else the next better one, else the best. */
static unsigned choose_dpi(const struct caps_resolutions *list, unsigned wish)
{
	unsigned want = wish ? wish : DPI_DEFAULT;

	if (list->n == 0)
		return DPI_DEFAULT;
	for (unsigned i = 0; i < list->n; i++)
		if (list->dpi[i] >= want)
			return list->dpi[i];
	return list->dpi[list->n - 1];
}

/* Raster of PCL 5 knows these only. */
static bool is_pcl_dpi(unsigned dpi)
{
	return dpi == 75 || dpi == 100 || dpi == 150 || dpi == 200 ||
	       dpi == 300 || dpi == 600;
}

static unsigned choose_pcl_dpi(const struct caps_resolutions *list,
                               unsigned wish)
{
	struct caps_resolutions known = {.n = 0};

	for (unsigned i = 0; i < list->n; i++)
		if (is_pcl_dpi(list->dpi[i]))
			known.dpi[known.n++] = list->dpi[i];
	return choose_dpi(&known, wish);
}

static enum print_ink choose_ink(unsigned pixels, bool colour)
{
	if (pixels & CAPS_SGRAY_8 || colour)
		return PRINT_INK_8;
	if (pixels & CAPS_SRGB_8)
		return PRINT_INK_SRGB_8;
	return pixels & CAPS_BLACK_1 ? PRINT_INK_BLACK_1 : PRINT_INK_SGRAY_1;
}

/* What of the printer's own lists goes with the format. */
static const struct caps_resolutions *
resolutions_for(const struct printer_caps *caps, enum print_format_kind kind)
{
	if (kind == PRINT_URF)
		return &caps->urf_resolutions;
	if (kind == PRINT_PWG && caps->pwg_resolutions.n)
		return &caps->pwg_resolutions;
	if (kind == PRINT_PCLM && caps->pclm_resolutions.n)
		return &caps->pclm_resolutions;
	return &caps->resolutions;
}

static unsigned pixels_for(const struct printer_caps *caps,
                           enum print_format_kind kind)
{
	if (kind == PRINT_URF)
		return caps->urf_pixels;
	if (kind == PRINT_PWG)
		return pwg_pixels(caps);
	if (kind == PRINT_PCL) /* black, of what its writer dithers */
		return CAPS_SGRAY_8;
	return CAPS_SGRAY_8 | (caps->has_colour ? CAPS_SRGB_8 : 0);
}

/* Only these leave the turning of back sides to us. */
static enum print_sheet_back sheet_back_for(const struct printer_caps *caps,
                                            enum print_format_kind kind)
{
	if (kind == PRINT_URF)
		return caps->urf_sheet_back;
	if (kind == PRINT_PWG)
		return caps->pwg_sheet_back;
	return kind == PRINT_PCLM ? caps->pclm_sheet_back : SHEET_BACK_NORMAL;
}

/*
 * Pages have the size of the paper, with what cannot be printed left white. A
 * printer of PDF and pictures would shrink them once more into what it can
 * print, unless it is told not to. A picture's size is not always believed.
 */
static const char *scaling_for(const struct printer_caps *caps,
                               enum print_format_kind kind)
{
	if (kind == PRINT_PDF && (caps->scalings & CAPS_SCALING_NONE))
		return "none";
	if (kind == PRINT_JPEG && (caps->scalings & CAPS_SCALING_FILL))
		return "fill";
	return NULL;
}

static bool knows_mode(const struct printer_caps *caps, bool colour)
{
	return caps->colour_modes &
	       (colour ? CAPS_MODE_COLOUR : CAPS_MODE_MONOCHROME);
}

/* The others are packed already. */
static bool is_worth_packing(enum print_format_kind kind)
{
	return kind == PRINT_URF || kind == PRINT_PWG || kind == PRINT_PCL ||
	       kind == PRINT_PCLXL;
}

/* Drawn with the lower one, and each pixel repeated. */
static void choose_uneven(const struct printer_caps *caps,
                          struct print_format *out)
{
	out->dpi = caps->pwg_across < caps->pwg_along ? caps->pwg_across
	                                              : caps->pwg_along;
	out->repeat_across = caps->pwg_across / out->dpi;
	out->repeat_along = caps->pwg_along / out->dpi;
}

static void choose_pixels(const struct printer_caps *caps,
                          const struct print_wish *wish,
                          struct print_format *out)
{
	const struct caps_resolutions *list = resolutions_for(caps, out->kind);
	unsigned pixels = pixels_for(caps, out->kind);

	out->colour = wish->colour && (pixels & CAPS_SRGB_8);
	out->ink = choose_ink(pixels, out->colour);
	out->dpi = out->kind == PRINT_PCL ? choose_pcl_dpi(list, wish->dpi)
	                                  : choose_dpi(list, wish->dpi);
	out->repeat_across = out->repeat_along = 1;
	if (out->kind == PRINT_PWG && caps->pwg_across && caps->pwg_along)
		choose_uneven(caps, out);
	out->sheet_back = sheet_back_for(caps, out->kind);
	out->strip_height =
		out->kind == PRINT_PCLM ? caps->pclm_strip_height : 0;
	out->has_gzip = caps->has_gzip && is_worth_packing(out->kind);
	out->tells_colour = knows_mode(caps, out->colour);
	out->scaling = scaling_for(caps, out->kind);
}

const char *print_format_pixels(const struct print_format *format)
{
	switch (format->ink) {
	case PRINT_INK_8: return format->colour ? "srgb_8" : "sgray_8";
	case PRINT_INK_BLACK_1: return "black_1";
	case PRINT_INK_SGRAY_1: return "sgray_1";
	case PRINT_INK_SRGB_8: return "srgb_8";
	}
	abort();
}

void print_format_to_text(const struct print_format *format,
                          char out[PRINT_FORMAT_TEXT])
{
	char dpi[32];
	int n;

	if (format->repeat_across == format->repeat_along)
		snprintf(dpi, sizeof dpi, "%u", format->dpi);
	else
		snprintf(dpi, sizeof dpi, "%ux%u",
		         format->dpi * format->repeat_across,
		         format->dpi * format->repeat_along);
	n = snprintf(out, PRINT_FORMAT_TEXT,
	             "%s %s %sdpi %s %ux%u edges=%u,%u,%u,%u %s back=%d "
	             "strip=%u",
	             format->mime, print_format_pixels(format), dpi,
	             format->media, format->media_width, format->media_height,
	             format->margin_left, format->margin_right,
	             format->margin_top, format->margin_bottom,
	             print_sides_keyword(format->sides),
	             (int)format->sheet_back, format->strip_height);

	assert(n > 0 && n < PRINT_FORMAT_TEXT);
}

/* Photographs and labels: nothing but 0 was named. */
static unsigned margin_or_default(const struct printer_caps *caps,
                                  unsigned margin)
{
	return margin || caps->is_borderless ? margin : PRINT_MARGIN_DEFAULT;
}

/* Of the usual paper; else the largest, so that nothing is lost on any. */
static void choose_edges(const struct printer_caps *caps,
                         struct print_format *out)
{
	struct caps_edges edges = {caps->margin_left, caps->margin_right,
	                           caps->margin_top, caps->margin_bottom};
	const struct caps_edges *usual = &caps->default_edges;

	if (media_is_same_size(out->media, caps->media_default)) {
		edges.left = usual->left ? usual->left : edges.left;
		edges.right = usual->right ? usual->right : edges.right;
		edges.top = usual->top ? usual->top : edges.top;
		edges.bottom = usual->bottom ? usual->bottom : edges.bottom;
	}
	out->margin_left = margin_or_default(caps, edges.left);
	out->margin_right = margin_or_default(caps, edges.right);
	out->margin_top = margin_or_default(caps, edges.top);
	out->margin_bottom = margin_or_default(caps, edges.bottom);
}

/* PCL's raster begins a quarter of an inch inside the sheet. */
static void keep_off_edges(struct print_format *format)
{
	if (format->kind != PRINT_PCL)
		return;
	if (format->margin_left < PCL_EDGE)
		format->margin_left = PCL_EDGE;
	if (format->margin_right < PCL_EDGE)
		format->margin_right = PCL_EDGE;
}

int print_format_choose(const struct printer_caps *caps,
                        const struct print_wish *wish, struct print_format *out,
                        struct err *err)
{
	struct print_format format = {0};
	int status = choose_kind(caps, wish->format, &format.kind, err);

	if (status == 0)
		status = choose_media(caps, wish->media, &format, err);
	if (status < 0)
		return status;
	format.mime = print_format_mime(format.kind);
	choose_pixels(caps, wish, &format);
	choose_edges(caps, &format);
	format.is_borderless = wish->fills && caps->is_borderless;
	keep_off_edges(&format);
	format.sides = wish->sides;
	/* a document of JPEG is one page, and begins on a new sheet */
	if (!(caps->sides & 1u << wish->sides) || format.kind == PRINT_JPEG)
		format.sides = PRINT_ONE_SIDED;
	*out = format;
	return 0;
}
