/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/head.h"

#include "base/mem.h"
#include "render/worker/ledger.h"
#include "render/worker/message.h"
#include "tests/unit/check_run.h"

/* What stands above a mail: people and subject, and the list of its parts. */

static struct ledger ledger;
static struct buf subject;

static void on_header(const char *name, const char *value, void *arg)
{
	if (strcmp(name, "subject") == 0)
		buf_puts(&subject, value);
}

static void set_up(void)
{
	message_init();
}

static void tear_down(void)
{
	ledger_fini(&ledger);
	buf_fini(&subject);
}

static void read_ok(const char *message)
{
	struct err err = {0};

	ck_assert_msg(message_read(message, strlen(message), &ledger, on_header,
	                           NULL, &err) == 0,
	              "%s", err.text);
}

static const char *row(const char *label)
{
	for (size_t i = 0; i < ledger.head.n_rows; i++)
		if (strcmp(ledger.head.rows[i].label, label) == 0)
			return ledger.head.rows[i].value;
	return "";
}

static void check_subject(const char *header, const char *expected)
{
	struct buf mail CLEANUP(buf_fini) = {0};

	tear_down();
	buf_printf(&mail, "From: a@b\nSubject: %s\n\ntext\n", header);
	read_ok(buf_str(&mail));
	ck_assert_str_eq(row("Subject"), expected);
	ck_assert_str_eq(buf_str(&subject), expected);
}

START_TEST(test_subjects_are_read_as_they_are_sent)
{
	check_subject("plain", "plain");
	check_subject("folded\n here", "folded here");
	check_subject("=?utf-8?q?Gr=C3?= =?utf-8?q?=B6=C3=9Fe?=",
	              "Gr\303\266\303\237e");
	/* each word has its padding, and one may end within a character */
	check_subject("=?UTF-8?B?UmVjaG51bmcgRsO8cg==?=\n "
	              "=?utf-8?B?IE1haQ==?= =?UTF-8?b?IDIwMjY=?= (1)",
	              "Rechnung F\303\274r Mai 2026 (1)");
	check_subject("=?UTF-8?B?R3LD?= =?UTF-8?B?vMOfZQ==?=",
	              "Gr\303\274\303\237e");
	check_subject("=?UTF-8?B?QQ==?= =?iso-8859-1?B?/A==?=", "A\303\274");
	check_subject("=?UTF-8?B?QQ==?= =?UTF-8?Q?b?= c", "Ab c");
	/* nobody declared them: Latin-1, Shift_JIS, ISO-2022-JP */
	check_subject("Gr\366\337e", "Gr\303\266\303\237e");
	check_subject("\x93\xfa\x96\x7b\x8c\xea\x82\xcc\x8c\x8f\x96\xbc",
	              "日本語の件名");
	check_subject("\x1b$B;3ED\x1b(B", "山田");
}
END_TEST

/* NEC's row of JIS X 0208: a circled one, and the sign of a company. */
START_TEST(test_japanese_words_keep_what_windows_added)
{
	check_subject("=?iso-2022-jp?B?GyRCLSEkTjdvGyhC?= (1)", "①の件 (1)");
	tear_down();
	read_ok("From: =?ISO-2022-JP?B?GyRCLWo7M0VEGyhC?= <a@b>\n\ntext\n");
	ck_assert_ptr_nonnull(strstr(row("From"), "㈱山田 \u2066<a@b>\u2069"));
}
END_TEST

/* Part "1.1" and texts are left out of the plan. */
static bool is_printed(const struct ledger_part *part, void *arg)
{
	return part->kind != LEDGER_TEXT && !part->referenced;
}

/* A name that reads as another address, a subject that begins a line. */
START_TEST(test_nobody_turns_a_head_around)
{
	check_subject("=?utf-8?Q?a=0D=0AFrom=3A_boss_=E2=80=AEz?=",
	              "a  From: boss z");
	tear_down();
	read_ok("From: =?utf-8?Q?A_=E2=80=AEgro=2Eb_=E2=81=A7?= <evil@b>\n"
	        "Content-Type: multipart/mixed; boundary=m\n\n"
	        "--m\n\nhello\n--m\n"
	        "Content-Type: text/csv; name*=utf-8''a%E2%80%AEb%0Ac\n\na\n"
	        "--m--\n");
	head_add_parts(&ledger.head, &ledger, is_printed, NULL);
	ck_assert_ptr_nonnull(strstr(row("From"), "A gro.b "));
	ck_assert_ptr_nonnull(strstr(row("From"), "<evil@b>"));
	ck_assert_str_eq(row("Parts"), "text: not printed\nab c: printed");
}
END_TEST

START_TEST(test_a_mail_without_a_head_has_no_rule)
{
	struct buf html CLEANUP(buf_fini) = {0};

	read_ok("Content-Type: text/plain\n\nhello\n");
	card_html(&ledger.head, &html);
	ck_assert_uint_eq(html.len, 0);
}
END_TEST

START_TEST(test_a_word_without_an_end_stays_as_it_is)
{
	check_subject("=?iso-2022-jp?B?GyRC", "=?iso-2022-jp?B?GyRC");
}
END_TEST

START_TEST(test_many_people_are_counted)
{
	struct buf mail CLEANUP(buf_fini) = {0};

	buf_puts(&mail, "To: a0@b");
	for (unsigned i = 1; i < 50; i++)
		buf_printf(&mail, ",\n a%u@b", i);
	buf_puts(&mail, "\n\ntext\n");
	read_ok(buf_str(&mail));
	ck_assert_ptr_nonnull(strstr(row("To"), "a7@b"));
	ck_assert_ptr_null(strstr(row("To"), "a8@b"));
	ck_assert_ptr_nonnull(strstr(row("To"), "and 42 more"));
}
END_TEST

START_TEST(test_listed_is_what_a_reader_would_count)
{
	read_ok("Content-Type: multipart/mixed; boundary=m\n\n"
	        "--m\nContent-Type: multipart/alternative; boundary=x\n\n"
	        "--x\nContent-Type: text/plain\n\nhello\n"
	        "--x\nContent-Type: text/html\n\n<img src=cid:a>\n--x--\n"
	        "--m\nContent-Type: image/gif; name=logo.gif\n"
	        "Content-ID: <a>\n\nGIF89a\1\n"
	        "--m\nContent-Type: text/plain; name=notes.txt\n\nnotes\n"
	        "--m\nContent-Type: application/pdf; name=a.pdf\n\n%PDF-1.4\n"
	        "--m--\n");
	head_add_parts(&ledger.head, &ledger, is_printed, NULL);
	ck_assert_str_eq(row("Parts"), "text: printed\nnotes.txt: not printed\n"
	                               "a.pdf: printed");
}
END_TEST

START_TEST(test_a_mail_that_is_its_text_alone_lists_nothing)
{
	read_ok("Content-Type: multipart/alternative; boundary=x\n\n"
	        "--x\nContent-Type: text/plain\n\nhello\n"
	        "--x\nContent-Type: text/html\n\n<p>hello\n--x--\n");
	head_add_parts(&ledger.head, &ledger, is_printed, NULL);
	ck_assert_str_eq(row("Parts"), "");
}
END_TEST

START_TEST(test_a_long_list_of_parts_is_counted)
{
	struct buf mail CLEANUP(buf_fini) = {0};

	buf_puts(&mail, "Content-Type: multipart/mixed; boundary=m\n\n");
	for (unsigned i = 0; i < 30; i++)
		buf_printf(&mail,
		           "--m\nContent-Type: text/csv; name=%u\n\na,b\n", i);
	buf_puts(&mail, "--m--\n");
	read_ok(buf_str(&mail));
	head_add_parts(&ledger.head, &ledger, is_printed, NULL);
	ck_assert_ptr_nonnull(strstr(row("Parts"), "19: printed\nand 10 more"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("head");
	TCase *tcase = tcase_create("head");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, test_subjects_are_read_as_they_are_sent);
	tcase_add_test(tcase, test_japanese_words_keep_what_windows_added);
	tcase_add_test(tcase, test_nobody_turns_a_head_around);
	tcase_add_test(tcase, test_a_mail_without_a_head_has_no_rule);
	tcase_add_test(tcase, test_a_word_without_an_end_stays_as_it_is);
	tcase_add_test(tcase, test_many_people_are_counted);
	tcase_add_test(tcase, test_listed_is_what_a_reader_would_count);
	tcase_add_test(tcase, test_a_mail_that_is_its_text_alone_lists_nothing);
	tcase_add_test(tcase, test_a_long_list_of_parts_is_counted);
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
