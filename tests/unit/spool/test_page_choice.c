/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "spool/page_choice.h"
#include "tests/unit/check_run.h"

/* Of a job of nine pages. */
static const struct {
	const char *text, *one_sided, *two_sided;
} choices[] = {
	{"1", "1", "1-2"},         {"2", "2", "1-2"},
	{"9", "9", "9"},           {"3-5,8", "3-5,8", "3-8"},
	{"8,3-5", "3-5,8", "3-8"}, {"4-", "4-9", "3-9"},
	{"1-9", "1-9", "1-9"},     {"2,1,3", "1-3", "1-4"},
	{"2,2,2", "2", "1-2"},     {"1,5", "1,5", "1-2,5-6"},
	{"1-3,2", "1-3", "1-4"},   {"009", "9", "9"},
};

START_TEST(test_chosen_pages_are_put_in_order)
{
	struct page_choice choice;
	char text[PAGE_CHOICE_TEXT];

	ck_assert_int_eq(page_choice_parse(choices[_i].text, 9, false, &choice,
	                                   NULL),
	                 0);
	ck_assert_int_eq(page_choice_to_text(&choice, text, NULL), 0);
	ck_assert_str_eq(text, choices[_i].one_sided);
}
END_TEST

START_TEST(test_of_two_sided_jobs_whole_sheets_are_taken)
{
	struct page_choice choice, again;
	char text[PAGE_CHOICE_TEXT];

	ck_assert_int_eq(page_choice_parse(choices[_i].text, 9, true, &choice,
	                                   NULL),
	                 0);
	ck_assert_int_eq(page_choice_to_text(&choice, text, NULL), 0);
	ck_assert_str_eq(text, choices[_i].two_sided);
	ck_assert_int_eq(page_choice_parse(text, 9, true, &again, NULL), 0);
	ck_assert_uint_eq(again.n, choice.n);
}
END_TEST

START_TEST(test_pages_that_nobody_has_counted_are_cut_later)
{
	struct page_choice choice;
	char text[PAGE_CHOICE_TEXT];

	ck_assert_int_eq(page_choice_parse("7,2-,4-", PAGE_CHOICE_UNCOUNTED,
	                                   true, &choice, NULL),
	                 0);
	ck_assert_int_eq(page_choice_to_text(&choice, text, NULL), 0);
	ck_assert_str_eq(text, "1-");
	ck_assert(page_choice_cut(&choice, 9));
	ck_assert_int_eq(page_choice_to_text(&choice, text, NULL), 0);
	ck_assert_str_eq(text, "1-9");

	ck_assert_int_eq(page_choice_parse("2,5-6,8", PAGE_CHOICE_UNCOUNTED,
	                                   false, &choice, NULL),
	                 0);
	ck_assert(page_choice_cut(&choice, 5));
	ck_assert_int_eq(page_choice_to_text(&choice, text, NULL), 0);
	ck_assert_str_eq(text, "2,5");
	ck_assert(!page_choice_cut(&choice, 1));
	ck_assert_uint_eq(choice.n, 0);
}
END_TEST

static const char *const nonsense[] = {
	"",    "0",  "0-3",   "3-2", "10", "8-10",        "x",
	"1,",  ",1", "1-2-3", " 1",  "-",  "99999999999", "4294967297",
	"1;2", "-3", "1 2",   "10-",
};

START_TEST(test_nonsense_is_refused_in_words)
{
	struct page_choice choice = {.n = 77};
	struct err err = {0};

	ck_assert_int_eq(page_choice_parse(nonsense[_i], 9, false, &choice,
	                                   &err),
	                 -EINVAL);
	ck_assert_uint_eq(choice.n, 77);
	ck_assert_str_ne(err.text, "");
}
END_TEST

START_TEST(test_too_long_a_list_is_refused)
{
	struct page_choice choice;
	char text[PAGE_CHOICE_TEXT];
	struct err err = {0};

	ck_assert_int_eq(page_choice_parse("1,3,5,7,9,11,13,15,17,19,21,23,25,"
	                                   "27,29,31,33",
	                                   99, false, &choice, &err),
	                 -E2BIG);
	ck_assert_int_eq(page_choice_parse("1000-1002,2000-2002,3000-3002,"
	                                   "4000-4002,5000-5002,6000-6002,"
	                                   "7000-7002,8000-8002",
	                                   9000, false, &choice, &err),
	                 0);
	ck_assert_int_eq(page_choice_to_text(&choice, text, &err), -E2BIG);
}
END_TEST

START_TEST(test_pages_of_a_choice_are_counted)
{
	struct page_choice choice;

	ck_assert_int_eq(page_choice_parse("1,3-5,9-", PAGE_CHOICE_UNCOUNTED,
	                                   false, &choice, NULL),
	                 0);
	ck_assert(page_choice_cut(&choice, 10));
	ck_assert_uint_eq(page_choice_count(&choice), 6);
	ck_assert(page_choice_cut(&choice, 4));
	ck_assert_uint_eq(page_choice_count(&choice), 3);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("page_choice");
	TCase *tc = tcase_create("page_choice");

	tcase_add_loop_test(tc, test_chosen_pages_are_put_in_order, 0,
	                    (int)ARRAY_LEN(choices));
	tcase_add_loop_test(tc, test_of_two_sided_jobs_whole_sheets_are_taken,
	                    0, (int)ARRAY_LEN(choices));
	tcase_add_test(tc, test_pages_that_nobody_has_counted_are_cut_later);
	tcase_add_loop_test(tc, test_nonsense_is_refused_in_words, 0,
	                    (int)ARRAY_LEN(nonsense));
	tcase_add_test(tc, test_too_long_a_list_is_refused);
	tcase_add_test(tc, test_pages_of_a_choice_are_counted);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
