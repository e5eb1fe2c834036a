/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Links of a mail are told, and what is fetched becomes a part: the daemon's
 * words and a real worker's.
 */
#include <stdio.h>

#include "base/buf.h"
#include "base/mem.h"
#include "render/pool.h"
#include "tests/unit/check_run.h"

static uv_loop_t loop;
static struct render_pool *pool;

struct seen {
	const struct render_web_page *pages;
	const char *const *documents;
	size_t n_documents, n_attached;
	struct buf links, parts;
	int n_ledgers, status;
	unsigned n_pages;
	char sentence[256];
};

static void on_link(struct render *render, const char *url, bool bare,
                    void *arg)
{
	struct seen *seen = arg;

	buf_printf(&seen->links, "%s%s ", url, bare ? "!" : "");
}

static void on_part(struct render *render, const struct render_part *part,
                    void *arg)
{
	struct seen *seen = arg;

	buf_printf(&seen->parts, "%s=%s:%s%s%s ", part->id, part->detected,
	           part->name, part->printable ? "" : ":", part->note);
}

static void on_ledger(struct render *render, void *arg)
{
	static const struct render_target target = {
		.format = "image/pwg-raster",
		.dpi = 75,
		.media = "iso_a4_210x297mm",
		.media_width = 21000,
		.media_height = 29700,
		.sides = "one-sided",
		.sheet_back = "normal",
	};
	struct seen *seen = arg;
	const char *id = "web-1";
	size_t i = seen->n_attached;

	seen->n_ledgers++;
	if (i < seen->n_documents) {
		seen->n_attached++;
		render_attach(render, &seen->pages[i], seen->documents[i],
		              strlen(seen->documents[i]));
		return;
	}
	ck_assert_int_eq(render_plan(render, &target, &id,
	                             seen->n_documents > 0, NULL),
	                 0);
}

static void on_end(struct render *render, int status, unsigned pages,
                   uint64_t bytes, const char *sentence, void *arg)
{
	struct seen *seen = arg;

	seen->status = status;
	seen->n_pages = pages;
	snprintf(seen->sentence, sizeof seen->sentence, "%s", sentence);
	render_pool_close(pool, NULL, NULL);
}

/* One mail through a worker. */
static void run(struct seen *seen, const char *mail)
{
	static const struct render_events events = {
		.on_link = on_link,
		.on_part = on_part,
		.on_ledger = on_ledger,
		.on_end = on_end,
	};
	char *path CLEANUP(xfree) =
		xasprintf("%s/platen-render", getenv("PLATEN_BIN"));
	struct render_pool_options options = {
		.worker_path = path,
		.workers = 1,
		.limits = {.seconds = 60,
	                   .memory = UINT64_C(1) << 30,
	                   .pages = 50,
	                   .output_bytes = 50 << 20},
	};
	struct render *render;

	ck_assert_int_eq(uv_loop_init(&loop), 0);
	ck_assert_int_eq(render_pool_new(&loop, &options, &pool, NULL), 0);
	ck_assert_int_eq(render_start(pool, &events, seen, &render, NULL), 0);
	render_feed(render, mail, strlen(mail));
	render_feed_end(render);
	uv_run(&loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
	ck_assert_msg(seen->status == 0, "%s", seen->sentence);
}

static void seen_fini(struct seen *seen)
{
	buf_fini(&seen->links);
	buf_fini(&seen->parts);
}

START_TEST(test_long_address_comes_whole)
{
	struct seen seen = {0};
	struct buf mail CLEANUP(buf_fini) = {0};
	struct buf expected CLEANUP(buf_fini) = {0};

	buf_puts(&expected, "https://example.org/");
	for (int i = 0; i < 175; i++)
		buf_puts(&expected, "%20%C3%A9&%");
	buf_puts(&mail, "Subject: x\n\n");
	buf_append(&mail, expected.data, expected.len - 1);
	buf_puts(&mail, "\nhttp://example.org/b\n");
	expected.len--;
	buf_puts(&expected, "! http://example.org/b! ");
	run(&seen, buf_str(&mail));
	ck_assert_str_eq(buf_str(&seen.links), buf_str(&expected));
	ck_assert_int_eq(seen.n_ledgers, 1);
	seen_fini(&seen);
}
END_TEST

START_TEST(test_fetched_page_becomes_a_part_and_is_printed)
{
	static const struct render_web_page pages[] = {
		{.id = "web-1",
	         .url = "http://example.org/a b",
	         .type = "text/plain; charset=\"iso-8859-1\""},
		{.id = "web-2",
	         .url = "http://example.org/",
	         .type = "text/html"},
		{.id = "web-3", .url = "http://example.org/x", .type = ""},
	};
	static const char *const documents[] = {"Gr\xfc\xdf e\n", "<p> </p>",
	                                        "%PDF-1.4 cut"};
	struct seen seen = {.pages = pages,
	                    .documents = documents,
	                    .n_documents = ARRAY_LEN(documents)};

	run(&seen, "Subject: x\n\nSee http://example.org/ there\n");
	ck_assert_str_eq(buf_str(&seen.links), "http://example.org/ ");
	ck_assert_str_eq(
		buf_str(&seen.parts),
		"1=text/plain: "
		"web-1=text/plain:http://example.org/a b "
		"web-2=text/html:http://example.org/:the page is empty "
		"web-3=application/pdf:http://example.org/x ");
	ck_assert_int_eq(seen.n_ledgers, 4);
	ck_assert_uint_eq(seen.n_pages, 1);
	seen_fini(&seen);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("web_part");
	TCase *tc = tcase_create("worker");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_long_address_comes_whole);
	tcase_add_test(tc, test_fetched_page_becomes_a_part_and_is_printed);
	suite_add_tcase(s, tc);
	return check_run(s);
}
