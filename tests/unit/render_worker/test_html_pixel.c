/* SPDX-License-Identifier: AGPL-3.0-or-later */

#include "base/mem.h"
#include "render/worker/html_pixel.h"
#include "tests/unit/check_run.h"

/* The text after it; buf_fini() is the caller's. */
static struct buf dropped(const char *html)
{
	struct buf out = {0};

	buf_puts(&out, html);
	html_pixel_drop(&out);
	buf_str(&out);
	return out;
}

static void check_dropped(const char *tag)
{
	struct buf out = dropped(tag);

	ck_assert_uint_eq(out.len, strlen(tag));
	ck_assert_msg(strncmp(out.data, "<wbr", 4) == 0, "stays: %s", tag);
	ck_assert_str_eq(out.data + 4, tag + 4);
	buf_fini(&out);
}

static void check_stays(const char *html)
{
	struct buf out = dropped(html);

	ck_assert_str_eq(buf_str(&out), html);
	buf_fini(&out);
}

START_TEST(test_pixels_of_the_web_become_nothing)
{
	check_dropped("<img src=http://t.example/o width=1 height=1>");
	check_dropped("<IMG WIDTH=\"1\" SRC=\"https://t.example/o\" "
	              "HEIGHT='0'/>");
	check_dropped("<img\nheight = 1px width = 1px\tsrc='//t.example/o'>");
	check_dropped("<img src='http://t.example/o' "
	              "style='width:1px; height: 1px'>");
	check_dropped("<img style=\"display:none\" src=http://t.example/o>");
	check_dropped("<img hidden src=http://t.example/o>");
	check_dropped("<img srcset='http://t.example/o 2x' width=1 height=1>");
	check_dropped("<img src=http://t.example/o?a=1&b=2 width=1 height=1");
}
END_TEST

START_TEST(test_pictures_stay)
{
	check_stays(
		"<img src=http://shop.example/logo.png width=100 height=1>");
	check_stays("<img src=http://shop.example/logo.png>");
	check_stays("<img src=cid:a width=1 height=1>");
	check_stays("<img src=data:image/png;base64,AA width=1 height=1>");
	check_stays("<img alt='width=1 height=1' src=http://shop.example/a>");
	check_stays("<imgs src=http://t.example/o width=1 height=1>");
	check_stays("a < b > c <img");
	check_stays("");
}
END_TEST

START_TEST(test_each_tag_is_judged_for_itself)
{
	struct buf out = dropped("<p><img src=http://a.example/1 width=1 "
	                         "height=1><img src=http://a.example/2>");

	ck_assert_str_eq(out.data, "<p><wbr src=http://a.example/1 width=1 "
	                           "height=1><img src=http://a.example/2>");
	buf_fini(&out);
}
END_TEST

START_TEST(test_endless_tags_are_read_once)
{
	struct buf html = {0};

	for (unsigned i = 0; i < 2000000; i++)
		buf_puts(&html, "<img ");
	html_pixel_drop(&html);
	ck_assert_uint_eq(html.len, 10000000);
	buf_fini(&html);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("html_pixel");
	TCase *tcase = tcase_create("html_pixel");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_pixels_of_the_web_become_nothing);
	tcase_add_test(tcase, test_pictures_stay);
	tcase_add_test(tcase, test_each_tag_is_judged_for_itself);
	tcase_add_test(tcase, test_endless_tags_are_read_once);
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
