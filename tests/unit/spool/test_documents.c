/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "spool/documents.h"
#include "tests/unit/check_run.h"

static const int64_t page_ends[] = {104, 250, 300, 1000};

/* As text: "n/per_job x copies: 0-4 104-250 | 300-1000". */
static char *plan(enum print_format_kind kind, unsigned copies,
                  unsigned copies_max, bool has_many, const char *pages,
                  unsigned n_done)
{
	const struct print_format format = {.kind = kind};
	struct documents_wish wish = {.format = &format,
	                              .copies = copies,
	                              .copies_max = copies_max,
	                              .has_many = has_many,
	                              .n_done = n_done,
	                              .only_pages = pages,
	                              .page_ends = page_ends,
	                              .n_pages = ARRAY_LEN(page_ends)};
	struct documents documents;
	struct buf text = {0};
	struct err err = {0};

	if (documents_plan(&wish, &documents, &err) < 0)
		return xasprintf("%d %s", err.code, err.text);
	buf_printf(&text, "%u/%u x%u:", documents.n, documents.per_job,
	           documents.copies);
	for (unsigned i = 1; i <= documents.n; i++) {
		size_t n;
		const struct document_range *ranges =
			documents_get(&documents, i, &n);

		buf_puts(&text, i > 1 ? " |" : "");
		for (size_t k = 0; k < n; k++)
			buf_printf(&text, " %lld-%lld",
			           (long long)ranges[k].begin,
			           ranges[k].end == INT64_MAX
			                   ? -1
			                   : (long long)ranges[k].end);
	}
	documents_fini(&documents);
	buf_str(&text);
	return text.data;
}

static const struct {
	enum print_format_kind kind;
	unsigned copies, copies_max;
	bool has_many;
	const char *pages;
	unsigned n_done;
	const char *plan;
} plans[] = {
	/* everything as it is */
	{PRINT_PWG, 1, 1, false, "", 0, "1/1 x1: 0--1"},
	{PRINT_PDF, 3, 9, true, "", 0, "1/1 x3: 0--1"},
	/* copies that the printer does not make */
	{PRINT_PWG, 2, 1, true, "", 0, "2/2 x1: 0--1 | 0--1"},
	{PRINT_PDF, 2, 1, false, "", 0, "2/1 x1: 0--1 | 0--1"},
	{PRINT_PDF, 10, 9, false, "", 9,
         "10/1 x1: 0--1 | 0--1 | 0--1 | 0--1 | 0--1 | 0--1 | 0--1 | 0--1 | "
         "0--1 | 0--1"},
	/* what was begun in sets goes on in sets */
	{PRINT_PDF, 2, 9, false, "", 1, "2/1 x1: 0--1 | 0--1"},
	/* pages cut out */
	{PRINT_PWG, 1, 1, false, "2-3", 0, "1/1 x1: 0-4 104-300"},
	{PRINT_URF, 1, 1, false, "1,4", 0, "1/1 x1: 0-12 12-104 300-1000"},
	{PRINT_PWG, 2, 9, false, "4", 0, "1/1 x2: 0-4 300-1000"},
	{PRINT_PWG, 2, 1, false, "4", 0, "2/1 x1: 0-4 300-1000 | 0-4 300-1000"},
	/* where that cannot be they are all that was made */
	{PRINT_PDF, 1, 1, false, "2-3", 0, "1/1 x1: 0--1"},
	/* pictures */
	{PRINT_JPEG, 1, 9, false, "", 0,
         "4/1 x1: 0-104 | 104-250 | 250-300 | 300-1000"},
	{PRINT_JPEG, 1, 9, true, "", 2,
         "4/4 x1: 0-104 | 104-250 | 250-300 | 300-1000"},
	{PRINT_JPEG, 1, 9, false, "2,4", 0, "2/1 x1: 104-250 | 300-1000"},
	{PRINT_JPEG, 3, 9, false, "2", 0, "1/1 x3: 104-250"},
	/* copies of several would come out page by page */
	{PRINT_JPEG, 2, 9, false, "1-2", 0,
         "4/1 x1: 0-104 | 104-250 | 0-104 | 104-250"},
	/* no such pages, or nothing left */
	{PRINT_PWG, 1, 1, false, "5", 0,
         "-34 there is no page 5: the job has 4"},
	{PRINT_PWG, 1, 1, false, "", 1, "-34 all its documents are printed"},
};

START_TEST(test_stored_pages_become_documents)
{
	char *got CLEANUP(xfree) =
		plan(plans[_i].kind, plans[_i].copies, plans[_i].copies_max,
	             plans[_i].has_many, plans[_i].pages, plans[_i].n_done);

	ck_assert_str_eq(got, plans[_i].plan);
}
END_TEST

START_TEST(test_only_one_whole_document_may_leave_while_it_is_made)
{
	const struct print_format pwg = {.kind = PRINT_PWG};
	const struct print_format jpeg = {.kind = PRINT_JPEG};
	const struct print_format pdf = {.kind = PRINT_PDF};
	struct documents_wish wish = {.format = &pwg,
	                              .copies = 2,
	                              .copies_max = 2,
	                              .only_pages = ""};

	ck_assert(documents_are_one(&wish));
	wish.copies = 3;
	ck_assert(!documents_are_one(&wish));
	wish.copies = 1;
	wish.only_pages = "2";
	ck_assert(!documents_are_one(&wish));
	wish.format = &pdf;
	ck_assert(documents_are_one(&wish));
	wish.only_pages = "";
	wish.format = &jpeg;
	ck_assert(!documents_are_one(&wish));
}
END_TEST

START_TEST(test_length_of_a_document_is_known_where_its_end_is)
{
	const struct print_format pwg = {.kind = PRINT_PWG};
	struct documents_wish wish = {.format = &pwg,
	                              .copies = 1,
	                              .copies_max = 1,
	                              .only_pages = "2,4",
	                              .page_ends = page_ends,
	                              .n_pages = ARRAY_LEN(page_ends)};
	struct documents documents;

	ck_assert_int_eq(documents_plan(&wish, &documents, NULL), 0);
	ck_assert_int_eq(documents_length(&documents, 1, -1), 4 + 146 + 700);
	documents_fini(&documents);
	wish.only_pages = "";
	ck_assert_int_eq(documents_plan(&wish, &documents, NULL), 0);
	ck_assert_int_eq(documents_length(&documents, 1, 1000), 1000);
	ck_assert_int_eq(documents_length(&documents, 1, -1), -1);
	documents_fini(&documents);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("documents");
	TCase *tc = tcase_create("documents");

	tcase_add_loop_test(tc, test_stored_pages_become_documents, 0,
	                    (int)ARRAY_LEN(plans));
	tcase_add_test(tc,
	               test_only_one_whole_document_may_leave_while_it_is_made);
	tcase_add_test(tc, test_length_of_a_document_is_known_where_its_end_is);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
