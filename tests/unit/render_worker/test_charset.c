/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/charset.h"

#include "base/mem.h"
#include "render/worker/hebrew.h"

static struct buf out;

static void tear_down(void)
{
	buf_fini(&out);
}

static const char *read_as(const char *bytes, size_t len, const char *charset)
{
	buf_clear(&out);
	charset_to_utf8(bytes, len, charset, &out);
	return buf_str(&out);
}

/* Each is the words in UTF-8 and in the set that nobody declared. */
#include "charset_samples.h"
#include "tests/unit/check_run.h"

START_TEST(test_text_without_a_declared_charset_is_recognised)
{
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		const char *bytes = samples[i].bytes;

		ck_assert_msg(strcmp(read_as(bytes, samples[i].len, NULL),
		                     samples[i].utf8) == 0,
		              "%s came out as %s", samples[i].charset,
		              buf_str(&out));
	}
}
END_TEST

START_TEST(test_declared_charsets_are_believed)
{
	for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
		const char *bytes = samples[i].bytes;

		ck_assert_str_eq(read_as(bytes, samples[i].len,
		                         samples[i].charset),
		                 samples[i].utf8);
	}
}
END_TEST

START_TEST(test_few_accents_are_western)
{
	ck_assert_str_eq(read_as("Gr\374\337e", 5, NULL),
	                 "Gr\303\274\303\237e");
	ck_assert_str_eq(read_as("na\357ve caf\351 \340 c\364t\351", 18, NULL),
	                 "na\303\257ve caf\303\251 \303\240 c\303\264t"
	                 "\303\251");
}
END_TEST

START_TEST(test_utf16_without_a_mark_is_read_in_its_order)
{
	ck_assert_str_eq(read_as("a\0b\0", 4, "utf-16"), "ab");
	ck_assert_str_eq(read_as("\0a\0b", 4, "utf-16"), "ab");
}
END_TEST

static const struct {
	const char *bytes, *declared, *utf8;
} labels[] = {
	/* UTF-8 under the name of something older */
	{"Gr\303\266\303\237e", "iso-8859-1", "Gr\303\266\303\237e"},
	{"Gr\303\266\303\237e", "windows-1252", "Gr\303\266\303\237e"},
	{"caf\303\251", "iso-8859-15", "caf\303\251"},
	{"Gr\366\337e", "iso-8859-1", "Gr\303\266\303\237e"},
	/* and the other way round; one bad byte is one bad byte */
	{"Gr\366\337e", "utf-8", "Gr\303\266\303\237e"},
	{"Gr\303\266\337e", "utf-8", "Gr\303\266\357\277\275e"},
	/* Windows under the name of the standard */
	{"\212koda", "iso-8859-2", "Škoda"},
	{"\251koda", "iso-8859-2", "Škoda"},
	/* the numbers of Windows and DOS in many spellings */
	{"\xcf\xf0\xe8", "x-cp1251", "При"},
	{"\xcf\xf0\xe8", "WIN-1251", "При"},
	{"\xcf\xf0\xe8", "cp-1251", "При"},
	{"\xa1", "dos-874", "ก"},
	{"\xb0\xa1\x81\x41", "windows-949", "가갂"},
	{"\x8f\xf0\xe8", "x-mac-cyrillic", "При"},
	/* what programs call ASCII that were started without a language */
	{"Gr\303\266\303\237e", "ANSI_X3.4-1968", "Gr\303\266\303\237e"},
	/* Japanese as Windows sends it, and as old mailers did */
	{"\x1b$B-!-j\x1b(B!", "iso-2022-jp", "①㈱!"},
	{"\x1b(I6E\x1b(B!", "iso-2022-jp", "ｶﾅ!"},
	{"\x0e"
         "6E\x0f!",
         "iso-2022-jp", "ｶﾅ!"},
	{"\xb6\xc5!", "iso-2022-jp", "ｶﾅ!"},
	{"\x1b$(D0!\x1b(B", "iso-2022-jp", "丂"},
	{"\x1b$(Q.!\x1b(B", "iso-2022-jp-3", "俱"},
	{"\x1b$B;3\nED", "iso-2022-jp", "山\nED"},
	{"\x1b$B-!\x1b(B", NULL, "①"},
	/* Chinese in seven bits (RFC 1843) */
	{"~{<:Ky2;~} ~~ is", "HZ-GB-2312", "己所不 ~ is"},
	{"a~\nb ~{<:\nc", "hz", "ab 己\nc"},
	{"~", "hz", "~"},
	/* DOS's letters, and Windows' quotes in their place */
	{"Gr\x81\xe1"
         "e aus \x99sterreich",
         NULL, "Grüße aus Österreich"},
	{"d\x82j\x85", NULL, "déjà"},
	{"caf\xe9 \x93so\x94 don\x92t\x85", NULL, "café “so” don’t…"},
	/* what cron mails in the C locale */
	{"Gr\xc3\xbc\xc3\x9f"
         "e",
         "ANSI_X3.4-1968", "Grüße"},
	{"\xc6\xfc\xcb\xdc", "x-euc-jp", "日本"},
	/* 81 of e5 81 b6 as in UTF-8, in Shift_JIS */
	{"\x83\x81\x81[\x83\x8b\x82\xf0\x8a\xc8\x92P\x82\xc9\xc2\xa4", "utf-8",
         "メールを簡単にﾂ､"},
};

START_TEST(test_labels_are_held_against_what_is_there)
{
	ck_assert_str_eq(read_as(labels[_i].bytes, strlen(labels[_i].bytes),
	                         labels[_i].declared),
	                 labels[_i].utf8);
}
END_TEST

static const struct {
	const char *bytes;
	size_t len;
	const char *declared, *utf8;
} wide[] = {
	{"\xff\xfe\0\0a\0\0\0\0\xf6\1\0", 12, "utf-32", "a\U0001f600"},
	{"\0\0\xfe\xff\0\0\0a", 8, NULL, "a"},
	{"\0\0\0a\0\0\0b", 8, "utf-32", "ab"},
	{"a\0\0\0b\0\0\0", 8, "UTF-32", "ab"},
	{"\0\0\0a\0\0\0b", 8, "utf-32be", "ab"},
	{"W\0o\0r\0d\0s\0", 10, NULL, "Words"},
	{"\0W\0o\0r\0d\0s", 10, "us-ascii", "Words"},
	{"\0W\0o\0r\0d\0s", 10, "no-such-charset", "Words"},
};

START_TEST(test_wide_characters_are_known_by_their_zeros)
{
	ck_assert(charset_is_wide(wide[_i].bytes, wide[_i].len,
	                          wide[_i].declared));
	ck_assert_str_eq(read_as(wide[_i].bytes, wide[_i].len,
	                         wide[_i].declared),
	                 wide[_i].utf8);
}
END_TEST

START_TEST(test_a_few_zeros_make_no_wide_characters)
{
	ck_assert(!charset_is_wide("some text\0 with two\0", 20, NULL));
	ck_assert(!charset_is_wide("\1\0\2\0\0\3\0\4\0\0", 10, NULL));
	ck_assert(!charset_is_wide("text", 4, "utf-8"));
}
END_TEST

static const struct {
	const char *charset, *utf8;
	bool is_visual;
} hebrew[] = {
	{"ISO-8859-8", "\u05dd\u05dc\u05d5\u05e2 \u05dd\u05d5\u05dc\u05e9",
         true},
	{"iso-8859-8-e", "\u05dd\u05d5\u05dc\u05e9 123", true},
	{"iso-8859-8", "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd",
         false},
	{"iso-8859-8-i", "\u05dd\u05d5\u05dc\u05e9", false},
	{"iso-8859-8", "no Hebrew in it", false},
	{"iso-8859-8", "", false},
	{NULL, "\u05dd\u05d5\u05dc\u05e9", false},
};

START_TEST(test_hebrew_says_by_its_letters_how_it_is_written)
{
	buf_clear(&out);
	buf_puts(&out, hebrew[_i].utf8);
	ck_assert(hebrew_is_visual(hebrew[_i].charset, &out) ==
	          hebrew[_i].is_visual);
}
END_TEST

START_TEST(test_each_line_of_visual_hebrew_keeps_its_order)
{
	buf_clear(&out);
	buf_puts(&out, "a\n\nb");
	hebrew_keep_order(&out);
	ck_assert_str_eq(buf_str(&out), "\u202da\n\u202d\n\u202db");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("charset");
	TCase *tcase = tcase_create("charset");

	tcase_add_checked_fixture(tcase, NULL, tear_down);
	tcase_add_test(tcase,
	               test_text_without_a_declared_charset_is_recognised);
	tcase_add_test(tcase, test_declared_charsets_are_believed);
	tcase_add_test(tcase, test_few_accents_are_western);
	tcase_add_test(tcase, test_utf16_without_a_mark_is_read_in_its_order);
	tcase_add_loop_test(tcase, test_labels_are_held_against_what_is_there,
	                    0, ARRAY_LEN(labels));
	tcase_add_loop_test(tcase,
	                    test_wide_characters_are_known_by_their_zeros, 0,
	                    ARRAY_LEN(wide));
	tcase_add_test(tcase, test_a_few_zeros_make_no_wide_characters);
	tcase_add_loop_test(tcase,
	                    test_hebrew_says_by_its_letters_how_it_is_written,
	                    0, ARRAY_LEN(hebrew));
	tcase_add_test(tcase, test_each_line_of_visual_hebrew_keeps_its_order);
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
