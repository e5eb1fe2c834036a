/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_RASTER_EQUAL_H
#define RENDER_WORKER_RASTER_EQUAL_H

#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/*
 * The one step the encoder's speed hangs on: which of 16 bytes at a equal those
 * at b? Bit i of the answer is byte i. Any alignment; may overlap.
 */
static inline unsigned raster_equal16_plain(const uint8_t *a, const uint8_t *b)
{
	unsigned mask = 0;

	for (unsigned i = 0; i < 16; i++)
		mask |= (unsigned)(a[i] == b[i]) << i;
	return mask;
}

static inline unsigned raster_equal16(const uint8_t *a, const uint8_t *b)
{
#ifdef __SSE2__
	__m128i x = _mm_loadu_si128((const __m128i *)(const void *)a);
	__m128i y = _mm_loadu_si128((const __m128i *)(const void *)b);

	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(x, y));
#else
	return raster_equal16_plain(a, b);
#endif
}

#endif
