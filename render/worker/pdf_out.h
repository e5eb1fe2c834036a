/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PDF_OUT_H
#define RENDER_WORKER_PDF_OUT_H

#include "render/worker/output.h"

/*
 * The skeleton of a PDF file (ISO 32000-1 7.5) that leaves while it is made:
 * object 1 is the catalogue, 2 the page tree, both written last.
 */
struct pdf_out {
	struct output *out; /* borrowed */
	uint64_t *offsets;  /* of object i + 1; 0: not written yet */
	unsigned n_objects;
	unsigned *pages; /* object numbers */
	unsigned n_pages;
};

/* head: the first lines of the file. */
void pdf_out_init(struct pdf_out *pdf, struct output *out, const char *head);
void pdf_out_fini(struct pdf_out *pdf);

/* The next object number, for an object to be written some time. */
unsigned pdf_out_reserve(struct pdf_out *pdf);

/* Begin object n: "n 0 obj". Its text goes to pdf->out->buf; then close. */
void pdf_out_open(struct pdf_out *pdf, unsigned n);
void pdf_out_close(struct pdf_out *pdf);

/* A whole stream object; dict: entries beside /Length, or "". */
void pdf_out_stream(struct pdf_out *pdf, unsigned n, const char *dict,
                    const void *data, size_t len);

/* Object n is the next page. */
void pdf_out_add_page(struct pdf_out *pdf, unsigned n);

/* Page tree, catalogue (with these entries more), cross references. */
void pdf_out_finish(struct pdf_out *pdf, const char *catalogue);

#endif
