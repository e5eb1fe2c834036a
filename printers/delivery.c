/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/delivery.h"

#include <errno.h>
#include <stdio.h>

#include "base/mem.h"
#include "printers/delivery_private.h"
#include "printers/gzip.h"
#include "printers/job_facts.h"

/*
 *   start          Create-Job (Validate-Job where only Print-Job exists)
 *   on_create      take the job-id, or go plain, or end; tell the owner
 *   delivery_send  the document's request, as far as the owner wrote it, and
 *                  the printer's answer to it: delivery_document.c
 *   follow         delivery_follow.c
 *   cancel_job     leave nothing behind at the printer; the result is fixed
 *   delivery_end   stop everything under way, close the timer
 *   on_closed      the owner hears the result; free, the only place
 */

static void create_start(struct delivery *d);
static void cancel_job(struct delivery *d);

struct printer_target delivery_target(const struct delivery *d)
{
	return (struct printer_target){.uri = d->ticket.uri, .pin = d->pin};
}

/* ---- beginning ---- */

static void delivery_user_drop(struct http_user *user)
{
	delivery_drop(LIST_ENTRY(user, struct delivery, user));
}

static struct delivery *delivery_new(struct http_transport *transport,
                                     const struct delivery_request *request,
                                     const struct delivery_events *events,
                                     void *arg)
{
	struct delivery *d = xcalloc(1, sizeof *d);

	d->transport = transport;
	d->events = events;
	d->arg = arg;
	d->ticket = (struct job_ticket){.uri = xstrdup(request->target.uri),
	                                .user = xstrdup(request->user),
	                                .name = xstrdup(request->job_name),
	                                .format = xstrdup(request->format),
	                                .media = xstrdup(request->media),
	                                .source = xstrdup(request->source),
	                                .sides = request->sides,
	                                .colour = request->colour,
	                                .tells_colour = request->tells_colour,
	                                .scaling = request->scaling,
	                                .is_borderless = request->is_borderless,
	                                .copies = request->copies,
	                                .n_documents = request->n_documents,
	                                .has_gzip = request->has_gzip};
	d->pin = xstrdup(request->target.pin);
	d->n_documents = request->n_documents ? request->n_documents : 1;
	d->timeout_ms = request->timeout_ms;
	d->poll_ms = request->poll_ms;
	d->version = 20;
	d->uses_print_job = !request->has_create_job;
	d->impressions = d->sheets = -1;
	d->user.drop = delivery_user_drop;
	http_transport_enter(transport, &d->user);
	uv_timer_init(http_transport_loop(transport), &d->timer);
	d->timer.data = d;
	return d;
}

static int check_address(const struct delivery_request *request,
                         struct err *err)
{
	char *url CLEANUP(xfree) = NULL;

	return http_url_from_printer_uri(request->target.uri, &url, err);
}

int delivery_start(struct http_transport *transport,
                   const struct delivery_request *request,
                   const struct delivery_events *events, void *arg,
                   struct delivery **out, struct err *err)
{
	struct delivery *d;
	int status = check_address(request, err);

	if (status < 0)
		return status;
	d = delivery_new(transport, request, events, arg);
	create_start(d);
	*out = d;
	return 0;
}

int delivery_resume(struct http_transport *transport,
                    const struct delivery_request *request, int printer_job_id,
                    const struct delivery_events *events, void *arg,
                    struct delivery **out, struct err *err)
{
	struct delivery *d;
	int status = check_address(request, err);

	if (status < 0)
		return status;
	d = delivery_new(transport, request, events, arg);
	d->job_id = printer_job_id;
	follow_start(d);
	*out = d;
	return 0;
}

/* ---- end ---- */

static void on_closed(uv_handle_t *handle)
{
	struct delivery *d = handle->data;

	if (d->events)
		d->events->on_end(d, &d->result, d->arg);
	free(d->ticket.uri);
	free(d->ticket.user);
	free(d->ticket.name);
	free(d->ticket.format);
	free(d->ticket.media);
	free(d->ticket.source);
	free(d->pin);
	gzip_free(d->gzip);
	free(d);
}

void delivery_stop_all(struct delivery *d)
{
	ipp_exchange_cancel(TAKE(d->exchange));
	if (d->document)
		http_request_cancel(TAKE(d->document));
	if (d->query)
		printer_query_cancel(TAKE(d->query));
	uv_timer_stop(&d->timer);
}

static void close_up(struct delivery *d)
{
	delivery_stop_all(d);
	d->step = STEP_ENDING;
	http_transport_leave(&d->user);
	uv_close((uv_handle_t *)&d->timer, on_closed);
}

static void fix_result(struct delivery *d, enum delivery_kind kind, int status,
                       const char *reason, const char *sentence)
{
	d->result = (struct delivery_result){.kind = kind,
	                                     .status = status,
	                                     .printer_job_id = d->job_id,
	                                     .job_state = d->job_state,
	                                     .impressions = d->impressions,
	                                     .sheets = d->sheets};
	snprintf(d->result.reason, sizeof d->result.reason, "%s", reason);
	snprintf(d->result.sentence, sizeof d->result.sentence, "%s", sentence);
}

void delivery_end(struct delivery *d, enum delivery_kind kind, int status,
                  const char *reason, const char *sentence)
{
	fix_result(d, kind, status, reason, sentence);
	close_up(d);
}

void delivery_drop(struct delivery *d)
{
	d->events = NULL;
	if (d->step != STEP_ENDING)
		close_up(d);
}

/* ---- creating ---- */

void delivery_end_by_answer(struct delivery *d, enum delivery_kind kind,
                            const char *what, ipp_t *answer)
{
	char why[200], sentence[256];

	ipp_status_sentence(answer, why, sizeof why);
	snprintf(sentence, sizeof sentence, "%s: %s", what, why);
	fix_result(d, kind, 0, ippErrorString(ippGetStatusCode(answer)),
	           sentence);
	if (d->job_id > 0)
		cancel_job(d);
	else
		close_up(d);
}

static void created(struct delivery *d, ipp_t *answer)
{
	struct job_facts facts;

	job_facts_read(answer, ippFirstAttribute(answer), &facts);
	if (!d->uses_print_job && facts.id == 0) {
		delivery_end(
			d, DELIVERY_UNREACHABLE, -EBADMSG, "",
			"the printer made a job but does not tell its number");
		return;
	}
	d->job_id = d->uses_print_job ? 0 : facts.id;
	if (d->uses_print_job && d->n_documents > 1) {
		delivery_end(d, DELIVERY_BUSY, 0, DELIVERY_ONE_DOCUMENT,
		             "the printer takes one document at a time");
		return;
	}
	if (d->wants_cancel) {
		delivery_cancel(d);
		return;
	}
	if (d->ticket.copies > 1 &&
	    ipp_find(answer, IPP_TAG_UNSUPPORTED_GROUP, "copies")) {
		delivery_end_by_answer(d, DELIVERY_BUSY,
		                       "the printer makes no copies", answer);
		return;
	}
	d->step = STEP_CREATED;
	d->events->on_created(d, d->job_id, facts.uri, d->arg);
}

static void create_answered(struct delivery *d, ipp_t *answer)
{
	enum job_answer kind = job_answer_of(ippGetStatusCode(answer));

	switch (kind) {
	case JOB_ANSWER_OK: created(d, answer); return;
	case JOB_ANSWER_BUSY:
		delivery_end_by_answer(d, DELIVERY_BUSY, "the printer is busy",
		                       answer);
		return;
	case JOB_ANSWER_ATTRIBUTES:
		if (d->ticket.is_plain)
			break;
		/* not on this paper, perhaps */
		d->ticket.is_plain = !d->ticket.is_borderless;
		d->ticket.is_borderless = false;
		create_start(d);
		return;
	case JOB_ANSWER_NO_OPERATION:
		if (d->uses_print_job) {
			created(d, answer); /* only Validate-Job is missing */
			return;
		}
		d->uses_print_job = true;
		create_start(d);
		return;
	case JOB_ANSWER_DENIED:
		delivery_end_by_answer(d, DELIVERY_UNREACHABLE,
		                       "the printer takes no jobs from us",
		                       answer);
		return;
	case JOB_ANSWER_REFUSED: break;
	}
	delivery_end_by_answer(d, DELIVERY_REFUSED,
	                       "the printer refuses the document", answer);
}

static void on_create(const struct ipp_exchanged *result, void *arg)
{
	struct delivery *d = arg;

	d->exchange = NULL;
	if (d->wants_cancel && (result->status < 0 || result->code >= 0x400)) {
		delivery_end(d, DELIVERY_CANCELLED, 0, "", "cancelled");
	} else if (result->status < 0) {
		delivery_end(d,
		             result->status == -EBUSY ? DELIVERY_BUSY
		                                      : DELIVERY_UNREACHABLE,
		             result->status, "", result->err->text);
	} else {
		d->version = result->version;
		create_answered(d, result->answer);
	}
}

static void create_start(struct delivery *d)
{
	const struct ipp_question question = {
		.target = delivery_target(d),
		.request =
			job_message_new(d->uses_print_job ? IPP_OP_VALIDATE_JOB
	                                                  : IPP_OP_CREATE_JOB,
	                                &d->ticket),
		.is_once = true,
		.timeout_ms = d->timeout_ms,
		.cb = on_create,
		.arg = d,
	};

	d->step = STEP_CREATING;
	delivery_must(ipp_exchange_start(d->transport, &question, &d->exchange,
	                                 NULL));
}

/* ---- giving up ---- */

static void on_cancel_answer(const struct ipp_exchanged *result, void *arg)
{
	struct delivery *d = arg;

	d->exchange = NULL;
	close_up(d); /* whatever it says: we have done what we can */
}

static void cancel_job(struct delivery *d)
{
	const struct ipp_question question = {
		.target = delivery_target(d),
		.request = job_message_cancel(d->ticket.uri, d->ticket.user,
	                                      d->job_id),
		.timeout_ms = d->timeout_ms,
		.cb = on_cancel_answer,
		.arg = d,
	};

	delivery_stop_all(d);
	d->step = STEP_CANCELLING;
	delivery_must(ipp_exchange_start(d->transport, &question, &d->exchange,
	                                 NULL));
}

void delivery_cancel(struct delivery *d)
{
	if (d->step == STEP_ENDING || d->step == STEP_CANCELLING)
		return;
	if (d->step == STEP_CREATING && d->exchange) {
		/* its job-id is on the way: wait, or it would stay behind */
		d->wants_cancel = true;
		return;
	}
	fix_result(d, DELIVERY_CANCELLED, 0, "", "cancelled");
	if (d->job_id > 0)
		cancel_job(d);
	else
		close_up(d);
}
