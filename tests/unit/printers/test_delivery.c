/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "delivery_story.h"
#include "tests/unit/check_run.h"

#include <zlib.h>

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
	s.length = -1;
	request = request_of(&s);
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
	request = request_of(&s);
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

START_TEST(test_document_goes_as_it_is_otherwise)
{
	struct story s;

	open_story(&s);
	run(&s);
	ck_assert_str_eq(s.compression, "");
	close_story(&s);
}
END_TEST

START_TEST(test_documents_of_a_job_go_one_after_the_other)
{
	struct story s;

	open_story(&s);
	s.document_len = s.length = 20000;
	run_documents(&s, 3);
	ck_assert_int_eq(s.result.kind, DELIVERY_PRINTED);
	ck_assert_str_eq(s.events,
	                 "created,first,taken,first,taken,first,delivered");
	ck_assert_str_eq(s.lasts, "nny");
	ck_assert_uint_eq(s.fake.document.len, 20000);
	close_story(&s);
}
END_TEST

START_TEST(test_each_document_is_packed_by_itself)
{
	struct story s;
	struct delivery_request request;

	open_story(&s);
	request = request_of(&s);
	request.n_documents = 2;
	request.has_gzip = true;
	start(&s, &request);
	uv_run(&s.fake.loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(s.result.kind, DELIVERY_PRINTED);
	ck_assert_uint_eq(unpacked_len(&s.fake.document), 2000000);
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
	request = request_of(&s);
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
	request = request_of(&s);
	ck_assert_int_eq(delivery_resume(s.fake.transport, &request, 42,
	                                 &events, &s, &s.delivery, NULL),
	                 0);
	uv_run(&s.fake.loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(s.result.kind, DELIVERY_PRINTED);
	ck_assert_int_eq(s.fake.ops[0], IPP_OP_GET_JOB_ATTRIBUTES);
	close_story(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("delivery");
	TCase *tc = tcase_create("delivery");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_job_is_created_sent_and_followed_to_its_end);
	tcase_add_test(tc, test_document_of_unknown_length_arrives_whole);
	tcase_add_test(tc, test_document_goes_packed_where_that_was_asked_for);
	tcase_add_test(tc, test_document_goes_as_it_is_otherwise);
	tcase_add_test(tc, test_documents_of_a_job_go_one_after_the_other);
	tcase_add_test(tc, test_each_document_is_packed_by_itself);
	tcase_add_test(tc, test_printer_trouble_is_told_while_following);
	tcase_add_test(tc, test_printer_without_create_job_gets_print_job);
	tcase_add_test(
		tc, test_create_job_unknown_to_the_printer_falls_to_print_job);
	tcase_add_test(tc, test_old_printer_is_spoken_to_in_its_version);
	tcase_add_test(tc, test_resumed_delivery_only_follows);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
