/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_SVG_H
#define RENDER_WORKER_SVG_H

#include "render/worker/page.h"

/*
 * An SVG drawing on a page of its own, as image_render() does with pictures.
 * Nothing outside the file is loaded: no file, no address, no external entity.
 * -EINVAL with a sentence if it cannot be read or drawn.
 */
int svg_render(const void *data, size_t len, const struct page_spec *spec,
               struct raster *raster, struct err *err);

#endif
