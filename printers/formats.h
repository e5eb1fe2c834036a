/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTERS_FORMATS_H
#define PRINTERS_FORMATS_H

#include <stdbool.h>

#include "base/err.h"
#include "printers/caps.h"

/*
 * Which document format a printer gets, with which pixels, paper and edges.
 *
 * URF before PWG: where both are offered, URF is the one that firmware was
 * tested with. URF counts only with urf-supported; application/octet-stream
 * never counts. We send 8-bit gray (sgray_8, W8) or colour (srgb_8, SRGB24).
 */
enum print_format_kind {
	PRINT_PWG,
	PRINT_URF,
	PRINT_PDF,
	PRINT_JPEG,
};

#define PRINT_MARGIN_DEFAULT 423 /* 1/100 mm: a sixth of an inch */

struct print_wish {
	char media[64]; /* PWG name; "": the printer's default, else A4 */
	bool colour;    /* if the printer has it; else gray */
	unsigned dpi;   /* 0: 300, or the nearest that there is */
	enum print_sides sides;
	const char *format; /* MIME type; NULL: choose */
};

struct print_format {
	enum print_format_kind kind;
	const char *mime; /* static */
	unsigned dpi;
	bool colour; /* srgb_8, else sgray_8 */
	char media[64];
	unsigned media_width, media_height; /* 1/100 mm */
	unsigned margin_left, margin_right; /* 1/100 mm */
	unsigned margin_top, margin_bottom;
	enum print_sides sides; /* one-sided where the printer cannot */
	enum print_sheet_back sheet_back;
};

/*
 * 0, or -ENOTSUP with a sentence for the sender (no format we can make, paper
 * the printer does not take); -EINVAL when the
 * wish names no paper or format.
 */
int print_format_choose(const struct printer_caps *caps,
                        const struct print_wish *wish, struct print_format *out,
                        struct err *err);

/* "image/urf" -> PRINT_URF; -EINVAL. */
int print_format_kind_from_mime(const char *mime, enum print_format_kind *out);

const char *print_format_mime(enum print_format_kind kind);

/* IPP keywords: "one-sided", "two-sided-long-edge", "two-sided-short-edge" */
const char *print_sides_keyword(enum print_sides sides);

#endif
