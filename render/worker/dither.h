/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_DITHER_H
#define RENDER_WORKER_DITHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Gray to black and white: error diffusion (Floyd and Steinberg), every second
 * line from right to left, so that no worms run across even areas. What is
 * quite white or quite black stays so: letters keep their edges and paper its
 * white. The mean of an area is its gray.
 */
struct dither;

struct dither *dither_new(unsigned width);

/* Forget the page before. */
void dither_begin(struct dither *dither);

/*
 * The next line: width bytes of gray in, (width + 7) / 8 bytes out, the first
 * pixel in the highest bit. `ones`: a 1 is black, else white; the bits behind
 * the last pixel are white.
 */
void dither_line(struct dither *dither, const uint8_t *gray, uint8_t *bits,
                 bool ones);

void dither_free(struct dither *dither);

#endif
