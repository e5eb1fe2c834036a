/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_RASTER_SIDE_H
#define RENDER_WORKER_RASTER_SIDE_H

#include "render/worker/page.h"
#include "render/worker/raster_line.h"

/*
 * The sides of paper that the pages of page.h end on: what layout.h writes to.
 * One after the other: begin, lines from the top down, end, which makes white
 * what is missing. Errors as page.h has them.
 */
int raster_side_begin(struct raster *raster, struct err *err);
int raster_side_lines(struct raster *raster, struct raster_line first,
                      size_t stride, unsigned n_lines, struct err *err);
int raster_side_end(struct raster *raster, struct err *err);

#endif
