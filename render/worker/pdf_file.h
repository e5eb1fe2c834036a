/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PDF_FILE_H
#define RENDER_WORKER_PDF_FILE_H

#include "render/worker/pdf.h"
#include "render/worker/pdf_memory.h"
#include "render/worker/pdf_poppler.h"

/*
 * A document of pages, open in MuPDF; what that cannot read, in Poppler, which
 * may be called in later, too. MuPDF's errors are long jumps: whoever calls it
 * with ctx catches them, and what must be dropped afterwards stands here.
 */
struct pdf_file {
	const void *data; /* the caller's */
	size_t len;
	const struct pdf_options *options; /* the caller's */
	struct pdf_memory memory;
	fz_context *ctx;
	fz_document *doc;            /* NULL: MuPDF cannot read it */
	struct pdf_poppler *poppler; /* NULL until it is needed */
	int n_pages;
	struct pdf_faults *faults; /* the caller's, or unheard */
	struct pdf_faults unheard;
};

/* Outcome: MuPDF cannot; err says why. Another engine may be tried. */
#define PDF_FILE_FAILED 2

/*
 * Open data, which stays the caller's, until pdf_file_close(); also after an
 * error. spec is the paper that a book is set on. 0, or -errno with a sentence:
 * -EACCES as pdf_render_with() says.
 */
int pdf_file_open(struct pdf_file *file, const void *data, size_t len,
                  const struct pdf_options *options,
                  const struct page_spec *spec, struct err *err);
void pdf_file_close(struct pdf_file *file);

/* It has pages, and no more than may be printed; or -errno with a sentence. */
int pdf_file_check_pages(const struct pdf_file *file,
                         const struct raster *raster, struct err *err);

/* Whether the other engine can read it, which is opened for it. */
bool pdf_file_has_poppler(struct pdf_file *file);

/*
 * In fz_catch(): what MuPDF could not do ("read"). PDF_FILE_FAILED, or -EFBIG,
 * which no other engine shall try.
 */
int pdf_file_caught(const struct pdf_file *file, const char *what,
                    struct err *err);

/* -EFBIG, with its sentence. */
int pdf_file_too_much_memory(const struct pdf_file *file, struct err *err);

#endif
