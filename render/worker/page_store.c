/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/page_store.h"

#include <assert.h>

#include "base/mem.h"

void page_store_init(struct page_store *store, unsigned width)
{
	*store = (struct page_store){.width = width};
	store->last = xmalloc((size_t)width * 3);
}

void page_store_clear(struct page_store *store)
{
	buf_clear(&store->code);
	store->n_lines = 0;
	store->coloured = false;
}

void page_store_fini(struct page_store *store)
{
	buf_fini(&store->code);
	free(store->lines);
	free(store->last);
	*store = (struct page_store){0};
}

static bool is_last(const struct page_store *store,
                    const struct raster_line *line)
{
	return store->n_lines > 0 &&
	       store->lines[store->n_lines - 1].depth == line->depth &&
	       memcmp(store->last, line->pixels,
	              (size_t)line->width * line->depth) == 0;
}

static void encode(struct page_store *store, const struct raster_line *line)
{
	buf_reserve(&store->code, raster_line_bound(line->width, line->depth));
	store->code.len += raster_line_encode(line, line->depth,
	                                      (uint8_t *)store->code.data +
	                                              store->code.len);
	memcpy(store->last, line->pixels, (size_t)line->width * line->depth);
}

void page_store_add(struct page_store *store, const struct raster_line *line,
                    unsigned n)
{
	struct page_store_line stored = {store->code.len, line->depth};

	assert(line->width == store->width);
	if (is_last(store, line))
		stored = store->lines[store->n_lines - 1];
	else if (n > 0)
		encode(store, line);
	store->coloured |= line->depth == 3;
	if (store->n_allocated - store->n_lines < n) {
		store->n_allocated = (store->n_lines + n) * 2;
		store->lines =
			xrealloc(store->lines,
		                 store->n_allocated * sizeof *store->lines);
	}
	while (n-- > 0)
		store->lines[store->n_lines++] = stored;
}

struct page_cursor page_store_seek(const struct page_store *store, unsigned y)
{
	const struct page_store_line *line = &store->lines[y];
	struct page_cursor cursor = {
		.at = (const uint8_t *)store->code.data + line->start,
		.depth = line->depth,
	};

	assert(y < store->n_lines);
	return cursor;
}

static void next_packet(struct page_cursor *cursor)
{
	unsigned code = *cursor->at++;

	cursor->run = code < 128;
	cursor->left = cursor->run ? code + 1 : 257 - code;
}

static inline void put(uint8_t *out, const uint8_t *pixel, unsigned from,
                       unsigned to)
{
	if (to == 1)
		*out = *pixel;
	else if (from == 3)
		memcpy(out, pixel, 3);
	else
		out[0] = out[1] = out[2] = *pixel;
}

void page_cursor_take(struct page_cursor *cursor, unsigned n, uint8_t *out,
                      size_t step, unsigned depth)
{
	while (n > 0) {
		unsigned k, past;

		if (cursor->left == 0)
			next_packet(cursor);
		k = n < cursor->left ? n : cursor->left;
		past = cursor->run ? 0 : cursor->depth;
		for (unsigned i = 0; i < k; i++, out += step) {
			put(out, cursor->at, cursor->depth, depth);
			cursor->at += past;
		}
		n -= k;
		cursor->left -= k;
		if (cursor->run && cursor->left == 0)
			cursor->at += cursor->depth;
	}
}
