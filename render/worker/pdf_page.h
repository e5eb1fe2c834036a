/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PDF_PAGE_H
#define RENDER_WORKER_PDF_PAGE_H

#include <mupdf/fitz.h>
#include <mupdf/pdf.h>

#include "render/worker/page.h"

/* The buffer that pages are drawn into, kept from page to page. */
struct pdf_band {
	uint8_t *pixels; /* white outside of pdf_page_draw() */
	size_t size;
};

/* Zero-initialised is valid. */
void pdf_band_fini(struct pdf_band *band);

/*
 * Draw page number (from 0) of doc as the next page of raster, in the middle of
 * its printable area: at 100 % if it fits, else shrunk, turned where it comes
 * out larger so. Throws as MuPDF does for what it cannot draw; returns what the
 * writer did. A page that was begun has been ended either way.
 */
int pdf_page_draw(fz_context *ctx, pdf_document *doc, int number,
                  const struct page_spec *spec, struct raster *raster,
                  struct pdf_band *band, struct err *err);

#endif
