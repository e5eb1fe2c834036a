/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTERS_FORMATS_H
#define PRINTERS_FORMATS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "printers/caps.h"

/*
 * Which document format a printer gets, with which pixels, paper and edges.
 *
 * The first of this list that the printer takes. URF before PWG: where both are
 * offered, URF is the one that firmware was tested with, and both before PCLm;
 * all three tell the size of the page and its sides with the pixels. Then what
 * needs an interpreter, and those last that lose something: colour, or all
 * pages but one. URF counts only with urf-supported; application/octet-stream
 * never counts.
 *
 * We send 8-bit gray (sgray_8, W8) or colour (srgb_8, SRGB24), dithered black
 * and white only where there is nothing else.
 */
enum print_format_kind {
	PRINT_URF,
	PRINT_PWG,
	PRINT_PCLM,
	PRINT_PDF,
	PRINT_PCLXL,
	PRINT_POSTSCRIPT,
	PRINT_PCL, /* 5e: black and white */
	PRINT_JPEG,
};

enum print_ink {
	PRINT_INK_8,       /* srgb_8 or sgray_8 */
	PRINT_INK_BLACK_1, /* 1 is black */
	PRINT_INK_SGRAY_1, /* 1 is white */
	PRINT_INK_SRGB_8,  /* gray, for a printer that knows RGB only */
};

#define PRINT_MARGIN_DEFAULT 423 /* 1/100 mm: a sixth of an inch */

struct print_wish {
	char media[64]; /* PWG name; "": the printer's default, else A4 */
	bool colour;    /* if the printer has it; else gray */
	unsigned dpi;   /* 0: 300, or the nearest that there is */
	enum print_sides sides;
	const char *format; /* MIME type; NULL: choose */
	bool fills;         /* the pages cover the whole paper */
};

struct print_format {
	enum print_format_kind kind;
	const char *mime; /* static */
	unsigned dpi;     /* of the pages as they are drawn; in print data */
	unsigned repeat_across, repeat_along; /* each pixel so often: 1 */
	bool colour;                          /* else gray, as `ink` has it */
	enum print_ink ink;
	unsigned strip_height; /* PCLm: lines in a strip; 0: any */
	bool has_gzip;         /* and sending it packed is worth it */
	bool tells_colour;     /* the printer knows print-color-mode */
	bool is_borderless;    /* ask for paper without edges */
	const char *scaling;   /* print-scaling; static, NULL: not said */
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

/*
 * Pages of a job in a format whose pages stand alone (PWG, URF, JPEG), without
 * rendering again: the head of the file and the bytes of these pages, two
 * ranges that follow each other in the new document; JPEG has no head.
 * Two-sided jobs begin with the front of a sheet, so that a page keeps its
 * side: first may move one down.
 *
 * page_ends: where each of the n_pages pages ends in the whole document.
 * -ENOTSUP with a sentence for other formats, -EINVAL for pages that are not
 * there.
 */
struct print_cut {
	unsigned first, last; /* pages, from 1 */
	int64_t head_end;     /* bytes 0 to here ... */
	int64_t begin, end;   /* ... and from here to there */
};
int print_format_cut(enum print_format_kind kind, enum print_sides sides,
                     const int64_t *page_ends, unsigned n_pages,
                     struct print_cut *cut, struct err *err);
bool print_format_has_cut(enum print_format_kind kind);

/* "image/urf" -> PRINT_URF; -EINVAL. */
int print_format_kind_from_mime(const char *mime, enum print_format_kind *out);

const char *print_format_mime(enum print_format_kind kind);

/*
 * The MIME type of a format as an administrator writes it: urf, pwg, pclm, pdf,
 * pclxl, postscript, pcl, jpeg; NULL for other words.
 */
const char *print_format_from_word(const char *word);

/*
 * All that the bytes of print data depend on, as text: data that were made for
 * one are of no use where another is wanted. A few words for people who read
 * the spool.
 */
#define PRINT_FORMAT_TEXT 192
void print_format_to_text(const struct print_format *format,
                          char out[PRINT_FORMAT_TEXT]);

/* PWG's type keyword of the pixels: "srgb_8", "black_1", ... */
const char *print_format_pixels(const struct print_format *format);

/* IPP keywords: "one-sided", "two-sided-long-edge", "two-sided-short-edge" */
const char *print_sides_keyword(enum print_sides sides);

#endif
