/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_IMAGE_TIFF_LINE_H
#define RENDER_WORKER_IMAGE_TIFF_LINE_H

#include <stdbool.h>
#include <stdint.h>
#include <tiffio.h>

#include "base/cleanup.h"
#include "render/worker/image_colour.h"

/*
 * The lines of a page whose samples lie side by side in strips: scans, faxes,
 * photographs, printers' proofs. A line at a time is held, however the strips
 * are cut.
 */
struct image_tiff_line;

/*
 * For the directory that tiff stands at. NULL: not that kind of page, or a rare
 * one; TIFFRGBAImage reads those. in tells what lines will be made of.
 */
struct image_tiff_line *image_tiff_line_new(TIFF *tiff, unsigned width,
                                            struct image_colour_in *in);

/* Line y, in ascending order. false: it cannot be read; libtiff has said why.
 */
bool image_tiff_line_read(struct image_tiff_line *line, unsigned y,
                          uint8_t *out);

void image_tiff_line_free(struct image_tiff_line *line);
DEFINE_CLEANUP(struct image_tiff_line *, image_tiff_line_free)

#endif
