/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stdio.h>

#include "spool/learned.h"
#include "tests/unit/check_run.h"

START_TEST(test_words_come_back_as_what_was_learned)
{
	for (unsigned learned = 0; learned < 16; learned++) {
		char text[LEARNED_TEXT_MAX];

		learned_to_text(learned, text);
		ck_assert_uint_eq(learned_from_text(text), learned);
	}
}
END_TEST

START_TEST(test_words_are_for_operators)
{
	char text[LEARNED_TEXT_MAX];

	learned_to_text(LEARNED_ONE_DOCUMENT | LEARNED_NO_GZIP, text);
	ck_assert_str_eq(text, "one document a job, no gzip");
	learned_to_text(0, text);
	ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(test_words_of_a_later_release_are_passed_over)
{
	ck_assert_uint_eq(learned_from_text("eats paper, one copy, one"),
	                  LEARNED_ONE_COPY);
	ck_assert_uint_eq(learned_from_text(", ,"), 0);
}
END_TEST

START_TEST(test_another_name_key_or_firmware_is_another_printer)
{
	struct printer_caps a = {.make_and_model = "Maker 9",
	                         .uuid = "urn:uuid:1",
	                         .firmware = "1.0"};
	struct printer_caps b = a;

	b.copies_max = 7;
	ck_assert(learned_of_same(&a, &b));
	snprintf(b.firmware, sizeof b.firmware, "1.1");
	ck_assert(!learned_of_same(&a, &b));
	b = a;
	snprintf(b.uuid, sizeof b.uuid, "urn:uuid:2");
	ck_assert(!learned_of_same(&a, &b));
	b = a;
	snprintf(b.make_and_model, sizeof b.make_and_model, "Maker 10");
	ck_assert(!learned_of_same(&a, &b));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("learned");
	TCase *tc = tcase_create("learned");

	tcase_add_test(tc, test_words_come_back_as_what_was_learned);
	tcase_add_test(tc, test_words_are_for_operators);
	tcase_add_test(tc, test_words_of_a_later_release_are_passed_over);
	tcase_add_test(tc,
	               test_another_name_key_or_firmware_is_another_printer);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
