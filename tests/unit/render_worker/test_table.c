/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/table.h"

#include <errno.h>

#include "paper.h"
#include "render/worker/csv.h"
#include "render/worker/table_columns.h"
#include "tests/unit/check_run.h"

/* Pango's and fontconfig's caches live as long as the process. */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\nleak:libpango\nleak:libglib\n";
}

static struct buf out;

static void tear_down(void)
{
	buf_fini(&out);
}

/* Cells between '|', rows between '/'. */
static const char *rows(const char *text)
{
	struct csv_row row CLEANUP(csv_row_fini) = {0};
	struct csv csv;

	buf_clear(&out);
	csv_init(&csv, text, strlen(text));
	while (csv_next(&csv, &row)) {
		for (size_t i = 0; i < row.n_cells; i++)
			buf_printf(&out, "%s%s", i ? "|" : "",
			           csv_cell(&row, i));
		buf_puts(&out, "/");
	}
	return buf_str(&out);
}

START_TEST(test_the_delimiter_is_what_the_rows_agree_on)
{
	ck_assert_str_eq(rows("a,b\n1,2\n"), "a|b/1|2/");
	ck_assert_str_eq(rows("a;b\r\n1,5;2,5\r\n"), "a|b/1,5|2,5/");
	ck_assert_str_eq(rows("a\tb\n1,2\t3\n"), "a|b/1,2|3/");
	ck_assert_str_eq(rows("sep=|\r\na|b,c\r\n"), "a|b,c/");
	ck_assert_str_eq(rows("one\ntwo\n"), "one/two/");
	ck_assert_str_eq(rows(""), "");
}
END_TEST

START_TEST(test_quotes_hold_anything)
{
	ck_assert_str_eq(rows("a,b\n\"x,\"\"y\"\"\nz\",2\n"),
	                 "a|b/x,\"y\"\nz|2/");
	ck_assert_str_eq(rows("a,b\n\"open,2\n"), "a|b/\"open|2/");
	ck_assert_str_eq(rows("a,b\n\"x\"y,2\n"), "a|b/\"x\"y|2/");
	ck_assert_str_eq(rows("a,b\n\n , \n,2"), "a|b/|2/");
}
END_TEST

START_TEST(test_numbers_are_told_from_words)
{
	ck_assert(csv_is_number("1,234.50"));
	ck_assert(csv_is_number("-12 %"));
	ck_assert(csv_is_number("5 \342\202\254"));
	ck_assert(!csv_is_number("12a"));
	ck_assert(!csv_is_number(""));
	ck_assert(!csv_is_number("-"));
}
END_TEST

static void repeat(const char *text, unsigned times)
{
	for (unsigned i = 0; i < times; i++)
		buf_puts(&out, text);
}

static void render(struct paper *paper)
{
	struct err err = {0};

	paper_open(paper, 20);
	ck_assert_msg(table_render(out.data, out.len, &paper->spec,
	                           paper->raster, &err) == 0,
	              "%s", err.text);
	paper_finish(paper);
}

START_TEST(test_a_narrow_table_stands_upright)
{
	struct paper paper;
	struct ink ink;

	repeat("name,amount\n", 1);
	repeat("thing,5\n", 10);
	render(&paper);
	ink = paper_ink(&paper, 1);
	ck_assert_uint_eq(paper.n_pages, 1);
	ck_assert(ink.top < .08 && ink.bottom < .35 && ink.left < .1);
	ck_assert(ink.right > .9); /* its rules */
	paper_close(&paper);
}
END_TEST

START_TEST(test_a_wide_table_is_turned_and_not_cut)
{
	struct paper paper;
	struct ink ink;

	for (unsigned i = 0; i < 5; i++) {
		repeat("some longer value,", 9);
		repeat("end\n", 1);
	}
	render(&paper);
	ink = paper_ink(&paper, 1);
	ck_assert_uint_eq(paper.n_pages, 1);
	/* The first row is at the left, lines run up, as on all wide pages. */
	ck_assert(ink.left < .12 && ink.right < .5);
	ck_assert(ink.bottom > .9 && ink.top < .1 && ink.top > .03);
	paper_close(&paper);
}
END_TEST

START_TEST(test_too_many_columns_go_on_behind_the_last_row)
{
	struct paper paper;

	for (unsigned i = 0; i < 3; i++) {
		repeat("averylongwordhere,", 60);
		repeat("\n", 1);
	}
	render(&paper);
	ck_assert_uint_ge(paper.n_pages, 3);
	for (unsigned i = 1; i <= paper.n_pages; i++)
		ck_assert_uint_gt(paper_ink(&paper, i).n, 100);
	paper_close(&paper);
}
END_TEST

START_TEST(test_the_header_stands_on_each_page)
{
	struct paper paper;

	repeat("a,b\n", 1);
	repeat("x,1\n", 120);
	render(&paper);
	ck_assert_uint_ge(paper.n_pages, 2);
	/* Bold names and the thick rule are above the rows of both. */
	ck_assert(paper_ink(&paper, 2).top < .08);
	paper_close(&paper);
}
END_TEST

START_TEST(test_a_cell_longer_than_a_page_goes_on)
{
	struct paper paper;

	repeat("a,b\n1,\"", 1);
	repeat("word ", 3000);
	repeat("\"\n2,after\n", 1);
	render(&paper);
	ck_assert_uint_ge(paper.n_pages, 3);
	ck_assert_uint_le(paper.n_pages, 8);
	for (unsigned i = 1; i < paper.n_pages; i++)
		ck_assert(paper_ink(&paper, i).bottom > .8);
	paper_close(&paper);
}
END_TEST

START_TEST(test_short_columns_keep_what_they_want)
{
	static const char text[] =
		"id,text\n1,\"a very long text that goes on and on and on "
		"and on and on and on\"\n";
	struct table_columns columns;

	table_columns_measure(&columns, text, strlen(text));
	ck_assert_uint_eq(columns.n_columns, 2);
	ck_assert(columns.has_header && columns.columns[0].is_number);
	ck_assert_uint_eq(table_columns_fit(&columns, 0, 30, 1), 2);
	ck_assert(columns.columns[0].width >= 2);
	ck_assert(columns.columns[0].width < 6);
	ck_assert(columns.columns[1].width > 20);
	ck_assert(columns.columns[0].width + columns.columns[1].width < 30);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("table");
	TCase *tcase = tcase_create("table");

	tcase_add_checked_fixture(tcase, NULL, tear_down);
	tcase_add_test(tcase, test_the_delimiter_is_what_the_rows_agree_on);
	tcase_add_test(tcase, test_quotes_hold_anything);
	tcase_add_test(tcase, test_numbers_are_told_from_words);
	tcase_add_test(tcase, test_a_narrow_table_stands_upright);
	tcase_add_test(tcase, test_a_wide_table_is_turned_and_not_cut);
	tcase_add_test(tcase, test_too_many_columns_go_on_behind_the_last_row);
	tcase_add_test(tcase, test_the_header_stands_on_each_page);
	tcase_add_test(tcase, test_a_cell_longer_than_a_page_goes_on);
	tcase_add_test(tcase, test_short_columns_keep_what_they_want);
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
