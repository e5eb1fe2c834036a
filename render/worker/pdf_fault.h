/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PDF_FAULT_H
#define RENDER_WORKER_PDF_FAULT_H

#include <stdbool.h>

#include "base/buf.h"

/*
 * What is missing on the pages of a document. The engines draw what they can
 * and go on; what they could not they only say, in words that the document has
 * a part in. Those words are sorted into a few kinds here, and go no further.
 */
enum pdf_fault {
	PDF_FAULT_PICTURE, /* left out, or with a hole */
	PDF_FAULT_FONT,    /* replaced by another */
	PDF_FAULT_CONTENT, /* anything else that would have been drawn */
	PDF_N_FAULTS,
};

#define PDF_FAULT_NAMED 4 /* pages that a sentence names */

struct pdf_faults {
	unsigned now; /* those of the page being made, a bit each */
	struct pdf_fault_pages {
		unsigned n;
		unsigned named[PDF_FAULT_NAMED]; /* from 1 */
	} pages[PDF_N_FAULTS];
	bool is_form;      /* XFA: its only page asks for another program */
	bool is_portfolio; /* its page is the cover of other files */
};

/* What an engine said of the page being made: any text. */
void pdf_faults_hear(struct pdf_faults *faults, const char *message);

void pdf_faults_add(struct pdf_faults *faults, enum pdf_fault fault);

/* Whether it was heard of the page being made. */
bool pdf_faults_has(const struct pdf_faults *faults, enum pdf_fault fault);

/*
 * Nothing heard so far counts: it was not about a page that is printed, or
 * another engine draws that page anew.
 */
void pdf_faults_forget(struct pdf_faults *faults);

/* The page, counted from 1, is made: what was heard was about it. */
void pdf_faults_end_page(struct pdf_faults *faults, unsigned number);

/* Sentences for the sender about all of it; nothing if nothing is missing. */
void pdf_faults_put(const struct pdf_faults *faults, struct buf *out);

#endif
