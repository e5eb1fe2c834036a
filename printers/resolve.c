/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/resolve.h"

#include <errno.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"
#include "printers/exchange.h"
#include "printers/job_facts.h"
#include "printers/job_message.h"

/*
 *   lookup:  BY_ID -> found; else NOT_COMPLETED -> COMPLETED by tag
 *   cancel:  CANCEL -> WATCH until the job has ended or time is over
 *   on_answer   one step of that
 *   finish      close the timer
 *   on_closed   the owner hears the result; free, the only place
 */
enum resolve_step {
	STEP_BY_ID,
	STEP_NOT_COMPLETED,
	STEP_COMPLETED,
	STEP_CANCEL,
	STEP_WATCH,
};

#define LIST_MAX 500 /* jobs that are looked through */
#define WATCH_MS 200 /* between two looks at a cancelled job */

struct resolve {
	struct http_user user;
	struct http_transport *transport;
	char *uri, *pin, *tag;
	int job_id;
	enum resolve_step step;
	int64_t deadline_ms;
	struct ipp_exchange *exchange;
	uv_timer_t timer;
	bool is_finished;
	struct resolve_result result;
	resolve_cb *cb; /* NULL: nobody to tell */
	void *arg;
};

static void step_start(struct resolve *r, enum resolve_step step);

static void on_closed(uv_handle_t *handle)
{
	struct resolve *r = handle->data;

	if (r->cb)
		r->cb(&r->result, r->arg);
	free(r->uri);
	free(r->pin);
	free(r->tag);
	free(r);
}

static void finish(struct resolve *r)
{
	r->is_finished = true;
	ipp_exchange_cancel(TAKE(r->exchange));
	http_transport_leave(&r->user);
	uv_close((uv_handle_t *)&r->timer, on_closed);
}

static void finish_unreachable(struct resolve *r, int status,
                               const char *sentence)
{
	r->result.reachable = false;
	err_set(&r->result.err, status, "%s", sentence);
	finish(r);
}

static void take_facts(struct resolve *r, const struct job_facts *facts)
{
	struct resolve_result *out = &r->result;

	out->found = true;
	out->printer_job_id = facts->id ? facts->id : r->job_id;
	out->job_state = facts->state;
	out->number_of_documents = facts->number_of_documents;
	out->impressions = facts->impressions;
	out->sheets = facts->sheets;
	snprintf(out->reasons, sizeof out->reasons, "%s", facts->reasons);
}

/* The tag is the first word of the name. */
static bool is_tagged(const struct job_facts *facts, const char *tag)
{
	size_t len = strlen(tag);

	return strncmp(facts->name, tag, len) == 0 &&
	       (facts->name[len] == '\0' || facts->name[len] == ' ');
}

static bool find_tagged(struct resolve *r, ipp_t *answer)
{
	ipp_attribute_t *attr = ippFirstAttribute(answer);
	struct job_facts facts;

	while (attr) {
		attr = job_facts_read(answer, attr, &facts);
		if (facts.id > 0 && is_tagged(&facts, r->tag)) {
			take_facts(r, &facts);
			return true;
		}
		if (attr && !ippGetName(attr))
			attr = ippNextAttribute(answer);
	}
	return false;
}

static bool is_unknown(int code)
{
	return code == IPP_STATUS_ERROR_NOT_FOUND ||
	       code == IPP_STATUS_ERROR_GONE;
}

static void answered_by_id(struct resolve *r, ipp_t *answer)
{
	struct job_facts facts;

	job_facts_read(answer, ippFirstAttribute(answer), &facts);
	take_facts(r, &facts);
}

static void on_watch(uv_timer_t *timer)
{
	step_start(timer->data, STEP_WATCH);
}

static void watched(struct resolve *r, ipp_t *answer)
{
	answered_by_id(r, answer);
	if (job_state_is_final(r->result.job_state) ||
	    clock_mono_ms() + WATCH_MS >= r->deadline_ms)
		finish(r);
	else
		uv_timer_start(&r->timer, on_watch, WATCH_MS, 0);
}

/* A good answer, or one that says the job is not known. */
static void step_answered(struct resolve *r, ipp_t *answer, bool is_good)
{
	switch (r->step) {
	case STEP_BY_ID:
		if (is_good)
			answered_by_id(r, answer);
		else if (r->tag) {
			step_start(r, STEP_NOT_COMPLETED);
			return;
		}
		break;
	case STEP_NOT_COMPLETED:
		if (!is_good || !find_tagged(r, answer)) {
			step_start(r, STEP_COMPLETED);
			return;
		}
		break;
	case STEP_COMPLETED:
		if (is_good)
			find_tagged(r, answer);
		break;
	case STEP_CANCEL: step_start(r, STEP_WATCH); return;
	case STEP_WATCH:
		if (is_good) {
			watched(r, answer);
			return;
		}
		break;
	}
	finish(r);
}

static void on_answer(const struct ipp_exchanged *result, void *arg)
{
	struct resolve *r = arg;
	bool is_good = result->status == 0 && result->code < 0x400;

	r->exchange = NULL;
	if (result->status < 0) {
		finish_unreachable(r, result->status, result->err->text);
	} else if (is_good || is_unknown(result->code) ||
	           r->step == STEP_CANCEL) {
		/* Cancel-Job: not-possible means that it has ended already */
		step_answered(r, result->answer, is_good);
	} else {
		char why[256];

		finish_unreachable(r, -EPROTO,
		                   ipp_status_sentence(result->answer, why,
		                                       sizeof why));
	}
}

static ipp_t *step_request(const struct resolve *r)
{
	switch (r->step) {
	case STEP_BY_ID:
	case STEP_WATCH: return job_message_ask(r->uri, "platen", r->job_id);
	case STEP_NOT_COMPLETED:
		return job_message_list(r->uri, "platen", "not-completed",
		                        LIST_MAX);
	case STEP_COMPLETED:
		return job_message_list(r->uri, "platen", "completed",
		                        LIST_MAX);
	case STEP_CANCEL:
		return job_message_cancel(r->uri, "platen", r->job_id);
	}
	abort();
}

static void step_start(struct resolve *r, enum resolve_step step)
{
	int64_t left_ms = r->deadline_ms - clock_mono_ms();
	struct ipp_question question = {
		.target = {.uri = r->uri, .pin = r->pin},
		.timeout_ms = left_ms < 1 ? 1 : (unsigned)left_ms,
		.cb = on_answer,
		.arg = r,
	};

	r->step = step;
	question.request = step_request(r);
	if (ipp_exchange_start(r->transport, &question, &r->exchange, NULL) < 0)
		abort(); /* it was an address when we started */
}

static void resolve_drop(struct http_user *user)
{
	resolve_cancel(LIST_ENTRY(user, struct resolve, user));
}

static int resolve_new(struct http_transport *transport,
                       const struct resolve_question *question,
                       struct resolve **out, struct err *err)
{
	struct resolve *r;
	char *url CLEANUP(xfree) = NULL;
	int status = http_url_from_printer_uri(question->target.uri, &url, err);

	if (status < 0)
		return status;
	r = xcalloc(1, sizeof *r);
	r->transport = transport;
	r->uri = xstrdup(question->target.uri);
	r->pin = xstrdup(question->target.pin);
	r->job_id = question->printer_job_id;
	r->deadline_ms = clock_mono_ms() + question->timeout_ms;
	r->cb = question->cb;
	r->arg = question->arg;
	r->result = (struct resolve_result){.reachable = true,
	                                    .number_of_documents = -1,
	                                    .impressions = -1,
	                                    .sheets = -1};
	r->user.drop = resolve_drop;
	http_transport_enter(transport, &r->user);
	uv_timer_init(http_transport_loop(transport), &r->timer);
	r->timer.data = r;
	*out = r;
	return 0;
}

int resolve_start(struct http_transport *transport,
                  const struct resolve_question *question, struct resolve **out,
                  struct err *err)
{
	bool has_tag = question->tag && question->tag[0];
	struct resolve *r;
	int status;

	if (question->printer_job_id <= 0 && !has_tag)
		return err_set(err, -EINVAL,
		               "neither a job's number nor its tag is known");
	status = resolve_new(transport, question, &r, err);
	if (status < 0)
		return status;
	r->tag = has_tag ? xstrdup(question->tag) : NULL;
	step_start(r, r->job_id > 0 ? STEP_BY_ID : STEP_NOT_COMPLETED);
	*out = r;
	return 0;
}

int resolve_cancel_job_start(struct http_transport *transport,
                             const struct resolve_question *question,
                             struct resolve **out, struct err *err)
{
	struct resolve *r;
	int status = resolve_new(transport, question, &r, err);

	if (status < 0)
		return status;
	step_start(r, STEP_CANCEL);
	*out = r;
	return 0;
}

void resolve_cancel(struct resolve *resolve)
{
	resolve->cb = NULL;
	if (!resolve->is_finished)
		finish(resolve);
}
