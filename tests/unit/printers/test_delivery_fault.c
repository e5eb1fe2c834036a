/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "delivery_story.h"
#include "tests/unit/check_run.h"

#include <errno.h>

START_TEST(test_printer_that_takes_no_gzip_after_all_may_be_tried_again)
{
	struct story s;
	struct delivery_request request;

	open_story(&s);
	s.document_code = IPP_STATUS_ERROR_COMPRESSION_NOT_SUPPORTED;
	request = request_of(&s);
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
	s.length = -1;
	request = request_of(&s);
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

START_TEST(test_refusal_after_a_document_was_taken_is_an_unknown_outcome)
{
	struct story s;

	open_story(&s);
	s.strikes_at = 2;
	s.document_code = IPP_STATUS_ERROR_DOCUMENT_FORMAT_ERROR;
	run_documents(&s, 3);
	ck_assert_int_eq(s.result.kind, DELIVERY_CUT);
	ck_assert_int_eq(s.fake.ops[s.fake.n_requests - 1], IPP_OP_CANCEL_JOB);
	close_story(&s);
}
END_TEST

/* Whatever it had said of itself: the owner goes on with one at a time. */
START_TEST(test_printer_of_one_document_took_nothing)
{
	struct story s;

	open_story(&s);
	s.document_code = IPP_STATUS_ERROR_MULTIPLE_JOBS_NOT_SUPPORTED;
	run_documents(&s, 2);
	ck_assert_int_eq(s.result.kind, DELIVERY_BUSY);
	ck_assert_str_eq(s.result.reason, DELIVERY_ONE_DOCUMENT);
	ck_assert_int_eq(s.fake.ops[s.fake.n_requests - 1], IPP_OP_CANCEL_JOB);
	close_story(&s);
}
END_TEST

START_TEST(test_printer_that_ignores_copies_took_nothing)
{
	struct story s;
	struct delivery_request request;

	open_story(&s);
	s.makes_one_copy = true;
	s.refuse_code = IPP_STATUS_OK_IGNORED_OR_SUBSTITUTED;
	request = request_of(&s);
	request.copies = 2;
	start(&s, &request);
	uv_run(&s.fake.loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(s.result.kind, DELIVERY_BUSY);
	ck_assert_str_eq(s.result.reason, DELIVERY_NO_COPIES);
	ck_assert_int_eq(s.fake.ops[1], IPP_OP_CANCEL_JOB);
	close_story(&s);
}
END_TEST

START_TEST(test_print_job_takes_one_document)
{
	struct story s;

	open_story(&s);
	s.refuse_code = IPP_STATUS_ERROR_OPERATION_NOT_SUPPORTED;
	run_documents(&s, 2);
	ck_assert_int_eq(s.result.kind, DELIVERY_BUSY);
	ck_assert_str_eq(s.result.reason, DELIVERY_ONE_DOCUMENT);
	ck_assert_int_eq(s.n_documents, 0);
	close_story(&s);
}
END_TEST

START_TEST(test_no_answer_to_create_job_is_unreachable)
{
	struct story s;
	struct delivery_request request;

	open_story(&s);
	s.refuse_code = -1;
	request = request_of(&s);
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

START_TEST(test_wrong_address_is_refused_at_once)
{
	struct story s;
	struct delivery_request request;

	open_story(&s);
	request = request_of(&s);
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
	Suite *suite = suite_create("delivery_fault");
	TCase *tc = tcase_create("delivery_fault");

	tcase_set_timeout(tc, 60);
	tcase_add_test(
		tc,
		test_printer_that_takes_no_gzip_after_all_may_be_tried_again);
	tcase_add_test(tc, test_busy_printer_takes_nothing);
	tcase_add_test(tc, test_unsupported_attributes_are_left_out_once);
	tcase_add_test(tc, test_refused_document_is_cancelled_at_the_printer);
	tcase_add_test(tc, test_early_refusal_ends_an_unfinished_document);
	tcase_add_test(tc, test_cut_in_the_document_is_an_unknown_outcome);
	tcase_add_test(
		tc,
		test_refusal_after_a_document_was_taken_is_an_unknown_outcome);
	tcase_add_test(tc, test_printer_of_one_document_took_nothing);
	tcase_add_test(tc, test_printer_that_ignores_copies_took_nothing);
	tcase_add_test(tc, test_print_job_takes_one_document);
	tcase_add_test(tc, test_no_answer_to_create_job_is_unreachable);
	tcase_add_test(tc, test_forgotten_job_is_lost_and_not_printed);
	tcase_add_test(tc, test_aborted_job_is_not_printed);
	tcase_add_test(tc, test_wrong_address_is_refused_at_once);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
