/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>

#include "base/mem.h"
#include "printers/formats.h"
#include "printers/media.h"

#include "laser.h"
#include "tests/unit/check_run.h"

/* What covers the paper, where all four edges may be printed. */
START_TEST(test_edges_are_asked_away_for_what_covers_the_paper)
{
	static const char *const names[] = {"media-right-margin-supported",
	                                    "media-top-margin-supported",
	                                    "media-bottom-margin-supported"};
	static const int margins[] = {0, 340};
	struct print_wish wish = {.fills = true};
	struct print_format f;
	struct printer_caps caps;
	ipp_t *ipp = laser(); /* has such a left one */

	printer_caps_from_ipp(ipp, &caps);
	ck_assert(!caps.is_borderless);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		ippAddIntegers(ipp, IPP_TAG_PRINTER, IPP_TAG_INTEGER, names[i],
		               2, margins);
	printer_caps_from_ipp(ipp, &caps);
	ck_assert(caps.is_borderless);
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert(f.is_borderless);
	wish.fills = false;
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert(!f.is_borderless);
	ck_assert_uint_eq(f.margin_top, 340);
	ippDelete(ipp);
}
END_TEST

START_TEST(test_paper_the_printer_does_not_take_is_refused_in_words)
{
	struct printer_caps caps = laser_caps();
	struct print_wish wish = {.media = "iso_a3_297x420mm"};
	struct print_format f;
	struct err err;

	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, &err), -ENOTSUP);
	ck_assert_str_eq(err.text, "the printer takes no A3 paper");
	snprintf(wish.media, sizeof wish.media, "a napkin");
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, &err), -EINVAL);
}
END_TEST

START_TEST(test_printers_own_name_of_a_size_is_used)
{
	struct printer_caps caps = laser_caps();
	struct print_wish wish = {.media = "custom_mine_210x297mm"};
	struct print_format f;

	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert_str_eq(f.media, "iso_a4_210x297mm");
}
END_TEST

START_TEST(test_custom_range_takes_sizes_between)
{
	struct printer_caps caps = laser_caps();
	struct print_wish wish = {.media = "iso_a5_148x210mm"};
	struct print_format f;

	snprintf(caps.media_supported[0], CAPS_NAME_MAX, "custom_min_76x127mm");
	snprintf(caps.media_supported[1], CAPS_NAME_MAX,
	         "custom_max_216x356mm");
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	snprintf(wish.media, sizeof wish.media, "iso_a3_297x420mm");
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), -ENOTSUP);
}
END_TEST

static const struct {
	const char *name;
	unsigned width, height; /* 0: no such name */
	const char *title;
} papers[] = {
	{"iso_a4_210x297mm", 21000, 29700, "A4"},
	{"iso_a3_297x420mm", 29700, 42000, "A3"},
	{"iso_a5_148x210mm", 14800, 21000, "A5"},
	{"na_letter_8.5x11in", 21590, 27940, "Letter"},
	{"na_legal_8.5x14in", 21590, 35560, "Legal"},
	{"na_index-4x6_4x6in", 10160, 15240, "4x6"},
	{"na_number-10_4.125x9.5in", 10477, 24130, "No. 10 envelope"},
	{"om_folio_210x330mm", 21000, 33000, "folio"},
	{"custom_x_100.5x200.25mm", 10050, 20025, "x"},
	{"iso_a4", 0, 0, "iso_a4"},
	{"na-letter-x", 0, 0, "na-letter-x"},
	{"a_b_0x5mm", 0, 0, "b"},
	{"a_b_-1x5mm", 0, 0, "b"},
	{"a_b_5x5cm", 0, 0, "b"},
	{"a_b_99999999x5mm", 0, 0, "b"},
	{"a_b_5x5mm;rm", 0, 0, "b"},
	{"", 0, 0, ""},
};

START_TEST(test_paper_is_read_from_its_name)
{
	unsigned w = 0, h = 0;
	char title[64];
	int status = media_size_from_name(papers[_i].name, &w, &h);

	ck_assert_int_eq(status, papers[_i].width ? 0 : -EINVAL);
	ck_assert_uint_eq(w, papers[_i].width);
	ck_assert_uint_eq(h, papers[_i].height);
	ck_assert_str_eq(media_title(papers[_i].name, title, sizeof title),
	                 papers[_i].title);
	if (w && media_name_from_size(w, h))
		ck_assert_str_eq(media_name_from_size(w, h), papers[_i].name);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("media");
	TCase *tc = tcase_create("media");

	tcase_add_test(tc, test_edges_are_asked_away_for_what_covers_the_paper);
	tcase_add_test(
		tc, test_paper_the_printer_does_not_take_is_refused_in_words);
	tcase_add_test(tc, test_printers_own_name_of_a_size_is_used);
	tcase_add_test(tc, test_custom_range_takes_sizes_between);
	tcase_add_loop_test(tc, test_paper_is_read_from_its_name, 0,
	                    (int)ARRAY_LEN(papers));
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
