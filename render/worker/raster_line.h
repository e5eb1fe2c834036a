/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_RASTER_LINE_H
#define RENDER_WORKER_RASTER_LINE_H

#include <stddef.h>
#include <stdint.h>

/*
 * One line of pixels in the run-length code that PWG 5102.4 section 4.4 and
 * image/urf share: a byte n of 0..127 and one pixel, which stands n + 1 times;
 * or a byte n of 129..255 and 257 - n pixels as they are. depth is bytes a
 * pixel, 1 or 3; width is pixels a line, at least 1.
 */

/* Bytes that raster_line_encode() may write for such a line. */
size_t raster_line_bound(unsigned width, unsigned depth);

/* Encode; out has room for raster_line_bound(). Returns bytes written. */
size_t raster_line_encode(const uint8_t *line, unsigned width, unsigned depth,
                          uint8_t *out);

/* Copy a line right to left; the two do not overlap. */
void raster_line_mirror(const uint8_t *line, unsigned width, unsigned depth,
                        uint8_t *out);

#endif
