/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PDF_MEMORY_H
#define RENDER_WORKER_PDF_MEMORY_H

#include <mupdf/fitz.h>

/*
 * MuPDF's memory, with a ceiling. What a document asks for beyond it is refused
 * as if there were no more, which MuPDF survives: it drops what it has cached,
 * tries again, and then throws FZ_ERROR_MEMORY, or ends a stream early and says
 * nothing. That one is known by what stays refused.
 */
struct pdf_memory {
	size_t used, max;
	size_t refused; /* and not given since: bytes asked for, or 0 */
};

/* memory outlives every context made with what comes back. */
fz_alloc_context pdf_memory_functions(struct pdf_memory *memory);

/*
 * A context with them, which says nothing: what a document makes MuPDF say is
 * no line of our log. NULL when there is no memory at all.
 */
fz_context *pdf_memory_context(struct pdf_memory *memory);

#endif
