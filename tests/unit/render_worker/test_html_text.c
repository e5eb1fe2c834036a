/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/html_text.h"

#include "base/mem.h"
#include "render/worker/html_decode.h"
#include "render/worker/html_frame.h"
#include "render/worker/html_hidden.h"
#include "render/worker/html_reference.h"
#include "tests/unit/check_run.h"

static const struct {
	const char *html, *words;
} samples[] = {
	{"<p>One</p><p>two", "One\n\ntwo\n"},
	{"<table><tr><td><p>Item</p></td><td><p>42</p></td></tr>"
         "<tr><td>Ink</td><td><div>7</div></td></tr></table>After",
         "Item | 42\nInk | 7\nAfter\n"},
	{"<table><tr><td>a<br>b</td><td></td><td>c</td></tr></table>d",
         "a\nb | c\nd\n"},
	{"<table><tr><td><table><tr><td>in</td></tr></table></td><td>out</td>"
         "</tr></table>",
         "in\nout\n"},
	{"<p><![if !supportLists]>1. <![endif]>Word</p>", "1. Word\n"},
	{"<!--[if gte mso 9]><xml>x</xml><![endif]--><p>All</p>"
         "<!--[if !mso]><!--><p>see</p><!--<![endif]-->it",
         "All\n\nsee\n\nit\n"},
	{"<div style='max-height: 0px'>preview</div>"
         "<span style='MSO-HIDE:all'>x</span><b style='opacity:0'>y</b>"
         "<i style='font-size:0.9em;opacity:0.5'>seen</i>",
         "seen\n"},
	{"<figure><img alt='A fox'><figcaption>Its caption</figcaption></figure>",
         "A fox\nIts caption\n"},
	{"<details><summary>More</summary>inside</details>", "More\ninside\n"},
};

START_TEST(test_html_reads_as_text)
{
	struct html_text text CLEANUP(html_text_fini) = {0};

	ck_assert_int_eq(html_text_read(samples[_i].html,
	                                strlen(samples[_i].html), "utf-8",
	                                &text, NULL),
	                 0);
	ck_assert_str_eq(buf_str(&text.words), samples[_i].words);
}
END_TEST

/* An answer to an answer, fifty times over. */
START_TEST(test_what_is_nested_deeply_is_read)
{
	struct html_text text CLEANUP(html_text_fini) = {0};
	struct buf html CLEANUP(buf_fini) = {0};

	for (int i = 0; i < 1000; i++)
		buf_puts(&html, "<div><span>");
	buf_puts(&html, "at the bottom");
	for (int i = 0; i < 1000; i++)
		buf_puts(&html, "</span></div>");
	buf_puts(&html, "<p>below it all");
	ck_assert_int_eq(html_text_read(html.data, html.len, "utf-8", &text,
	                                NULL),
	                 0);
	ck_assert_str_eq(buf_str(&text.words),
	                 "at the bottom\n\nbelow it all\n");
}
END_TEST

static const struct {
	const char *charset, *html, *says;
} charsets[] = {
	{"iso-8859-1", "<meta charset=utf-8>\xc3\xbc", "\xc3\xbc"},
	{"iso-8859-1", "<meta charset=utf-8>\xfc", "\xc3\xbc"},
	{"iso-8859-1", "\xc3\xbc", "\xc3\xbc"},
	{"utf-8", "<meta charset=iso-8859-1>\xc3\xbc", "\xc3\xbc"},
	{NULL, "<meta charset=iso-8859-1>\xfc", "\xc3\xbc"},
};

START_TEST(test_utf8_that_is_called_latin1_is_seen)
{
	struct buf out CLEANUP(buf_fini) = {0};
	const char *found;

	html_decode(charsets[_i].html, strlen(charsets[_i].html),
	            charsets[_i].charset, &out);
	found = strchr(buf_str(&out), '>');
	ck_assert_str_eq(found ? found + 1 : buf_str(&out), charsets[_i].says);
}
END_TEST

static const struct {
	const char *html, *cid;
	bool refers;
} references[] = {
	{"<img src=\"cid:a@b\">", "a@b", true},
	{"<img src=cid:a%40b>", "a@b", true},
	{"<img src='CID:Logo@B'>", "logo@b", true},
	{"<td background='cid:img%201@x'>", "img 1@x", true},
	{"url(cid:a b@x)", "a b@x", true},
	{"<img src='cid:p%2540x@b'>", "p%40x@b", true},
	{"<img src='cid:p%40x@b'>", "p%40x@b", true},
	{"<img src='cid:plain'>", "plain", true},
	{"cid:a", "a", true},
	{"<img src='cid:logo2@b'>", "logo", false},
	{"<img src='cid:logo@b'>", "logo@bb", false},
	{"<img src='xyz:a@b'>", "a@b", false},
	{":a@b", "a@b", false},
	{"<img src='cid:%4", "a@b", false},
	{"cid:", "a", false},
	{"", "a", false},
};

START_TEST(test_a_picture_is_shown_however_its_address_is_written)
{
	ck_assert_msg(html_refers_to(references[_i].html,
	                             strlen(references[_i].html),
	                             references[_i].cid) ==
	                      references[_i].refers,
	              "%s", references[_i].html);
}
END_TEST

START_TEST(test_hidden_styles)
{
	ck_assert(html_style_hides("color:red; DISPLAY : none"));
	ck_assert(html_style_hides("visibility:hidden"));
	ck_assert(html_style_hides("max-height:0"));
	ck_assert(html_style_hides("font-size:0px;line-height:1"));
	ck_assert(!html_style_hides("max-height:0.5em"));
	ck_assert(!html_style_hides("fill-opacity:0"));
	ck_assert(!html_style_hides("opacity:01"));
	ck_assert(!html_style_hides(""));
}
END_TEST

static const struct {
	const char *html, *address;
	bool refers;
} addresses[] = {
	{"<img src='http://a.example/x/red.png'>", "http://a.example/x/red.png",
         true},
	{"<img src=\"image001.png\">", "image001.png", true},
	{"<img src=doc_files/image001.png>",
         "file:///C:/1/doc_files/image001.png", true},
	{"<img src='/r.php?a=1&amp;b=2'>", "http://a.example/r.php?a=1&b=2",
         true},
	{"h1 { background: url(b.jpg) }", "http://a.example/b.jpg", true},
	{"<link href='cid:css-1@mhtml.blink'>", "cid:css-1@mhtml.blink", true},
	{"<p>see red.png</p>", "red.png", false},
	{"<img src='bored.png'>", "red.png", false},
	{"<img src='red.png.jpg'>", "red.png", false},
	{"<img src='/'>", "http://a.example/", false},
	{"", "red.png", false},
};

START_TEST(test_what_html_refers_to_by_its_address)
{
	ck_assert(html_refers_to_address(addresses[_i].html,
	                                 strlen(addresses[_i].html),
	                                 addresses[_i].address) ==
	          addresses[_i].refers);
}
END_TEST

static const struct {
	const char *html, *name;
	bool refers;
} shown[] = {
	{"<img src=\"logo.png\">", "logo.png", true},
	{"<img src='./my%20logo.png'>", "my logo.png", true},
	{"<td background=logo.png>", "logo.png", true},
	{"p { background: url(logo.png) }", "logo.png", true},
	{"<a href='logo.png'>", "logo.png", false},
	{"<img src='http://a.example/logo.png'>", "logo.png", false},
	{"<p>logo.png", "logo.png", false},
	{"", "logo.png", false},
};

START_TEST(test_what_html_shows_by_its_name)
{
	ck_assert(html_refers_to_name(shown[_i].html, strlen(shown[_i].html),
	                              shown[_i].name) == shown[_i].refers);
}
END_TEST

static const struct {
	const char *html, *renamed;
} frames[] = {
	{"<iframe src=\"cid:f@x\">", "<iframe src=\"   /f@x\">"},
	{"<FRAME name=a src=CID:f@x>", "<FRAME name=a src=   /f@x>"},
	{"<img src='cid:f@x'>cid:<iframe>cid:", "<img src='cid:f@x'>cid:"
                                                "<iframe>cid:"},
	{"<iframe src='acid:b'", "<iframe src='acid:b'"},
};

START_TEST(test_frames_of_a_saved_page_are_asked_for)
{
	struct buf html CLEANUP(buf_fini) = {0};

	buf_puts(&html, frames[_i].html);
	html_frame_rename(&html);
	ck_assert_str_eq(buf_str(&html), frames[_i].renamed);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("html_text");
	TCase *tc = tcase_create("text");

	tcase_add_test(tc, test_what_is_nested_deeply_is_read);
	tcase_add_loop_test(tc, test_html_reads_as_text, 0, ARRAY_LEN(samples));
	tcase_add_loop_test(tc, test_utf8_that_is_called_latin1_is_seen, 0,
	                    ARRAY_LEN(charsets));
	tcase_add_loop_test(
		tc, test_a_picture_is_shown_however_its_address_is_written, 0,
		ARRAY_LEN(references));
	tcase_add_loop_test(tc, test_what_html_shows_by_its_name, 0,
	                    ARRAY_LEN(shown));
	tcase_add_loop_test(tc, test_what_html_refers_to_by_its_address, 0,
	                    ARRAY_LEN(addresses));
	tcase_add_loop_test(tc, test_frames_of_a_saved_page_are_asked_for, 0,
	                    ARRAY_LEN(frames));
	tcase_add_test(tc, test_hidden_styles);
	suite_add_tcase(s, tc);
	return check_run(s);
}
