/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>
#include <signal.h>

#include "base/mem.h"
#include "render/postscript.h"
#include "outcome.h"
#include "tests/unit/check_run.h"

/*
 * The engine with a program that misbehaves on order: what a job hears of it,
 * and that nothing is left.
 */
#define MAX_BYTES 65536

static uv_loop_t loop;
static struct postscript *postscript;

static void order_bytes(struct outcome *outcome, const char *text, size_t len)
{
	struct convert_engine *engine = postscript_engine(postscript);

	*outcome = (struct outcome){0};
	outcome->job.name = "ps";
	outcome->job.page =
		(struct convert_page){.width = 2540, .height = 5080};
	buf_append(&outcome->job.document, text, len);
	outcome_start(outcome, engine);
}

static void order(struct outcome *outcome, const char *text)
{
	order_bytes(outcome, text, strlen(text));
}

static void open_postscript(const char *name, const char *mode)
{
	char *program CLEANUP(xfree) =
		xasprintf("%s/%s", getenv("PLATEN_BIN"), name);
	const char *argv[] = {program, mode, NULL};
	const struct postscript_options options = {
		.argv = argv,
		.seconds = 1,
		.max_bytes = MAX_BYTES,
	};

	postscript = postscript_new(&loop, &options);
}

static void on_closed(void *arg)
{
	++*(int *)arg;
}

static void close_postscript(void)
{
	int n_closed = 0;

	postscript_close(postscript, on_closed, &n_closed);
	uv_run(&loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(n_closed, 1);
}

static void setup(void)
{
	signal(SIGPIPE, SIG_IGN); /* as platend does */
	n_open = 0;
	uv_loop_init(&loop);
	open_postscript("fake_ghostscript", "good");
}

static void teardown(void)
{
	close_postscript();
	ck_assert_int_eq(uv_loop_close(&loop), 0);
}

START_TEST(test_documents_become_pdfs_at_the_same_time)
{
	struct outcome outcomes[5];

	for (size_t i = 0; i < ARRAY_LEN(outcomes); i++)
		order(&outcomes[i], "pdf");
	outcome_run_all(&loop);
	for (size_t i = 0; i < ARRAY_LEN(outcomes); i++)
		outcome_expect(&outcomes[i], 0, "%PDF fake");
}
END_TEST

START_TEST(test_it_is_told_of_safety_and_paper)
{
	static const char *const words[] = {"-dSAFER", "-sDEVICE=pdfwrite",
	                                    "-dEPSCrop",
	                                    "-dDEVICEWIDTHPOINTS=72.00",
	                                    "-dDEVICEHEIGHTPOINTS=144.00"};
	struct outcome outcome;

	order(&outcome, "words");
	outcome_run_all(&loop);
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		ck_assert_ptr_nonnull(strstr(outcome.pdf, words[i]));
	ck_assert_ptr_nonnull(strstr(outcome.pdf, " - -c "));
	convert_job_fini(&outcome.job);
}
END_TEST

static const struct {
	const char *order, *sentence;
	int status;
} bad[] = {
	{"broken", "Ghostscript cannot make pages of it", CONVERT_FAILED},
	{"die", "it breaks Ghostscript", CONVERT_FAILED},
	{"endless",
         "it becomes too large a PDF: more than 64 kB; send less of it at a time",
         CONVERT_FAILED},
	{"slow",
         "it takes too long to print: more than 1 s; send less of it at a time",
         CONVERT_FAILED},
	{"gone", "it cannot be printed here: Ghostscript is not installed",
         -ENOENT},
	{"open", "it cannot be printed here: Ghostscript cannot be locked up",
         -EPERM},
};

START_TEST(test_what_goes_wrong_is_a_sentence_and_costs_nobody_else)
{
	struct outcome wrong, good;

	order(&wrong, bad[_i].order);
	order(&good, "pdf");
	outcome_run_all(&loop);
	outcome_expect(&wrong, bad[_i].status, bad[_i].sentence);
	outcome_expect(&good, 0, "%PDF fake");
}
END_TEST

START_TEST(test_document_that_is_not_read_to_its_end_is_fine)
{
	const size_t more_than_a_pipe = 4 << 20;
	char *text CLEANUP(xfree) = xcalloc(1, more_than_a_pipe);
	struct outcome outcome;

	close_postscript();
	open_postscript("fake_ghostscript", "deaf");
	order_bytes(&outcome, text, more_than_a_pipe);
	outcome_run_all(&loop);
	outcome_expect(&outcome, 0, "%PDF fake");
}
END_TEST

START_TEST(test_program_that_is_not_there_is_a_sentence)
{
	struct outcome outcome;

	close_postscript();
	open_postscript("no_such_program", "good");
	order(&outcome, "pdf");
	outcome_run_all(&loop);
	outcome_expect(&outcome, -ENOENT, "Ghostscript does not start");
}
END_TEST

START_TEST(test_cancelled_document_is_never_told)
{
	static const char *const orders[] = {"slow", "endless", "pdf"};
	struct convert_engine *engine = postscript_engine(postscript);
	struct outcome outcomes[ARRAY_LEN(orders)];

	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		order(&outcomes[i], orders[i]);
		engine->cancel(engine, &outcomes[i].job);
		convert_job_fini(&outcomes[i].job);
	}
	close_postscript();
	open_postscript("fake_ghostscript", "good");
	for (size_t i = 0; i < ARRAY_LEN(orders); i++)
		ck_assert_int_eq(outcomes[i].n_told, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("postscript");
	TCase *tcase = tcase_create("postscript");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, test_documents_become_pdfs_at_the_same_time);
	tcase_add_test(tcase, test_it_is_told_of_safety_and_paper);
	tcase_add_loop_test(
		tcase, test_what_goes_wrong_is_a_sentence_and_costs_nobody_else,
		0, ARRAY_LEN(bad));
	tcase_add_test(tcase,
	               test_document_that_is_not_read_to_its_end_is_fine);
	tcase_add_test(tcase, test_program_that_is_not_there_is_a_sentence);
	tcase_add_test(tcase, test_cancelled_document_is_never_told);
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
