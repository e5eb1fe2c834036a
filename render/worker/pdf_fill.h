/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PDF_FILL_H
#define RENDER_WORKER_PDF_FILL_H

#include <stdbool.h>

#include <mupdf/fitz.h>

/*
 * Backgrounds: a mail lays rectangles of one colour over each other, each as
 * large as the page, and MuPDF paints them pixel by pixel through a mask, which
 * takes longer than the text. Here MuPDF paints their edges and one line of the
 * inside; the lines below are copies of that one.
 */
struct pdf_fill {
	void (*fill_path)(fz_context *ctx, fz_device *dev, const fz_path *path,
	                  int even_odd, fz_matrix ctm, fz_colorspace *space,
	                  const float *colour, float alpha,
	                  fz_color_params params);
	void (*clip_path)(fz_context *ctx, fz_device *dev, const fz_path *path,
	                  int even_odd, fz_matrix ctm, fz_rect scissor);
	void (*pop_clip)(fz_context *ctx, fz_device *dev);
	fz_pixmap *pixmap; /* borrowed; what dev draws into */
	uint64_t boxes;    /* bit n: container n of dev clips to a rectangle */
};

/* Make dev, one of pdf_device_new() that draws into pixmap, do so. */
void pdf_fill_take_over(fz_device *dev, fz_pixmap *pixmap,
                        struct pdf_fill *fill);

/*
 * Whether what is painted now goes through clips to rectangles alone, and into
 * the pixmap itself. *clip is what they leave, in pixels; it cuts somewhere
 * within a pixel.
 */
bool pdf_fill_is_straight(fz_context *ctx, const fz_device *dev, fz_rect *clip);

#endif
