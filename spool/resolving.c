/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/resolving.h"

#include <errno.h>

#include "base/log.h"
#include "base/mem.h"
#include "printers/resolve.h"
#include "spool/job_change.h"
#include "spool/job_progress.h"
#include "spool/learned.h"
#include "spool/sending.h"

#define PAUSE_FIRST_MS 1000
#define PAUSE_MAX_MS   300000
#define CANCEL_MS      30000 /* a printer ends a page before it ends a job */

/*
 * One question of what became of a job.
 *
 *   start       RESOLVE is committed already
 *   ask         by the printer's job number, else by the tag
 *   on_answer   no answer: again after a pause, or when the printer is back
 *   judge       cancel there and ask again, or
 *   conclude    commit what it was
 */
struct resolving {
	struct spool_printer *printer; /* borrowed; outlives us */
	struct job_row job;
	struct attempt_row attempt;
	bool no_byte_was_sent, has_cancelled, is_concluding, is_dropped;
	struct resolve *resolve; /* NULL between questions */
	uv_timer_t timer;
	int64_t pause_ms;
	bool was_sent;
};

static void ask(struct resolving *r);

int64_t resolving_job_id(const struct resolving *resolving)
{
	return resolving->job.id;
}

/*
 * What is on paper says more than the printer's count of documents. A job that
 * waits for the next of several documents may be printing those it has.
 */
static bool has_no_document(unsigned n_documents,
                            const struct resolve_result *result)
{
	if (result->job_state == 9 || result->impressions > 0 ||
	    result->sheets > 0)
		return false;
	if (result->number_of_documents == 0 || n_documents > 1)
		return result->number_of_documents == 0;
	return strstr(result->reasons, "job-incoming") ||
	       strstr(result->reasons, "job-data-insufficient");
}

/* After a cancel, or where the printer ended the job by itself. */
static enum resolve_verdict judge_ended(bool is_safe, bool counts_pages,
                                        const struct resolve_result *result)
{
	if (is_safe)
		return RESOLVE_RETRY;
	/* A cut document that was printed is reported as completed, too. */
	if (result->job_state == 9)
		return RESOLVE_UNKNOWN;
	if (counts_pages && result->impressions == 0)
		return RESOLVE_RETRY;
	return RESOLVE_UNKNOWN;
}

static enum resolve_verdict judge_delivered(const struct resolve_result *result)
{
	if (!result->found || result->job_state == 9)
		return RESOLVE_PRINTED;
	return job_state_is_final(result->job_state) ? RESOLVE_FAILED
	                                             : RESOLVE_FOLLOW;
}

enum resolve_verdict resolving_judge(const char *step, bool no_byte_was_sent,
                                     bool counts_pages, unsigned n_documents,
                                     const struct resolve_result *result)
{
	bool is_safe = no_byte_was_sent || strcmp(step, "intent") == 0;

	if (strcmp(step, "delivered") == 0)
		return judge_delivered(result);
	if (!result->found)
		return is_safe ? RESOLVE_RETRY : RESOLVE_UNKNOWN;
	if (!is_safe && has_no_document(n_documents, result))
		is_safe = true;
	if (!job_state_is_final(result->job_state))
		return RESOLVE_CANCEL;
	return judge_ended(is_safe, counts_pages, result);
}

/* ---- the end ------------------------------------------------------------ */

static void on_timer_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void leave(struct resolving *r)
{
	r->printer->resolving = NULL;
	uv_close((uv_handle_t *)&r->timer, on_timer_closed);
}

static void on_concluded(int status, const struct job_set *set, void *arg)
{
	struct resolving *r = arg;
	struct spool_printer *p = r->printer;
	struct job_kind kind = r->job.kind;

	if (r->is_dropped) {
		uv_close((uv_handle_t *)&r->timer, on_timer_closed);
		return;
	}
	leave(r);
	if (!p->is_closing)
		dispatch_sending_ended(p, true, &kind);
}

/* Nothing of it was printed, for certain: to be sent again, or given up. */
static bool is_blank(const struct resolving *r, enum job_state to,
                     const struct resolve_result *result)
{
	if (r->no_byte_was_sent || strcmp(r->attempt.step, "intent") == 0 ||
	    to == JOB_READY || to == JOB_ACCEPTED)
		return true;
	return result && result->found &&
	       job_state_is_final(result->job_state) &&
	       result->job_state != 9 && result->impressions == 0 &&
	       result->sheets <= 0 && (r->printer->learned & LEARNED_COUNTS);
}

static void conclude(struct resolving *r, enum job_state to, const char *reason,
                     const char *confirmed, const struct resolve_result *result)
{
	unsigned last = (unsigned)r->attempt.last_document;
	unsigned all = (unsigned)r->attempt.n_documents;
	bool is_printed = to == JOB_PRINTED;
	bool was_blank = !is_printed && is_blank(r, to, result);
	struct job_set *set;

	r->is_concluding = true;
	if (is_printed)
		to = job_progress_state(last, all);
	set = job_change_new(r->printer->spool, r->job.id, JOB_RESOLVE, to,
	                     reason);
	if (is_printed)
		job_progress_note(&r->job, last, all, set);
	set->attempt = ATTEMPT_OVER;
	set->attempt_id = r->attempt.id;
	set->is_blank = was_blank;
	if (result)
		set->impressions =
			job_progress_impressions(&r->job, result->impressions);
	snprintf(set->confirmed, sizeof set->confirmed, "%s", confirmed);
	snprintf(set->outcome, sizeof set->outcome, "%s",
	         reason[0] ? reason : job_state_name(to));
	job_change_start(set, on_concluded, r);
}

/* Ready again: with the pages that are stored, or from the mail. */
static enum job_state ready_again(const struct resolving *r)
{
	return r->job.print_format[0] ? JOB_READY : JOB_ACCEPTED;
}

static void follow(struct resolving *r, const struct resolve_result *result);

/* ---- the questions ------------------------------------------------------ */

static void on_timer(uv_timer_t *timer)
{
	ask(timer->data);
}

/* The printer may not have heard us: what was cancelled is cancelled again. */
static void ask_later(struct resolving *r)
{
	r->has_cancelled = false;
	uv_timer_start(&r->timer, on_timer, (uint64_t)r->pause_ms, 0);
	r->pause_ms =
		r->pause_ms * 2 > PAUSE_MAX_MS ? PAUSE_MAX_MS : r->pause_ms * 2;
}

static void on_answer(const struct resolve_result *result, void *arg);

static void cancel_there(struct resolving *r, int printer_job_id)
{
	const struct resolve_question question = {
		.target = {.uri = r->printer->uri, .pin = r->printer->pin},
		.printer_job_id = printer_job_id,
		.timeout_ms = CANCEL_MS,
		.cb = on_answer,
		.arg = r,
	};

	r->has_cancelled = true;
	if (resolve_cancel_job_start(r->printer->spool->transport, &question,
	                             &r->resolve, NULL) < 0) {
		r->resolve = NULL;
		ask_later(r);
	}
}

static unsigned n_documents(const struct resolving *r)
{
	return (unsigned)(r->attempt.last_document - r->attempt.first_document +
	                  1);
}

static void act(struct resolving *r, const struct resolve_result *result)
{
	switch (resolving_judge(r->attempt.step, r->no_byte_was_sent,
	                        r->printer->learned & LEARNED_COUNTS,
	                        n_documents(r), result)) {
	case RESOLVE_RETRY: conclude(r, ready_again(r), "", "", result); return;
	case RESOLVE_CANCEL:
		if (r->has_cancelled)
			ask_later(r); /* it is still ending it */
		else
			cancel_there(r, result->printer_job_id);
		return;
	case RESOLVE_PRINTED:
		conclude(
			r, JOB_PRINTED,
			result->found
				? ""
				: "the printer took all of it, but does not know the job any more",
			result->found ? "completed" : "delivered-only", result);
		return;
	case RESOLVE_FOLLOW: follow(r, result); return;
	case RESOLVE_FAILED:
		conclude(r, result->job_state == 7 ? JOB_CANCELLED : JOB_FAILED,
		         result->job_state == 7
		                 ? "it was cancelled at the printer"
		                 : "the printer gave it up",
		         "", result);
		return;
	case RESOLVE_UNKNOWN:
		conclude(
			r, JOB_UNKNOWN,
			"sending it broke off, so it may have been printed: look at the printer, then retry it or cancel it",
			"", result);
		return;
	}
}

static void on_answer(const struct resolve_result *result, void *arg)
{
	struct resolving *r = arg;

	r->resolve = NULL;
	if (r->is_dropped || r->is_concluding)
		return;
	if (!result->reachable) {
		log_debug("job=%lld the printer cannot say yet: %s",
		          (long long)r->job.id, result->err.text);
		ask_later(r);
		return;
	}
	act(r, result);
}

static void ask(struct resolving *r)
{
	struct spool_printer *p = r->printer;
	const struct resolve_question question = {
		.target = {.uri = p->uri, .pin = p->pin},
		.printer_job_id = r->attempt.printer_job_id,
		.tag = r->attempt.tag,
		.timeout_ms = p->spool->options.state_timeout_ms,
		.cb = on_answer,
		.arg = r,
	};

	if (r->resolve || r->is_concluding)
		return;
	uv_timer_stop(&r->timer);
	if (resolve_start(p->spool->transport, &question, &r->resolve, NULL) <
	    0) {
		r->resolve = NULL;
		ask_later(r);
	}
}

static void on_followed(int status, const struct job_set *set, void *arg)
{
	struct resolving *r = arg;
	struct spool_printer *p = r->printer;
	struct job_row job = r->job;
	struct attempt_row attempt = r->attempt;
	struct err err = {0};

	if (r->is_dropped) {
		uv_close((uv_handle_t *)&r->timer, on_timer_closed);
		return;
	}
	leave(r);
	if (p->is_closing)
		return;
	if (status < 0 || !set->changed ||
	    sending_resume(p, &job, &attempt, &err) < 0)
		dispatch_pause(p);
}

/* It has all of it and is not done: watch it, as before the restart. */
static void follow(struct resolving *r, const struct resolve_result *result)
{
	r->is_concluding = true;
	r->attempt.printer_job_id = result->printer_job_id;
	job_change_start(job_change_new(r->printer->spool, r->job.id,
	                                JOB_RESOLVE, JOB_SENDING, ""),
	                 on_followed, r);
}

static int last_attempt(struct spool *spool, int64_t job_id,
                        struct attempt_row *out, struct err *err)
{
	struct attempt_row *rows = NULL;
	size_t n = 0;
	int r = attempt_read(spool->db, job_id, &rows, &n, err);

	if (r < 0)
		return r;
	if (n == 0)
		r = err_set(err, -ENOENT, "job %lld was never tried",
		            (long long)job_id);
	else
		*out = rows[n - 1];
	free(rows);
	return r;
}

int resolving_start(struct spool_printer *p, const struct job_row *job,
                    bool no_byte_was_sent, struct err *err)
{
	struct attempt_row attempt;
	struct resolving *r;
	int status = last_attempt(p->spool, job->id, &attempt, err);

	if (status < 0)
		return status;
	r = xcalloc(1, sizeof *r);
	r->printer = p;
	r->job = *job;
	r->attempt = attempt;
	r->no_byte_was_sent = no_byte_was_sent;
	r->pause_ms = PAUSE_FIRST_MS;
	uv_timer_init(p->spool->loop, &r->timer);
	r->timer.data = r;
	p->resolving = r;
	ask(r);
	return 0;
}

void resolving_again(struct resolving *r)
{
	r->pause_ms = PAUSE_FIRST_MS;
	ask(r);
}

void resolving_cancel(struct resolving *r, enum job_state to,
                      const char *reason)
{
	if (r->is_concluding)
		return;
	if (r->resolve)
		resolve_cancel(r->resolve);
	r->resolve = NULL;
	conclude(r, to, reason, "", NULL);
}

void resolving_drop(struct resolving *r)
{
	r->is_dropped = true;
	if (r->resolve)
		resolve_cancel(r->resolve);
	r->resolve = NULL;
	if (!r->is_concluding)
		uv_close((uv_handle_t *)&r->timer, on_timer_closed);
}
