/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/terminal.h"

#include <stdlib.h>

#include "base/mem.h"
#include "tests/unit/check_run.h"

static const struct {
	const char *text, *clean;
} texts[] = {
	{"plain \303\274\n", "plain \303\274\n"},
	{"\x1b[31mred\x1b[0m \x1b[1;4mbold\x1b[m!", "red bold!"},
	{"N\bNA\bAM\bME\bE _\bu_\bn", "NAME un"},
	{"\303\274\b\303\274x", "\303\274x"},
	{"a\n\bb\b", "a\n"},
	{"\b\bc", "c"},
	/* no such sequence: shown as it is */
	{"\x1b", "\x1b"},
	{"\x1b[", "\x1b["},
	{"\x1b[31", "\x1b[31"},
	{"\x1b$B", "\x1b$B"},
	{"", ""},
};

START_TEST(test_what_a_terminal_obeys_is_not_printed)
{
	struct buf text CLEANUP(buf_fini) = {0};

	buf_puts(&text, texts[_i].text);
	terminal_clean(&text);
	ck_assert_str_eq(buf_str(&text), texts[_i].clean);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("terminal");
	TCase *tc = tcase_create("terminal");

	tcase_add_loop_test(tc, test_what_a_terminal_obeys_is_not_printed, 0,
	                    ARRAY_LEN(texts));
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
