/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_RASTER_HEADER_H
#define RENDER_WORKER_RASTER_HEADER_H

#include "base/buf.h"
#include "render/worker/page.h"

/* What stands in front of the first page: PWG 5102.4 4.1, or UNIRAST. */
void raster_header_put_file(struct buf *out, const struct page_spec *spec);

/* What stands in front of page (from 1), of width x height pixels. */
void raster_header_put_page(struct buf *out, const struct page_spec *spec,
                            unsigned page, unsigned width, unsigned height);

#endif
