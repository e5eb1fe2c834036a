/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/strip.h"

#include <assert.h>

#include "base/mem.h"

#define SAMPLE 8 /* every so many lines are looked at */

void strip_init(struct strip *strip, unsigned width, unsigned depth,
                unsigned max_lines, bool may_be_gray)
{
	*strip = (struct strip){
		.width = width,
		.depth = depth,
		.max_lines = max_lines,
		.may_be_gray = may_be_gray,
		.pixels = xmalloc((size_t)width * depth * max_lines),
	};
}

void strip_fini(struct strip *strip)
{
	free(strip->pixels);
}

void strip_begin(struct strip *strip, unsigned top, unsigned want)
{
	assert(want <= strip->max_lines);
	strip->top = top;
	strip->want = want;
	strip->n_lines = 0;
	strip->now = strip->may_be_gray ? 1 : strip->depth;
}

/* Last line first: each moves to where it overwrites none before it. */
static void become_colour(struct strip *strip)
{
	size_t n = (size_t)strip->width * strip->n_lines;

	for (size_t i = n; i-- > 0;) {
		uint8_t gray = strip->pixels[i];

		memset(strip->pixels + 3 * i, gray, 3);
	}
	strip->now = 3;
}

bool strip_add(struct strip *strip, const struct raster_line *line)
{
	uint8_t *at;

	assert(strip->n_lines < strip->want);
	if (line->depth > strip->now)
		become_colour(strip);
	at = strip->pixels + (size_t)strip->n_lines * strip->width * strip->now;
	if (line->depth == strip->now)
		memcpy(at, line->pixels, (size_t)line->width * line->depth);
	else
		raster_line_expand(line, at);
	return ++strip->n_lines == strip->want;
}

size_t strip_bytes(const struct strip *strip)
{
	return (size_t)strip->width * strip->n_lines * strip->now;
}

void strip_begin_in(struct strip *strip, unsigned top, unsigned height)
{
	unsigned left = height - top;

	strip_begin(strip, top,
	            left < strip->max_lines ? left : strip->max_lines);
}

int strip_add_lines(struct strip *strip, unsigned height,
                    const struct raster_line *first, size_t stride,
                    unsigned n_lines, strip_put_fn *put, void *arg,
                    struct err *err)
{
	struct raster_line line = *first;
	int result = 0;

	for (; n_lines > 0 && result == 0; n_lines--, line.pixels += stride) {
		if (!strip_add(strip, &line))
			continue;
		result = put(arg, err);
		strip_begin_in(strip, strip->top + strip->n_lines, height);
	}
	return result;
}

bool strip_is_white(const struct strip *strip)
{
	size_t n = strip_bytes(strip);

	return n > 0 && strip->pixels[0] == 0xff &&
	       memcmp(strip->pixels, strip->pixels + 1, n - 1) == 0;
}

static void swap_pixels(uint8_t *a, uint8_t *b, unsigned depth)
{
	for (unsigned i = 0; i < depth; i++) {
		uint8_t kept = a[i];

		a[i] = b[i];
		b[i] = kept;
	}
}

static void mirror_line(uint8_t *line, unsigned width, unsigned depth)
{
	for (unsigned x = 0; x < width / 2; x++)
		swap_pixels(line + (size_t)x * depth,
		            line + (size_t)(width - 1 - x) * depth, depth);
}

void strip_turn(struct strip *strip, bool mirror, bool flip)
{
	size_t line_len = (size_t)strip->width * strip->now;
	uint8_t *pixels = strip->pixels;

	for (unsigned y = 0; mirror && y < strip->n_lines; y++)
		mirror_line(pixels + y * line_len, strip->width, strip->now);
	for (unsigned y = 0; flip && y < strip->n_lines / 2; y++) {
		unsigned other = strip->n_lines - 1 - y;

		swap_pixels(pixels + y * line_len, pixels + other * line_len,
		            (unsigned)line_len);
	}
}

bool strip_is_photo(const struct strip *strip)
{
	size_t line_len = (size_t)strip->width * strip->now;
	size_t n = 0, n_changes = 0;

	for (unsigned y = 0; y < strip->n_lines; y += SAMPLE) {
		const uint8_t *p = strip->pixels + y * line_len;

		for (size_t x = strip->now; x < line_len; x++, n++)
			n_changes += p[x] != p[x - strip->now];
	}
	return n_changes * 2 > n;
}
