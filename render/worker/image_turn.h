/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_IMAGE_TURN_H
#define RENDER_WORKER_IMAGE_TURN_H

#include <stdbool.h>
#include <stdint.h>

/*
 * One of the eight ways to lay a picture down: columns become lines or not,
 * then the result is mirrored in x, in y, or both.
 */
struct image_turn {
	bool swap;
	bool flip_x, flip_y;
};

/* Orientation 1..8 of Exif, then, if more, a quarter counter-clockwise. */
struct image_turn image_turn_of(unsigned orientation, bool more);

/* A picture in memory; pixels of depth bytes without gaps, a byte behind all.
 */
struct image_pixels {
	uint8_t *data;
	unsigned width, height, depth;
};

/*
 * Lines first to first + n of the picture as it lies after the turn, into out,
 * without gaps. They are as long as the picture is wide, or high if swapped.
 */
void image_turn_lines(const struct image_pixels *in,
                      const struct image_turn *turn, unsigned first, unsigned n,
                      uint8_t *out);

#endif
