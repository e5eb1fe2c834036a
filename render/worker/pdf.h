/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PDF_H
#define RENDER_WORKER_PDF_H

#include "render/worker/page.h"
#include "render/worker/pdf_fault.h"

/* What the engines behind pdf_render() read. */
enum pdf_kind {
	PDF_KIND_PDF,
	PDF_KIND_XPS,  /* ECMA-388 too */
	PDF_KIND_EPUB, /* set on the paper that spec names */
};

struct pdf_type {
	enum pdf_kind kind;
	const char *media_type;
	const char *name; /* for people */
};

const char *pdf_kind_name(enum pdf_kind kind);

/* What these bytes are, or NULL if nothing of that. */
const struct pdf_type *pdf_type_of(const void *data, size_t len);

/* Of computing time; after that the other engine may be faster. */
#define PDF_PAGE_SECONDS 10.0

struct pdf_options {
	enum pdf_kind kind;
	const char *password; /* NULL: none is known */
	double page_seconds;  /* of MuPDF for a page; 0: PDF_PAGE_SECONDS */
	unsigned cut_at; /* pages: it has as many and may have had more; or 0 */
	struct pdf_faults *faults; /* what is missing is added; or NULL */
};

/*
 * As pdf_render(), which is this without options. MuPDF draws; Poppler takes
 * over a PDF that MuPDF cannot read, and a page that it cannot draw, not in
 * time, or not in its colours. -EACCES if it wants a password, or another one;
 * a password that only forbids changes is not asked for.
 */
int pdf_render_with(const void *data, size_t len,
                    const struct pdf_options *options,
                    const struct page_spec *spec, struct raster *raster,
                    struct err *err);

/*
 * Draw next to nothing, so that the first page finds its engine in memory. For
 * a moment in which there is nothing else to do.
 */
void pdf_warm_up(void);

#endif
