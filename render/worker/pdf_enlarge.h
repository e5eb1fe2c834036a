/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PDF_ENLARGE_H
#define RENDER_WORKER_PDF_ENLARGE_H

#include <mupdf/fitz.h>

/*
 * Pictures that are printed larger than they are, as those of mail: MuPDF finds
 * each pixel by itself, between four others, for whatever angle. An upright
 * picture is enlarged by lines here, which takes a fifth of the time.
 */
struct pdf_enlarge {
	void (*fill_image)(fz_context *ctx, fz_device *dev, fz_image *image,
	                   fz_matrix ctm, float alpha, fz_color_params params);
};

/* Make dev, one of pdf_device_new(), do so. */
void pdf_enlarge_take_over(fz_device *dev, struct pdf_enlarge *enlarge);

#endif
