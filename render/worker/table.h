/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_TABLE_H
#define RENDER_WORKER_TABLE_H

#include "base/err.h"
#include "render/worker/page.h"

/*
 * A table in text (csv.h) as pages: columns as wide as what stands in them, the
 * header again on each page, numbers to the right. What is too wide is turned,
 * then set smaller, then wrapped within its cells, then continued with its
 * further columns behind the last row: nothing is cut off. UTF-8.
 */
int table_render(const char *utf8, size_t len, const struct page_spec *spec,
                 struct raster *raster, struct err *err);

#endif
