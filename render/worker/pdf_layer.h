/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PDF_LAYER_H
#define RENDER_WORKER_PDF_LAYER_H

#include <stdbool.h>

#include <mupdf/fitz.h>

/*
 * Whether the page's document has a layer that is seen on screens and not
 * printed (ISO 32000-2, 8.11.4.4: PrintState). MuPDF leaves it out, Poppler
 * draws it. Throws.
 */
bool pdf_layer_is_for_screens(fz_context *ctx, fz_page *page);

#endif
