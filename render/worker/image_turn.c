/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/image_turn.h"

#include <stddef.h>

#include "base/mem.h"
#include "render/worker/raster_line.h"

#define CACHE_LINE    64
#define LINES_AHEAD   16
#define LINES_AT_ONCE 4

struct image_turn image_turn_of(unsigned orientation, bool more)
{
	/* where the stored first column and first line are to be seen */
	static const struct image_turn turns[8] = {
		{false, false, false}, /* 1: as it is */
		{false, true, false},  /* 2: mirrored */
		{false, true, true},   /* 3: upside down */
		{false, false, true},  /* 4: mirrored upside down */
		{true, false, false},  /* 5: mirrored, to be turned left */
		{true, true, false},   /* 6: to be turned right */
		{true, true, true},    /* 7: mirrored, to be turned right */
		{true, false, true},   /* 8: to be turned left */
	};
	struct image_turn turn = turns[orientation - 1];

	if (!more)
		return turn;
	/* (x, y) goes to (y, width - 1 - x) */
	return (struct image_turn){!turn.swap, turn.flip_y, !turn.flip_x};
}

static void copy_line(const struct image_pixels *in, bool mirror, unsigned y,
                      uint8_t *out)
{
	size_t len = (size_t)in->width * in->depth;
	struct raster_line line = {in->data + y * len, in->width, in->depth};

	if (mirror)
		raster_line_mirror(&line, out);
	else
		memcpy(out, line.pixels, len);
}

/* Which stored line is at place `at` of the lines that columns become. */
static const uint8_t *line_at(const struct image_pixels *in, bool flip,
                              unsigned at)
{
	unsigned y = flip ? in->height - 1 - at : at;

	return in->data + (size_t)y * in->width * in->depth;
}

/* No processor guesses steps as wide as a line. */
static void fetch_ahead(const struct image_pixels *in, bool flip, unsigned at,
                        size_t left, size_t len)
{
	const uint8_t *from;

	if (at + LINES_AHEAD >= in->height)
		return;
	from = line_at(in, flip, at + LINES_AHEAD) + left;
	for (size_t i = 0; i < len; i += CACHE_LINE)
		__builtin_prefetch(from + i);
}

/*
 * Pixels of some stored lines to a place in n of the new ones. A pixel of three
 * bytes goes by four, which is one instruction, where another is put behind it.
 */
static inline __attribute__((always_inline)) void
copy_pixels(const uint8_t *const *from, unsigned n_from, unsigned n,
            unsigned depth, uint8_t *out, ptrdiff_t out_len)
{
	const unsigned more = depth == 3 ? 4 : depth;

	for (size_t i = 0; i < (size_t)n * depth; i += depth, out += out_len) {
		for (unsigned k = 0; k + 1 < n_from; k++)
			memcpy(out + k * depth, from[k] + i, more);
		memcpy(out + (n_from - 1) * depth, from[n_from - 1] + i, depth);
	}
}

/*
 * Columns become lines. The stored lines run in the outer loop, some at once: a
 * walk down a single column would miss the cache at every pixel. depth is a
 * constant, so that a pixel is copied without a call.
 */
static inline __attribute__((always_inline)) void
copy_columns(const struct image_pixels *in, const struct image_turn *turn,
             unsigned first, unsigned n, unsigned depth, uint8_t *out)
{
	ptrdiff_t out_len = (ptrdiff_t)in->height * depth;
	unsigned column = turn->flip_y ? in->width - first - n : first;
	size_t left = (size_t)column * depth;
	unsigned at = 0;

	if (turn->flip_y) {
		out += out_len * ((ptrdiff_t)n - 1);
		out_len = -out_len;
	}
	for (; at + LINES_AT_ONCE <= in->height; at += LINES_AT_ONCE) {
		const uint8_t *from[LINES_AT_ONCE];

		for (unsigned k = 0; k < LINES_AT_ONCE; k++) {
			from[k] = line_at(in, turn->flip_x, at + k) + left;
			fetch_ahead(in, turn->flip_x, at + k, left,
			            (size_t)n * depth);
		}
		copy_pixels(from, LINES_AT_ONCE, n, depth, out + at * depth,
		            out_len);
	}
	for (; at < in->height; at++) {
		const uint8_t *from = line_at(in, turn->flip_x, at) + left;

		copy_pixels(&from, 1, n, depth, out + at * depth, out_len);
	}
}

void image_turn_lines(const struct image_pixels *in,
                      const struct image_turn *turn, unsigned first, unsigned n,
                      uint8_t *out)
{
	if (turn->swap && in->depth == 3) {
		copy_columns(in, turn, first, n, 3, out);
		return;
	}
	if (turn->swap) {
		copy_columns(in, turn, first, n, 1, out);
		return;
	}
	for (unsigned i = 0; i < n; i++) {
		unsigned y = first + i;

		copy_line(in, turn->flip_x,
		          turn->flip_y ? in->height - 1 - y : y, out);
		out += (size_t)in->width * in->depth;
	}
}
