/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>

#include "base/mem.h"
#include "printers/delivery_private.h"
#include "printers/gzip.h"
#include "printers/job_facts.h"

static void document_accepted(struct delivery *d, ipp_t *answer)
{
	struct job_facts facts;

	job_facts_read(answer, ippFirstAttribute(answer), &facts);
	if (d->job_id == 0)
		d->job_id = facts.id;
	d->job_state = facts.state;
	if (d->n_sent < d->n_documents) {
		d->step = STEP_CREATED;
		d->events->on_taken(d, d->arg);
		return;
	}
	d->step = STEP_DELIVERED;
	d->events->on_delivered(d, d->arg);
}

/*
 * An error instead. Print-Job then made no job (RFC 8011 4.2.1). After
 * Send-Document a printer that prints while it reads may have begun: only a
 * refusal of the document itself is final, the rest has to be asked for. So has
 * everything once a document before this one was taken.
 */
static void document_refused(struct delivery *d, ipp_t *answer,
                             bool is_document_begun)
{
	int code = ippGetStatusCode(answer);
	enum job_answer kind = job_answer_of(code);

	if (d->n_sent > 1)
		delivery_end_by_answer(
			d, DELIVERY_CUT,
			"the printer broke off between documents", answer);
	else if (code == IPP_STATUS_ERROR_MULTIPLE_JOBS_NOT_SUPPORTED &&
	         d->n_documents > 1)
		delivery_end_by_answer(
			d, DELIVERY_BUSY,
			"the printer takes one document at a time", answer);
	else if (d->gzip && code == IPP_STATUS_ERROR_COMPRESSION_NOT_SUPPORTED)
		/* told from the head of the request: nothing was printed */
		delivery_end_by_answer(d, DELIVERY_BUSY,
		                       "the printer takes no packed documents",
		                       answer);
	else if (kind == JOB_ANSWER_REFUSED || kind == JOB_ANSWER_ATTRIBUTES)
		delivery_end_by_answer(d, DELIVERY_REFUSED,
		                       "the printer refuses the document",
		                       answer);
	else if (kind == JOB_ANSWER_BUSY &&
	         (d->uses_print_job || !is_document_begun))
		delivery_end_by_answer(d, DELIVERY_BUSY, "the printer is busy",
		                       answer);
	else if (!is_document_begun)
		delivery_end_by_answer(d, DELIVERY_UNREACHABLE,
		                       "the printer takes no jobs from us",
		                       answer);
	else
		delivery_end_by_answer(d, DELIVERY_CUT,
		                       "the printer broke off in the document",
		                       answer);
}

/* An early answer may have come in part: then its first bytes have to do. */
static ipp_t *answer_of(const struct http_answer *http)
{
	ipp_t *answer = NULL;

	if (ipp_decode(http->data, http->len, &answer, NULL) == 0)
		return answer;
	if (!http->is_early)
		return NULL;
	answer = ippNew();
	if (!answer)
		abort();
	ippSetStatusCode(answer,
	                 (ipp_status_t)ipp_peek_status(http->data, http->len));
	return answer;
}

static void on_document(const struct http_answer *http, void *arg)
{
	struct delivery *d = arg;
	ipp_t *answer CLEANUP(ippDelete) = NULL;

	d->document = NULL;
	delivery_stop_all(d); /* the watch for a stall */
	if (http->status == 0)
		answer = answer_of(http);
	if (answer && ippGetStatusCode(answer) < 0x400)
		document_accepted(d, answer);
	else if (answer)
		document_refused(d, answer, http->is_document_begun);
	else if (http->status < 0)
		delivery_end(d,
		             http->is_document_begun || d->n_sent > 1
		                     ? DELIVERY_CUT
		                     : DELIVERY_UNREACHABLE,
		             http->status, "", http->err->text);
	else
		delivery_end(
			d, DELIVERY_CUT, -EBADMSG, "",
			"the printer's answer to the document makes no sense");
}

static void on_first_byte(void *arg)
{
	struct delivery *d = arg;

	if (d->events->on_first_byte)
		d->events->on_first_byte(d, d->arg);
}

static void on_drain(void *arg)
{
	struct delivery *d = arg;

	if (d->events->on_drain)
		d->events->on_drain(d, d->arg);
}

void delivery_send(struct delivery *d, int64_t length)
{
	struct http_post post = {.uri = d->ticket.uri,
	                         .pin = d->pin,
	                         .has_stream = true,
	                         .stream_len = d->ticket.has_gzip ? -1 : length,
	                         .is_once = true,
	                         .timeout_ms = d->timeout_ms,
	                         .on_answer = on_document,
	                         .on_first_byte = on_first_byte,
	                         .on_drain = on_drain,
	                         .arg = d};
	ipp_t *request CLEANUP(ippDelete) = NULL;
	struct buf head = {0};

	if (d->step != STEP_CREATED)
		return; /* cancelled meanwhile */
	d->n_sent++;
	gzip_free(d->gzip);
	d->gzip = d->ticket.has_gzip ? gzip_new() : NULL;
	request = d->uses_print_job
	                  ? job_message_new(IPP_OP_PRINT_JOB, &d->ticket)
	                  : job_message_document(&d->ticket, d->job_id,
	                                         d->n_sent == d->n_documents);
	ippSetVersion(request, d->version / 10, d->version % 10);
	ipp_encode(request, &head);
	post.head = head.data;
	post.head_len = head.len;
	delivery_must(
		http_request_start(d->transport, &post, &d->document, NULL));
	buf_fini(&head);
	d->step = STEP_SENDING;
	stall_watch_start(d);
}

static bool write_packed(struct delivery *d, const void *data, size_t len)
{
	struct buf packed CLEANUP(buf_fini) = {0};

	gzip_put(d->gzip, data, len, &packed);
	return http_request_write(d->document, packed.data, packed.len);
}

bool delivery_write(struct delivery *d, const void *data, size_t len)
{
	if (!d->document)
		return false; /* over: on_end or on_delivered says how */
	return d->gzip ? write_packed(d, data, len)
	               : http_request_write(d->document, data, len);
}

void delivery_finish(struct delivery *d)
{
	struct buf end CLEANUP(buf_fini) = {0};

	if (!d->document)
		return;
	if (d->gzip) {
		gzip_end(d->gzip, &end);
		http_request_write(d->document, end.data, end.len);
	}
	http_request_finish(d->document);
}

void delivery_follow(struct delivery *d)
{
	if (d->step == STEP_DELIVERED)
		follow_start(d);
}
