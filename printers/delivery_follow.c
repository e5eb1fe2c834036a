/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>

#include "base/mem.h"
#include "printers/delivery_private.h"
#include "printers/job_facts.h"
#include "printers/resolve.h"
#include "printers/verdict.h"

/*
 * Watching a job at the printer.
 *
 *   follow_ask    Get-Job-Attributes
 *   on_facts      over? end. else, if nothing moved, ask the printer, too
 *   on_printer    tell the owner what holds it up; pause
 *   on_pause      the next round
 *
 * There is no end but the job's: a printer without paper keeps its job for
 * days. A printer that is off is asked again with growing pauses.
 */
#define PAUSE_MAX_MS     2000
#define PAUSE_OFF_MAX_MS 30000
#define STALL_MS         5000 /* without a byte taken: worth a look */

static void follow_ask(struct delivery *d);
static void on_printer(int status, const struct printer_status *st,
                       const char *pin_seen, const struct err *err, void *arg);

static void on_pause(uv_timer_t *timer)
{
	follow_ask(timer->data);
}

static void pause_then_ask(struct delivery *d, unsigned max_ms)
{
	uv_timer_start(&d->timer, on_pause, d->pause_ms, 0);
	d->pause_ms = d->pause_ms * 3 / 2 + 1;
	if (d->pause_ms > max_ms)
		d->pause_ms = max_ms;
}

/* To the owner, unless it would be what it heard last. */
static void report(struct delivery *d, const char *reason)
{
	char text[sizeof d->reported];

	snprintf(text, sizeof text, "%d %d %s", d->job_state, d->impressions,
	         reason);
	if (strcmp(text, d->reported) == 0)
		return;
	memcpy(d->reported, text, sizeof text);
	if (d->events->on_progress)
		d->events->on_progress(d, d->job_state, d->impressions, reason,
		                       d->arg);
}

static void ask_printer(struct delivery *d)
{
	struct printer_target target = delivery_target(d);

	if (printer_query_start(d->transport, &target, d->timeout_ms, false,
	                        &d->query, on_printer, d, NULL) < 0)
		abort(); /* it was an address when we started */
}

static void on_printer(int status, const struct printer_status *st,
                       const char *pin_seen, const struct err *err, void *arg)
{
	struct delivery *d = arg;
	const struct verdict_job any = {.is_colour = d->ticket.colour};
	struct verdict verdict;
	enum delivery_step step = d->step;

	d->query = NULL;
	/* first, because the owner may cancel in report() */
	if (step == STEP_FOLLOWING)
		pause_then_ask(d, status < 0 ? PAUSE_OFF_MAX_MS : PAUSE_MAX_MS);
	verdict_judge(st, &any, &verdict);
	if (verdict.kind == VERDICT_ABNORMAL)
		report(d, verdict.reason);
	else
		report(d,
		       d->job_state == JOB_STATE_STOPPED ? d->job_reason : "");
}

static void take_facts(struct delivery *d, const struct job_facts *facts)
{
	size_t len = strcspn(facts->reasons, ",");

	if (facts->state)
		d->job_state = facts->state;
	if (facts->impressions >= 0)
		d->impressions = facts->impressions;
	if (facts->sheets >= 0)
		d->sheets = facts->sheets;
	if (len >= sizeof d->job_reason)
		len = 0;
	memcpy(d->job_reason, facts->reasons, len);
	d->job_reason[len] = '\0';
}

static void job_over(struct delivery *d)
{
	char sentence[256];

	if (d->job_state == JOB_STATE_COMPLETED) {
		delivery_end(d, DELIVERY_PRINTED, 0, d->job_reason, "");
		return;
	}
	snprintf(sentence, sizeof sentence, "the printer has %s the job%s%s",
	         d->job_state == 8 ? "aborted" : "cancelled",
	         d->job_reason[0] ? ": " : "", d->job_reason);
	delivery_end(d, DELIVERY_ABORTED, 0, d->job_reason, sentence);
}

static void job_unknown(struct delivery *d, ipp_t *answer)
{
	char why[160], sentence[256];

	ipp_status_sentence(answer, why, sizeof why);
	snprintf(
		sentence, sizeof sentence,
		"the printer does not know any more what became of the job: %s",
		why);
	delivery_end(d, DELIVERY_LOST, 0,
	             ippErrorString(ippGetStatusCode(answer)), sentence);
}

static void on_facts(const struct ipp_exchanged *result, void *arg)
{
	struct delivery *d = arg;
	struct job_facts facts;

	d->exchange = NULL;
	if (result->status < 0) {
		pause_then_ask(d, PAUSE_OFF_MAX_MS);
		report(d, "off");
		return;
	}
	if (result->code >= 0x400) {
		if (job_answer_of(result->code) != JOB_ANSWER_BUSY ||
		    result->code == IPP_STATUS_ERROR_NOT_POSSIBLE)
			job_unknown(d, result->answer);
		else
			pause_then_ask(d, PAUSE_OFF_MAX_MS);
		return;
	}
	job_facts_read(result->answer, ippFirstAttribute(result->answer),
	               &facts);
	take_facts(d, &facts);
	if (job_state_is_final(d->job_state))
		job_over(d);
	else
		ask_printer(d);
}

static void follow_ask(struct delivery *d)
{
	const struct ipp_question question = {
		.target = delivery_target(d),
		.request = job_message_ask(d->ticket.uri, d->ticket.user,
	                                   d->job_id),
		.timeout_ms = d->timeout_ms,
		.cb = on_facts,
		.arg = d,
	};

	if (ipp_exchange_start(d->transport, &question, &d->exchange, NULL) < 0)
		abort(); /* it was an address when we started */
}

void follow_start(struct delivery *d)
{
	d->step = STEP_FOLLOWING;
	d->pause_ms = d->poll_ms;
	if (d->job_id > 0)
		follow_ask(d);
	else
		delivery_end(
			d, DELIVERY_LOST, 0, "",
			"the printer took the job but did not tell its number");
}

static void on_stall_look(uv_timer_t *timer)
{
	struct delivery *d = timer->data;
	uint64_t taken = http_request_taken(d->document);

	if (taken == d->taken && !d->query)
		ask_printer(d);
	d->taken = taken;
}

void stall_watch_start(struct delivery *d)
{
	uv_timer_start(&d->timer, on_stall_look, STALL_MS, STALL_MS);
}
