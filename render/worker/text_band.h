/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_TEXT_BAND_H
#define RENDER_WORKER_TEXT_BAND_H

#include <stdbool.h>

#include <pango/pango.h>

#include "base/err.h"
#include "render/worker/image_turn.h"
#include "render/worker/page.h"

/*
 * Lines placed on a page, and their drawing in bands of some hundred rows: a
 * page at 600 dpi is 139 MB in colour, a band is 5.
 *
 * On a turned page lines run up the paper, as on every wide page: x grows
 * upwards, and the first line stands at the left. top and bottom stay rows of
 * the paper.
 *
 * Zero-initialised is an empty page.
 */
struct text_page_line {
	PangoLayoutLine *line; /* owned reference */
	int x, baseline;       /* Pango units, from the page's corner */
	int top, bottom;       /* of the ink, rows of the paper */
};

struct text_page_rule {
	int x, y, width, height; /* pixels, from the page's corner */
	int top, bottom;         /* rows of the paper */
};

struct text_page_picture {
	struct _cairo_surface *surface; /* owned */
	int x, top, bottom;             /* pixels */
};

struct text_page {
	bool turned;
	int paper_height;                   /* rows; of a turned page */
	struct text_page_picture *pictures; /* owned */
	size_t n_pictures;
	struct text_page_rule *rules; /* owned */
	size_t n_rules, n_rules_allocated;
	struct text_page_line *lines; /* owned */
	size_t n_lines, n_allocated;
};

/* Takes a reference of its own. */
void text_page_add(struct text_page *page, PangoLayoutLine *line, int x,
                   int baseline, int top, int bottom);

/* A black rectangle, such as a line under a heading. */
void text_page_rule(struct text_page *page, int x, int y, int width,
                    int height);

/* A copy of these pixels (RGB), upright whatever the page is. */
void text_page_picture(struct text_page *page,
                       const struct image_pixels *pixels, int x, int y);

/*
 * All of it as pixels, into the page that was begun. colour: the raster takes
 * RGB, else gray.
 */
int text_page_draw(const struct text_page *page, struct raster *raster,
                   bool colour, struct err *err);

void text_page_clear(struct text_page *page);

#endif
