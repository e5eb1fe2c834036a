/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_DOCUMENTS_H
#define SPOOL_DOCUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "db/job_options.h"
#include "printers/formats.h"
#include "spool/page_choice.h"

/*
 * What of a job's stored pages goes to its printer, as which documents. Pure.
 *
 * Mostly all of it is one document, of which the printer makes the copies. But
 *
 *   pictures    a document holds one, so each page is a document
 *   copies      that the printer does not make, or that would come out page by
 *               page: the set of documents goes so many times. Each document
 *               begins on a new sheet, so do the copies
 *   pages       only those asked for, cut from formats whose pages stand alone
 *
 * Where a printer takes one document a job, there are as many jobs as there are
 * documents, one after the other.
 */
struct documents {
	unsigned n;       /* in all */
	unsigned per_job; /* of them: n, or 1 */
	unsigned copies;  /* for the printer to make of each */

	unsigned n_in_set;
	struct document_range {
		int64_t begin, end; /* bytes; INT64_MAX: to the end */
	} * ranges;                 /* owned: of a set */
	size_t n_ranges;
	bool is_each; /* a range is a document; else all are one */
};
void documents_fini(struct documents *documents);

struct documents_wish {
	const struct print_format *format;
	unsigned copies;
	unsigned copies_max; /* that the printer makes */
	bool has_many;       /* the printer takes many documents a job */
	/* Printed already: what comes is in the same order. */
	unsigned n_done;
	const char *only_pages; /* "" all; else as page_choice_to_text() */
	const int64_t *page_ends;
	unsigned n_pages;
};

/*
 * -ERANGE with a sentence when only_pages are not there, or everything is done.
 */
int documents_plan(const struct documents_wish *wish, struct documents *out,
                   struct err *err);

/*
 * Whether it is one document from the first byte to the last, which can leave
 * while it is still being made: page_ends and n_pages of the wish do not count.
 */
bool documents_are_one(const struct documents_wish *wish);

/* Document i, from 1: its ranges, owned by `documents`, and their number. */
const struct document_range *documents_get(const struct documents *documents,
                                           unsigned i, size_t *n);

/* Its length in bytes; `whole` is that of all that is stored; -1 not known. */
int64_t documents_length(const struct documents *documents, unsigned i,
                         int64_t whole);

#endif
