/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "delivery_story.h"
#include "tests/unit/check_run.h"

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
	request = request_of(&s);
	start(&s, &request);
	delivery_cancel(s.delivery);
	uv_run(&s.fake.loop, UV_RUN_DEFAULT);
	ck_assert_str_eq(s.events, "");
	ck_assert_int_eq(s.result.kind, DELIVERY_CANCELLED);
	ck_assert_int_eq(s.fake.ops[1], IPP_OP_CANCEL_JOB);
	close_story(&s);
}
END_TEST

START_TEST(test_cancel_between_documents_cancels_at_the_printer)
{
	struct story s;

	open_story(&s);
	s.cancels_at_taken = true;
	run_documents(&s, 2);
	ck_assert_str_eq(s.events, "created,first,taken");
	ck_assert_int_eq(s.result.kind, DELIVERY_CANCELLED);
	ck_assert_int_eq(s.fake.ops[2], IPP_OP_CANCEL_JOB);
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

START_TEST(test_closing_the_transport_drops_silently)
{
	struct story s;
	struct delivery_request request;

	open_story(&s);
	s.drops_at_created = true;
	request = request_of(&s);
	start(&s, &request);
	uv_run(&s.fake.loop, UV_RUN_DEFAULT);
	ck_assert_str_eq(s.events, "created");
	ck_assert_int_eq(s.n_ends, 0);
	close_story(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("delivery_cancel");
	TCase *tc = tcase_create("delivery_cancel");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_cancel_after_creation_cancels_at_the_printer);
	tcase_add_test(tc, test_cancel_while_creating_leaves_no_job_behind);
	tcase_add_test(tc,
	               test_cancel_between_documents_cancels_at_the_printer);
	tcase_add_test(tc, test_cancel_while_following_cancels_at_the_printer);
	tcase_add_test(tc, test_closing_the_transport_drops_silently);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
