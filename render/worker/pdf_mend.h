/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PDF_MEND_H
#define RENDER_WORKER_PDF_MEND_H

#include <stdbool.h>

#include <mupdf/fitz.h>

#define PDF_MEND_SEARCH_BYTES ((size_t)64 << 20)

/*
 * JPEG pictures that are cut. Both engines paint what is missing in half of
 * every colour, which is nearly black where these are inks, and one that gets
 * finer and finer not at all; so such a picture is read here, and what it lacks
 * is white.
 */
struct pdf_mend {
	void (*fill_image)(fz_context *ctx, fz_device *dev, fz_image *image,
	                   fz_matrix ctm, float alpha, fz_color_params params);
	size_t to_search; /* bytes more: a picture may be drawn many times */
	fz_image *last, *mended; /* kept; mended is NULL if it was left out */
	unsigned n;              /* pictures that were cut */
};

/*
 * Make dev, one of fz_new_list_device(), take mended pictures. *mend is zero
 * before, outlives dev and is ended with pdf_mend_fini(), whatever happens.
 */
void pdf_mend_take_over(fz_context *ctx, fz_device *dev, struct pdf_mend *mend);

void pdf_mend_fini(fz_context *ctx, struct pdf_mend *mend);

/*
 * Whether the picture is a JPEG without an end. *to_search is what may still be
 * looked through.
 */
bool pdf_mend_is_cut(fz_context *ctx, fz_image *image, size_t *to_search);

#endif
