/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_IMAGE_TIFF_LIST_H
#define RENDER_WORKER_IMAGE_TIFF_LIST_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define IMAGE_TIFF_MAX_PAGES 10000

/* A page of a TIFF file, as its directory declares it. */
struct image_tiff_page {
	uint64_t at; /* where its directory is, within the file */
	uint64_t width, height;
};

/* Zero-initialised is valid and empty. */
struct image_tiff_list {
	struct image_tiff_page *pages; /* owned */
	unsigned n_pages;
};

/*
 * The pages of a TIFF (6.0) or BigTIFF file in their order, without previews,
 * unless there is nothing else. A chain of directories that returns into itself
 * ends there. -EINVAL for what is no TIFF file, -E2BIG for more pages than
 * above, with a sentence.
 */
int image_tiff_list_read(const uint8_t *data, size_t len,
                         struct image_tiff_list *out, struct err *err);

void image_tiff_list_fini(struct image_tiff_list *list);

static inline __attribute__((unused)) void
image_tiff_list_fini_cleanup_(struct image_tiff_list *list)
{
	image_tiff_list_fini(list);
}

#endif
