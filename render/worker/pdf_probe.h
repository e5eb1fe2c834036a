/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PDF_PROBE_H
#define RENDER_WORKER_PDF_PROBE_H

#include <stdbool.h>

#include <mupdf/fitz.h>

/* What decides how a page is drawn best. */
struct pdf_probe {
	double image_pixels; /* of all images on the page, as stored */
	double tall_pixels;  /* each times the part of the page it is high */
	double painted;      /* by paths: how often the page, by their boxes */
	bool blends;         /* a group with a blend mode, or knocking out */
	bool press;          /* inks of a press, other than black alone */
	bool coloured;       /* not known to be black, white and gray alone */
	bool is_cut;         /* a JPEG on it has no end */
};

/* Look through a page without drawing it. Throws. */
void pdf_probe_run(fz_context *ctx, fz_display_list *list,
                   struct pdf_probe *probe);

#endif
