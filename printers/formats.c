/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/formats.h"

#include <errno.h>
#include <stdio.h>
#include <strings.h>

#include "base/mem.h"
#include "printers/media.h"

#define DPI_DEFAULT   300
#define MEDIA_DEFAULT "iso_a4_210x297mm"

/* clang-format off */
static const struct {
	enum print_format_kind kind;
	unsigned bit; /* enum caps_format */
	const char *mime;
} formats[] = {
	{PRINT_URF,  CAPS_URF,  "image/urf"},
	{PRINT_PWG,  CAPS_PWG,  "image/pwg-raster"},
	{PRINT_PDF,  CAPS_PDF,  "application/pdf"},
	{PRINT_JPEG, CAPS_JPEG, "image/jpeg"},
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

static bool is_usable(const struct printer_caps *caps,
                      enum print_format_kind kind)
{
	const unsigned pixels = CAPS_SGRAY_8 | CAPS_SRGB_8;

	switch (kind) {
	case PRINT_URF:
		return (caps->formats & CAPS_URF) && caps->has_urf_details &&
		       (caps->urf_pixels & pixels);
	case PRINT_PWG:
		return (caps->formats & CAPS_PWG) &&
		       (pwg_pixels(caps) & pixels);
	case PRINT_PDF: return caps->formats & CAPS_PDF;
	case PRINT_JPEG: return caps->formats & CAPS_JPEG;
	}
	abort();
}

static int choose_kind(const struct printer_caps *caps, const char *format,
                       enum print_format_kind *out, struct err *err)
{
	enum print_format_kind kind;

	if (!format || !format[0]) {
		kind = is_usable(caps, PRINT_URF) ? PRINT_URF : PRINT_PWG;
		if (!is_usable(caps, kind))
			return err_set(
				err, -ENOTSUP,
				"the printer takes neither PWG raster nor URF");
	} else {
		if (print_format_kind_from_mime(format, &kind) < 0)
			return err_set(err, -EINVAL,
			               "unknown print format '%.64s'", format);
		if (!is_usable(caps, kind))
			return err_set(err, -ENOTSUP,
			               "the printer does not take '%s'",
			               print_format_mime(kind));
	}
	*out = kind;
	return 0;
}

/* Paper of any size between custom_min_... and custom_max_... */
static bool is_custom(const struct printer_caps *caps, unsigned width,
                      unsigned height)
{
	unsigned min_w = 0, min_h = 0, max_w = 0, max_h = 0;

	for (unsigned i = 0; i < caps->n_media_supported; i++) {
		const char *name = caps->media_supported[i];

		if (strncmp(name, "custom_min_", 11) == 0)
			media_size_from_name(name, &min_w, &min_h);
		if (strncmp(name, "custom_max_", 11) == 0)
			media_size_from_name(name, &max_w, &max_h);
	}
	return width >= min_w && width <= max_w && height >= min_h &&
	       height <= max_h;
}

/* The printer's own name for that size; NULL when it has none. */
static const char *supported_name(const struct printer_caps *caps,
                                  const char *media)
{
	const char *same = NULL;

	for (unsigned i = 0; i < caps->n_media_supported; i++) {
		if (strcmp(caps->media_supported[i], media) == 0)
			return caps->media_supported[i];
		if (!same &&
		    media_is_same_size(caps->media_supported[i], media))
			same = caps->media_supported[i];
	}
	return same;
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
	name = supported_name(caps, media);
	if (!name && wish[0] && caps->n_media_supported > 0 &&
	    caps->n_media_supported < CAPS_MEDIA_MAX &&
	    !is_custom(caps, out->media_width, out->media_height))
		return err_set(err, -ENOTSUP, "the printer takes no %s paper",
		               media_title(media, title, sizeof title));
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

static bool choose_colour(unsigned pixels, bool wish)
{
	if (!(pixels & CAPS_SGRAY_8))
		return true;
	return wish && (pixels & CAPS_SRGB_8);
}

static void choose_pixels(const struct printer_caps *caps,
                          const struct print_wish *wish,
                          struct print_format *out)
{
	unsigned pixels = CAPS_SGRAY_8 | (caps->has_colour ? CAPS_SRGB_8 : 0);
	const struct caps_resolutions *list = &caps->resolutions;

	out->sheet_back = SHEET_BACK_NORMAL;
	if (out->kind == PRINT_URF) {
		pixels = caps->urf_pixels;
		list = &caps->urf_resolutions;
		out->sheet_back = caps->urf_sheet_back;
	} else if (out->kind == PRINT_PWG) {
		pixels = pwg_pixels(caps);
		if (caps->pwg_resolutions.n)
			list = &caps->pwg_resolutions;
		out->sheet_back = caps->pwg_sheet_back;
	}
	out->colour = choose_colour(pixels, wish->colour);
	out->dpi = choose_dpi(list, wish->dpi);
}

static unsigned margin_or_default(unsigned margin)
{
	return margin ? margin : PRINT_MARGIN_DEFAULT;
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
	format.margin_left = margin_or_default(caps->margin_left);
	format.margin_right = margin_or_default(caps->margin_right);
	format.margin_top = margin_or_default(caps->margin_top);
	format.margin_bottom = margin_or_default(caps->margin_bottom);
	format.sides = wish->sides;
	if (!(caps->sides & 1u << wish->sides))
		format.sides = PRINT_ONE_SIDED;
	*out = format;
	return 0;
}
