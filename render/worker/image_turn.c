/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/image_turn.h"

#include <stddef.h>

#include "base/mem.h"
#include "render/worker/raster_line.h"

#define CACHE_LINE  64
#define LINES_AHEAD 8

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

/*
 * Columns become lines. The stored lines run in the outer loop: a walk down a
 * single column would miss the cache at every pixel. depth is a constant, so
 * that a pixel is copied without a call.
 */
static inline __attribute__((always_inline)) void
copy_columns(const struct image_pixels *in, const struct image_turn *turn,
             unsigned first, unsigned n, unsigned depth, uint8_t *out)
{
	size_t in_len = (size_t)in->width * depth;
	size_t out_len = (size_t)in->height * depth;
	unsigned left = turn->flip_y ? in->width - first - n : first;

	for (unsigned y = 0; y < in->height; y++) {
		const uint8_t *from =
			in->data + y * in_len + (size_t)left * depth;
		unsigned to = turn->flip_x ? in->height - 1 - y : y;
		uint8_t *at = out + (size_t)to * depth;

		/* no processor guesses steps as wide as a line */
		for (size_t i = 0; i < (size_t)n * depth; i += CACHE_LINE)
			__builtin_prefetch(from + LINES_AHEAD * in_len + i);
		for (unsigned i = 0; i < n; i++, from += depth) {
			unsigned line = turn->flip_y ? n - 1 - i : i;

			memcpy(at + line * out_len, from, depth);
		}
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
