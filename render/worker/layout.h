/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_LAYOUT_H
#define RENDER_WORKER_LAYOUT_H

#include "render/worker/raster_side.h"

/*
 * Pages of documents onto sides of paper: page ranges, and two or four pages on
 * a side. A page that shares its side is laid out on the whole paper all the
 * same, but with less pixels to the inch, so that it looks like itself; it
 * waits, compressed, until its side is full.
 *
 *     1          the page is the side, its lines pass straight through
 *
 *     2  +---+   turned to the right,    4  +---+---+
 *        | 1 |   so that wide pages,        | 1 | 2 |
 *        +---+   which lie turned to        +---+---+
 *        | 2 |   the left, stand            | 3 | 4 |
 *        +---+   upright again              +---+---+
 *
 * Four on a side stay as they lie: where the first one lies turned to the left,
 * so does the reader, and the order is his: 2 and 4 above, 1 and 3 below.
 */
struct layout;

/* raster outlives it; spec is that of the sides. */
struct layout *layout_new(const struct page_spec *spec, struct raster *raster);
void layout_free(struct layout *layout);

/* What a page has to be like. */
const struct page_spec *layout_spec(const struct layout *layout);

/* As the functions of page.h that are named so. */
bool layout_is_wanted(const struct layout *layout);
void layout_skip_page(struct layout *layout);
unsigned layout_sides_for(const struct layout *layout, unsigned n);
void layout_turn(struct layout *layout); /* as raster_turn() */
int layout_page_begin(struct layout *layout, struct err *err);
int layout_page_lines(struct layout *layout, struct raster_line first,
                      size_t stride, unsigned n_lines, struct err *err);
int layout_page_end(struct layout *layout, struct err *err);

/* Pages so far, wanted or not. */
unsigned layout_number(const struct layout *layout);

/* The last side, if pages wait for it. -ENODATA: see raster_finish(). */
int layout_finish(struct layout *layout, struct err *err);

#endif
