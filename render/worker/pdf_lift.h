/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PDF_LIFT_H
#define RENDER_WORKER_PDF_LIFT_H

#include <mupdf/fitz.h>
#include <mupdf/pdf.h>

#include "base/buf.h"
#include "render/worker/page.h"

/*
 * Pages of a document onto sheets of paper that are pages of a new PDF, without
 * looking at them: what a PDF page draws is copied as it stands, with its
 * annotations as they are printed; pages of other documents are drawn into it.
 */
struct pdf_lift {
	pdf_document *to; /* NULL: nothing is lifted */
	pdf_graft_map *map;
	unsigned n_pages;
};

/*
 * Page number (from 0) of doc as the next sheet, which is side `side` (from 1)
 * of the job, where geometry_place() puts a document. True: some of the page is
 * cut off. Throws as MuPDF does, and where layers are switched by the document
 * or MuPDF makes the look of a field; then there is no new sheet.
 */
bool pdf_lift_page(fz_context *ctx, struct pdf_lift *lift, fz_document *doc,
                   int number, const struct page_spec *spec, unsigned side);

/* What was lifted, as a file at the end of *out; throws. */
void pdf_lift_save(fz_context *ctx, struct pdf_lift *lift, struct buf *out);

/* Forget it, and begin anew with the next page. */
void pdf_lift_fini(fz_context *ctx, struct pdf_lift *lift);

#endif
