/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/text_join.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "tests/unit/check_run.h"

static struct ledger_part part(const char *id, enum ledger_kind kind,
                               const char *words)
{
	struct ledger_part p = {.kind = kind};

	snprintf(p.id, sizeof p.id, "%s", id);
	p.disposition = xstrdup("");
	buf_puts(&p.content, words);
	return p;
}

static void fini(struct ledger_part *p)
{
	free(p->disposition);
	free(p->name);
	free(p->charset);
	buf_fini(&p->content);
}

static const struct {
	enum ledger_kind first, second;
	const char *words; /* NULL: they stay apart */
} kinds[] = {
	{LEDGER_TEXT, LEDGER_TEXT, "a < \303\274\n\nb <\n"},
	{LEDGER_HTML, LEDGER_HTML, "a < \303\274\nb <\n"},
	{LEDGER_HTML, LEDGER_TEXT,
         "a < \303\274\n<pre style='white-space:pre-wrap'>b &lt;\n</pre>"},
	{LEDGER_TEXT, LEDGER_HTML, NULL},
	{LEDGER_TEXT, LEDGER_CALENDAR, NULL},
	{LEDGER_PDF, LEDGER_TEXT, NULL},
};

START_TEST(test_texts_of_a_mail_run_on)
{
	struct ledger_part a = part("1", kinds[_i].first, "a < \374\n");
	struct ledger_part b = part("2", kinds[_i].second, "b <\n");

	a.charset = xstrdup("iso-8859-1");
	ck_assert(text_join(&a, &b) == (kinds[_i].words != NULL));
	if (kinds[_i].words) {
		ck_assert_str_eq(buf_str(&a.content), kinds[_i].words);
		ck_assert_str_eq(a.charset, "utf-8");
	}
	fini(&a);
	fini(&b);
}
END_TEST

START_TEST(test_flowed_text_is_joined_as_it_is_read)
{
	struct ledger_part a = part("1", LEDGER_TEXT, "one \nline\n");
	struct ledger_part b = part("2", LEDGER_TEXT, "two \nlines\n");

	a.flowed = true;
	ck_assert(text_join(&a, &b));
	ck_assert_str_eq(buf_str(&a.content), "one line\n\ntwo \nlines\n");
	ck_assert(!a.flowed);
	fini(&a);
	fini(&b);
}
END_TEST

START_TEST(test_documents_are_no_text_to_go_on_with)
{
	struct ledger_part a = part("1", LEDGER_TEXT, "a");
	struct ledger_part named = part("2", LEDGER_TEXT, "b");
	struct ledger_part attached = part("3", LEDGER_TEXT, "c");

	named.name = xstrdup("b.txt");
	ck_assert(!text_join(&a, &named));
	free(attached.disposition);
	attached.disposition = xstrdup("attachment");
	ck_assert(!text_join(&a, &attached));
	fini(&a);
	fini(&named);
	fini(&attached);
}
END_TEST

static const struct {
	const char *first, *second;
	bool are_joined;
} attached[] = {
	{"2.1", "2.2", true},
	{"2.1", "3.1", false},
	{"2.1", "2.2.1", false},
	{"2", "3", true},
};

START_TEST(test_of_attached_mails_each_is_its_own)
{
	struct ledger_part a = part(attached[_i].first, LEDGER_TEXT, "a");
	struct ledger_part b = part(attached[_i].second, LEDGER_TEXT, "b");

	b.attached = true;
	ck_assert(!text_join(&a, &b));
	a.attached = true;
	ck_assert(text_join(&a, &b) == attached[_i].are_joined);
	fini(&a);
	fini(&b);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("text_join");
	TCase *tc = tcase_create("text_join");

	tcase_add_loop_test(tc, test_texts_of_a_mail_run_on, 0,
	                    ARRAY_LEN(kinds));
	tcase_add_test(tc, test_flowed_text_is_joined_as_it_is_read);
	tcase_add_test(tc, test_documents_are_no_text_to_go_on_with);
	tcase_add_loop_test(tc, test_of_attached_mails_each_is_its_own, 0,
	                    ARRAY_LEN(attached));
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
