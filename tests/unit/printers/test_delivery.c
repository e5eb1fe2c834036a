/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "fake_printer.h"

#include <errno.h>
#include <zlib.h>

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
	int n_polls;       /* Get-Job-Attributes so far */
	int refuse_code;   /* for Create-Job, Validate-Job */
	int document_code; /* for Send-Document, Print-Job */
	bool forgets;      /* the job is not found when asked for */
	int final_state;
	bool cancels_at_created, cancels_at_progress, holds_back;
	bool drops_at_created;
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
	default:
		ipp_text(request, IPP_TAG_OPERATION, "compression",
		         s->compression, sizeof s->compression);
		code = s->document_code;
		break;
	}
	if (code < 0)
		return NULL;
	ipp = fake_answer(code);
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
		delivery_send(d);
		write_on(s);
	}
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
	.on_delivered = on_delivered,
	.on_progress = on_progress,
	.on_end = on_end,
};

static void open_story(struct story *s)
{
	*s = (struct story){.document_len = 2000000, .final_state = 9};
	fake_printer_open(&s->fake);
	s->fake.answer = answer;
	s->fake.test = s;
}

static struct delivery_request request_of(struct story *s, int64_t length)
{
	return (struct delivery_request){.target = {.uri = s->fake.uri},
	                                 .job_name = "platen-7-1 Invoice",
	                                 .user = "ann@example.org",
	                                 .format = "image/pwg-raster",
	                                 .media = "iso_a4_210x297mm",
	                                 .copies = 1,
	                                 .length = length,
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

static void run(struct story *s)
{
	struct delivery_request request = request_of(s, 2000000);

	start(s, &request);
	uv_run(&s->fake.loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(s->n_ends, 1);
}

static void close_story(struct story *s)
{
	fake_printer_run(&s->fake);
}

START_TEST(test_job_is_created_sent_and_followed_to_its_end)
{
	struct story s;

	open_story(&s);
	run(&s);
	ck_assert_str_eq(s.events, "created,first,delivered");
	ck_assert_int_eq(s.result.kind, DELIVERY_PRINTED);
	ck_assert_int_eq(s.result.printer_job_id, 42);
	ck_assert_int_eq(s.result.impressions, 3);
	ck_assert_uint_eq(s.fake.document.len, 2000000);
	ck_assert_int_eq(s.fake.ops[0], IPP_OP_CREATE_JOB);
	ck_assert_int_eq(s.fake.ops[1], IPP_OP_SEND_DOCUMENT);
	close_story(&s);
}
END_TEST

START_TEST(test_document_of_unknown_length_arrives_whole)
{
	struct story s;
	struct delivery_request request;

	open_story(&s);
	request = request_of(&s, -1);
	start(&s, &request);
	uv_run(&s.fake.loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(s.result.kind, DELIVERY_PRINTED);
	ck_assert_uint_eq(s.fake.document.len, 2000000);
	close_story(&s);
}
END_TEST

/* Bytes of the document behind gzip, all of them 'x' and zeros. */
static size_t unpacked_len(const struct buf *packed)
{
	z_stream z = {.next_in = (Bytef *)packed->data,
	              .avail_in = (uInt)packed->len};
	uint8_t out[4096];
	int r = Z_OK;

	ck_assert_int_eq(inflateInit2(&z, 15 + 16), Z_OK);
	while (r == Z_OK) {
		z.next_out = out;
		z.avail_out = sizeof out;
		r = inflate(&z, Z_NO_FLUSH);
	}
	ck_assert_int_eq(r, Z_STREAM_END);
	ck_assert_uint_eq(z.avail_in, 0);
	inflateEnd(&z);
	return z.total_out;
}

START_TEST(test_document_goes_packed_where_that_was_asked_for)
{
	struct story s;
	struct delivery_request request;

	open_story(&s);
	request = request_of(&s, 2000000);
	request.has_gzip = true;
	start(&s, &request);
	uv_run(&s.fake.loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(s.result.kind, DELIVERY_PRINTED);
	ck_assert_str_eq(s.compression, "gzip");
	ck_assert_uint_lt(s.fake.document.len, 200000);
	ck_assert_uint_eq(unpacked_len(&s.fake.document), 2000000);
	close_story(&s);
}
END_TEST

START_TEST(test_printer_that_takes_no_gzip_after_all_may_be_tried_again)
{
	struct story s;
	struct delivery_request request;

	open_story(&s);
	s.document_code = IPP_STATUS_ERROR_COMPRESSION_NOT_SUPPORTED;
	request = request_of(&s, 2000000);
	request.has_gzip = true;
	start(&s, &request);
	uv_run(&s.fake.loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(s.result.kind, DELIVERY_BUSY);
	ck_assert_str_eq(s.result.reason,
	                 "client-error-compression-not-supported");
	ck_assert_int_eq(s.fake.ops[s.fake.n_requests - 1], IPP_OP_CANCEL_JOB);
	close_story(&s);
}
END_TEST

START_TEST(test_document_goes_as_it_is_otherwise)
{
	struct story s;

	open_story(&s);
	run(&s);
	ck_assert_str_eq(s.compression, "");
	close_story(&s);
}
END_TEST

START_TEST(test_printer_trouble_is_told_while_following)
{
	struct story s;

	open_story(&s);
	run(&s);
	ck_assert_str_eq(s.progress, "media-needed");
	close_story(&s);
}
END_TEST

START_TEST(test_printer_without_create_job_gets_print_job)
{
	struct story s;
	struct delivery_request request;

	open_story(&s);
	request = request_of(&s, 2000000);
	request.has_create_job = false;
	start(&s, &request);
	uv_run(&s.fake.loop, UV_RUN_DEFAULT);
	ck_assert_str_eq(s.events, "ready,first,delivered");
	ck_assert_int_eq(s.result.kind, DELIVERY_PRINTED);
	ck_assert_int_eq(s.result.printer_job_id, 42);
	ck_assert_int_eq(s.fake.ops[1], IPP_OP_PRINT_JOB);
	close_story(&s);
}
END_TEST

START_TEST(test_create_job_unknown_to_the_printer_falls_to_print_job)
{
	struct story s;

	open_story(&s);
	s.refuse_code = IPP_STATUS_ERROR_OPERATION_NOT_SUPPORTED;
	run(&s);
	ck_assert_str_eq(s.events, "ready,first,delivered");
	ck_assert_int_eq(s.result.kind, DELIVERY_PRINTED);
	close_story(&s);
}
END_TEST

START_TEST(test_busy_printer_takes_nothing)
{
	struct story s;

	open_story(&s);
	s.refuse_code = IPP_STATUS_ERROR_BUSY;
	run(&s);
	ck_assert_str_eq(s.events, "");
	ck_assert_int_eq(s.result.kind, DELIVERY_BUSY);
	close_story(&s);
}
END_TEST

START_TEST(test_unsupported_attributes_are_left_out_once)
{
	struct story s;

	open_story(&s);
	s.refuse_code = IPP_STATUS_ERROR_ATTRIBUTES_OR_VALUES;
	run(&s);
	ck_assert_int_eq(s.result.kind, DELIVERY_REFUSED);
	ck_assert_int_eq(s.fake.n_requests, 2);
	ck_assert(!s.fake.had_job_group);
	close_story(&s);
}
END_TEST

START_TEST(test_refused_document_is_cancelled_at_the_printer)
{
	struct story s;

	open_story(&s);
	s.document_code = IPP_STATUS_ERROR_DOCUMENT_FORMAT_ERROR;
	run(&s);
	ck_assert_int_eq(s.result.kind, DELIVERY_REFUSED);
	ck_assert_int_eq(s.fake.ops[s.fake.n_requests - 1], IPP_OP_CANCEL_JOB);
	close_story(&s);
}
END_TEST

START_TEST(test_early_refusal_ends_an_unfinished_document)
{
	struct story s;
	struct delivery_request request;

	open_story(&s);
	s.holds_back = true; /* the owner never finishes */
	s.document_len = 20000;
	s.fake.early_code = IPP_STATUS_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED;
	request = request_of(&s, -1);
	start(&s, &request);
	uv_run(&s.fake.loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(s.n_ends, 1);
	ck_assert_int_eq(s.result.kind, DELIVERY_REFUSED);
	close_story(&s);
}
END_TEST

START_TEST(test_cut_in_the_document_is_an_unknown_outcome)
{
	struct story s;

	open_story(&s);
	s.fake.cut_after = 100000;
	run(&s);
	ck_assert_int_eq(s.result.kind, DELIVERY_CUT);
	ck_assert_int_eq(s.result.printer_job_id, 42);
	ck_assert_str_eq(s.events, "created,first");
	close_story(&s);
}
END_TEST

START_TEST(test_no_answer_to_create_job_is_unreachable)
{
	struct story s;
	struct delivery_request request;

	open_story(&s);
	s.refuse_code = -1;
	request = request_of(&s, 10);
	request.timeout_ms = 50;
	start(&s, &request);
	uv_run(&s.fake.loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(s.result.kind, DELIVERY_UNREACHABLE);
	ck_assert_int_eq(s.result.status, -ETIMEDOUT);
	close_story(&s);
}
END_TEST

START_TEST(test_forgotten_job_is_lost_and_not_printed)
{
	struct story s;

	open_story(&s);
	s.forgets = true;
	run(&s);
	ck_assert_int_eq(s.result.kind, DELIVERY_LOST);
	close_story(&s);
}
END_TEST

START_TEST(test_aborted_job_is_not_printed)
{
	struct story s;

	open_story(&s);
	s.final_state = 8;
	run(&s);
	ck_assert_int_eq(s.result.kind, DELIVERY_ABORTED);
	ck_assert_int_eq(s.result.job_state, 8);
	close_story(&s);
}
END_TEST

START_TEST(test_cancel_after_creation_cancels_at_the_printer)
{
	struct story s;

	open_story(&s);
	s.cancels_at_created = true;
	run(&s);
	ck_assert_int_eq(s.result.kind, DELIVERY_CANCELLED);
	ck_assert_int_eq(s.fake.ops[1], IPP_OP_CANCEL_JOB);
	close_story(&s);
}
END_TEST

START_TEST(test_cancel_while_creating_leaves_no_job_behind)
{
	struct story s;
	struct delivery_request request;

	open_story(&s);
	request = request_of(&s, 10);
	start(&s, &request);
	delivery_cancel(s.delivery);
	uv_run(&s.fake.loop, UV_RUN_DEFAULT);
	ck_assert_str_eq(s.events, "");
	ck_assert_int_eq(s.result.kind, DELIVERY_CANCELLED);
	ck_assert_int_eq(s.fake.ops[1], IPP_OP_CANCEL_JOB);
	close_story(&s);
}
END_TEST

START_TEST(test_cancel_while_following_cancels_at_the_printer)
{
	struct story s;

	open_story(&s);
	s.cancels_at_progress = true;
	run(&s);
	ck_assert_int_eq(s.result.kind, DELIVERY_CANCELLED);
	ck_assert_int_eq(s.fake.ops[s.fake.n_requests - 1], IPP_OP_CANCEL_JOB);
	close_story(&s);
}
END_TEST

START_TEST(test_old_printer_is_spoken_to_in_its_version)
{
	struct story s;

	open_story(&s);
	s.fake.min_version = 11;
	run(&s);
	ck_assert_int_eq(s.result.kind, DELIVERY_PRINTED);
	ck_assert_int_eq(s.fake.ops[0], IPP_OP_CREATE_JOB);
	ck_assert_int_eq(s.fake.ops[1], IPP_OP_CREATE_JOB);
	ck_assert_int_eq(s.fake.ops[2], IPP_OP_SEND_DOCUMENT);
	close_story(&s);
}
END_TEST

START_TEST(test_resumed_delivery_only_follows)
{
	struct story s;
	struct delivery_request request;

	open_story(&s);
	request = request_of(&s, 0);
	ck_assert_int_eq(delivery_resume(s.fake.transport, &request, 42,
	                                 &events, &s, &s.delivery, NULL),
	                 0);
	uv_run(&s.fake.loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(s.result.kind, DELIVERY_PRINTED);
	ck_assert_int_eq(s.fake.ops[0], IPP_OP_GET_JOB_ATTRIBUTES);
	close_story(&s);
}
END_TEST

START_TEST(test_closing_the_transport_drops_silently)
{
	struct story s;
	struct delivery_request request;

	open_story(&s);
	s.drops_at_created = true;
	request = request_of(&s, 10);
	start(&s, &request);
	uv_run(&s.fake.loop, UV_RUN_DEFAULT);
	ck_assert_str_eq(s.events, "created");
	ck_assert_int_eq(s.n_ends, 0);
	close_story(&s);
}
END_TEST

START_TEST(test_wrong_address_is_refused_at_once)
{
	struct story s;
	struct delivery_request request;

	open_story(&s);
	request = request_of(&s, 10);
	request.target.uri = "lpd://127.0.0.1/queue";
	ck_assert_int_eq(delivery_start(s.fake.transport, &request, &events, &s,
	                                &s.delivery, NULL),
	                 -EINVAL);
	fake_printer_stop(&s.fake);
	close_story(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("delivery");
	TCase *tc = tcase_create("delivery");
	SRunner *runner;
	int n_failed;

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_job_is_created_sent_and_followed_to_its_end);
	tcase_add_test(tc, test_document_of_unknown_length_arrives_whole);
	tcase_add_test(tc, test_document_goes_packed_where_that_was_asked_for);
	tcase_add_test(
		tc,
		test_printer_that_takes_no_gzip_after_all_may_be_tried_again);
	tcase_add_test(tc, test_document_goes_as_it_is_otherwise);
	tcase_add_test(tc, test_printer_trouble_is_told_while_following);
	tcase_add_test(tc, test_printer_without_create_job_gets_print_job);
	tcase_add_test(
		tc, test_create_job_unknown_to_the_printer_falls_to_print_job);
	tcase_add_test(tc, test_busy_printer_takes_nothing);
	tcase_add_test(tc, test_unsupported_attributes_are_left_out_once);
	tcase_add_test(tc, test_refused_document_is_cancelled_at_the_printer);
	tcase_add_test(tc, test_early_refusal_ends_an_unfinished_document);
	tcase_add_test(tc, test_cut_in_the_document_is_an_unknown_outcome);
	tcase_add_test(tc, test_no_answer_to_create_job_is_unreachable);
	tcase_add_test(tc, test_forgotten_job_is_lost_and_not_printed);
	tcase_add_test(tc, test_aborted_job_is_not_printed);
	tcase_add_test(tc, test_cancel_after_creation_cancels_at_the_printer);
	tcase_add_test(tc, test_cancel_while_creating_leaves_no_job_behind);
	tcase_add_test(tc, test_cancel_while_following_cancels_at_the_printer);
	tcase_add_test(tc, test_old_printer_is_spoken_to_in_its_version);
	tcase_add_test(tc, test_resumed_delivery_only_follows);
	tcase_add_test(tc, test_closing_the_transport_drops_silently);
	tcase_add_test(tc, test_wrong_address_is_refused_at_once);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? 1 : 0;
}
