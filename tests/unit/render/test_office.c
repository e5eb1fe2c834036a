/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>

#include "base/mem.h"
#include "render/office.h"
#include "outcome.h"
#include "tests/unit/check_run.h"

/*
 * The engine with a program that misbehaves on order: what a job hears of it,
 * and that the next one is served.
 */
static uv_loop_t loop;
static struct office *office;
static char *program;

static void order(struct outcome *outcome, const char *text)
{
	struct convert_engine *engine = office_engine(office);

	*outcome = (struct outcome){0};
	outcome->job.name = "docx";
	buf_puts(&outcome->job.document, text);
	outcome_start(outcome, engine);
}

static void open_office_with(const char *mode, unsigned patience_ms)
{
	const char *argv[] = {program, mode, NULL};
	const struct office_options options = {
		.argv = argv,
		.seconds = 1,
		.max_bytes = 1 << 20,
		.idle_seconds = 600,
		.patience_ms = patience_ms,
	};

	office = office_new(&loop, &options);
}

static void open_office(const char *mode)
{
	open_office_with(mode, 0);
}

static void setup(void)
{
	program = xasprintf("%s/fake_office", getenv("PLATEN_BIN"));
	n_open = 0;
	uv_loop_init(&loop);
	open_office("good");
}

static void on_closed(void *arg)
{
	++*(int *)arg;
}

static void close_office(void)
{
	int n_closed = 0;

	office_close(office, on_closed, &n_closed);
	uv_run(&loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(n_closed, 1);
}

static void teardown(void)
{
	close_office();
	ck_assert_int_eq(uv_loop_close(&loop), 0);
	free(program);
}

/* Sooner than the slow one is over; its sender gives it up. */
START_TEST(test_nobody_waits_for_the_end_of_a_slow_document)
{
	struct convert_engine *engine;
	struct outcome slow, next, last;

	close_office();
	open_office_with("good", 1);
	engine = office_engine(office);
	order(&slow, "slow");
	order(&next, "pdf");
	order(&last, "pdf");
	while (n_open > 1)
		uv_run(&loop, UV_RUN_ONCE);
	outcome_expect(&next, 0, "%PDF fake");
	outcome_expect(&last, 0, "%PDF fake");
	ck_assert_int_eq(slow.n_told, 0);
	engine->cancel(engine, &slow.job);
	convert_job_fini(&slow.job);
}
END_TEST

START_TEST(test_a_document_that_was_passed_on_can_be_cancelled)
{
	struct convert_engine *engine;
	struct outcome slow[2], waits;
	void *first;

	close_office();
	open_office_with("good", 1);
	engine = office_engine(office);
	order(&slow[0], "slow");
	order(&slow[1], "slow");
	order(&waits, "pdf");
	first = slow[1].job.engine_data;
	while (slow[1].job.engine_data == first)
		uv_run(&loop, UV_RUN_ONCE);
	engine->cancel(engine, &slow[1].job);
	while (n_open > 2)
		uv_run(&loop, UV_RUN_ONCE);
	outcome_expect(&waits, 0, "%PDF fake");
	engine->cancel(engine, &slow[0].job);
	convert_job_fini(&slow[0].job);
	convert_job_fini(&slow[1].job);
}
END_TEST

/* A program that starts as long as no file says that one runs. */
START_TEST(test_what_a_second_program_cannot_take_waits_for_the_first)
{
	char folder[] = "/tmp/platen-office-XXXXXX";
	struct outcome slow, waits;
	char *started, *script;
	void *first;

	close_office();
	ck_assert_ptr_nonnull(mkdtemp(folder));
	started = xasprintf("%s/started", folder);
	script = xasprintf("set -C; : >%s || exit 1; exec %s good", started,
	                   program);

	const char *argv[] = {"/bin/sh", "-c", script, NULL};
	const struct office_options options = {
		.argv = argv,
		.seconds = 60,
		.max_bytes = 1 << 20,
		.idle_seconds = 600,
		.patience_ms = 1,
	};

	office = office_new(&loop, &options);
	order(&slow, "slow");
	order(&waits, "pdf");
	first = waits.job.engine_data;
	while (waits.job.engine_data == first)
		uv_run(&loop, UV_RUN_ONCE);
	while (waits.job.engine_data != first && n_open == 2)
		uv_run(&loop, UV_RUN_ONCE);
	ck_assert_int_eq(unlink(started), 0);
	office_engine(office)->cancel(office_engine(office), &slow.job);
	convert_job_fini(&slow.job);
	while (waits.n_told == 0)
		uv_run(&loop, UV_RUN_ONCE);
	outcome_expect(&waits, 0, "%PDF fake");
	ck_assert_int_eq(unlink(started), 0);
	ck_assert_int_eq(rmdir(folder), 0);
	free(started);
	free(script);
}
END_TEST

START_TEST(test_documents_become_pdfs_one_after_another)
{
	struct outcome outcomes[5];

	for (size_t i = 0; i < ARRAY_LEN(outcomes); i++)
		order(&outcomes[i], "pdf");
	outcome_run_all(&loop);
	for (size_t i = 0; i < ARRAY_LEN(outcomes); i++)
		outcome_expect(&outcomes[i], 0, "%PDF fake");
}
END_TEST

START_TEST(test_what_a_document_lacks_is_a_sentence)
{
	struct outcome locked, fine;

	order(&locked, "password");
	order(&fine, "pdf");
	outcome_run_all(&loop);
	outcome_expect(
		&locked, CONVERT_FAILED,
		"it is protected by a password; save it without one and send it again");
	outcome_expect(&fine, 0, "%PDF fake");
}
END_TEST

static const char *const deadly[] = {"broke", "die", "garbage", "huge"};

START_TEST(test_what_breaks_it_is_tried_twice_and_costs_nobody_else)
{
	struct outcome bad, good;

	order(&bad, deadly[_i]);
	order(&good, "pdf");
	outcome_run_all(&loop);
	outcome_expect(&bad, CONVERT_FAILED,
	               "it breaks LibreOffice, or needs too much memory; "
	               "save it as PDF, and send that");
	ck_assert_uint_eq(bad.job.tries, 2);
	outcome_expect(&good, 0, "%PDF fake");
}
END_TEST

/* An answer that nobody asked for must not become the next document's. */
START_TEST(test_second_answer_is_no_answer_to_the_next)
{
	struct outcome twice, next;

	order(&twice, "twice");
	outcome_run_all(&loop);
	order(&next, "password");
	outcome_run_all(&loop);
	outcome_expect(&twice, 0, "%PDF fake");
	outcome_expect(
		&next, CONVERT_FAILED,
		"it is protected by a password; save it without one and send it again");
}
END_TEST

/* The document goes with its answer: nobody may still be reading it. */
START_TEST(test_answer_to_an_unread_document_is_none)
{
	char *large CLEANUP(xfree) = xcalloc(4, 1 << 20);
	struct outcome unread;

	close_office();
	open_office("hasty");
	memset(large, 'x', (4 << 20) - 1);
	order(&unread, large);
	outcome_run_all(&loop);
	outcome_expect(&unread, CONVERT_FAILED,
	               "it breaks LibreOffice, or needs too much memory; "
	               "save it as PDF, and send that");
}
END_TEST

START_TEST(test_cancelled_document_is_never_told)
{
	struct convert_engine *engine = office_engine(office);
	struct outcome waiting, running, next;

	order(&running, "slow");
	order(&waiting, "pdf");
	while (running.job.link.next != &running.job.link)
		uv_run(&loop, UV_RUN_ONCE);
	engine->cancel(engine, &running.job);
	engine->cancel(engine, &waiting.job);
	n_open -= 2;
	order(&next, "pdf");
	outcome_run_all(&loop);
	outcome_expect(&next, 0, "%PDF fake");
	ck_assert_int_eq(running.n_told + waiting.n_told, 0);
	convert_job_fini(&running.job);
	convert_job_fini(&waiting.job);
}
END_TEST

START_TEST(test_program_that_never_gets_ready_fails_documents_at_once)
{
	struct outcome outcomes[2];

	close_office();
	open_office("stillborn");
	for (size_t i = 0; i < ARRAY_LEN(outcomes); i++)
		order(&outcomes[i], "pdf");
	outcome_run_all(&loop);
	for (size_t i = 0; i < ARRAY_LEN(outcomes); i++)
		outcome_expect(
			&outcomes[i], -EIO,
			"LibreOffice does not start; save it as PDF, and send that");
}
END_TEST

START_TEST(test_missing_program_fails_documents_at_once)
{
	struct outcome outcome;

	close_office();
	free(program);
	program = xstrdup("/no/such/program");
	open_office("good");
	order(&outcome, "pdf");
	outcome_run_all(&loop);
	outcome_expect(
		&outcome, -EIO,
		"LibreOffice does not start; save it as PDF, and send that");
}
END_TEST

/* The script tells of its start by a file; ready comes after it. */
START_TEST(test_a_warm_program_waits_for_its_first_document)
{
	char folder[] = "/tmp/platen-office-XXXXXX";
	char *started, *script;
	struct outcome first;

	close_office();
	ck_assert_ptr_nonnull(mkdtemp(folder));
	started = xasprintf("%s/started", folder);
	script = xasprintf("echo >>%s; exec %s good", started, program);

	const char *argv[] = {"/bin/sh", "-c", script, NULL};
	const struct office_options options = {
		.argv = argv,
		.seconds = 1,
		.max_bytes = 1 << 20,
		.keep_warm = true,
	};

	office = office_new(&loop, &options);
	while (access(started, F_OK) < 0)
		uv_run(&loop, UV_RUN_ONCE);
	order(&first, "pdf");
	outcome_run_all(&loop);
	outcome_expect(&first, 0, "%PDF fake");
	ck_assert_int_eq(unlink(started), 0);
	ck_assert_int_eq(rmdir(folder), 0);
	free(started);
	free(script);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("office");
	TCase *tcase = tcase_create("office");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, test_nobody_waits_for_the_end_of_a_slow_document);
	tcase_add_test(tcase,
	               test_a_document_that_was_passed_on_can_be_cancelled);
	tcase_add_test(
		tcase,
		test_what_a_second_program_cannot_take_waits_for_the_first);
	tcase_add_test(tcase, test_documents_become_pdfs_one_after_another);
	tcase_add_test(tcase, test_what_a_document_lacks_is_a_sentence);
	tcase_add_loop_test(
		tcase, test_what_breaks_it_is_tried_twice_and_costs_nobody_else,
		0, ARRAY_LEN(deadly));
	tcase_add_test(tcase, test_second_answer_is_no_answer_to_the_next);
	tcase_add_test(tcase, test_answer_to_an_unread_document_is_none);
	tcase_add_test(tcase, test_cancelled_document_is_never_told);
	tcase_add_test(
		tcase,
		test_program_that_never_gets_ready_fails_documents_at_once);
	tcase_add_test(tcase, test_missing_program_fails_documents_at_once);
	tcase_add_test(tcase, test_a_warm_program_waits_for_its_first_document);
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
