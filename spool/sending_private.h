/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_SENDING_PRIVATE_H
#define SPOOL_SENDING_PRIVATE_H

#include "printers/delivery.h"
#include "printers/formats.h"
#include "spool/documents.h"
#include "spool/job_change.h"
#include "spool/job_options.h"
#include "spool/page_source.h"
#include "spool/sending.h"

/*
 * Shared by sending.c, the life of a try, sending_plan.c, what it sends, and
 * sending_end.c, what the printer's end of it means for the job.
 */

struct sending {
	struct spool_printer *printer; /* borrowed; outlives every sending */
	struct job_row job;
	struct work *work; /* borrowed; NULL when all pages are stored */
	struct delivery *delivery; /* NULL before and after */
	struct print_format format;
	struct job_options options;
	char tag[64];
	int64_t attempt_id;

	struct documents documents; /* not filled when it only follows */
	unsigned first, last, all;  /* documents: of this try, of the job */
	unsigned document;          /* under way, or next; from `first` */
	struct page_source *source;
	int64_t bytes; /* stored; -1: some were still to come at the start */
	struct buf plain;
	bool is_due; /* the printer has the job, and not its document yet */
	bool may_send, is_failed, has_first_byte;

	bool is_over; /* the delivery has ended */
	bool is_dropped;
	unsigned n_pending;            /* changes on their way to the writer */
	struct delivery_result result; /* when over */
	char note[256];                /* the reason shown last */

	enum job_state stop_to;
	bool is_stopped;
	char stop_reason[512];
	bool was_sent;
	bool must_resolve;
};

/* Commit a change of the job; while one is under way the sending lives. */
void sending_change(struct sending *sending, struct job_set *set,
                    job_change_cb *cb);

/* First in each callback of it: was the sending dropped meanwhile? */
bool sending_is_gone(struct sending *sending);

void sending_free(struct sending *sending);

/* Its format, its documents and the file they are in, for sending->job. */
int sending_plan(struct sending *sending, struct err *err);

/* The delivery has ended with sending->result: commit what became of the job,
 * tell the dispatcher, free. */
void sending_conclude(struct sending *sending);

#endif
