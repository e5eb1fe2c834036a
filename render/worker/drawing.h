/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_DRAWING_H
#define RENDER_WORKER_DRAWING_H

#include <cairo.h>

#include "base/buf.h"
#include "render/worker/page.h"

/*
 * Pages that stay drawings (PAGE_DRAWINGS): the raster takes, beside lines of
 * pixels, what can be drawn again with any resolution. Whoever has such a thing
 * asks first; whoever has not writes lines as ever.
 */
bool raster_keeps_drawings(const struct raster *raster);

/*
 * Instead of lines, for the page that was begun: where to draw it, in pixels of
 * the raster from its top left corner. The raster's, until the page is ended.
 * NULL: lines it must be (also for a page that nobody wants).
 */
cairo_t *raster_page_cairo(struct raster *raster);

/*
 * Instead of lines, for the page that was begun: it is the next one of a PDF
 * that comes with raster_take_pdf(), before a page that is none of it begins.
 */
void raster_page_is_in_pdf(struct raster *raster);

/* That PDF, of pages in the raster's size; what is in it is taken. */
void raster_take_pdf(struct raster *raster, struct buf *pdf);

#endif
