/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/sending_private.h"

#include <errno.h>

#include "spool/job_progress.h"
#include "spool/learned.h"
#include "spool/printer_state.h"
#include "spool/resolving.h"

static void on_concluded(int status, const struct job_set *set, void *arg)
{
	struct sending *s = arg;
	struct spool_printer *p = s->printer;
	struct job_row job;
	struct err err = {0};
	bool was_sent = s->was_sent, must_resolve = s->must_resolve;
	bool no_byte = !s->has_first_byte;
	struct job_kind kind = s->job.kind;
	int64_t id = s->job.id;

	if (sending_is_gone(s))
		return;
	p->sending = NULL;
	sending_free(s);
	if (p->is_closing)
		return;
	if (must_resolve && job_read(p->spool->db, id, &job, &err) == 0 &&
	    resolving_start(p, &job, no_byte, &err) == 0)
		return;
	dispatch_sending_ended(p, was_sent, &kind);
}

/* Why it took nothing, though it says that it would have. */
static void learn_from(struct spool_printer *p, const char *reason)
{
	if (strcmp(reason, DELIVERY_NO_GZIP) == 0)
		printer_state_learn(p, LEARNED_NO_GZIP);
	if (strcmp(reason, DELIVERY_ONE_DOCUMENT) == 0)
		printer_state_learn(p, LEARNED_ONE_DOCUMENT);
	if (strcmp(reason, DELIVERY_NO_COPIES) == 0)
		printer_state_learn(p, LEARNED_ONE_COPY);
}

/* The table of outcomes: what the printer's end of it means for the job. */
static enum job_state judge(struct sending *s, char *reason, size_t size,
                            char *confirmed, size_t confirmed_size)
{
	const struct delivery_result *r = &s->result;

	snprintf(reason, size, "%s", r->sentence);
	switch (r->kind) {
	case DELIVERY_PRINTED:
		s->was_sent = true;
		snprintf(confirmed, confirmed_size, "completed");
		snprintf(reason, size, "%s", "");
		return JOB_PRINTED;
	case DELIVERY_LOST:
		s->was_sent = true;
		snprintf(confirmed, confirmed_size, "delivered-only");
		snprintf(
			reason, size,
			"the printer took all of it, but does not know the job any more");
		return JOB_PRINTED;
	case DELIVERY_BUSY: learn_from(s->printer, r->reason); return JOB_READY;
	case DELIVERY_UNREACHABLE:
		/* An answer that got lost may have left an empty job there. */
		s->must_resolve = r->status != -ECONNREFUSED &&
		                  r->status != -EHOSTUNREACH &&
		                  r->status != -EADDRNOTAVAIL &&
		                  r->status != -EKEYREJECTED;
		return s->must_resolve ? JOB_RESOLVE : JOB_HELD;
	case DELIVERY_REFUSED:
		s->was_sent = true; /* the printer is well: go on with others */
		return JOB_FAILED;
	case DELIVERY_CUT: s->must_resolve = true; return JOB_RESOLVE;
	case DELIVERY_ABORTED:
		s->was_sent = true;
		return r->job_state == 7 ? JOB_CANCELLED : JOB_FAILED;
	case DELIVERY_CANCELLED: break;
	}
	snprintf(reason, size, "the stored pages are damaged");
	return JOB_FAILED;
}

/*
 * Nothing of it was printed, for certain. A document that was refused may have
 * been begun, unless it was to make the job, too (RFC 8011 4.2.1).
 */
static bool is_blank(const struct sending *s)
{
	const struct delivery_result *r = &s->result;

	if (!s->has_first_byte || r->kind == DELIVERY_BUSY)
		return true;
	if (r->kind == DELIVERY_REFUSED)
		return r->printer_job_id == 0;
	return r->kind == DELIVERY_ABORTED && r->impressions == 0 &&
	       r->sheets <= 0 && (s->printer->learned & LEARNED_COUNTS);
}

void sending_conclude(struct sending *s)
{
	char reason[512], confirmed[24] = "";
	enum job_state to;
	struct job_set *set;
	bool is_printed;

	to = judge(s, reason, sizeof reason, confirmed, sizeof confirmed);
	is_printed = to == JOB_PRINTED;
	if (is_printed)
		to = job_progress_state(s->last, s->all);
	if (s->is_stopped && to != JOB_PRINTED) {
		s->was_sent = s->was_sent || to != JOB_RESOLVE;
		to = s->stop_to;
		snprintf(reason, sizeof reason, "%s", s->stop_reason);
		s->must_resolve = to == JOB_RESOLVE;
	}
	if (s->result.impressions > 0)
		printer_state_learn(s->printer, LEARNED_COUNTS);
	set = job_change_new(s->printer->spool, s->job.id, JOB_SENDING, to,
	                     reason);
	set->attempt = ATTEMPT_OVER;
	set->attempt_id = s->attempt_id;
	set->is_blank = is_blank(s);
	set->set_tried = true;
	if (is_printed)
		job_progress_note(&s->job, s->last, s->all, set);
	set->impressions =
		job_progress_impressions(&s->job, s->result.impressions);
	snprintf(set->confirmed, sizeof set->confirmed, "%s", confirmed);
	snprintf(set->outcome, sizeof set->outcome, "%s",
	         s->result.sentence[0] ? s->result.sentence : "printed");
	sending_change(s, set, on_concluded);
}
