/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A run shows as a line that equals itself one pixel further on, so both
 * questions, how long is this run and where does the next one begin, are
 * comparisons of 16 bytes at p with those at p + depth.
 */
#include "render/worker/raster_line.h"

#include "base/mem.h"
#include "render/worker/raster_equal.h"

#define MAX_PACKET     128 /* pixels that one length byte can stand for */
#define FAR            256 /* bytes compared at once inside long runs */

/*
 * Breaking literals for a run costs a length byte before and after: a run is
 * worth it from three bytes saved in gray, from two pixels on in colour.
 */
#define MIN_RUN(depth) ((depth) == 1 ? 3u : 2u)

size_t raster_line_bound(unsigned width, unsigned depth)
{
	return (size_t)width * depth + (width + MAX_PACKET - 1) / MAX_PACKET +
	       depth + 1;
}

/* Pixels from p on that are the same as the one at p, itself included. */
static inline size_t run_length(const uint8_t *p, const uint8_t *end,
                                unsigned depth)
{
	size_t max = (size_t)(end - p) - depth;
	size_t i = 0;
	unsigned differ;

	while (i + 16 <= max) {
		differ = raster_equal16(p + i, p + i + depth) ^ 0xffff;
		if (differ)
			return (i + (unsigned)__builtin_ctz(differ)) / depth +
			       1;
		i += 16;
		while (i >= 64 && i + FAR <= max &&
		       memcmp(p + i, p + i + depth, FAR) == 0)
			i += FAR;
	}
	while (i < max && p[i] == p[i + depth])
		i++;
	return i / depth + 1;
}

/*
 * Of 16 byte comparisons, the bits where a run worth breaking for begins. Only
 * the first 15 bytes can be told, which is a whole number of pixels.
 */
static inline unsigned run_starts(unsigned equal, unsigned depth)
{
	if (depth == 1)
		return equal & (equal >> 1) & 0x7fff;
	return equal & (equal >> 1) & (equal >> 2) & 0x1249;
}

/* The pixel at or after p where a run worth breaking for begins, or end. */
static inline const uint8_t *next_run(const uint8_t *p, const uint8_t *end,
                                      unsigned depth)
{
	unsigned starts;

	for (; (size_t)(end - p) >= 16 + depth; p += 15) {
		starts = run_starts(raster_equal16(p, p + depth), depth);
		if (starts)
			return p + (unsigned)__builtin_ctz(starts);
	}
	for (; p < end; p += depth) {
		if (run_length(p, end, depth) >= MIN_RUN(depth))
			return p;
	}
	return end;
}

static inline uint8_t *put_run(uint8_t *out, const uint8_t *pixel, size_t n,
                               unsigned depth)
{
	for (; n > 0; out += 1 + depth) {
		size_t k = n < MAX_PACKET ? n : MAX_PACKET;

		out[0] = (uint8_t)(k - 1);
		memcpy(out + 1, pixel, depth);
		n -= k;
	}
	return out;
}

static inline uint8_t *put_literals(uint8_t *out, const uint8_t *p, size_t n,
                                    unsigned depth)
{
	while (n > 1) {
		size_t k = n < MAX_PACKET ? n : MAX_PACKET;

		*out++ = (uint8_t)(257 - k);
		memcpy(out, p, k * depth);
		out += k * depth;
		p += k * depth;
		n -= k;
	}
	/* one pixel has no literal form: 256 does not fit the byte */
	return put_run(out, p, n, depth);
}

static inline size_t encode(const uint8_t *p, unsigned width, unsigned depth,
                            uint8_t *out)
{
	const uint8_t *end = p + (size_t)width * depth;
	uint8_t *start = out;

	while (p < end) {
		size_t n = run_length(p, end, depth);

		if (n >= MIN_RUN(depth)) {
			out = put_run(out, p, n, depth);
		} else {
			const uint8_t *q = next_run(p + depth, end, depth);

			n = (size_t)(q - p) / depth;
			out = put_literals(out, p, n, depth);
		}
		p += n * depth;
	}
	return (size_t)(out - start);
}

size_t raster_line_encode(const uint8_t *line, unsigned width, unsigned depth,
                          uint8_t *out)
{
	if (depth == 1)
		return encode(line, width, 1, out);
	return encode(line, width, 3, out);
}

void raster_line_mirror(const uint8_t *line, unsigned width, unsigned depth,
                        uint8_t *out)
{
	const uint8_t *p = line + (size_t)width * depth;

	while (p > line) {
		p -= depth;
		for (unsigned i = 0; i < depth; i++)
			*out++ = p[i];
	}
}
