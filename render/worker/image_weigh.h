/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_IMAGE_WEIGH_H
#define RENDER_WORKER_IMAGE_WEIGH_H

#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Two pixels of 16 bits a sample, each with what stands behind it. */
typedef uint16_t image_pair __attribute__((vector_size(16)));

/*
 * The one step the speed of scaling hangs on: the upper halves of the products,
 * so weights are in 1/65536.
 */
static inline image_pair image_weigh_plain(image_pair samples,
                                           image_pair weights)
{
	image_pair out;

	for (unsigned i = 0; i < 8; i++)
		out[i] = (uint16_t)((uint32_t)samples[i] * weights[i] >> 16);
	return out;
}

static inline image_pair image_weigh(image_pair samples, image_pair weights)
{
#ifdef __SSE2__
	/* gcc 12 finds the instruction only where nothing is around it */
	return (image_pair)_mm_mulhi_epu16((__m128i)samples, (__m128i)weights);
#else
	return image_weigh_plain(samples, weights);
#endif
}

#endif
