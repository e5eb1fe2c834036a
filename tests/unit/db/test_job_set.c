/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>

#include "spool.h"

static const int64_t page_ends[] = {100, 250};
static const struct part_row parts[] = {
	{"1", "text/plain", 12, "", "printed", ""},
	{"2", "image/png", 99, "holiday.png", "skipped", "a signature"},
};
static const struct job_rendered rendered = {
	.subject = "Second letter",
	.remarks = "",
	.options = "copies=2",
	.kind.media = "iso_a4_210x297mm",
	.format = "image/pwg-raster",
	.target = "300dpi a4",
	.file = "p1",
	.bytes = 250,
	.key = (const unsigned char *)"page key",
	.key_len = 8,
	.pages = 2,
	.page_ends = page_ends,
	.parts = parts,
	.n_parts = 2,
	.has_pages = true,
};

static int64_t make_ready(void)
{
	struct job_row row = job_example();
	int64_t id = job_make(&row, "sealed");
	struct job_set set = job_step(id, "RENDERING", "READY");

	job_move(id, "ACCEPTED", "RENDERING");
	set.rendered = &rendered;
	must(db_run(db, &set.op, job_set_run, &err));
	ck_assert(set.changed);
	ck_assert_str_eq(set.dead_print, "");
	return id;
}

static void check_pages(int64_t id, size_t expected)
{
	int64_t *ends = NULL;
	size_t n = 99;

	must(page_read(db, id, &ends, &n, &err));
	ck_assert_uint_eq(n, expected);
	if (n > 0)
		ck_assert_int_eq(ends[1], 250);
	free(ends);
}

START_TEST(test_change_of_state_writes_what_belongs_to_it)
{
	struct job_row row = job_example();
	int64_t id = job_make(&row, "sealed");
	struct job_set set = job_step(id, "ACCEPTED", "HELD");

	set.set_tried = set.count_render = set.set_reprint = true;
	set.impressions = 3;
	memcpy(set.confirmed, "completed", 10);
	memcpy(set.reason, "no paper", 9);
	must(db_run(db, &set.op, job_set_run, &err));
	ck_assert(set.changed);
	row = job_get(id);
	ck_assert_str_eq(row.state, "HELD");
	ck_assert_str_eq(row.reason, "no paper");
	ck_assert_str_eq(row.confirmed, "completed");
	ck_assert_int_eq(row.state_at, 2000);
	ck_assert_int_eq(row.tried_at, 2000);
	ck_assert_int_eq(row.renders, 1);
	ck_assert_int_eq(row.impressions, 3);
	ck_assert(row.is_reprint);
	ck_assert_int_eq(row.ended_at, 0);
}
END_TEST

START_TEST(test_same_state_keeps_its_time_and_what_is_not_named)
{
	struct job_row row = job_example();
	int64_t id = job_make(&row, "sealed");

	job_move(id, "ACCEPTED", "ACCEPTED");
	row = job_get(id);
	ck_assert_int_eq(row.state_at, 1000);
	ck_assert_int_eq(row.tried_at, 0);
	ck_assert_int_eq(row.renders, 0);
	ck_assert_int_eq(row.impressions, -1);
	ck_assert(!row.is_reprint);
	ck_assert_str_eq(row.subject, "Letter");
}
END_TEST

START_TEST(test_what_others_told_of_a_job_may_stay)
{
	struct job_row row = job_example();
	int64_t id = job_make(&row, "sealed");
	struct job_set set = job_step(id, "ACCEPTED", "ACCEPTED");

	memcpy(set.reason, "a jam", 6);
	must(db_run(db, &set.op, job_set_run, &err));
	set = job_step(id, "ACCEPTED", "READY");
	set.keeps_reason = true;
	must(db_run(db, &set.op, job_set_run, &err));
	ck_assert_str_eq(job_get(id).reason, "a jam");
	job_move(id, "READY", "READY");
	ck_assert_str_eq(job_get(id).reason, "");
}
END_TEST

START_TEST(test_job_in_another_state_is_left_alone)
{
	struct job_row row = job_example();
	int64_t id = job_make(&row, "sealed");
	struct job_set set = job_step(id, "READY", "PRINTED");

	set.attempt = ATTEMPT_BEGIN;
	set.rendered = NULL;
	must(db_run(db, &set.op, job_set_run, &err));
	ck_assert(!set.changed);
	ck_assert_str_eq(job_get(id).state, "ACCEPTED");
	set = job_step(id + 1, "READY", "PRINTED");
	must(db_run(db, &set.op, job_set_run, &err));
	ck_assert(!set.changed);
}
END_TEST

START_TEST(test_state_without_a_name_in_the_table_is_refused)
{
	struct job_row row = job_example();
	int64_t id = job_make(&row, "sealed");
	struct job_set set = job_step(id, "ACCEPTED", "PRINTING");

	ck_assert_int_eq(db_run(db, &set.op, job_set_run, &err), -EINVAL);
	ck_assert(!set.changed);
	ck_assert_str_eq(job_get(id).state, "ACCEPTED");
}
END_TEST

START_TEST(test_rendered_pages_and_parts_are_stored)
{
	int64_t id = make_ready();
	struct job_row row = job_get(id);
	struct part_row *found = NULL;
	size_t n = 0;
	bool known = false;

	ck_assert_str_eq(row.subject, "Second letter");
	ck_assert_str_eq(row.print_format, "image/pwg-raster");
	ck_assert_str_eq(row.print_target, "300dpi a4");
	ck_assert_str_eq(row.print_file, "p1");
	ck_assert_int_eq(row.print_bytes, 250);
	ck_assert_int_eq(row.pages, 2);
	ck_assert_int_eq(row.print_key_len, 8);
	ck_assert_mem_eq(row.print_key, "page key", 8);
	check_pages(id, 2);
	must(part_read(db, id, &found, &n, &err));
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(found[1].name, "holiday.png");
	ck_assert_str_eq(found[1].fate, "skipped");
	ck_assert_str_eq(found[1].why, "a signature");
	free(found);
	must(print_file_is_known(db, "p1", &known, &err));
	ck_assert(known);
}
END_TEST

START_TEST(test_second_rendering_replaces_the_first)
{
	int64_t id = make_ready(), *ends = NULL;
	struct job_rendered again = rendered;
	struct job_set set = job_step(id, "READY", "READY");
	struct part_row *found = NULL;
	size_t n = 0;

	again.file = "p2";
	again.subject = NULL;
	again.pages = 1;
	again.n_parts = 1;
	set.rendered = &again;
	must(db_run(db, &set.op, job_set_run, &err));
	ck_assert_str_eq(set.dead_print, "p1");
	ck_assert_str_eq(job_get(id).print_file, "p2");
	ck_assert_str_eq(job_get(id).subject, "Second letter");
	must(page_read(db, id, &ends, &n, &err));
	ck_assert_uint_eq(n, 1);
	free(ends);
	must(part_read(db, id, &found, &n, &err));
	ck_assert_uint_eq(n, 1);
	free(found);
}
END_TEST

/* Pages for any printer stand beside print data for one. */
static struct job_rendered drawn(const char *file)
{
	struct job_rendered drawings = rendered;

	drawings.file = file;
	drawings.as_drawings = true;
	drawings.margins = "1,2,3,4";
	return drawings;
}

START_TEST(test_drawings_leave_print_data_alone)
{
	int64_t id = make_ready();
	struct job_rendered drawings = drawn("d1");
	struct job_set set = job_step(id, "READY", "HELD");
	struct job_row row;
	bool known = false;

	set.rendered = &drawings;
	snprintf(set.waits_as, sizeof set.waits_as, "pages");
	must(db_run(db, &set.op, job_set_run, &err));
	ck_assert_str_eq(set.dead_print, "");
	row = job_get(id);
	ck_assert_str_eq(row.waits_as, "pages");
	ck_assert_str_eq(row.pages_file, "d1");
	ck_assert_str_eq(row.pages_margins, "1,2,3,4");
	ck_assert_mem_eq(row.pages_key, "page key", 8);
	ck_assert_str_eq(row.print_file, "p1");
	must(print_file_is_known(db, "d1", &known, &err));
	ck_assert(known);
}
END_TEST

START_TEST(test_drawings_stay_until_the_job_is_over)
{
	int64_t id = make_ready();
	struct job_rendered drawings = drawn("d1"), again = rendered;
	struct job_set set = job_step(id, "READY", "HELD");
	struct part_row *found = NULL;
	size_t n = 0;

	set.rendered = &drawings;
	must(db_run(db, &set.op, job_set_run, &err));
	again.from_drawings = true;
	again.file = "p2";
	again.n_parts = 0;
	set = job_step(id, "HELD", "READY");
	set.rendered = &again;
	must(db_run(db, &set.op, job_set_run, &err));
	ck_assert_str_eq(set.dead_print, "p1");
	ck_assert_str_eq(set.dead_pages, "");
	must(part_read(db, id, &found, &n, &err));
	ck_assert_uint_eq(n, 2);
	free(found);
	set = job_step(id, "READY", "CANCELLED");
	must(db_run(db, &set.op, job_set_run, &err));
	ck_assert_str_eq(set.dead_print, "p2");
	ck_assert_str_eq(set.dead_pages, "d1");
	ck_assert_str_eq(job_get(id).pages_file, "");
	ck_assert_int_eq(job_get(id).pages_key_len, 0);
}
END_TEST

START_TEST(test_parts_without_pages_leave_the_pages)
{
	int64_t id = make_ready();
	struct job_rendered only_parts = {.parts = parts, .n_parts = 1};
	struct job_set set = job_step(id, "READY", "FAILED");
	struct part_row *found = NULL;
	size_t n = 0;

	set.rendered = &only_parts;
	must(db_run(db, &set.op, job_set_run, &err));
	ck_assert(set.changed);
	must(part_read(db, id, &found, &n, &err));
	ck_assert_uint_eq(n, 1);
	free(found);
}
END_TEST

START_TEST(test_forgotten_pages_can_be_made_again)
{
	int64_t id = make_ready();
	struct job_set set = job_step(id, "READY", "ACCEPTED");
	struct job_row row;

	set.forget_pages = true;
	must(db_run(db, &set.op, job_set_run, &err));
	ck_assert_str_eq(set.dead_print, "p1");
	ck_assert_str_eq(set.dead_message, "");
	row = job_get(id);
	ck_assert_str_eq(row.print_format, "");
	ck_assert_str_eq(row.print_file, "");
	ck_assert_int_eq(row.print_key_len, 0);
	ck_assert_int_eq(row.print_bytes, 0);
	ck_assert_int_eq(row.pages, 2); /* how many there were */
	check_pages(id, 0);
}
END_TEST

START_TEST(test_printed_job_keeps_its_history_and_loses_its_content)
{
	int64_t id = make_ready();
	struct job_set set = job_step(id, "READY", "PRINTED");
	struct job_row row = job_get(id);
	struct message_row message;
	void *content = NULL;
	size_t len = 0;

	must(message_read_content(db, row.message_id, &content, &len, &err));
	ck_assert_mem_eq(content, "sealed", 6);
	ck_assert_uint_eq(len, 6);
	free(content);
	must(db_run(db, &set.op, job_set_run, &err));
	ck_assert_str_eq(set.dead_print, "p1");
	row = job_get(id);
	ck_assert_int_eq(row.ended_at, 2000);
	ck_assert_int_eq(row.print_key_len, 0);
	ck_assert_str_eq(row.print_file, "");
	ck_assert_str_eq(row.subject, "Second letter");
	ck_assert_int_eq(row.pages, 2);
	ck_assert(!row.is_erased);
	check_pages(id, 0);
	must(message_read(db, row.message_id, &message, &err));
	ck_assert_int_eq(message.key_len, 0);
	ck_assert_int_eq(message_read_content(db, row.message_id, &content,
	                                      &len, &err),
	                 -ENOENT);
	set = job_step(id, "PRINTED", "ACCEPTED");
	ck_assert_int_eq(db_run(db, &set.op, job_set_run, &err), -EINVAL);
}
END_TEST

static const char *const private_ends[] = {"EXPIRED", "CANCELLED"};

START_TEST(test_expired_and_cancelled_jobs_lose_private_words)
{
	int64_t id = make_ready();
	struct job_row row;
	struct part_row *found = NULL;
	size_t n = 0;

	job_move(id, "READY", private_ends[_i]);
	row = job_get(id);
	ck_assert_str_eq(row.subject, "");
	ck_assert(row.is_erased);
	must(part_read(db, id, &found, &n, &err));
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(found[1].name, "");
	free(found);
}
END_TEST

START_TEST(test_last_job_of_a_message_takes_its_file_along)
{
	struct job_new jobs[2] = {{.row = job_example()},
	                          {.row = job_example()}};
	struct message_accept accept = {
		.received_at = 1000,
		.file = "m1",
		.key = (const unsigned char *)"wrapped",
		.key_len = 7,
		.jobs = jobs,
		.n_jobs = 2,
	};
	struct job_set set;
	bool known = false;

	must(db_run(db, &accept.op, message_accept_run, &err));
	set = job_step(jobs[0].id, "ACCEPTED", "CANCELLED");
	must(db_run(db, &set.op, job_set_run, &err));
	ck_assert_str_eq(set.dead_message, "");
	must(message_file_is_known(db, "m1", &known, &err));
	ck_assert(known);
	set = job_step(jobs[1].id, "ACCEPTED", "FAILED");
	must(db_run(db, &set.op, job_set_run, &err));
	ck_assert_str_eq(set.dead_message, "m1");
	must(message_file_is_known(db, "m1", &known, &err));
	ck_assert(!known);
}
END_TEST

/* Whoever makes the pages again would print those twice. */
START_TEST(test_pages_made_again_after_some_are_printed_are_a_reprint)
{
	int64_t id = make_ready();
	struct job_set set = job_step(id, "READY", "READY");
	struct job_row row;

	set.documents_done = 2;
	must(db_run(db, &set.op, job_set_run, &err));
	set = job_step(id, "READY", "READY");
	must(db_run(db, &set.op, job_set_run, &err));
	row = job_get(id);
	ck_assert_int_eq(row.documents_done, 2);
	ck_assert(!row.is_reprint);
	set = job_step(id, "READY", "ACCEPTED");
	set.forget_pages = true;
	must(db_run(db, &set.op, job_set_run, &err));
	row = job_get(id);
	ck_assert_int_eq(row.documents_done, 0);
	ck_assert(row.is_reprint);
}
END_TEST

START_TEST(test_chosen_pages_begin_from_the_first_on)
{
	int64_t id = make_ready();
	struct job_set set = job_step(id, "READY", "READY");
	struct job_row row;

	set.set_only_pages = true;
	memcpy(set.only_pages, "3-5", 4);
	must(db_run(db, &set.op, job_set_run, &err));
	row = job_get(id);
	ck_assert_str_eq(row.only_pages, "3-5");
	ck_assert(!row.is_reprint);
	set = job_step(id, "READY", "READY");
	set.documents_done = 1;
	must(db_run(db, &set.op, job_set_run, &err));
	ck_assert_str_eq(job_get(id).only_pages, "3-5");
	set.documents_done = -1;
	set.set_only_pages = true;
	must(db_run(db, &set.op, job_set_run, &err));
	row = job_get(id);
	ck_assert_str_eq(row.only_pages, "");
	ck_assert_int_eq(row.documents_done, 0);
	ck_assert(row.is_reprint);
}
END_TEST

START_TEST(test_attempt_goes_from_intent_to_over)
{
	int64_t id = make_ready();
	struct job_set set = job_step(id, "READY", "SENDING");
	struct attempt_row *found = NULL;
	size_t n = 0;

	set.attempt = ATTEMPT_BEGIN;
	memcpy(set.tag, "tag-1", 6);
	set.printer_id = printer_id;
	set.epoch = 4;
	set.first_document = 2;
	set.last_document = 3;
	set.n_documents = 5;
	must(db_run(db, &set.op, job_set_run, &err));
	ck_assert_int_gt(set.attempt_id, 0);
	memcpy(set.from, "SENDING", 8);
	set.attempt = ATTEMPT_CREATED;
	set.printer_job_id = 17;
	must(db_run(db, &set.op, job_set_run, &err));
	set.attempt = ATTEMPT_DELIVERED;
	must(db_run(db, &set.op, job_set_run, &err));
	must(attempt_read(db, id, &found, &n, &err));
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(found->step, "delivered");
	ck_assert_int_eq(found->printer_job_id, 17);
	ck_assert_int_eq(found->first_document, 2);
	ck_assert_int_eq(found->last_document, 3);
	ck_assert_int_eq(found->n_documents, 5);
	ck_assert_int_eq(found->epoch, 4);
	ck_assert_int_eq(found->ended_at, 0);
	free(found);
	set.attempt = ATTEMPT_OVER;
	set.now = 2100;
	memcpy(set.outcome, "completed", 10);
	memcpy(set.to, "PRINTED", 8);
	must(db_run(db, &set.op, job_set_run, &err));
	must(attempt_read(db, id, &found, &n, &err));
	ck_assert_str_eq(found->step, "over");
	ck_assert_str_eq(found->outcome, "completed");
	ck_assert_int_eq(found->ended_at, 2100);
	free(found);
}
END_TEST

START_TEST(test_wrong_attempt_undoes_the_change_of_state)
{
	int64_t id = make_ready();
	struct job_set set = job_step(id, "READY", "SENDING");

	set.attempt = ATTEMPT_CREATED;
	set.attempt_id = 77;
	ck_assert_int_eq(db_run(db, &set.op, job_set_run, &err), -ENOENT);
	ck_assert_str_eq(job_get(id).state, "READY");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("job_set");
	TCase *tc = tcase_create("job_set");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_change_of_state_writes_what_belongs_to_it);
	tcase_add_test(tc,
	               test_same_state_keeps_its_time_and_what_is_not_named);
	tcase_add_test(tc, test_what_others_told_of_a_job_may_stay);
	tcase_add_test(tc, test_job_in_another_state_is_left_alone);
	tcase_add_test(tc, test_state_without_a_name_in_the_table_is_refused);
	tcase_add_test(tc, test_rendered_pages_and_parts_are_stored);
	tcase_add_test(tc, test_second_rendering_replaces_the_first);
	tcase_add_test(tc, test_drawings_leave_print_data_alone);
	tcase_add_test(tc, test_drawings_stay_until_the_job_is_over);
	tcase_add_test(tc, test_parts_without_pages_leave_the_pages);
	tcase_add_test(tc, test_forgotten_pages_can_be_made_again);
	tcase_add_test(
		tc, test_printed_job_keeps_its_history_and_loses_its_content);
	tcase_add_loop_test(tc,
	                    test_expired_and_cancelled_jobs_lose_private_words,
	                    0, (int)ARRAY_LEN(private_ends));
	tcase_add_test(tc, test_last_job_of_a_message_takes_its_file_along);
	tcase_add_test(
		tc, test_pages_made_again_after_some_are_printed_are_a_reprint);
	tcase_add_test(tc, test_chosen_pages_begin_from_the_first_on);
	tcase_add_test(tc, test_attempt_goes_from_intent_to_over);
	tcase_add_test(tc, test_wrong_attempt_undoes_the_change_of_state);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
