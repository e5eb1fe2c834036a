/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>

#include "spool.h"

static int64_t make(const char *state, const char *media, bool is_colour)
{
	struct job_row row = job_example();

	snprintf(row.state, sizeof row.state, "%s", state);
	snprintf(row.kind.media, sizeof row.kind.media, "%s", media);
	row.kind.is_colour = is_colour;
	return job_make(&row, "sealed");
}

static int64_t make_for_tray(const char *state, const char *tray)
{
	struct job_row row = job_example();

	snprintf(row.state, sizeof row.state, "%s", state);
	row.kind = (struct job_kind){.media = "a4", .is_colour = true};
	snprintf(row.kind.tray, sizeof row.kind.tray, "%s", tray);
	return job_make(&row, "sealed");
}

/* Gives it pages, without leaving its state. */
static void give_pages(int64_t id, const char *file)
{
	static const int64_t ends[] = {10};
	struct job_rendered rendered = {
		.format = "image/urf",
		.target = "300dpi a4",
		.file = file,
		.bytes = 10,
		.key = (const unsigned char *)"k",
		.key_len = 1,
		.pages = 1,
		.page_ends = ends,
		.has_pages = true,
	};
	struct job_set set = job_step(id, job_get(id).state, job_get(id).state);

	set.rendered = &rendered;
	must(db_run(db, &set.op, job_set_run, &err));
	ck_assert(set.changed);
}

static struct jobs_move class_of(const char *media, bool is_colour, bool hold)
{
	struct jobs_move move = {
		.printer_id = printer_id,
		.now = 3000,
		.kind.is_colour = is_colour,
		.hold = hold,
	};

	snprintf(move.kind.media, sizeof move.kind.media, "%s", media);
	return move;
}

START_TEST(test_hold_takes_one_class_and_its_reason)
{
	int64_t accepted = make("ACCEPTED", "a4", true);
	int64_t ready = make("READY", "a4", true);
	int64_t held = make("HELD", "a4", true);
	int64_t unknown = make("UNKNOWN", "a4", true);
	int64_t grey = make("READY", "a4", false);
	int64_t large = make("READY", "a3", true);
	int64_t photo = make_for_tray("READY", "photo");
	struct jobs_move move = class_of("a4", true, true);

	memcpy(move.reason, "no ink", 7);
	move.set_tried = true;
	must(db_run(db, &move.op, jobs_move_run, &err));
	ck_assert_int_eq(move.n_moved, 2);
	ck_assert_str_eq(job_get(accepted).state, "HELD");
	ck_assert_str_eq(job_get(ready).state, "HELD");
	ck_assert_str_eq(job_get(ready).reason, "no ink");
	ck_assert_int_eq(job_get(ready).state_at, 3000);
	ck_assert_int_eq(job_get(ready).tried_at, 3000);
	ck_assert_str_eq(job_get(held).reason, "no ink");
	ck_assert_int_eq(job_get(held).state_at, 1000);
	ck_assert_int_eq(job_get(held).tried_at, 3000);
	ck_assert_str_eq(job_get(unknown).state, "UNKNOWN");
	ck_assert_str_eq(job_get(grey).state, "READY");
	ck_assert_str_eq(job_get(large).state, "READY");
	ck_assert_str_eq(job_get(photo).state, "READY");
	memcpy(move.kind.tray, "photo", 6);
	must(db_run(db, &move.op, jobs_move_run, &err));
	ck_assert_int_eq(move.n_moved, 1);
	ck_assert_str_eq(job_get(photo).state, "HELD");
	move.hold = false;
	must(db_run(db, &move.op, jobs_move_run, &err));
	ck_assert_int_eq(move.n_moved, 1);
	ck_assert_str_eq(job_get(photo).state, "ACCEPTED");
	ck_assert_str_eq(job_get(held).state, "HELD");
}
END_TEST

START_TEST(test_hold_without_a_try_leaves_its_time)
{
	int64_t held = make("HELD", "a4", true);
	struct jobs_move move = class_of("a4", true, true);

	memcpy(move.reason, "no ink", 7);
	must(db_run(db, &move.op, jobs_move_run, &err));
	ck_assert_int_eq(move.n_moved, 0);
	ck_assert_str_eq(job_get(held).reason, "no ink");
	ck_assert_int_eq(job_get(held).tried_at, 0);
}
END_TEST

START_TEST(test_release_knows_whether_pages_are_there)
{
	int64_t raw = make("HELD", "a4", true);
	int64_t done = make("HELD", "a4", true);
	int64_t other = make("HELD", "a4", false);
	struct jobs_move move = class_of("a4", true, false);

	give_pages(done, "p1");
	must(db_run(db, &move.op, jobs_move_run, &err));
	ck_assert_int_eq(move.n_moved, 2);
	ck_assert_str_eq(job_get(raw).state, "ACCEPTED");
	ck_assert_str_eq(job_get(done).state, "READY");
	ck_assert_str_eq(job_get(other).state, "HELD");
}
END_TEST

START_TEST(test_classes_tell_the_oldest_and_how_many)
{
	struct job_row row = job_example();
	struct job_class classes[4];
	size_t n = 0;
	int64_t oldest = make("HELD", "a4", false);

	row.kind.is_colour = false;
	memcpy(row.kind.media, "a4", 3);
	row.recovery_wait_s = 20;
	job_make(&row, "sealed");
	make("READY", "a3", true);
	make("UNKNOWN", "a5", true);
	make("SENDING", "a5", true);
	must(job_classes(db, printer_id, classes, 4, &n, &err));
	ck_assert_uint_eq(n, 2);
	ck_assert_str_eq(classes[0].kind.media, "a4");
	ck_assert(!classes[0].kind.is_colour);
	ck_assert_int_eq(classes[0].oldest_id, oldest);
	ck_assert_str_eq(classes[0].oldest_state, "HELD");
	ck_assert_int_eq(classes[0].n, 2);
	ck_assert_int_eq(classes[0].n_held, 1);
	ck_assert_int_eq(classes[0].min_recovery_wait_s, 20);
	ck_assert_str_eq(classes[1].kind.media, "a3");
	must(job_classes(db, printer_id, classes, 1, &n, &err));
	ck_assert_uint_eq(n, 1);
	make_for_tray("READY", "photo");
	make_for_tray("READY", "main");
	must(job_classes(db, printer_id, classes, 4, &n, &err));
	ck_assert_uint_eq(n, 4);
	ck_assert_str_eq(classes[2].kind.tray, "photo");
	ck_assert_str_eq(classes[3].kind.tray, "main");
	must(job_classes(db, printer_id + 1, classes, 4, &n, &err));
	ck_assert_uint_eq(n, 0);
}
END_TEST

START_TEST(test_oldest_without_pages_is_found)
{
	int64_t done = make("READY", "a3", true);
	int64_t raw = make("READY", "a4", true), id = -1, n = -1;

	give_pages(done, "p1");
	must(job_oldest_without_pages(db, printer_id, "READY", &id, &err));
	ck_assert_int_eq(id, raw);
	must(job_oldest_without_pages(db, printer_id, "HELD", &id, &err));
	ck_assert_int_eq(id, 0);
	must(job_count_rendered(db, printer_id, &n, &err));
	ck_assert_int_eq(n, 1);
	job_move(done, "READY", "PRINTED");
	must(job_count_rendered(db, printer_id, &n, &err));
	ck_assert_int_eq(n, 0);
}
END_TEST

START_TEST(test_due_jobs_come_once_by_time)
{
	struct job_row row = job_example();
	struct job_due due[4];
	struct jobs_erase erase = {.n = 2};
	int64_t ids[2], live;
	size_t n = 9;

	row.expires_at = 4000;
	ids[0] = job_make(&row, "sealed");
	row.expires_at = 3000;
	ids[1] = live = job_make(&row, "sealed");
	job_move(ids[0], "ACCEPTED", "PRINTED");
	must(job_due(db, 2999, due, 4, &n, &err));
	ck_assert_uint_eq(n, 0);
	must(job_due(db, 4000, due, 4, &n, &err));
	ck_assert_uint_eq(n, 2);
	ck_assert_int_eq(due[0].id, live);
	ck_assert(!due[0].is_over);
	ck_assert_str_eq(due[0].state, "ACCEPTED");
	ck_assert(due[1].is_over);
	/* only the one that is over is erased */
	erase.ids = ids;
	must(db_run(db, &erase.op, jobs_erase_run, &err));
	ck_assert(job_get(ids[0]).is_erased);
	ck_assert_str_eq(job_get(ids[0]).subject, "");
	ck_assert_str_eq(job_get(live).subject, "Letter");
	must(job_due(db, 4000, due, 4, &n, &err));
	ck_assert_uint_eq(n, 1);
}
END_TEST

struct seen {
	int64_t ids[8];
	int n;
};

static int on_job(const struct job_row *row, void *arg)
{
	struct seen *seen = arg;

	seen->ids[seen->n++] = row->id;
	return 0;
}

static int on_printer(int64_t id, void *arg)
{
	struct seen *seen = arg;

	seen->ids[seen->n++] = id;
	return 0;
}

static struct seen list_jobs(struct job_filter filter)
{
	struct seen seen = {.n = 0};

	must(job_each(db, &filter, on_job, &seen, &err));
	return seen;
}

START_TEST(test_lists_of_jobs_are_filtered_and_paged)
{
	int64_t held = make("HELD", "a4", true);
	int64_t over = make("READY", "a4", true);
	int64_t last = make("READY", "a4", true);
	struct seen seen;

	job_move(over, "READY", "PRINTED");
	ck_assert_int_eq(list_jobs((struct job_filter){0}).n, 3);
	seen = list_jobs((struct job_filter){.live_only = true});
	ck_assert_int_eq(seen.n, 2);
	ck_assert_int_eq(seen.ids[1], last);
	seen = list_jobs((struct job_filter){.state = "held"});
	ck_assert_int_eq(seen.n, 1);
	ck_assert_int_eq(seen.ids[0], held);
	seen = list_jobs(
		(struct job_filter){.state = "held", .live_only = true});
	ck_assert_int_eq(seen.n, 1);
	seen = list_jobs((struct job_filter){.after_id = held, .limit = 1});
	ck_assert_int_eq(seen.n, 1);
	ck_assert_int_eq(seen.ids[0], over);
	ck_assert_int_eq(list_jobs((struct job_filter){.printer_id = 99}).n, 0);
	ck_assert_int_eq(list_jobs((struct job_filter){.printer_id = 99,
	                                               .live_only = true})
	                         .n,
	                 0);
}
END_TEST

static int stop(const struct job_row *row, void *arg)
{
	++*(int *)arg;
	return -ECANCELED;
}

START_TEST(test_list_ends_where_its_reader_wants)
{
	struct job_filter all = {0};
	int n = 0;

	make("HELD", "a4", true);
	make("HELD", "a4", true);
	ck_assert_int_eq(job_each(db, &all, stop, &n, &err), -ECANCELED);
	ck_assert_int_eq(n, 1);
	ck_assert_int_eq(list_jobs(all).n, 2);
}
END_TEST

START_TEST(test_start_finds_what_was_in_hand)
{
	int64_t sending = make("SENDING", "a4", true), live = 0, held = 0;
	struct seen seen = {.n = 0};

	make("HELD", "a4", true);
	must(job_in_hand(db, on_job, &seen, &err));
	ck_assert_int_eq(seen.n, 1);
	ck_assert_int_eq(seen.ids[0], sending);
	seen.n = 0;
	must(job_printers(db, on_printer, &seen, &err));
	ck_assert_int_eq(seen.n, 1);
	ck_assert_int_eq(seen.ids[0], printer_id);
	must(job_counts(db, &live, &held, &err));
	ck_assert_int_eq(live, 2);
	ck_assert_int_eq(held, 1);
}
END_TEST

/* ---- duplicates --------------------------------------------------------- */

static struct message_accept accept_of(struct job_new *jobs, size_t n)
{
	struct message_accept accept = {
		.received_at = jobs->row.received_at,
		.fingerprint_expires_at = 9000,
		.content = "sealed",
		.content_len = 6,
		.key = (const unsigned char *)"k",
		.key_len = 1,
		.jobs = jobs,
		.n_jobs = n,
	};

	return accept;
}

START_TEST(test_message_that_comes_again_makes_no_job)
{
	struct job_new first = {.row = job_example(),
	                        .fingerprint = "one",
	                        .has_fingerprint = true};
	struct job_new again[2] = {first, first};
	struct message_accept accept = accept_of(&first, 1);

	must(db_run(db, &accept.op, message_accept_run, &err));
	ck_assert(!first.is_duplicate);
	accept = accept_of(again, 1);
	must(db_run(db, &accept.op, message_accept_run, &err));
	ck_assert(again[0].is_duplicate);
	ck_assert_int_eq(again[0].id, first.id);
	ck_assert_int_eq(accept.message_id, 0);
	/* a recipient more: only that one is new */
	memcpy(again[1].fingerprint, "two", 3);
	accept = accept_of(again, 2);
	must(db_run(db, &accept.op, message_accept_run, &err));
	ck_assert(again[0].is_duplicate);
	ck_assert(!again[1].is_duplicate);
	ck_assert_int_eq(job_get(again[1].id).message_id, accept.message_id);
	ck_assert_int_eq(list_jobs((struct job_filter){0}).n, 2);
}
END_TEST

/* An attempt at the job, up to ATTEMPT_OVER if it is over. */
static void attempt(int64_t id, const char *tag, bool is_over, bool is_blank)
{
	struct job_set set = job_step(id, "READY", "SENDING");

	set.attempt = ATTEMPT_BEGIN;
	snprintf(set.tag, sizeof set.tag, "%s", tag);
	set.printer_id = printer_id;
	must(db_run(db, &set.op, job_set_run, &err));
	memcpy(set.from, "SENDING", 8);
	memcpy(set.to, "READY", 6);
	set.attempt = is_over ? ATTEMPT_OVER : ATTEMPT_LEAVE;
	set.is_blank = is_blank;
	must(db_run(db, &set.op, job_set_run, &err));
	ck_assert(set.changed);
}

/* What becomes of a message that comes again after its job has ended so. */
static const struct end {
	const char *state;
	bool is_tried, is_over, is_blank, is_tried_again, is_duplicate;
} ends[] = {
	{"READY", false, false, false, false, true},
	{"UNKNOWN", true, true, false, false, true},
	{"PRINTED", true, true, false, false, true},
	{"FAILED", false, false, false, false, false},
	{"CANCELLED", false, false, false, false, false},
	{"EXPIRED", false, false, false, false, false},
	{"FAILED", true, true, true, false, false},
	{"FAILED", true, true, false, false, true},
	{"CANCELLED", true, true, false, false, true},
	/* nobody knows what became of the try */
	{"CANCELLED", true, false, false, false, true},
	{"EXPIRED", true, true, true, true, true},
};

START_TEST(test_fingerprint_counts_where_something_may_be_printed)
{
	const struct end *end = &ends[_i];
	struct job_new first = {.row = job_example(),
	                        .fingerprint = "one",
	                        .has_fingerprint = true};
	struct job_new again = first;
	struct message_accept accept = accept_of(&first, 1);

	memcpy(first.row.state, "READY", 6);
	must(db_run(db, &accept.op, message_accept_run, &err));
	if (end->is_tried)
		attempt(first.id, "tag-1", end->is_over, end->is_blank);
	if (end->is_tried_again)
		attempt(first.id, "tag-2", true, false);
	if (strcmp(end->state, "READY") != 0)
		job_move(first.id, "READY", end->state);
	accept = accept_of(&again, 1);
	must(db_run(db, &accept.op, message_accept_run, &err));
	ck_assert_int_eq(again.is_duplicate, end->is_duplicate);
	ck_assert_int_eq(again.id == first.id, end->is_duplicate);
	ck_assert_int_eq(list_jobs((struct job_filter){0}).n,
	                 end->is_duplicate ? 1 : 2);
	/* and once more: the new job is the one that counts now */
	must(db_run(db, &accept.op, message_accept_run, &err));
	ck_assert(again.is_duplicate);
}
END_TEST

START_TEST(test_fingerprint_is_forgotten_in_time)
{
	struct job_new job = {.row = job_example(),
	                      .fingerprint = "one",
	                      .has_fingerprint = true};
	struct message_accept accept = accept_of(&job, 1);
	struct dedupe_expire expire = {.now = 8999};

	must(db_run(db, &accept.op, message_accept_run, &err));
	must(db_run(db, &expire.op, dedupe_expire_run, &err));
	must(db_run(db, &accept.op, message_accept_run, &err));
	ck_assert(job.is_duplicate);
	/* it counts no more even where nobody has swept yet */
	accept.received_at = 9000;
	accept.fingerprint_expires_at = 9500;
	must(db_run(db, &accept.op, message_accept_run, &err));
	ck_assert(!job.is_duplicate);
	accept.received_at = 9100;
	expire.now = 9500;
	must(db_run(db, &expire.op, dedupe_expire_run, &err));
	must(db_run(db, &accept.op, message_accept_run, &err));
	ck_assert(!job.is_duplicate);
}
END_TEST

START_TEST(test_message_with_a_job_that_cannot_be_is_not_stored)
{
	struct job_new jobs[2] = {{.row = job_example()},
	                          {.row = job_example()}};
	struct message_accept accept = accept_of(jobs, 2);

	memcpy(jobs[1].row.state, "NOWHERE", 8);
	ck_assert_int_lt(db_run(db, &accept.op, message_accept_run, &err), 0);
	ck_assert_int_eq(list_jobs((struct job_filter){0}).n, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("job_queue");
	TCase *tc = tcase_create("job_queue");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_hold_takes_one_class_and_its_reason);
	tcase_add_test(tc, test_hold_without_a_try_leaves_its_time);
	tcase_add_test(tc, test_release_knows_whether_pages_are_there);
	tcase_add_test(tc, test_classes_tell_the_oldest_and_how_many);
	tcase_add_test(tc, test_oldest_without_pages_is_found);
	tcase_add_test(tc, test_due_jobs_come_once_by_time);
	tcase_add_test(tc, test_lists_of_jobs_are_filtered_and_paged);
	tcase_add_test(tc, test_list_ends_where_its_reader_wants);
	tcase_add_test(tc, test_start_finds_what_was_in_hand);
	tcase_add_test(tc, test_message_that_comes_again_makes_no_job);
	tcase_add_loop_test(
		tc, test_fingerprint_counts_where_something_may_be_printed, 0,
		(int)ARRAY_LEN(ends));
	tcase_add_test(tc, test_fingerprint_is_forgotten_in_time);
	tcase_add_test(tc,
	               test_message_with_a_job_that_cannot_be_is_not_stored);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
