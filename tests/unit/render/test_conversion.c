/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/conversion.h"

#include <errno.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "tests/unit/check_run.h"

/* An HTML mail with a picture; the engine is the test's own. */
static const char mail[] =
	"From: a@example.org\n"
	"MIME-Version: 1.0\n"
	"Content-Type: multipart/related; boundary=x\n\n"
	"--x\nContent-Type: text/html; charset=iso-8859-1\n\n"
	"<p>gr\374n <img src=\"cid:logo@x\">\n"
	"--x\nContent-Type: image/png\nContent-ID: <logo@x>\n\n"
	"\x89PNG\r\n\x1a\n and more\n"
	"--x--\n";

/*
 * Two pages: the smallest thing that MuPDF takes for a PDF. There is a font:
 * pages without one would show nothing of the mail's words.
 */
static const char two_pages[] =
	"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
	"2 0 obj<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2"
	"/MediaBox[0 0 595 842]>>endobj\n"
	"3 0 obj<</Type/Page/Parent 2 0 R/Resources<</Font<<>>>>>>endobj\n"
	"trailer<</Root 1 0 R>>\n";

enum manner {
	CONVERTS,
	REFUSES,
	FLOODS,
	SLEEPS,
	WORKS_LONG,
};

#define LONG_MS 400 /* several spares would be ready meanwhile */

static struct fake {
	struct convert_engine engine;
	enum manner manner;
	uv_timer_t later;
	struct convert_job *job;
	int n_started, n_cancelled;
	int n_children_before, n_children_after; /* it worked */
	char html[4096], resource[64];
	size_t resource_len;
	struct convert_page page;
} fake;

static struct seen {
	int status, n_ends;
	unsigned pages;
	char note[256], sentence[256];
} seen;

static uv_loop_t loop;
static struct render_pool *pool;
static struct render *render;

/* proc(5), /proc/PID/task/TID/children: numbers, each with a blank. */
static int n_children(void)
{
	FILE *file = fopen("/proc/thread-self/children", "re");
	int n = 0;

	ck_assert_ptr_nonnull(file);
	while (fscanf(file, "%*d") == 0 && fgetc(file) == ' ')
		n++;
	fclose(file);
	return n;
}

static void on_later(uv_timer_t *timer)
{
	struct convert_job *job = fake.job;
	struct buf pdf CLEANUP(buf_fini) = {0};

	fake.job = NULL;
	fake.n_children_after = n_children();
	if (fake.manner == REFUSES) {
		job->done(job, -EIO, NULL, "the engine is ill");
		return;
	}
	if (fake.manner == FLOODS) {
		pdf.len = PROTOCOL_CONVERT_MAX + 1;
		job->done(job, 0, &pdf, "");
		pdf.len = 0;
		return;
	}
	buf_puts(&pdf, two_pages);
	job->done(job, 0, &pdf, "");
}

static void fake_start(struct convert_engine *engine, struct convert_job *job)
{
	const struct convert_resource *file = convert_job_find(job, "logo@x");

	ck_assert_ptr_eq(engine, &fake.engine);
	fake.n_started++;
	fake.job = job;
	fake.page = job->page;
	fake.n_children_before = n_children();
	snprintf(fake.html, sizeof fake.html, "%s", buf_str(&job->document));
	if (file) {
		snprintf(fake.resource, sizeof fake.resource, "%s", file->type);
		fake.resource_len = file->bytes.len;
	}
	if (fake.manner == SLEEPS)
		render_cancel(render);
	else
		uv_timer_start(&fake.later, on_later,
		               fake.manner == WORKS_LONG ? LONG_MS : 1, 0);
}

static void fake_cancel(struct convert_engine *engine, struct convert_job *job)
{
	ck_assert_ptr_eq(fake.job, job);
	fake.job = NULL;
	fake.n_cancelled++;
}

static const struct render_target a5 = {
	.format = "image/pwg-raster",
	.dpi = 100,
	.media = "iso_a5_148x210mm",
	.media_width = 14800,
	.media_height = 21000,
	.margin_left = 300,
	.sides = "one-sided",
	.sheet_back = "normal",
};

static void on_ledger(struct render *r, void *arg)
{
	const char *ids[] = {"1"};

	ck_assert_int_eq(render_plan(r, &a5, ids, 1, NULL), 0);
}

static void on_part_note(struct render *r, const char *part, const char *note,
                         void *arg)
{
	ck_assert_str_eq(part, "1");
	snprintf(seen.note, sizeof seen.note, "%s", note);
}

static void close_all(void)
{
	render_pool_close(pool, NULL, NULL);
	uv_close((uv_handle_t *)&fake.later, NULL);
}

/* The worker that had the engine is gone: one more is two spares more. */
static void on_look(uv_timer_t *timer)
{
	if (n_children() > fake.n_children_before)
		close_all();
}

static void on_end(struct render *r, int status, unsigned pages, uint64_t bytes,
                   const char *sentence, void *arg)
{
	seen.n_ends++;
	seen.status = status;
	seen.pages = pages;
	snprintf(seen.sentence, sizeof seen.sentence, "%s", sentence);
	if (fake.manner == WORKS_LONG)
		uv_timer_start(&fake.later, on_look, 5, 5);
	else
		close_all();
}

static const struct render_events events = {
	.on_ledger = on_ledger,
	.on_part_note = on_part_note,
	.on_end = on_end,
};

static void print_mail(enum manner manner, bool has_engine)
{
	char *path CLEANUP(xfree) =
		xasprintf("%s/platen-render", getenv("PLATEN_BIN"));
	struct render_pool_options options = {
		.worker_path = path,
		.workers = 1,
		.spares = manner == WORKS_LONG ? 30 : 0,
		.limits = {.seconds = 60,
	                   .memory = UINT64_C(1) << 30,
	                   .pages = 50,
	                   .output_bytes = 10 << 20},
		.engines.html = has_engine ? &fake.engine : NULL,
	};

	seen = (struct seen){0};
	fake = (struct fake){
		.engine = {.start = fake_start, .cancel = fake_cancel},
		.manner = manner,
	};
	ck_assert_int_eq(uv_loop_init(&loop), 0);
	uv_timer_init(&loop, &fake.later);
	ck_assert_int_eq(render_pool_new(&loop, &options, &pool, NULL), 0);
	ck_assert_int_eq(render_start(pool, &events, NULL, &render, NULL), 0);
	render_feed(render, mail, sizeof mail - 1);
	render_feed_end(render);
	uv_run(&loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
	ck_assert_int_eq(seen.n_ends, 1);
}

START_TEST(test_an_html_part_is_printed_as_the_engine_s_pdf)
{
	print_mail(CONVERTS, true);
	ck_assert_msg(seen.status == 0, "%s", seen.sentence);
	ck_assert_uint_eq(seen.pages, 2);
	ck_assert_str_eq(seen.note, "");
	ck_assert_int_eq(fake.n_started, 1);
}
END_TEST

START_TEST(test_the_engine_gets_utf8_pictures_and_paper)
{
	print_mail(CONVERTS, true);
	ck_assert_ptr_nonnull(strstr(fake.html, "gr\303\274n"));
	ck_assert_str_eq(fake.resource, "image/png");
	ck_assert_uint_ge(fake.resource_len, 16);
	ck_assert_uint_eq(fake.page.width, 14800);
	ck_assert_uint_eq(fake.page.height, 21000);
	ck_assert_uint_eq(fake.page.margin_left, 300);
}
END_TEST

START_TEST(test_without_an_engine_html_is_printed_as_text_and_noted)
{
	print_mail(CONVERTS, false);
	ck_assert_int_eq(seen.status, 0);
	ck_assert_uint_eq(seen.pages, 1);
	ck_assert_int_eq(fake.n_started, 0);
	ck_assert_str_eq(seen.note, "printed as text: no browser is installed");
}
END_TEST

START_TEST(test_an_engine_s_failure_is_noted_and_text_printed)
{
	print_mail(REFUSES, true);
	ck_assert_int_eq(seen.status, 0);
	ck_assert_uint_eq(seen.pages, 1);
	ck_assert_str_eq(seen.note, "printed as text: the engine is ill");
}
END_TEST

START_TEST(test_a_huge_pdf_is_not_handed_on)
{
	print_mail(FLOODS, true);
	ck_assert_int_eq(seen.status, 0);
	ck_assert_str_eq(
		seen.note,
		"printed as text: it becomes too large a PDF: more than 96 MB; send less of it at a time");
}
END_TEST

START_TEST(test_cancel_while_the_engine_works_lets_go_of_it)
{
	print_mail(SLEEPS, true);
	ck_assert_int_eq(seen.status, -ECANCELED);
	ck_assert_int_eq(fake.n_cancelled, 1);
}
END_TEST

START_TEST(test_no_spare_starts_while_an_engine_works_and_then_they_come)
{
	print_mail(WORKS_LONG, true);
	ck_assert_int_eq(seen.status, 0);
	ck_assert_int_ge(fake.n_children_before, 1);
	ck_assert_int_eq(fake.n_children_before, fake.n_children_after);
}
END_TEST

/* What a worker that is not ours any more might say. */
static const char *const nonsense[] = {
	"convert=1 engine=office size=5 name=html resources=0",
	"convert=1 engine=html size=0 name=html resources=0",
	"convert=1 engine=html size=99999999999 name=html resources=0",
	"convert=1 engine=html size=5 name=html resources=1001",
	"resource=x type=y size=1",
};

static void on_busy(bool is_busy, void *arg)
{
}

START_TEST(test_a_senseless_wish_is_refused)
{
	struct convert_engines engines = {.html = &fake.engine};
	struct conversion *conversion = conversion_new(&engines, on_busy, NULL);
	char text[128];
	struct protocol_line line;

	snprintf(text, sizeof text, "%s", nonsense[_i]);
	ck_assert_int_eq(protocol_parse(text, &line, NULL), 0);
	ck_assert_int_eq(conversion_take_line(conversion, &line), -EINVAL);
	ck_assert_int_eq(conversion_take_bytes(conversion, "x", 1), -EINVAL);
	conversion_free(conversion);
}
END_TEST

static const struct {
	const char *location, *url;
	bool is_found;
} addresses[] = {
	{"http://a.example/r.png?a=1", "http://a.example/r.png?a=1", true},
	{"https://a.example/r.png", "http://a.example/r.png", true},
	{"cid:css-1@x", "cid:css-1@x", true},
	{"r.png", "http://here/r.png", true},
	{"file:///C:/1/d_files/r.png", "http://here/d_files/r.png", true},
	{"C:\\1\\r.png", "http://here/r.png", true},
	{"http://a.example/other.png", "http://here/r.png", false},
	{"http://a.example/other.png", "http://here/", false},
	{"http://a.example/r.png", "http://b.example/r.png", false},
	{"", "http://here/", false},
};

START_TEST(test_resources_are_found_by_their_address)
{
	char *location CLEANUP(xfree) = xstrdup(addresses[_i].location);
	struct convert_resource resource = {.location = location};
	const struct convert_job job = {
		.resources = &resource,
		.n_resources = 1,
	};

	ck_assert((convert_job_find_location(&job, addresses[_i].url,
	                                     "http://here/") != NULL) ==
	          addresses[_i].is_found);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("conversion");
	TCase *tcase = tcase_create("conversion");

	log_set_level(LOG_LEVEL_ERROR);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, test_resources_are_found_by_their_address, 0,
	                    ARRAY_LEN(addresses));
	tcase_add_test(tcase, test_an_html_part_is_printed_as_the_engine_s_pdf);
	tcase_add_test(tcase, test_the_engine_gets_utf8_pictures_and_paper);
	tcase_add_test(
		tcase,
		test_without_an_engine_html_is_printed_as_text_and_noted);
	tcase_add_test(tcase,
	               test_an_engine_s_failure_is_noted_and_text_printed);
	tcase_add_test(tcase, test_a_huge_pdf_is_not_handed_on);
	tcase_add_test(tcase, test_cancel_while_the_engine_works_lets_go_of_it);
	tcase_add_test(
		tcase,
		test_no_spare_starts_while_an_engine_works_and_then_they_come);
	tcase_add_loop_test(tcase, test_a_senseless_wish_is_refused, 0,
	                    ARRAY_LEN(nonsense));
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
