/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/pool.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "tests/unit/check_run.h"

static const char one_page[] = "From: a@example.org\r\n"
			       "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"
			       "\r\n"
			       "Hello printer\r\n";

static const char three_pages[] = "From: a@example.org\n\n1\n\f2\n\f3\n";

static uv_loop_t loop;
static struct render_pool *pool;
static int nicer; /* than this program, which may be nice itself */
static char folder[] = "/tmp/platen-pool-XXXXXX";

/* What one render told. */
struct seen {
	const char *message;
	bool plan_nothing, cancel_at_ledger, close_at_end;
	bool plan_senseless, plan_ahead;
	struct render *cancel_at_end; /* NULL: none */
	int n_nice; /* workers that are, at the first print data */
	int n_ledgers, n_pages, n_ends, status;
	unsigned pages;
	uint64_t bytes, page_end;
	struct buf data;
	char subject[64], sentence[256];
	char first_part[64];
};

static void on_header(struct render *render, const char *name,
                      const char *value, void *arg)
{
	struct seen *seen = arg;

	if (strcmp(name, "subject") == 0)
		snprintf(seen->subject, sizeof seen->subject, "%s", value);
}

static void on_part(struct render *render, const struct render_part *part,
                    void *arg)
{
	struct seen *seen = arg;

	ck_assert(part->printable);
	snprintf(seen->first_part, sizeof seen->first_part, "%s", part->id);
}

static const struct render_target a4 = {
	.format = "image/pwg-raster",
	.dpi = 100,
	.media = "iso_a4_210x297mm",
	.media_width = 21000,
	.media_height = 29700,
	.sides = "one-sided",
	.sheet_back = "normal",
};

static void on_ledger(struct render *render, void *arg)
{
	struct seen *seen = arg;
	const char *ids[] = {seen->first_part};
	struct render_target target = a4;

	target.is_ahead = seen->plan_ahead;
	seen->n_ledgers++;
	if (seen->cancel_at_ledger) {
		render_cancel(render);
		return;
	}
	if (seen->plan_senseless) {
		target.dpi = 0;
		ck_assert_int_eq(render_plan(render, &target, ids, 1, NULL),
		                 -EINVAL);
		target.dpi = a4.dpi;
	}
	ck_assert_int_eq(render_plan(render, &target, ids,
	                             seen->plan_nothing ? 0 : 1, NULL),
	                 0);
}

/* In our session, for other tests have workers, too. */
static bool is_nice_worker(const char *pid)
{
	char *path CLEANUP(xfree) = xasprintf("/proc/%s/stat", pid);
	FILE *file = fopen(path, "re");
	int session = 0, nice = 0;

	if (!file)
		return false;
	if (fscanf(file,
	           "%*d (platen-render) %*c %*d %*d %d %*d %*d %*u %*u %*u %*u "
	           "%*u %*u %*u %*d %*d %*d %d",
	           &session, &nice) < 2)
		nice = 0;
	fclose(file);
	return session == getsid(0) && nice == nicer;
}

static int count_nice_workers(void)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	int n = 0;

	while ((entry = readdir(proc)))
		n += is_nice_worker(entry->d_name);
	closedir(proc);
	return n;
}

static void on_data(struct render *render, const void *data, size_t len,
                    void *arg)
{
	struct seen *seen = arg;

	if (seen->data.len == 0)
		seen->n_nice = count_nice_workers();
	buf_append(&seen->data, data, len);
}

static void on_page(struct render *render, unsigned page, uint64_t end_offset,
                    const char *part, void *arg)
{
	struct seen *seen = arg;

	ck_assert_uint_le(end_offset, seen->data.len);
	ck_assert_uint_eq(page, (unsigned)++seen->n_pages);
	ck_assert_str_eq(part, seen->first_part);
	seen->page_end = end_offset;
}

static void on_end(struct render *render, int status, unsigned pages,
                   uint64_t bytes, const char *sentence, void *arg)
{
	struct seen *seen = arg;

	seen->n_ends++;
	seen->status = status;
	seen->pages = pages;
	seen->bytes = bytes;
	snprintf(seen->sentence, sizeof seen->sentence, "%s", sentence);
	if (seen->cancel_at_end)
		render_cancel(seen->cancel_at_end);
	if (seen->close_at_end)
		render_pool_close(pool, NULL, NULL);
}

static const struct render_events events = {
	.on_header = on_header,
	.on_part = on_part,
	.on_ledger = on_ledger,
	.on_data = on_data,
	.on_page = on_page,
	.on_end = on_end,
};

static struct render *start(struct seen *seen, const char *message)
{
	struct render *render;

	ck_assert_int_eq(render_start(pool, &events, seen, &render, NULL), 0);
	ck_assert_int_eq(seen->n_ends, 0);
	render_feed(render, message, strlen(message));
	render_feed_end(render);
	return render;
}

/* Nothing is ever given to it. */
static struct convert_engine idle_engine;

static void open_pool(const char *path, unsigned workers, unsigned spares,
                      unsigned seconds)
{
	struct render_pool_options options = {
		.worker_path = path,
		.workers = workers,
		.spares = spares,
		.nice = nicer,
		.limits = {.seconds = seconds,
	                   .memory = UINT64_C(1) << 30,
	                   .pages = 50,
	                   .output_bytes = 10 << 20},
		.engines.html = &idle_engine,
	};
	struct err err = {0};

	ck_assert_int_eq(uv_loop_init(&loop), 0);
	ck_assert_msg(render_pool_new(&loop, &options, &pool, &err) == 0, "%s",
	              err.text);
}

static void open_real_pool(unsigned workers, unsigned spares)
{
	char *path CLEANUP(xfree) =
		xasprintf("%s/platen-render", getenv("PLATEN_BIN"));

	open_pool(path, workers, spares, 60);
}

static void open_bad_pool(const char *name, unsigned seconds)
{
	char *target CLEANUP(xfree) =
		xasprintf("%s/bad_worker", getenv("PLATEN_BIN"));
	char *path CLEANUP(xfree) = xasprintf("%s/%s", folder, name);

	unlink(path);
	ck_assert_int_eq(symlink(target, path), 0);
	open_pool(path, 1, 0, seconds);
}

/* The last render of a test closes the pool; then the loop runs dry. */
static void run_and_close(void)
{
	uv_run(&loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
}

START_TEST(test_plain_mail_becomes_a_page)
{
	struct seen seen = {.close_at_end = true};

	open_real_pool(1, 1);
	start(&seen, one_page);
	run_and_close();
	ck_assert_msg(seen.status == 0, "%s", seen.sentence);
	ck_assert_int_eq(seen.n_ledgers, 1);
	ck_assert_int_eq(seen.n_ends, 1);
	ck_assert_uint_eq(seen.pages, 1);
	ck_assert_str_eq(seen.subject, "Gr\303\274\303\237e");
	ck_assert_mem_eq(seen.data.data, "RaS2", 4);
	ck_assert_uint_eq(seen.bytes, seen.data.len);
	ck_assert_uint_eq(seen.page_end, seen.data.len);
	buf_fini(&seen.data);
}
END_TEST

START_TEST(test_pages_are_told_after_their_bytes)
{
	struct seen seen = {.close_at_end = true};

	open_real_pool(1, 0);
	start(&seen, three_pages);
	run_and_close();
	ck_assert_msg(seen.status == 0, "%s", seen.sentence);
	ck_assert_uint_eq(seen.pages, 3);
	ck_assert_int_eq(seen.n_pages, 3);
	buf_fini(&seen.data);
}
END_TEST

/* More print data than a pipe holds: when the first comes, its worker lives. */
static void put_many_pages(struct buf *message)
{
	buf_puts(message, "From: a@example.org\n\n");
	for (int page = 0; page < 40; page++) {
		for (int line = 0; line < 40; line++)
			buf_puts(message, "as the crow flies, and so on\n");
		buf_puts(message, "\f");
	}
}

START_TEST(test_pages_made_ahead_leave_the_processor_to_others)
{
	struct seen seen = {.close_at_end = true, .plan_ahead = _i == 1};
	struct buf message CLEANUP(buf_fini) = {0};

	put_many_pages(&message);
	open_real_pool(1, 0);
	start(&seen, buf_str(&message));
	run_and_close();
	ck_assert_msg(seen.status == 0, "%s", seen.sentence);
	ck_assert_uint_gt(seen.bytes, 256 << 10);
	ck_assert_int_eq(seen.n_nice > 0, _i == 1);
	buf_fini(&seen.data);
}
END_TEST

START_TEST(test_a_server_that_is_nicer_makes_pages_ahead_all_the_same)
{
	struct seen seen = {.close_at_end = true, .plan_ahead = true};

	ck_assert_int_eq(setpriority(PRIO_PROCESS, 0, nicer + 1), 0);
	open_real_pool(1, 0);
	start(&seen, one_page);
	run_and_close();
	ck_assert_msg(seen.status == 0, "%s", seen.sentence);
	ck_assert_uint_eq(seen.pages, 1);
	buf_fini(&seen.data);
}
END_TEST

START_TEST(test_an_empty_plan_prints_nothing_and_succeeds)
{
	struct seen seen = {.close_at_end = true, .plan_nothing = true};

	open_real_pool(1, 0);
	start(&seen, one_page);
	run_and_close();
	ck_assert_int_eq(seen.status, 0);
	ck_assert_uint_eq(seen.pages, 0);
	buf_fini(&seen.data);
}
END_TEST

START_TEST(test_more_mails_than_workers_wait_their_turn)
{
	struct seen seen[3] = {{0}, {0}, {.close_at_end = true}};

	open_real_pool(1, 1);
	for (int i = 0; i < 3; i++)
		start(&seen[i], one_page);
	run_and_close();
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(seen[i].status, 0);
		ck_assert_uint_eq(seen[i].pages, 1);
		buf_fini(&seen[i].data);
	}
}
END_TEST

START_TEST(test_cancel_ends_with_ecanceled)
{
	struct seen queued = {0},
		    planning = {.cancel_at_ledger = true, .close_at_end = true};

	open_real_pool(1, 0);
	start(&planning, one_page);
	render_cancel(start(&queued, one_page));
	ck_assert_int_eq(queued.n_ends, 0);
	run_and_close();
	ck_assert_int_eq(queued.status, -ECANCELED);
	ck_assert_int_eq(planning.status, -ECANCELED);
	ck_assert_int_eq(planning.n_ends, 1);
}
END_TEST

START_TEST(test_what_is_cancelled_when_its_turn_comes_does_not_begin)
{
	struct seen first = {.cancel_at_ledger = true},
		    second = {.close_at_end = true};

	open_real_pool(1, 0);
	start(&first, one_page);
	first.cancel_at_end = start(&second, one_page);
	run_and_close();
	ck_assert_int_eq(first.status, -ECANCELED);
	ck_assert_int_eq(second.status, -ECANCELED);
	ck_assert_int_eq(second.n_ledgers, 0);
	buf_fini(&second.data);
}
END_TEST

START_TEST(test_closing_the_pool_cancels_what_runs_and_waits)
{
	struct seen running = {0}, queued = {0};

	open_real_pool(1, 1);
	start(&running, one_page);
	start(&queued, one_page);
	render_pool_close(pool, NULL, NULL);
	run_and_close();
	ck_assert_int_eq(running.status, -ECANCELED);
	ck_assert_int_eq(queued.status, -ECANCELED);
	ck_assert_int_eq(running.n_ends + queued.n_ends, 2);
}
END_TEST

/* A message that is fed as render_feed() allows. */
static struct feeding {
	size_t left;
	int n_drains;
	bool has_waited;
} feeding;

static void feed_more(struct render *render)
{
	static const char line[] = "some words in a long mail\r\n";

	while (feeding.left > 0) {
		feeding.left--;
		if (!render_feed(render, line, sizeof line - 1)) {
			feeding.has_waited = true;
			return;
		}
	}
	render_feed_end(render);
}

static void on_feed_drain(struct render *render, void *arg)
{
	feeding.n_drains++;
	feed_more(render);
}

START_TEST(test_a_long_mail_is_fed_in_the_worker_s_pace)
{
	struct render_events feeding_events = events;
	struct seen seen = {.close_at_end = true, .plan_nothing = true};
	struct render *render;

	feeding = (struct feeding){.left = 200000};
	feeding_events.on_feed_drain = on_feed_drain;
	open_real_pool(1, 0);
	ck_assert_int_eq(render_start(pool, &feeding_events, &seen, &render,
	                              NULL),
	                 0);
	render_feed(render, "From: a@b\r\n\r\n", 13);
	feed_more(render);
	run_and_close();
	ck_assert_msg(seen.status == 0, "%s", seen.sentence);
	ck_assert(feeding.has_waited);
	ck_assert_int_gt(feeding.n_drains, 0);
	ck_assert_uint_eq(feeding.left, 0);
	buf_fini(&seen.data);
}
END_TEST

START_TEST(test_a_mail_beyond_the_bounds_fails_with_its_reason)
{
	struct seen seen = {.close_at_end = true};
	struct buf message CLEANUP(buf_fini) = {0};

	buf_puts(&message, "Content-Type: multipart/mixed; boundary=x\n\n");
	for (int i = 0; i < 1100; i++)
		buf_puts(&message, "--x\n\n");
	open_real_pool(1, 0);
	start(&seen, buf_str(&message));
	run_and_close();
	ck_assert_int_eq(seen.status, RENDER_FAILED);
	ck_assert_str_eq(
		seen.sentence,
		"it has more than 1000 parts: send them in several mails");
	ck_assert_int_eq(seen.n_ledgers, 0);
}
END_TEST

START_TEST(test_a_bad_worker_leaves_the_next_mail_alone)
{
	struct seen first = {0}, second = {.close_at_end = true};

	open_bad_pool("crash", 60);
	start(&first, one_page);
	start(&second, one_page);
	run_and_close();
	ck_assert_int_eq(first.status, RENDER_FAILED);
	ck_assert_int_eq(second.status, RENDER_FAILED);
	ck_assert_int_eq(first.n_ends + second.n_ends, 2);
}
END_TEST

static const struct {
	const char *name;
	unsigned seconds;
	int status;
	const char *sentence;
} bad[] = {
	{"crash", 60, RENDER_FAILED, "it broke its reader"},
	{"chatter", 60, RENDER_FAILED, "it broke its reader"},
	{"early", 60, RENDER_FAILED, "its reader ended in the middle"},
	{"hang", 1, RENDER_FAILED,
         "it takes too long to print: more than 1 s; send less of it at a time"},
	{"stingy", 1, RENDER_FAILED,
         "it takes too long to print: more than 1 s; send less of it at a time"},
	{"flood", 60, RENDER_FAILED, "it gives too much print data"},
	{"nonsense", 60, RENDER_FAILED, "its reader talks nonsense"},
	{"pages", 60, RENDER_FAILED, "its reader talks nonsense"},
	{"backwards", 60, RENDER_FAILED, "its reader talks nonsense"},
	{"twice", 60, RENDER_FAILED, "its reader talks nonsense"},
	{"stillborn", 60, -EIO, "its reader ended in the middle"},
};

START_TEST(test_a_bad_worker_ends_its_mail_alone)
{
	struct seen seen = {.close_at_end = true};

	open_bad_pool(bad[_i].name, bad[_i].seconds);
	start(&seen, one_page);
	run_and_close();
	ck_assert_int_eq(seen.status, bad[_i].status);
	ck_assert_str_eq(seen.sentence, bad[_i].sentence);
	ck_assert_int_eq(seen.n_ends, 1);
	buf_fini(&seen.data);
}
END_TEST

START_TEST(test_the_end_is_told_before_the_worker_has_gone)
{
	struct seen seen = {.close_at_end = true};

	open_bad_pool("linger", 60);
	start(&seen, one_page);
	run_and_close();
	ck_assert_msg(seen.status == 0, "%s", seen.sentence);
	ck_assert_uint_eq(seen.bytes, 3);
	ck_assert_int_eq(seen.n_ends, 1);
	buf_fini(&seen.data);
}
END_TEST

START_TEST(test_a_missing_worker_is_said_at_once)
{
	struct render_pool_options options = {
		.worker_path = "/nonexistent/platen-render",
		.workers = 1,
	};

	ck_assert_int_eq(uv_loop_init(&loop), 0);
	ck_assert_int_eq(render_pool_new(&loop, &options, &pool, NULL),
	                 -ENOENT);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
}
END_TEST

START_TEST(test_a_senseless_target_is_refused)
{
	struct seen seen = {.plan_senseless = true, .close_at_end = true};

	open_real_pool(1, 0);
	start(&seen, one_page);
	run_and_close();
	ck_assert_msg(seen.status == 0, "%s", seen.sentence);
	ck_assert_uint_eq(seen.pages, 1);
	buf_fini(&seen.data);
}
END_TEST

static void make_folder(void)
{
	snprintf(folder, sizeof folder, "/tmp/platen-pool-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_folder(void)
{
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		char *path CLEANUP(xfree) =
			xasprintf("%s/%s", folder, bad[i].name);

		unlink(path);
	}
	rmdir(folder);
}

int main(void)
{
	Suite *suite = suite_create("pool");
	TCase *tcase = tcase_create("pool");

	signal(SIGPIPE, SIG_IGN); /* as platend does */
	nicer = getpriority(PRIO_PROCESS, 0) + 3;
	log_set_level(LOG_LEVEL_ERROR);
	tcase_set_timeout(tcase, 120);
	tcase_add_checked_fixture(tcase, make_folder, remove_folder);
	tcase_add_test(tcase, test_plain_mail_becomes_a_page);
	tcase_add_test(tcase, test_pages_are_told_after_their_bytes);
	tcase_add_loop_test(tcase,
	                    test_pages_made_ahead_leave_the_processor_to_others,
	                    0, 2);
	tcase_add_test(
		tcase,
		test_a_server_that_is_nicer_makes_pages_ahead_all_the_same);
	tcase_add_test(tcase, test_an_empty_plan_prints_nothing_and_succeeds);
	tcase_add_test(tcase, test_more_mails_than_workers_wait_their_turn);
	tcase_add_test(tcase, test_cancel_ends_with_ecanceled);
	tcase_add_test(
		tcase,
		test_what_is_cancelled_when_its_turn_comes_does_not_begin);
	tcase_add_test(tcase,
	               test_closing_the_pool_cancels_what_runs_and_waits);
	tcase_add_loop_test(tcase, test_a_bad_worker_ends_its_mail_alone, 0,
	                    ARRAY_LEN(bad));
	tcase_add_test(tcase, test_a_bad_worker_leaves_the_next_mail_alone);
	tcase_add_test(tcase, test_a_long_mail_is_fed_in_the_worker_s_pace);
	tcase_add_test(tcase,
	               test_a_mail_beyond_the_bounds_fails_with_its_reason);
	tcase_add_test(tcase, test_the_end_is_told_before_the_worker_has_gone);
	tcase_add_test(tcase, test_a_missing_worker_is_said_at_once);
	tcase_add_test(tcase, test_a_senseless_target_is_refused);
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
