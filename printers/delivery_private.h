/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTERS_DELIVERY_PRIVATE_H
#define PRINTERS_DELIVERY_PRIVATE_H

#include "base/mem.h"
#include "printers/delivery.h"
#include "printers/exchange.h"
#include "printers/job_message.h"

/* Between delivery.c, delivery_document.c and delivery_follow.c only. */

enum delivery_step {
	STEP_CREATING,  /* Create-Job, or Validate-Job for Print-Job printers */
	STEP_CREATED,   /* the owner commits */
	STEP_SENDING,   /* Send-Document or Print-Job */
	STEP_DELIVERED, /* the owner commits */
	STEP_FOLLOWING, /* Get-Job-Attributes, again and again */
	STEP_CANCELLING, /* Cancel-Job; the result is fixed already */
	STEP_ENDING,     /* the timer closes */
};

struct delivery {
	struct http_user user;
	struct http_transport *transport;     /* borrowed; outlives us */
	const struct delivery_events *events; /* NULL: dropped */
	void *arg;
	uv_timer_t timer; /* between two looks */

	struct job_ticket ticket;
	char *pin;
	unsigned n_documents, n_sent; /* begun */
	struct gzip *gzip; /* of the document; NULL: it goes as it is */
	unsigned timeout_ms, poll_ms;

	enum delivery_step step;
	int version; /* of IPP that this printer takes: 20, 11, 10 */
	bool uses_print_job;
	bool wants_cancel;
	int job_id;

	/* at most one of each under way; NULL: none */
	struct ipp_exchange *exchange;
	struct http_request *document;
	struct printer_query *query;

	uint64_t taken;    /* of the document, at the last look */
	unsigned pause_ms; /* until the next look */
	int job_state, impressions, sheets;
	char job_reason[64];
	char reported[96]; /* what on_progress said last */

	struct delivery_result result;
};

struct printer_target delivery_target(const struct delivery *d);

/* Look at printer and job from now on; delivery_follow.c. */
void follow_start(struct delivery *d);

/* Look whether the document still flows, and why not. */
void stall_watch_start(struct delivery *d);

/* Nothing is under way any more; the timer stands still. */
void delivery_stop_all(struct delivery *d);

/*
 * End with the printer's own words. `code` is the IPP status; what it means
 * depends on how far we were, so the kind is the caller's.
 */
void delivery_end_by_answer(struct delivery *d, enum delivery_kind kind,
                            const char *what, ipp_t *answer);

/* Our address was good when we started, so a request always starts. */
static inline void delivery_must(int status)
{
	if (status < 0)
		abort();
}

/* The one way out. status: -errno behind it, or 0. */
void delivery_end(struct delivery *d, enum delivery_kind kind, int status,
                  const char *reason, const char *sentence);

#endif
