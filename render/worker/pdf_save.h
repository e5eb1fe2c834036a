/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PDF_SAVE_H
#define RENDER_WORKER_PDF_SAVE_H

#include <mupdf/fitz.h>
#include <mupdf/pdf.h>

#include "base/buf.h"

/* The document as a file at the end of *out. Throws as MuPDF does. */
void pdf_save(fz_context *ctx, pdf_document *doc, struct buf *out);

#endif
