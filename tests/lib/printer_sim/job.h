/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTER_SIM_JOB_H
#define PRINTER_SIM_JOB_H

#include <cups/ipp.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "pages.h"

struct printer;

/* How much of a document a job has. */
enum job_data {
	JOB_DATA_NONE,
	JOB_DATA_RECEIVING,
	JOB_DATA_OPEN,  /* a whole document, but not the word that it was all */
	JOB_DATA_WHOLE, /* and the word that it was all */
	JOB_DATA_CUT,
};

/*
 * One job of one printer: the ledger keeps every one of them until the
 * simulator ends. Times are CLOCK_MONOTONIC nanoseconds, 0 until they happened.
 */
struct job {
	struct list link;        /* printer's jobs, oldest first */
	struct printer *printer; /* borrowed; outlives the job */
	int id;
	char *name;   /* owned */
	char *format; /* owned; NULL until a document named one */
	ipp_jstate_t state;
	enum job_data data;
	int documents;   /* begun; more than one only with "twice" */
	int impressions; /* printed */
	uint64_t bytes;
	struct pages pages; /* of the last document */
	int earlier_pages;  /* of the documents before it */
	uint64_t created_ns, first_byte_ns, last_byte_ns, ended_ns;
};

struct job *job_new(struct printer *printer, const char *name);
void job_free(struct job *job); /* takes it off its printer */

void job_document_begin(struct job *job, const char *format);
void job_document_bytes(struct job *job, const void *data, size_t len);

/* The document is whole; `last`: so is the job, and printing may start. */
void job_document_end(struct job *job, bool last);

/* The connection ended inside the document. */
void job_document_cut(struct job *job);

bool job_has_ended(const struct job *job);
void job_set_end(struct job *job, ipp_jstate_t state);

/* Whole pages received, -1 if the format has none that can be counted. */
int job_pages(const struct job *job);

/*
 * As printers count: cupsd leaves a cut document out and waits for another one
 * ("stuck"), ippeveprinter takes it for a document like any other.
 */
int job_n_documents(const struct job *job);

const char *job_state_reason(const struct job *job);

#endif
