/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_RASTER_LINE_H
#define RENDER_WORKER_RASTER_LINE_H

#include <stddef.h>
#include <stdint.h>

/*
 * One line of pixels in the run-length code that PWG 5102.4 section 4.4 and
 * image/urf share: a byte n of 0..127 and one pixel, which stands n + 1 times;
 * or a byte n of 129..255 and 257 - n pixels as they are.
 */
struct raster_line {
	const uint8_t *pixels;
	unsigned width; /* at least 1 */
	unsigned depth; /* bytes a pixel: 1 gray, 3 RGB */
};

/* Bytes that raster_line_encode() may write for such a line. */
size_t raster_line_bound(unsigned width, unsigned out_depth);

/*
 * Encode with out_depth bytes a pixel: those of the line, or 3 for a gray line,
 * whose bytes then stand three times. out has room for raster_line_bound().
 * Returns bytes written.
 */
size_t raster_line_encode(const struct raster_line *line, unsigned out_depth,
                          uint8_t *out);

/* A gray line as RGB; out has room for 3 bytes a pixel. */
void raster_line_expand(const struct raster_line *line, uint8_t *out);

/* Copy the pixels right to left; the two do not overlap. */
void raster_line_mirror(const struct raster_line *line, uint8_t *out);

#endif
