/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PDF_PROBE_H
#define RENDER_WORKER_PDF_PROBE_H

#include <mupdf/fitz.h>

/* What decides how high the bands of a page should be. */
struct pdf_probe {
	double image_pixels; /* of all images on the page, as stored */
	unsigned groups;     /* transparency groups and soft masks */
};

/* Look through a page without drawing it. Throws. */
void pdf_probe_run(fz_context *ctx, fz_display_list *list,
                   struct pdf_probe *probe);

#endif
