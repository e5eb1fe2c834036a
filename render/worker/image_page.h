/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_IMAGE_PAGE_H
#define RENDER_WORKER_IMAGE_PAGE_H

#include "base/cleanup.h"
#include "render/worker/geometry.h"
#include "render/worker/page.h"

/*
 * A page with a picture on it. It begins with the picture's first line, so that
 * a picture which cannot be read leaves no empty sheet.
 */
struct image_page;

/* box, within the page, is what the picture fills. raster, err: borrowed. */
struct image_page *image_page_new(struct raster *raster,
                                  const struct geometry_box *box,
                                  unsigned depth, struct err *err);

/*
 * The next line of the picture: as long as box is wide, in an image_page
 * (image_scale_fn). What raster_page_begin() or raster_page_lines() return.
 */
int image_page_line(const uint8_t *line, void *page);

/*
 * All lines that there are have come; result is what the last step came to.
 * Returns that, or raster_page_end()'s; -EINVAL if there was no line at all,
 * for which err has a reason already.
 */
int image_page_end(struct image_page *page, int result);

void image_page_free(struct image_page *page);
DEFINE_CLEANUP(struct image_page *, image_page_free)

#endif
