/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PAGE_RANGE_H
#define RENDER_WORKER_PAGE_RANGE_H

#include <stdbool.h>

#include "base/err.h"
#include "render/worker/page.h"

/* Which pages of the documents are printed; page-ranges of RFC 8011, 5.2.7. */

/*
 * Read "1-5,8,20-": ascending, joined where they touch. -EINVAL
 * with a sentence for anything else, -E2BIG beyond PAGE_RANGES_MAX.
 */
int page_range_parse(const char *text, struct page_ranges *ranges,
                     struct err *err);

/* Whether page n (from 1) is printed; every page is where there is no range. */
bool page_range_has(const struct page_ranges *ranges, unsigned n);

/* How many of the pages first to last are. */
unsigned page_range_count(const struct page_ranges *ranges, unsigned first,
                          unsigned last);

#endif
