/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/links.h"

#include "base/mem.h"
#include "tests/unit/check_run.h"

struct sample {
	const char *text;
	const char *urls; /* each followed by a blank */
	bool is_bare;
};

static void ck_links(struct links *links, const struct sample *sample)
{
	struct buf found CLEANUP(buf_fini) = {0};

	for (size_t i = 0; i < links->n; i++)
		buf_printf(&found, "%s ", links->urls[i]);
	ck_assert_str_eq(buf_str(&found), sample->urls);
	ck_assert_msg(links->is_bare == sample->is_bare, "%s", sample->text);
	links_fini(links);
}

static const struct sample texts[] = {
	{"https://example.org/a\n", "https://example.org/a ", true},
	{"HTTP://example.org\r\n", "HTTP://example.org ", true},
	{"www.example.org/x", "http://www.example.org/x ", true},
	{"<https://example.org/a>.\n", "https://example.org/a ", true},
	{"https://a.example/\n\nhttps://b.example/\n",
         "https://a.example/ https://b.example/ ", true},
	{"https://a.example/ https://a.example/", "https://a.example/ ", true},
	{"https://en.example.org/wiki/Fox_(animal)",
         "https://en.example.org/wiki/Fox_(animal) ", true},
	{"(https://example.org/a)", "https://example.org/a ", true},
	{"Look: https://example.org/a", "https://example.org/a ", false},
	{"Hello\n", "", false},
	{"", "", false},
	{"ftp://example.org/", "", false},
	{"mailto:a@example.org", "", false},
	{"file:///etc/passwd", "", false},
	{"javascript:alert(1)", "", false},
	{"https://", "", false},
	{"https://example.org/\n-- \nJo\nhttps://jo.example/\n",
         "https://example.org/ ", true},
	{"https://example.org/\n--\nJo", "https://example.org/ ", true},
	{"https://example.org/\n\nSent from my iPhone\n",
         "https://example.org/ ", true},
	{"https://example.org/\n\nOn Monday Jo wrote:\n\n> Hello\n> https://x.y/\n",
         "https://example.org/ ", true},
	{"https://example.org/\n-----Original Message-----\nFrom: Jo\n",
         "https://example.org/ ", true},
};

START_TEST(test_links_of_a_text)
{
	struct links links = {0};

	links_in_text(texts[_i].text, strlen(texts[_i].text), &links);
	ck_links(&links, &texts[_i]);
}
END_TEST

static const struct sample htmls[] = {
	{"<p><a href='https://example.org/a?b=1&amp;c=2'>A page</a></p>",
         "https://example.org/a?b=1&c=2 ", true},
	{"<html><head><title>T</title><style>p{}</style></head><body>"
         "<div>https://example.org/a</div></body></html>",
         "https://example.org/a ", true},
	{"<p>See <a href='https://example.org/'>this</a></p>",
         "https://example.org/ ", false},
	{"<p><a href='https://example.org/'>x</a>&nbsp;<br></p>"
         "<div class='gmail_signature'>Jo, https://jo.example/</div>",
         "https://example.org/ ", true},
	{"<div><a href='https://example.org/'>x</a></div>"
         "<blockquote>Old <a href='https://old.example/'>x</a></blockquote>",
         "https://example.org/ ", true},
	{"<a href='https://shop.example/'><img src='cid:a' width=600></a>",
         "https://shop.example/ ", false},
	{"<img src='cid:a'><p>https://example.org/a</p>",
         "https://example.org/a ", false},
	{"<a href='https://example.org/'>x</a><img width=1 src='http://t/'>",
         "https://example.org/ ", true},
	{"<a href='mailto:a@example.org'>a</a>", "", false},
	{"<a href='file:///etc/passwd'>a</a>", "", false},
};

START_TEST(test_links_of_html)
{
	struct links links = {0};

	links_in_html(htmls[_i].text, strlen(htmls[_i].text), &links);
	ck_links(&links, &htmls[_i]);
}
END_TEST

START_TEST(test_links_are_bounded)
{
	struct buf text CLEANUP(buf_fini) = {0};
	struct links links CLEANUP(links_fini) = {0};

	for (int i = 0; i < 1000; i++)
		buf_printf(&text, "https://example.org/%d\n", i);
	buf_puts(&text, "https://example.org/");
	for (int i = 0; i < 300; i++)
		buf_puts(&text, "0123456789");
	links_in_text(text.data, text.len, &links);
	ck_assert_uint_eq(links.n, LINKS_MAX);
	ck_assert(!links.is_bare); /* what is too long is no link */
}
END_TEST

int main(void)
{
	Suite *s = suite_create("links");
	TCase *tc = tcase_create("body");

	tcase_add_loop_test(tc, test_links_of_a_text, 0, ARRAY_LEN(texts));
	tcase_add_loop_test(tc, test_links_of_html, 0, ARRAY_LEN(htmls));
	tcase_add_test(tc, test_links_are_bounded);
	suite_add_tcase(s, tc);
	return check_run(s);
}
