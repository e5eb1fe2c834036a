/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>

#include "render/worker/geometry.h"
#include "spec.h"
#include "tests/unit/check_run.h"

/* The same lengths with CUPS' own arithmetic: A4 and Letter. */
START_TEST(test_a4_and_letter_have_the_pixels_that_printers_expect)
{
	ck_assert_uint_eq(geometry_pixels(21000, 300), 2480);
	ck_assert_uint_eq(geometry_pixels(29700, 300), 3507);
	ck_assert_uint_eq(geometry_pixels(21590, 600), 5100);
	ck_assert_uint_eq(geometry_pixels(27940, 600), 6600);
}
END_TEST

START_TEST(test_margins_change_sides_where_the_page_is_mirrored)
{
	struct page_spec spec = spec_of(100, 200, false);
	struct geometry_box box;

	spec.margin_left = 50;
	spec.margin_right = 101;
	spec.margin_top = 150;
	spec.margin_bottom = 200;
	spec.sides = SIDES_LONG_EDGE;
	spec.sheet_back = SHEET_BACK_ROTATED;
	box = geometry_printable(&spec, 1);
	ck_assert_uint_eq(box.x, 5);
	ck_assert_uint_eq(box.y, 15);
	ck_assert_uint_eq(box.width, 100 - 5 - 11);
	ck_assert_uint_eq(box.height, 200 - 15 - 20);
	box = geometry_printable(&spec, 2);
	ck_assert_uint_eq(box.x, 11);
	ck_assert_uint_eq(box.y, 20);
	spec.sheet_back = SHEET_BACK_FLIPPED;
	box = geometry_printable(&spec, 2);
	ck_assert_uint_eq(box.x, 5);
	ck_assert_uint_eq(box.y, 20);
}
END_TEST

START_TEST(test_papers_that_make_no_page_are_refused)
{
	struct page_spec spec = spec_of(100, 200, false);
	struct err err;

	ck_assert_int_eq(geometry_check_spec(&spec, &err), 0);
	spec.margin_left = 500;
	spec.margin_right = 500;
	ck_assert_int_eq(geometry_check_spec(&spec, &err), -EINVAL);
	ck_assert_str_eq(err.text, "the margins leave nothing of the paper");
	spec.margin_left = UINT32_MAX;
	ck_assert_int_eq(geometry_check_spec(&spec, &err), -EINVAL);
	spec = spec_of(40000, 200, false);
	ck_assert_int_eq(geometry_check_spec(&spec, &err), -EINVAL);
	spec = spec_of(0, 200, false);
	ck_assert_int_eq(geometry_check_spec(&spec, &err), -EINVAL);
	spec.dpi = 0;
	ck_assert_int_eq(geometry_check_spec(&spec, &err), -EINVAL);
	ck_assert_str_eq(err.text, "cannot print at 0 dpi");
}
END_TEST

static Suite *geometry_suite(void)
{
	Suite *suite = suite_create("geometry");
	TCase *tc = tcase_create("geometry");

	tcase_add_test(tc,
	               test_a4_and_letter_have_the_pixels_that_printers_expect);
	tcase_add_test(tc,
	               test_margins_change_sides_where_the_page_is_mirrored);
	tcase_add_test(tc, test_papers_that_make_no_page_are_refused);
	tcase_set_timeout(tc, 120);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return check_run(geometry_suite());
}
