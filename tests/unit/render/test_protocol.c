/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/protocol.h"

#include <errno.h>

#include "base/mem.h"
#include "tests/unit/check_run.h"

static struct buf line;
static struct protocol_line words;

static void tear_down(void)
{
	buf_fini(&line);
}

/* What is written is what is read. */
static const char *there_and_back(const char *value)
{
	buf_clear(&line);
	protocol_put(&line, "key", value);
	protocol_put_number(&line, "n", 7);
	ck_assert_ptr_null(strpbrk(buf_str(&line) + 4, "\n\r\t"));
	ck_assert_int_eq(protocol_parse(line.data, &words, NULL), 0);
	ck_assert_uint_eq(words.n_words, 2);
	ck_assert_uint_eq(protocol_number(&words, "n", 0), 7);
	return protocol_get(&words, "key");
}

START_TEST(test_values_survive_the_line)
{
	static const char *const values[] = {
		"",
		"plain",
		"two words",
		"100 %",
		"a=b=c",
		"\n\r\t\033[2J\177",
		"\303\274 \360\237\230\200",
		"%41%zz%",
	};

	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		ck_assert_str_eq(there_and_back(values[i]), values[i]);
}
END_TEST

START_TEST(test_what_is_not_utf8_becomes_a_question_mark)
{
	ck_assert_str_eq(there_and_back("a\377b"), "a?b");
	ck_assert_str_eq(there_and_back("\300\200"), "??");
	ck_assert_str_eq(there_and_back("\355\240\200"), "???");
	ck_assert_str_eq(there_and_back("\303"), "?");
}
END_TEST

START_TEST(test_long_values_are_cut_between_characters)
{
	struct buf value CLEANUP(buf_fini) = {0};
	const char *back;

	for (int i = 0; i < 2000; i++)
		buf_puts(&value, "\303\274");
	back = there_and_back(buf_str(&value));
	ck_assert_uint_le(strlen(back), PROTOCOL_VALUE_MAX);
	ck_assert_uint_gt(strlen(back), PROTOCOL_VALUE_MAX - 8);
	ck_assert_uint_eq(strlen(back) % 2, 0);
}
END_TEST

START_TEST(test_cut_keeps_whole_characters)
{
	char out[4];

	protocol_cut(out, sizeof out, "ab\303\274");
	ck_assert_str_eq(out, "ab");
	protocol_cut(out, sizeof out, "a\303\274");
	ck_assert_str_eq(out, "a\303\274");
}
END_TEST

static int parse(const char *text)
{
	buf_clear(&line);
	buf_puts(&line, text);
	buf_str(&line);
	return protocol_parse(line.data, &words, NULL);
}

START_TEST(test_senseless_lines_are_refused)
{
	ck_assert_int_eq(parse("word"), -EINVAL);
	ck_assert_int_eq(parse("=value"), -EINVAL);
	ck_assert_int_eq(parse("a=%4"), -EINVAL);
	ck_assert_int_eq(parse("a=%00"), -EINVAL);
	ck_assert_int_eq(parse("a=1 b=2 c=3 d=4 e=5 f=6 g=7 h=8 i=9 j=10 k=11 "
	                       "l=12 m=13 n=14 o=15 p=16 q=17 r=18 s=19 t=20 "
	                       "u=21 v=22 w=23 x=24 y=25 z=26 a=27 b=28 c=29 "
	                       "d=30 e=31 f=32 g=33"),
	                 -EINVAL);
	ck_assert_int_eq(parse(""), 0);
	ck_assert_uint_eq(words.n_words, 0);
}
END_TEST

START_TEST(test_numbers_fall_back_when_they_are_none)
{
	ck_assert_int_eq(parse("a=12 b=1x c= d=99999999999999999999999 e=-1"),
	                 0);
	ck_assert_uint_eq(protocol_number(&words, "a", 5), 12);
	ck_assert_uint_eq(protocol_number(&words, "b", 5), 5);
	ck_assert_uint_eq(protocol_number(&words, "c", 5), 5);
	ck_assert_uint_eq(protocol_number(&words, "d", 5), 5);
	ck_assert_uint_eq(protocol_number(&words, "e", 5), 5);
	ck_assert_uint_eq(protocol_number(&words, "f", 5), 5);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("protocol");
	TCase *tcase = tcase_create("protocol");

	tcase_add_checked_fixture(tcase, NULL, tear_down);
	tcase_add_test(tcase, test_values_survive_the_line);
	tcase_add_test(tcase, test_what_is_not_utf8_becomes_a_question_mark);
	tcase_add_test(tcase, test_long_values_are_cut_between_characters);
	tcase_add_test(tcase, test_cut_keeps_whole_characters);
	tcase_add_test(tcase, test_senseless_lines_are_refused);
	tcase_add_test(tcase, test_numbers_fall_back_when_they_are_none);
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
