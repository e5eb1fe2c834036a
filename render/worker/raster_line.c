/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A run shows as a line that equals itself one pixel further on. So the line is
 * compared with itself first, without a branch, into one bit a pixel: "the next
 * pixel is the same". What then is a run and where it ends are questions of
 * counting zero bits, 64 pixels at a time.
 *
 *   pixels   w w w w w k k g w w w
 *   same     1 1 1 1 0 1 0 0 1 1 0
 */
#include "render/worker/raster_line.h"

#include <assert.h>

#include "base/mem.h"
#include "render/worker/geometry.h"
#include "render/worker/raster_equal.h"

#define MAX_PACKET 128 /* pixels that one length byte can stand for */
#define WORDS      (GEOMETRY_MAX_PIXELS / 64 + 2)
#define SLACK      16 /* copies may write this far beyond their end */

/* The compiler writes all of it for each pair of depths. */
#define FOR_DEPTH  static inline __attribute__((always_inline))

struct bits {
	uint64_t same[WORDS];   /* pixel i equals pixel i + 1 */
	uint64_t starts[WORDS]; /* a run worth a packet begins at i */
};

size_t raster_line_bound(unsigned width, unsigned out_depth)
{
	return (size_t)width * out_depth +
	       (width + MAX_PACKET - 1) / MAX_PACKET + out_depth + 1 + SLACK;
}

/* Of 48 comparisons of bytes, the 16 of whole RGB pixels. */
static inline uint64_t whole_pixels(uint64_t equal)
{
	uint64_t x = equal & equal >> 1 & equal >> 2;

	/* every third bit to the bottom, pairs first */
	x &= 0x1249249249249249;
	x = (x ^ x >> 2) & 0x30c30c30c30c30c3;
	x = (x ^ x >> 4) & 0xf00f00f00f00f00f;
	x = (x ^ x >> 8) & 0x00ff0000ff0000ff;
	return (x ^ x >> 16) & 0xffff;
}

static inline void set_bits(uint64_t *words, unsigned at, uint64_t bits)
{
	words[at / 64] |= bits << (at % 64);
	if (at % 64 != 0) /* a shift by 64 is undefined */
		words[at / 64 + 1] |= bits >> (64 - at % 64);
}

FOR_DEPTH void find_same(const uint8_t *line, unsigned width, unsigned depth,
                         uint64_t *same)
{
	const unsigned step = RASTER_EQUAL / depth;
	unsigned x = 0;

	for (; x + step < width; x += step) {
		const uint8_t *p = line + (size_t)x * depth;
		uint64_t equal = raster_equal(p, p + depth);

		if (depth == 3)
			equal = equal == RASTER_EQUAL_ALL ? 0xffff
			                                  : whole_pixels(equal);
		set_bits(same, x, equal);
	}
	for (; x + 1 < width; x++) {
		const uint8_t *p = line + (size_t)x * depth;

		if (memcmp(p, p + depth, depth) == 0)
			same[x / 64] |= UINT64_C(1) << (x % 64);
	}
}

/*
 * Breaking literals for a run costs a length byte or two, so in gray only runs
 * of three are worth it; in colour two pixels are.
 */
FOR_DEPTH void find_starts(struct bits *bits, unsigned n_words, unsigned depth)
{
	for (unsigned i = 0; i < n_words; i++) {
		uint64_t next = bits->same[i] >> 1 | bits->same[i + 1] << 63;

		bits->starts[i] =
			depth == 1 ? bits->same[i] & next : bits->same[i];
	}
}

/* The first bit at or after x that is set, or width. */
static inline unsigned next_set(const uint64_t *words, unsigned x,
                                unsigned width, uint64_t invert)
{
	unsigned i = x / 64;
	uint64_t word = (words[i] ^ invert) >> (x % 64);

	if (word)
		return x + (unsigned)__builtin_ctzll(word);
	for (i++; i * 64 < width; i++) {
		word = words[i] ^ invert;
		if (word)
			return i * 64 + (unsigned)__builtin_ctzll(word);
	}
	return width;
}

/* One pixel from depth to out_depth bytes. */
FOR_DEPTH uint8_t *put_pixel(uint8_t *out, const uint8_t *pixel, unsigned depth,
                             unsigned out_depth)
{
	if (depth == out_depth)
		memcpy(out, pixel, depth);
	else
		out[0] = out[1] = out[2] = *pixel;
	return out + out_depth;
}

FOR_DEPTH uint8_t *put_run(uint8_t *out, const uint8_t *pixel, unsigned n,
                           unsigned depth, unsigned out_depth)
{
	for (; n > MAX_PACKET; n -= MAX_PACKET) {
		*out++ = MAX_PACKET - 1;
		out = put_pixel(out, pixel, depth, out_depth);
	}
	*out++ = (uint8_t)(n - 1);
	return put_pixel(out, pixel, depth, out_depth);
}

/* Most literals are an edge of a letter: a call of memcpy costs more. */
static inline void copy_short(uint8_t *out, const uint8_t *p, size_t n,
                              const uint8_t *end)
{
	if ((size_t)(end - p) < n + SLACK) {
		memcpy(out, p, n);
		return;
	}
	for (size_t i = 0; i < n; i += SLACK)
		memcpy(out + i, p + i, SLACK);
}

FOR_DEPTH uint8_t *put_literals(uint8_t *out, const uint8_t *p, unsigned n,
                                unsigned depth, unsigned out_depth,
                                const uint8_t *end)
{
	while (n > 1) {
		unsigned k = n < MAX_PACKET ? n : MAX_PACKET;

		*out++ = (uint8_t)(257 - k);
		n -= k;
		if (depth == out_depth) {
			copy_short(out, p, (size_t)k * depth, end);
			out += (size_t)k * depth;
			p += (size_t)k * depth;
			continue;
		}
		for (; k > 0; k--, p += depth)
			out = put_pixel(out, p, depth, out_depth);
	}
	/* one pixel has no literal form: 256 does not fit the byte */
	return n == 1 ? put_run(out, p, 1, depth, out_depth) : out;
}

FOR_DEPTH size_t encode(const uint8_t *line, unsigned width, unsigned depth,
                        unsigned out_depth, uint8_t *out)
{
	const uint8_t *end = line + (size_t)width * depth;
	unsigned n_words = width / 64 + 1;
	uint8_t *start = out;
	struct bits bits;
	unsigned x = 0;

	memset(bits.same, 0, (n_words + 1) * sizeof *bits.same);
	find_same(line, width, depth, bits.same);
	find_starts(&bits, n_words, out_depth);
	while (x < width) {
		unsigned run = next_set(bits.starts, x, width, 0);
		unsigned last;

		out = put_literals(out, line + (size_t)x * depth, run - x,
		                   depth, out_depth, end);
		if (run == width)
			break;
		last = next_set(bits.same, run, width, UINT64_MAX);
		out = put_run(out, line + (size_t)run * depth, last - run + 1,
		              depth, out_depth);
		x = last + 1;
	}
	return (size_t)(out - start);
}

size_t raster_line_encode(const struct raster_line *line, unsigned out_depth,
                          uint8_t *out)
{
	assert(line->width <= GEOMETRY_MAX_PIXELS);
	if (out_depth == 1)
		return encode(line->pixels, line->width, 1, 1, out);
	if (line->depth == 1)
		return encode(line->pixels, line->width, 1, 3, out);
	return encode(line->pixels, line->width, 3, 3, out);
}

void raster_line_mirror(const struct raster_line *line, uint8_t *out)
{
	const uint8_t *p = line->pixels + (size_t)line->width * line->depth;

	while (p > line->pixels) {
		p -= line->depth;
		for (unsigned i = 0; i < line->depth; i++)
			*out++ = p[i];
	}
}

void raster_line_expand(const struct raster_line *line, uint8_t *out)
{
	assert(line->depth == 1);
	for (unsigned x = 0; x < line->width; x++, out += 3)
		out[0] = out[1] = out[2] = line->pixels[x];
}
