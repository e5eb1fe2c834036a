/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <locale.h>

#include "base/mem.h"
#include "server/cli/table.h"
#include "tests/unit/check_run.h"

static const char *const titles[] = {"ID", "FROM", "WHY", NULL};
static struct cli_table *table;
static char text[1024];

static void setup(void)
{
	ck_assert_ptr_nonnull(setlocale(LC_ALL, "C.UTF-8"));
	table = cli_table_new(titles);
}

static void teardown(void)
{
	cli_table_free(table);
}

static void add_row(const char *a, const char *b, const char *c)
{
	cli_table_add(table, a);
	cli_table_add(table, b);
	cli_table_add(table, c);
}

static const char *print(void)
{
	FILE *out = fmemopen(text, sizeof text, "w");

	cli_table_print(table, out);
	fclose(out);
	return text;
}

START_TEST(test_columns_are_as_wide_as_their_widest_cell)
{
	add_row("1", "a@b.example", "out of paper");
	add_row("1234", "c@d", "");
	ck_assert_str_eq(print(), "ID    FROM         WHY\n"
	                          "1     a@b.example  out of paper\n"
	                          "1234  c@d          -\n");
}
END_TEST

START_TEST(test_width_is_what_the_screen_shows)
{
	add_row("1", "j\xc3\xbcrgen", "x");
	add_row("2", "\xe5\xae\x9b\xe5\x85\x88", "y");
	ck_assert_str_eq(print(), "ID  FROM    WHY\n"
	                          "1   j\xc3\xbcrgen  x\n"
	                          "2   \xe5\xae\x9b\xe5\x85\x88    y\n");
}
END_TEST

START_TEST(test_no_mail_commands_the_terminal)
{
	add_row("1", "\x1b]0;x\x07", "a\nb");
	print();
	ck_assert_ptr_null(strchr(text, '\x1b'));
	ck_assert_ptr_null(strchr(text, '\x07'));
	ck_assert_ptr_nonnull(strstr(text, "a\\x0ab"));
}
END_TEST

START_TEST(test_an_empty_listing_has_its_titles)
{
	ck_assert_str_eq(print(), "ID  FROM  WHY\n");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("table");
	TCase *tc = tcase_create("all");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_columns_are_as_wide_as_their_widest_cell);
	tcase_add_test(tc, test_width_is_what_the_screen_shows);
	tcase_add_test(tc, test_no_mail_commands_the_terminal);
	tcase_add_test(tc, test_an_empty_listing_has_its_titles);
	return check_run(s);
}
