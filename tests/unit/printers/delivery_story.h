/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_UNIT_PRINTERS_DELIVERY_STORY_H
#define TESTS_UNIT_PRINTERS_DELIVERY_STORY_H

#include "fake_printer.h"
#include "printers/delivery.h"

/* What one delivery told its owner, in order: "created,first,..." */
struct story {
	struct fake_printer fake;
	struct delivery *delivery;
	struct delivery_result result;
	char events[256];
	char progress[64]; /* the last reason */
	size_t document_len;
	size_t n_written;
	int n_ends;
	int n_polls;     /* Get-Job-Attributes so far */
	int refuse_code; /* for Create-Job, Validate-Job */
	bool makes_one_copy;
	int document_code; /* for Send-Document, Print-Job */
	int strikes_at;    /* 0, or the document alone that it is for */
	int n_documents;   /* that came so far */
	char lasts[16];    /* of each, y or n: last-document */
	bool forgets;      /* the job is not found when asked for */
	int final_state;
	bool cancels_at_created, cancels_at_progress, holds_back;
	bool drops_at_created, cancels_at_taken;
	int64_t length;       /* that is told */
	char compression[16]; /* what the document was said to be */
};

static void tell(struct story *s, const char *event)
{
	size_t n = strlen(s->events);

	snprintf(s->events + n, sizeof s->events - n, "%s%s", n ? "," : "",
	         event);
}

static ipp_t *answer_job(struct story *s)
{
	ipp_t *ipp = fake_answer(s->forgets ? IPP_STATUS_ERROR_NOT_FOUND : 0);

	s->n_polls++;
	if (s->forgets)
		return ipp;
	ippAddInteger(ipp, IPP_TAG_JOB, IPP_TAG_INTEGER, "job-id", 42);
	ippAddInteger(ipp, IPP_TAG_JOB, IPP_TAG_ENUM, "job-state",
	              s->n_polls < 3 ? 5 : s->final_state);
	ippAddInteger(ipp, IPP_TAG_JOB, IPP_TAG_INTEGER,
	              "job-impressions-completed", s->n_polls);
	return ipp;
}

static ipp_t *answer_printer(void)
{
	ipp_t *ipp = fake_answer(0);

	ippAddInteger(ipp, IPP_TAG_PRINTER, IPP_TAG_ENUM, "printer-state", 4);
	ippAddString(ipp, IPP_TAG_PRINTER, IPP_TAG_KEYWORD,
	             "printer-state-reasons", NULL, "media-needed");
	return ipp;
}

/* The status code of the answer. */
static int take_document(struct story *s, ipp_t *request)
{
	bool is_last =
		ipp_bool(request, IPP_TAG_OPERATION, "last-document", true);

	ipp_text(request, IPP_TAG_OPERATION, "compression", s->compression,
	         sizeof s->compression);
	s->lasts[s->n_documents++] = is_last ? 'y' : 'n';
	if (s->strikes_at && s->strikes_at != s->n_documents)
		return 0;
	return s->document_code;
}

static ipp_t *answer(struct fake_printer *fake, ipp_t *request, size_t len)
{
	struct story *s = fake->test;
	ipp_t *ipp;
	int code = 0;

	switch (ippGetOperation(request)) {
	case IPP_OP_GET_JOB_ATTRIBUTES: return answer_job(s);
	case IPP_OP_GET_PRINTER_ATTRIBUTES: return answer_printer();
	case IPP_OP_CANCEL_JOB: return fake_answer(0);
	case IPP_OP_CREATE_JOB:
	case IPP_OP_VALIDATE_JOB: code = s->refuse_code; break;
	default: code = take_document(s, request); break;
	}
	if (code < 0)
		return NULL;
	ipp = fake_answer(code);
	if (s->makes_one_copy)
		ippAddOutOfBand(ipp, IPP_TAG_UNSUPPORTED_GROUP,
		                IPP_TAG_UNSUPPORTED_VALUE, "copies");
	if (code < 0x400 && ippGetOperation(request) != IPP_OP_VALIDATE_JOB)
		ippAddInteger(ipp, IPP_TAG_JOB, IPP_TAG_INTEGER, "job-id", 42);
	return ipp;
}

static void write_on(struct story *s)
{
	static const char piece[10000] = {'x'};

	while (s->n_written < s->document_len) {
		s->n_written += sizeof piece;
		if (!delivery_write(s->delivery, piece, sizeof piece))
			return;
	}
	if (!s->holds_back)
		delivery_finish(s->delivery);
}

static void on_created(struct delivery *d, int id, const char *uri, void *arg)
{
	struct story *s = arg;

	tell(s, id ? "created" : "ready");
	ck_assert_int_eq((int)s->fake.document.len, 0);
	if (s->cancels_at_created) {
		delivery_cancel(d);
	} else if (s->drops_at_created) {
		fake_printer_stop(&s->fake);
	} else {
		delivery_send(d, s->length);
		write_on(s);
	}
}

static void on_taken(struct delivery *d, void *arg)
{
	struct story *s = arg;

	tell(s, "taken");
	if (s->cancels_at_taken) {
		delivery_cancel(d);
		return;
	}
	s->n_written = 0;
	delivery_send(d, s->length);
	write_on(s);
}

static void on_first_byte(struct delivery *d, void *arg)
{
	tell(arg, "first");
}

static void on_drain(struct delivery *d, void *arg)
{
	write_on(arg);
}

static void on_delivered(struct delivery *d, void *arg)
{
	tell(arg, "delivered");
	delivery_follow(d);
}

static void on_progress(struct delivery *d, int job_state, int impressions,
                        const char *reason, void *arg)
{
	struct story *s = arg;

	snprintf(s->progress, sizeof s->progress, "%s", reason);
	if (s->cancels_at_progress)
		delivery_cancel(d);
}

static void on_end(struct delivery *d, const struct delivery_result *result,
                   void *arg)
{
	struct story *s = arg;

	s->result = *result;
	s->n_ends++;
	fake_printer_stop(&s->fake);
}

static const struct delivery_events events = {
	.on_created = on_created,
	.on_first_byte = on_first_byte,
	.on_drain = on_drain,
	.on_taken = on_taken,
	.on_delivered = on_delivered,
	.on_progress = on_progress,
	.on_end = on_end,
};

static void open_story(struct story *s)
{
	*s = (struct story){.document_len = 2000000,
	                    .length = 2000000,
	                    .final_state = 9};
	fake_printer_open(&s->fake);
	s->fake.answer = answer;
	s->fake.test = s;
}

static struct delivery_request request_of(struct story *s)
{
	return (struct delivery_request){.target = {.uri = s->fake.uri},
	                                 .job_name = "platen-7-1 Invoice",
	                                 .user = "ann@example.org",
	                                 .format = "image/pwg-raster",
	                                 .media = "iso_a4_210x297mm",
	                                 .copies = 1,
	                                 .has_create_job = true,
	                                 .timeout_ms = 5000,
	                                 .poll_ms = 1};
}

static void start(struct story *s, const struct delivery_request *request)
{
	ck_assert_int_eq(delivery_start(s->fake.transport, request, &events, s,
	                                &s->delivery, NULL),
	                 0);
	ck_assert_str_eq(s->events, "");
}

static void run_documents(struct story *s, unsigned n)
{
	struct delivery_request request = request_of(s);

	request.n_documents = n;
	start(s, &request);
	uv_run(&s->fake.loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(s->n_ends, 1);
}

static void run(struct story *s)
{
	run_documents(s, request_of(s).n_documents);
}

static void close_story(struct story *s)
{
	fake_printer_run(&s->fake);
}

#endif
