/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_RASTER_EQUAL_H
#define RENDER_WORKER_RASTER_EQUAL_H

#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/*
 * The one step the encoder's speed hangs on: which of 48 bytes at a equal those
 * at b? Bit i of the answer is byte i. Any alignment; may overlap.
 */
#define RASTER_EQUAL     48
#define RASTER_EQUAL_ALL ((UINT64_C(1) << RASTER_EQUAL) - 1)

static inline uint64_t raster_equal_plain(const uint8_t *a, const uint8_t *b)
{
	uint64_t mask = 0;

	for (unsigned i = 0; i < RASTER_EQUAL; i++)
		mask |= (uint64_t)(a[i] == b[i]) << i;
	return mask;
}

#ifdef __SSE2__
static inline __m128i raster_equal_part(const uint8_t *a, const uint8_t *b)
{
	return _mm_cmpeq_epi8(_mm_loadu_si128((const void *)a),
	                      _mm_loadu_si128((const void *)b));
}

static inline uint64_t raster_equal(const uint8_t *a, const uint8_t *b)
{
	__m128i x = raster_equal_part(a, b);
	__m128i y = raster_equal_part(a + 16, b + 16);
	__m128i z = raster_equal_part(a + 32, b + 32);

	if (_mm_movemask_epi8(_mm_and_si128(_mm_and_si128(x, y), z)) == 0xffff)
		return RASTER_EQUAL_ALL; /* paper: most of most pages */
	return (uint64_t)(unsigned)_mm_movemask_epi8(x) |
	       (uint64_t)(unsigned)_mm_movemask_epi8(y) << 16 |
	       (uint64_t)(unsigned)_mm_movemask_epi8(z) << 32;
}
#else
static inline uint64_t raster_equal(const uint8_t *a, const uint8_t *b)
{
	return raster_equal_plain(a, b);
}
#endif

#endif
