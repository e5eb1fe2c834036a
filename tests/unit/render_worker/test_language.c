/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/text_language.h"

#include "base/mem.h"
#include "tests/unit/check_run.h"

static const char *language(const char *utf8)
{
	return text_language(utf8, strlen(utf8));
}

START_TEST(test_characters_tell_their_country)
{
	ck_assert_str_eq(language("Gr\303\274\303\237e"), "en");
	ck_assert_str_eq(language("\346\274\242\345\255\227\343\201\256"),
	                 "ja"); /* with kana */
	ck_assert_str_eq(language("\346\270\213\350\260\267"),
	                 "ja"); /* Shibuya, as only Japan writes it */
	ck_assert_str_eq(language("\355\225\234\352\265\255"), "ko");
	ck_assert_str_eq(language("\347\256\200\344\275\223\346\261\211"
	                          "\345\255\227"),
	                 "zh-cn");
	ck_assert_str_eq(language("\347\271\201\351\253\224\346\274\242"
	                          "\345\255\227"),
	                 "zh-tw");
}
END_TEST

START_TEST(test_what_all_write_alike_tells_nothing)
{
	ck_assert_str_eq(language(""), "en");
	ck_assert_str_eq(language("\344\270\255"), "en");
	ck_assert_str_eq(language("\360\237\226\250"), "en");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("language");
	TCase *tcase = tcase_create("language");

	tcase_add_test(tcase, test_characters_tell_their_country);
	tcase_add_test(tcase, test_what_all_write_alike_tells_nothing);
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
