/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PAGE_STORE_H
#define RENDER_WORKER_PAGE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "render/worker/raster_line.h"

/*
 * A page that waits for its neighbours: its lines in the code of raster_line.h,
 * which for text is a fiftieth of the pixels. Lines can be read from several
 * places at once, so that the page can also be read turned.
 */
struct page_store {
	unsigned width;
	bool coloured; /* some line has 3 bytes a pixel */
	struct buf code;
	struct page_store_line {
		size_t start;
		unsigned depth;
	} * lines; /* owned */
	unsigned n_lines, n_allocated;
	uint8_t *last; /* owned: the newest line's pixels, to know it again */
};

void page_store_init(struct page_store *store, unsigned width);
void page_store_clear(struct page_store *store); /* empty, memory kept */
void page_store_fini(struct page_store *store);

/* Append a line of store->width pixels, n times. */
void page_store_add(struct page_store *store, const struct raster_line *line,
                    unsigned n);

/* A place in a line; valid until the store changes. */
struct page_cursor {
	const uint8_t *at;
	unsigned left; /* pixels of the packet at `at` */
	bool run;
	unsigned depth;
};

/* The start of line y, which is there. */
struct page_cursor page_store_seek(const struct page_store *store, unsigned y);

/*
 * The next n pixels, which are there, to out, out + step, ...; depth is 3, or
 * 1 if the store has no colour.
 */
void page_cursor_take(struct page_cursor *cursor, unsigned n, uint8_t *out,
                      size_t step, unsigned depth);

#endif
