/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/text.h"

#include <errno.h>

#include "base/buf.h"
#include "base/mem.h"
#include "render/worker/charset.h"
#include "render/worker/flowed.h"
#include "render/worker/html_text.h"
#include "tests/unit/check_run.h"

/* Pango's and fontconfig's caches live as long as the process. */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\nleak:libpango\nleak:libglib\n";
}

static struct buf out;

static void tear_down(void)
{
	buf_fini(&out);
}

static const char *utf8(const char *text, const char *charset)
{
	buf_clear(&out);
	charset_to_utf8(text, strlen(text), charset, &out);
	return buf_str(&out);
}

START_TEST(test_declared_charsets_become_utf8)
{
	ck_assert_str_eq(utf8("\374", "iso-8859-1"), "\303\274");
	ck_assert_str_eq(utf8("\223x\224", "ISO-8859-1"),
	                 "\342\200\234x\342\200\235");
	ck_assert_str_eq(utf8("\033$B4A\033(B", "iso-2022-jp"), "\346\274\242");
	ck_assert_str_eq(utf8("\212\277", "Shift_JIS"), "\346\274\242");
	ck_assert_str_eq(utf8("\272\272", "gb2312"), "\346\261\211");
	ck_assert_str_eq(utf8("\377\376A", NULL), "\357\277\275");
}
END_TEST

START_TEST(test_undeclared_eight_bit_text_is_guessed)
{
	ck_assert_str_eq(utf8("\303\274", NULL), "\303\274");
	ck_assert_str_eq(utf8("\374ber", NULL), "\303\274ber");
	ck_assert_str_eq(utf8("\374ber", "us-ascii"), "\303\274ber");
	ck_assert_str_eq(utf8("\374ber", "no-such-set"), "\303\274ber");
	ck_assert_str_eq(utf8("\033$B4A\033(B", NULL), "\346\274\242");
	ck_assert_str_eq(utf8("\357\273\277x", NULL), "x");
	ck_assert_str_eq(utf8("", NULL), "");
}
END_TEST

START_TEST(test_bytes_that_mean_nothing_are_shown_as_such)
{
	ck_assert_str_eq(utf8("\303\244\377z", "utf-8"),
	                 "\303\244\357\277\275z");
	ck_assert_str_eq(utf8("a\303", "utf-8"), "a\357\277\275");
	ck_assert_str_eq(utf8("\212", "Shift_JIS"), "\357\277\275");
}
END_TEST

static const char *joined(const char *text, bool delsp)
{
	buf_clear(&out);
	flowed_join(text, strlen(text), delsp, &out);
	return buf_str(&out);
}

START_TEST(test_flowed_lines_are_joined_within_their_quote)
{
	ck_assert_str_eq(joined("one \r\ntwo\r\nthree\r\n", false),
	                 "one two\nthree\n");
	ck_assert_str_eq(joined("one \ntwo\n", true), "onetwo\n");
	ck_assert_str_eq(joined(">a \n>b\nc\n", false), "> a b\nc\n");
	ck_assert_str_eq(joined(">a \nb\n", false), "> a \nb\n");
	ck_assert_str_eq(joined(" >not a quote\n", false), ">not a quote\n");
	ck_assert_str_eq(joined("x\n-- \nme\n", false), "x\n-- \nme\n");
	ck_assert_str_eq(joined("open ", false), "open \n");
}
END_TEST

static const char *read_html(const char *html)
{
	struct html_text text CLEANUP(html_text_fini) = {0};

	buf_clear(&out);
	ck_assert_int_eq(html_text_read(html, strlen(html), NULL, &text, NULL),
	                 0);
	buf_append(&out, text.words.data, text.words.len);
	return buf_str(&out);
}

START_TEST(test_html_reads_as_text)
{
	ck_assert_str_eq(read_html("<p>one\n  two</p><p>three</p>"),
	                 "one two\n\nthree\n");
	ck_assert_str_eq(read_html("a<br>b<div>c</div>d"), "a\nb\n\nc\nd\n");
	ck_assert_str_eq(read_html("<h1>T</h1>x"), "T\n\nx\n");
	ck_assert_str_eq(read_html("<style>x{}</style><script>y</script>z"),
	                 "z\n");
	ck_assert_str_eq(read_html("<div style='display: none'>no</div>yes"),
	                 "yes\n");
	ck_assert_str_eq(read_html("<img alt='logo'>&nbsp;text &lt;b&gt;"),
	                 "logo text <b>\n");
	ck_assert_str_eq(read_html("<pre>a\n  b</pre>"), "a\n  b\n");
}
END_TEST

START_TEST(test_html_lists_tables_links_and_quotes_keep_their_sense)
{
	ck_assert_str_eq(read_html("<ul><li>a<li>b</ul>"),
	                 "\342\200\242 a\n\342\200\242 b\n");
	ck_assert_str_eq(read_html("<ol><li>a<li>b</ol>"), "1. a\n2. b\n");
	ck_assert_str_eq(read_html("<table><tr><td>a<td>b<tr><td>c<td>d"
	                           "</table>"),
	                 "a | b\nc | d\n");
	ck_assert_str_eq(read_html("<a href='http://x.org/'>here</a>"),
	                 "here [1]\n\n[1] http://x.org/\n");
	ck_assert_str_eq(read_html("<a href='http://x.org'>http://x.org</a>"),
	                 "http://x.org\n");
	ck_assert_str_eq(read_html("<blockquote>q</blockquote>a"),
	                 "> q\n\na\n");
}
END_TEST

START_TEST(test_html_headings_are_told_from_other_words)
{
	static const char html[] = "<h1>One</h1>x<h2><img></h2><h3>Two <b>three"
				   "</b></h3><p>y";
	struct html_text text CLEANUP(html_text_fini) = {0};
	const char *words;

	ck_assert_int_eq(html_text_read(html, strlen(html), NULL, &text, NULL),
	                 0);
	words = buf_str(&text.words);
	ck_assert_str_eq(words, "One\n\nx\n\nTwo three\n\ny\n");
	ck_assert_uint_eq(text.n_headings, 2);
	ck_assert_uint_eq(text.headings[0].level, 1);
	ck_assert_mem_eq(words + text.headings[0].start, "One", 3);
	ck_assert_uint_eq(text.headings[1].level, 3);
	ck_assert_mem_eq(words + text.headings[1].start, "Two three", 9);
	ck_assert_uint_eq(text.headings[1].end - text.headings[1].start, 9);
}
END_TEST

START_TEST(test_html_loads_nothing)
{
	ck_assert_str_eq(read_html("<!DOCTYPE x [<!ENTITY e SYSTEM "
	                           "'file:///etc/passwd'>]><p>a&e;b</p>"),
	                 "]>\n\na&e;b\n");
}
END_TEST

START_TEST(test_html_nested_without_end_is_read)
{
	struct html_text text CLEANUP(html_text_fini) = {0};
	struct buf html CLEANUP(buf_fini) = {0};

	for (int i = 0; i < 20000; i++)
		buf_puts(&html, "<div><ul>");
	buf_puts(&html, "deep");
	ck_assert_int_eq(html_text_read(html.data, html.len, NULL, &text, NULL),
	                 0);
}
END_TEST

/* One page of raster, kept as pixels by a writer of the test's own. */
static int keep(const void *data, size_t len, void *arg)
{
	buf_append(arg, data, len);
	return 0;
}

static void no_page(unsigned page, uint64_t end_offset, void *arg)
{
}

static struct page_spec spec(bool colour)
{
	return (struct page_spec){
		.format = PAGE_PWG,
		.colour = colour,
		.dpi = 100,
		.media = "iso_a4_210x297mm",
		.media_width = 21000,
		.media_height = 29700,
		.max_pages = 5,
		.max_bytes = 64 << 20,
	};
}

/* Pages and bytes of the text, and how the rendering ended. */
static int render(const char *text, size_t len, bool colour, unsigned *pages,
                  struct err *err)
{
	struct page_spec target = spec(colour);
	struct raster *raster CLEANUP(raster_free) =
		raster_new(&target, keep, no_page, &out);
	int r;

	buf_clear(&out);
	r = text_render(text, len, &text_plain, &target, raster, err);
	*pages = raster_pages(raster);
	if (r == 0)
		r = raster_finish(raster, err);
	return r;
}

static unsigned n_pages(const char *text)
{
	unsigned pages;

	ck_assert_int_eq(render(text, strlen(text), false, &pages, NULL), 0);
	return pages;
}

START_TEST(test_pages_break_at_lines_and_form_feeds)
{
	struct buf lines CLEANUP(buf_fini) = {0};

	ck_assert_uint_eq(n_pages(""), 1);
	ck_assert_uint_eq(n_pages("one line"), 1);
	ck_assert_uint_eq(n_pages("a\fb\fc"), 3);
	ck_assert_uint_eq(n_pages("a\f\n\n\n"), 1);
	for (int i = 0; i < 100; i++)
		buf_puts(&lines, "line\n");
	ck_assert_uint_eq(n_pages(buf_str(&lines)), 2);
}
END_TEST

START_TEST(test_a_label_has_room_for_a_line)
{
	struct page_spec label = spec(false);
	struct raster *raster CLEANUP(raster_free) = NULL;

	label.dpi = 203;
	label.media_width = 2900;
	label.media_height = 2540;
	raster = raster_new(&label, keep, no_page, &out);
	ck_assert_int_eq(text_render("Shelf 4", 7, &text_plain, &label, raster,
	                             NULL),
	                 0);
	ck_assert_uint_eq(raster_pages(raster), 1);
	ck_assert_int_eq(raster_finish(raster, NULL), 0);
}
END_TEST

START_TEST(test_too_many_pages_are_refused_in_words)
{
	struct err err = {0};
	unsigned pages;

	ck_assert_int_eq(render("1\f2\f3\f4\f5\f6", 11, false, &pages, &err),
	                 -E2BIG);
	ck_assert_uint_gt(strlen(err.text), 0);
}
END_TEST

START_TEST(test_a_megabyte_without_a_line_end_is_cut_and_set)
{
	char *text CLEANUP(xfree) = xmalloc(1 << 20);
	unsigned pages;

	memset(text, 'x', 1 << 20);
	ck_assert_int_eq(render(text, 1 << 20, false, &pages, NULL), -E2BIG);
	ck_assert_uint_eq(pages, 5);
}
END_TEST

static unsigned field(size_t offset)
{
	const unsigned char *p = (unsigned char *)out.data + 4 + offset;

	return (unsigned)p[0] << 24 | (unsigned)p[1] << 16 |
	       (unsigned)p[2] << 8 | p[3];
}

/* Dark bytes of one coded line (PWG 5102.4, 4.3.2); *at moves behind it. */
static size_t line_ink(size_t *at, size_t line_bytes, size_t depth)
{
	size_t n_bytes = 0, ink = 0;

	while (n_bytes < line_bytes) {
		size_t code = (unsigned char)out.data[(*at)++];
		size_t n = code < 128 ? 1 : 257 - code;
		size_t times = code < 128 ? code + 1 : 1;

		ck_assert_uint_le(*at + n * depth, out.len);
		for (size_t i = 0; i < n * depth; i++)
			ink += times *
			       ((unsigned char)out.data[(*at)++] < 0x80);
		n_bytes += n * depth * times;
	}
	ck_assert_uint_eq(n_bytes, line_bytes);
	return ink;
}

/* Dark bytes of the first page, counting only its rows from..to. */
static size_t ink_between(unsigned from, unsigned to)
{
	size_t at = 1800, depth = field(388) / 8, line_bytes = field(392);
	unsigned row = 0, height = field(376);
	size_t ink = 0;

	while (row < height) {
		unsigned repeat = (unsigned char)out.data[at++] + 1u;
		size_t dark = line_ink(&at, line_bytes, depth);

		for (; repeat > 0; repeat--, row++)
			if (row >= from && row < to)
				ink += dark;
	}
	ck_assert_uint_eq(row, height);
	return ink;
}

#define MARGIN 59u /* 15 mm at 100 dpi */

static bool has_ink(void)
{
	unsigned height = field(376);

	ck_assert_uint_eq(ink_between(0, MARGIN - 1), 0);
	ck_assert_uint_eq(ink_between(height - MARGIN + 1, height), 0);
	return ink_between(0, height) > 0;
}

START_TEST(test_every_script_leaves_ink_on_gray_and_colour_pages)
{
	static const char *const texts[] = {
		"Latin text of some length",
		"\346\227\245\346\234\254\350\252\236\346\227\245\346\234\254",
		"\331\205\330\261\330\255\330\250\330\247",
		"\327\251\327\234\327\225\327\235",
		"\360\237\230\200\360\237\230\200\360\237\230\200",
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		unsigned pages;

		for (int colour = 0; colour < 2; colour++) {
			ck_assert_int_eq(render(texts[i], strlen(texts[i]),
			                        colour, &pages, NULL),
			                 0);
			ck_assert_uint_eq(pages, 1);
			ck_assert_msg(has_ink(), "text %zu", i);
		}
	}
}
END_TEST

START_TEST(test_a_blank_page_has_no_ink)
{
	ck_assert_uint_eq(n_pages(" "), 1);
	ck_assert(!has_ink());
}
END_TEST

START_TEST(test_invalid_utf8_is_set_without_harm)
{
	unsigned pages;

	ck_assert_int_eq(render("a\377\300\200z\0b", 7, false, &pages, NULL),
	                 0);
	ck_assert_uint_eq(pages, 1);
}
END_TEST

static TCase *readings(void)
{
	TCase *tcase = tcase_create("readings");

	tcase_add_checked_fixture(tcase, NULL, tear_down);
	tcase_add_test(tcase, test_declared_charsets_become_utf8);
	tcase_add_test(tcase, test_undeclared_eight_bit_text_is_guessed);
	tcase_add_test(tcase, test_bytes_that_mean_nothing_are_shown_as_such);
	tcase_add_test(tcase, test_flowed_lines_are_joined_within_their_quote);
	tcase_add_test(tcase, test_html_reads_as_text);
	tcase_add_test(
		tcase,
		test_html_lists_tables_links_and_quotes_keep_their_sense);
	tcase_add_test(tcase, test_html_headings_are_told_from_other_words);
	tcase_add_test(tcase, test_html_loads_nothing);
	tcase_add_test(tcase, test_html_nested_without_end_is_read);
	return tcase;
}

static TCase *pages(void)
{
	TCase *tcase = tcase_create("pages");

	tcase_add_checked_fixture(tcase, NULL, tear_down);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, test_pages_break_at_lines_and_form_feeds);
	tcase_add_test(tcase, test_a_label_has_room_for_a_line);
	tcase_add_test(tcase, test_too_many_pages_are_refused_in_words);
	tcase_add_test(tcase,
	               test_a_megabyte_without_a_line_end_is_cut_and_set);
	tcase_add_test(tcase,
	               test_every_script_leaves_ink_on_gray_and_colour_pages);
	tcase_add_test(tcase, test_a_blank_page_has_no_ink);
	tcase_add_test(tcase, test_invalid_utf8_is_set_without_harm);
	return tcase;
}

int main(void)
{
	Suite *suite = suite_create("text");

	suite_add_tcase(suite, readings());
	suite_add_tcase(suite, pages());
	return check_run(suite);
}
