/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/browser.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/mem.h"
#include "render/fetch.h"
#include "outcome.h"
#include "tests/unit/check_run.h"

/*
 * Documents for tests/lib/fake_browser, which does what they say. `starts`
 * grows by a byte whenever it is started.
 */
static char folder[] = "/tmp/platen-browser-XXXXXX";
static char starts[64];
static uv_loop_t loop;
static struct browser *browser;
static struct convert_engine *engine;

static void print(struct outcome *document, const char *html)
{
	*document = (struct outcome){
		.job = {.name = "html",
	                .is_unfit = strcmp(html, "bare") == 0,
	                .page = {.width = 21000, .height = 29700}},
	};
	buf_puts(&document->job.document, html);
	document->job.resources = xcalloc(1, sizeof(struct convert_resource));
	document->job.n_resources = 1;
	document->job.resources[0].name = xstrdup("a b@x");
	document->job.resources[0].location = xstrdup("");
	document->job.resources[0].type = xstrdup("image/png");
	buf_puts(&document->job.resources[0].bytes, "picture");
	outcome_start(document, engine);
}

static bool keep_warm;
static uint64_t max_resident = UINT64_MAX;

static void open_browser(unsigned documents, unsigned seconds,
                         unsigned max_documents)
{
	char *path CLEANUP(xfree) =
		xasprintf("%s/fake_browser", getenv("PLATEN_BIN"));
	const char *argv[] = {path, starts, NULL};
	struct browser_options options = {
		.argv = argv,
		.documents = documents,
		.seconds = seconds,
		.max_pdf = 20 << 20,
		.wear = {.documents = max_documents,
	                 .bytes = 1 << 30,
	                 .resident = max_resident},
		.idle_seconds = 60,
		.keep_warm = keep_warm,
	};

	ck_assert_int_eq(uv_loop_init(&loop), 0);
	browser = browser_new(&loop, &options);
	engine = browser_engine(browser);
}

static void run_and_close(struct outcome *documents, size_t n)
{
	outcome_run_all(&loop);
	browser_close(browser, NULL, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
	for (size_t i = 0; i < n; i++) {
		ck_assert_int_eq(documents[i].n_told, 1);
		convert_job_fini(&documents[i].job);
	}
}

static int n_starts(void)
{
	struct stat st;

	return stat(starts, &st) < 0 ? 0 : (int)st.st_size;
}

START_TEST(test_a_document_becomes_a_pdf)
{
	struct outcome document;

	open_browser(1, 20, 100);
	print(&document, "<p>hello");
	run_and_close(&document, 1);
	ck_assert_int_eq(document.status, 0);
	ck_assert_str_eq(document.pdf, "<p>hello");
	ck_assert_int_eq(n_starts(), 1);
}
END_TEST

START_TEST(test_a_picture_is_found_by_its_encoded_content_id)
{
	struct outcome document;

	open_browser(1, 20, 100);
	print(&document, "cid=a%20b%40x ");
	run_and_close(&document, 1);
	ck_assert_str_eq(document.pdf, "cid=a%20b%40x  [200]picture");
}
END_TEST

START_TEST(test_what_the_mail_did_not_bring_is_refused)
{
	struct outcome document;

	open_browser(1, 20, 100);
	print(&document, "it leaves");
	run_and_close(&document, 1);
	ck_assert_str_eq(document.pdf, "it leaves [204] [failed]");
	ck_assert_uint_eq(document.job.n_left_out, 1);
}
END_TEST

/* The page stays open for a while; what it asked for is nobody's any more. */
START_TEST(test_a_picture_that_comes_after_the_pdf_is_dropped)
{
	const struct fetch_guard guard = {0};
	const struct fetcher_options options = {
		.guard = &guard,
		.limits = {.bytes = 1024, .timeout_ms = 9000, .connections = 1},
	};
	struct fetcher *fetcher;
	struct outcome document;

	open_browser(1, 20, 100);
	fetcher = fetcher_new(&loop, &options);
	print(&document, "late");
	document.job.pictures = fetcher;
	outcome_run_all(&loop);
	for (int i = 0; i < 3; i++)
		uv_run(&loop, UV_RUN_NOWAIT); /* it is refused */
	fetcher_close(fetcher, NULL, NULL);
	run_and_close(&document, 1);
	ck_assert_str_eq(document.pdf, "late");
}
END_TEST

/* Set as UTF-8 it may be larger than what the web server was allowed to say. */
START_TEST(test_a_page_of_the_web_that_is_full_asks_for_nothing_more)
{
	const struct fetch_guard guard = {0};
	const struct fetcher_options options = {
		.guard = &guard,
		.limits = {.bytes = 4, .timeout_ms = 9000, .connections = 1},
	};
	struct convert_web web = {.url = "http://mail.invalid/"};
	struct outcome document;

	open_browser(1, 20, 100);
	web.fetcher = fetcher_new(&loop, &options);
	print(&document, "leaves");
	document.job.web = &web;
	outcome_run_all(&loop);
	fetcher_close(web.fetcher, NULL, NULL);
	run_and_close(&document, 1);
	ck_assert_str_eq(document.pdf, "leaves [failed] [failed]");
	ck_assert_uint_eq(document.job.n_left_out, 1);
}
END_TEST

START_TEST(test_a_page_of_the_web_that_stops_loading_is_printed)
{
	struct fetch_guard guard = {0};
	const struct fetcher_options options = {.guard = &guard};
	struct convert_web web = {.url = "http://mail.invalid/"};
	struct outcome document;

	open_browser(1, 20, 100);
	web.fetcher = fetcher_new(&loop, &options);
	print(&document, "stops");
	document.job.web = &web;
	outcome_run_all(&loop);
	fetcher_close(web.fetcher, NULL, NULL);
	run_and_close(&document, 1);
	ck_assert_str_eq(document.pdf, "stops");
}
END_TEST

/* 190 mm are 718 CSS pixels, 277 are 1047. */
static const struct {
	const char *html, *pdf;
} wide[] = {
	{"wide", "wide at 0.67"},
	{"very wide", "very wide at 0.50, turned"},
};

START_TEST(test_what_is_wider_than_the_paper_is_fitted_to_it)
{
	struct outcome document;

	open_browser(1, 20, 100);
	print(&document, wide[_i].html);
	run_and_close(&document, 1);
	ck_assert_str_eq(document.pdf, wide[_i].pdf);
}
END_TEST

START_TEST(test_a_page_with_nothing_to_see_is_not_printed)
{
	struct outcome document;

	open_browser(1, 20, 100);
	print(&document, "bare");
	run_and_close(&document, 1);
	ck_assert_int_eq(document.status, CONVERT_FAILED);
	ck_assert_str_eq(document.sentence, "the page is empty");
}
END_TEST

START_TEST(test_a_page_that_asks_without_end_is_refused)
{
	struct outcome document;
	struct buf *picture;
	const char *failed;

	open_browser(1, 20, 100);
	print(&document, "greedy ");
	free(document.job.resources[0].name);
	document.job.resources[0].name = xstrdup("big");
	picture = &document.job.resources[0].bytes;
	buf_reserve(picture, 100000);
	memset(picture->data, 'x', 100000);
	picture->len = 100000;
	run_and_close(&document, 1);
	ck_assert_int_eq(document.status, 0);
	/* four times what there is, and a megabyte: 14 pictures of 99 */
	failed = strstr(document.pdf, " [failed]");
	ck_assert_ptr_nonnull(failed);
	ck_assert_uint_eq(strlen(failed), 85 * strlen(" [failed]"));
}
END_TEST

START_TEST(test_one_browser_prints_many_documents)
{
	struct outcome documents[12];

	open_browser(2, 20, 100);
	for (size_t i = 0; i < ARRAY_LEN(documents); i++)
		print(&documents[i], "one of many");
	run_and_close(documents, ARRAY_LEN(documents));
	for (size_t i = 0; i < ARRAY_LEN(documents); i++)
		ck_assert_int_eq(documents[i].status, 0);
	ck_assert_int_eq(n_starts(), 1);
}
END_TEST

START_TEST(test_a_worn_browser_is_replaced)
{
	struct outcome documents[7];

	open_browser(1, 20, 3);
	for (size_t i = 0; i < ARRAY_LEN(documents); i++)
		print(&documents[i], "one of many");
	run_and_close(documents, ARRAY_LEN(documents));
	for (size_t i = 0; i < ARRAY_LEN(documents); i++)
		ck_assert_int_eq(documents[i].status, 0);
	ck_assert_int_eq(n_starts(), 3);
}
END_TEST

/* Its memory is looked at after its first document. */
START_TEST(test_a_browser_that_grew_is_replaced)
{
	struct outcome documents[3];

	max_resident = 1;
	open_browser(1, 20, 100);
	for (size_t i = 0; i < ARRAY_LEN(documents); i++)
		print(&documents[i], "one");
	run_and_close(documents, ARRAY_LEN(documents));
	ck_assert_int_eq(documents[2].status, 0);
	ck_assert_int_eq(n_starts(), 3);
}
END_TEST

START_TEST(test_a_warm_browser_waits_for_its_first_document)
{
	struct outcome document;

	keep_warm = true;
	open_browser(1, 20, 100);
	while (n_starts() == 0)
		uv_run(&loop, UV_RUN_ONCE);
	print(&document, "one");
	run_and_close(&document, 1);
	ck_assert_int_eq(document.status, 0);
	ck_assert_int_eq(n_starts(), 1);
}
END_TEST

START_TEST(test_a_browser_that_died_is_started_again_for_its_document)
{
	struct outcome document;

	open_browser(1, 20, 100);
	print(&document, "dies-first");
	run_and_close(&document, 1);
	ck_assert_int_eq(document.status, 0);
	ck_assert_str_eq(document.pdf, "dies-first");
	ck_assert_int_eq(n_starts(), 2);
}
END_TEST

static const struct {
	const char *html;
	unsigned seconds;
	int n_starts;
	const char *sentence;
} bad[] = {
	{"dies", 20, 2, "the browser breaks on it"},
	{"crashes", 20, 1, "the browser breaks on it"},
	{"hangs", 1, 2,
         "it takes too long to print: more than 1 s; send less of it at a time"},
	{"garbage", 20, 2, "the browser breaks on it"},
	{"deep", 20, 2, "the browser breaks on it"},
	{"endless", 20, 2, "the browser breaks on it"},
	{"huge", 20, 1,
         "it becomes too large a PDF: more than 20 MB; send less of it at a time"},
	{"refuses", 20, 1, "the browser cannot print it"},
};

START_TEST(test_a_bad_document_is_tried_twice_and_no_more)
{
	struct outcome document;

	open_browser(2, bad[_i].seconds, 100);
	print(&document, bad[_i].html);
	run_and_close(&document, 1);
	ck_assert_int_eq(document.status, CONVERT_FAILED);
	ck_assert_str_eq(document.sentence, bad[_i].sentence);
	ck_assert_int_eq(n_starts(), bad[_i].n_starts);
}
END_TEST

START_TEST(test_a_bad_document_does_not_take_the_others_with_it)
{
	struct outcome documents[5];

	open_browser(3, 20, 100);
	for (size_t i = 0; i < ARRAY_LEN(documents); i++)
		print(&documents[i], i == 1 ? "dies" : "good");
	run_and_close(documents, ARRAY_LEN(documents));
	for (size_t i = 0; i < ARRAY_LEN(documents); i++)
		ck_assert_int_eq(documents[i].status,
		                 i == 1 ? CONVERT_FAILED : 0);
}
END_TEST

START_TEST(test_a_browser_that_cannot_start_fails_its_documents)
{
	struct outcome documents[2];

	snprintf(starts, sizeof starts, "stillborn");
	open_browser(1, 20, 100);
	print(&documents[0], "one");
	print(&documents[1], "two");
	run_and_close(documents, 2);
	ck_assert_int_eq(documents[0].status, -EIO);
	ck_assert_str_eq(documents[1].sentence, "the browser does not start");
}
END_TEST

START_TEST(test_a_missing_program_fails_its_documents)
{
	const char *argv[] = {"/nonexistent/browser", NULL};
	struct browser_options options = {.argv = argv, .documents = 1};
	struct outcome document;

	ck_assert_int_eq(uv_loop_init(&loop), 0);
	browser = browser_new(&loop, &options);
	engine = browser_engine(browser);
	print(&document, "one");
	run_and_close(&document, 1);
	ck_assert_int_eq(document.status, -EIO);
}
END_TEST

static void on_cancel_time(uv_timer_t *timer)
{
	struct outcome *documents = timer->data;

	engine->cancel(engine, &documents[0].job);
	engine->cancel(engine, &documents[1].job);
	n_open = 0;
	browser_close(browser, NULL, NULL);
	uv_close((uv_handle_t *)timer, NULL);
}

START_TEST(test_cancelled_documents_are_let_go_at_once)
{
	struct outcome documents[2];
	uv_timer_t timer;

	open_browser(1, 20, 100);
	print(&documents[0], "hangs");
	print(&documents[1], "waits");
	uv_timer_init(&loop, &timer);
	timer.data = documents;
	uv_timer_start(&timer, on_cancel_time, 100, 0);
	uv_run(&loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
	for (size_t i = 0; i < 2; i++) {
		ck_assert_int_eq(documents[i].n_told, 0);
		convert_job_fini(&documents[i].job);
	}
}
END_TEST

static void make_folder(void)
{
	snprintf(folder, sizeof folder, "/tmp/platen-browser-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(starts, sizeof starts, "%s/starts", folder);
}

static void remove_folder(void)
{
	unlink(starts);
	rmdir(folder);
}

int main(void)
{
	Suite *suite = suite_create("browser");
	TCase *tcase = tcase_create("browser");

	signal(SIGPIPE, SIG_IGN); /* as platend does */
	log_set_level(LOG_LEVEL_ERROR);
	tcase_set_timeout(tcase, 120);
	tcase_add_checked_fixture(tcase, make_folder, remove_folder);
	tcase_add_test(tcase, test_a_document_becomes_a_pdf);
	tcase_add_test(tcase,
	               test_a_picture_is_found_by_its_encoded_content_id);
	tcase_add_test(tcase, test_what_the_mail_did_not_bring_is_refused);
	tcase_add_test(tcase,
	               test_a_picture_that_comes_after_the_pdf_is_dropped);
	tcase_add_test(
		tcase,
		test_a_page_of_the_web_that_is_full_asks_for_nothing_more);
	tcase_add_test(tcase,
	               test_a_page_of_the_web_that_stops_loading_is_printed);
	tcase_add_loop_test(tcase,
	                    test_what_is_wider_than_the_paper_is_fitted_to_it,
	                    0, ARRAY_LEN(wide));
	tcase_add_test(tcase, test_a_page_with_nothing_to_see_is_not_printed);
	tcase_add_test(tcase, test_a_page_that_asks_without_end_is_refused);
	tcase_add_test(tcase, test_one_browser_prints_many_documents);
	tcase_add_test(tcase, test_a_worn_browser_is_replaced);
	tcase_add_test(tcase, test_a_browser_that_grew_is_replaced);
	tcase_add_test(tcase, test_a_warm_browser_waits_for_its_first_document);
	tcase_add_test(
		tcase,
		test_a_browser_that_died_is_started_again_for_its_document);
	tcase_add_loop_test(tcase,
	                    test_a_bad_document_is_tried_twice_and_no_more, 0,
	                    ARRAY_LEN(bad));
	tcase_add_test(tcase,
	               test_a_bad_document_does_not_take_the_others_with_it);
	tcase_add_test(tcase,
	               test_a_browser_that_cannot_start_fails_its_documents);
	tcase_add_test(tcase, test_a_missing_program_fails_its_documents);
	tcase_add_test(tcase, test_cancelled_documents_are_let_go_at_once);
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
