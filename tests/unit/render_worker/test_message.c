/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/message.h"
#include "render/worker/plan.h"

#include <errno.h>
#include <stdio.h>

#include "base/mem.h"
#include "render/worker/scan.h"
#include "tests/unit/check_run.h"

static struct ledger ledger;
static struct buf headers;

static void on_header(const char *name, const char *value, void *arg)
{
	buf_printf(&headers, "%s=%s\n", name, value);
}

static int read_bytes(const char *data, size_t len, struct err *err)
{
	return message_read(data, len, &ledger, on_header, NULL, err);
}

static void read_ok(const char *message)
{
	struct err err = {0};

	ck_assert_msg(read_bytes(message, strlen(message), &err) == 0, "%s",
	              err.text);
}

/* "1.2 text/plain text/plain y" for each part, a line each. */
static const char *summary(void)
{
	static struct buf out;

	buf_clear(&out);
	for (size_t i = 0; i < ledger.n_parts; i++) {
		const struct ledger_part *part = &ledger.parts[i];

		buf_printf(&out, "%s %s %s %s\n", part->id, part->type,
		           part->detected,
		           ledger_is_wanted(part)      ? "wanted"
		           : ledger_is_printable(part) ? "printable"
		                                       : part->note);
	}
	return buf_str(&out);
}

static void set_up(void)
{
	message_init();
}

static void tear_down(void)
{
	ledger_fini(&ledger);
	buf_fini(&headers);
}

START_TEST(test_a_simple_mail_has_one_part)
{
	read_ok("From: a@b\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\n\nhello\n");
	ck_assert_str_eq(summary(), "1 text/plain text/plain wanted\n");
	ck_assert_ptr_nonnull(
		strstr(buf_str(&headers), "subject=Gr\303\274\303\237e\n"));
}
END_TEST

static const struct {
	const char *mail, *summary;
} notes[] = {
	{"Subject: Call Bob\n\n", "1 text/plain text/plain wanted\n"},
	{"Subject: Call Bob\n\n \r\n\n", "1 text/plain text/plain wanted\n"},
	{"Subject: Call Bob\nContent-Type: multipart/alternative; boundary=x\n\n"
         "--x\n\n\n--x\nContent-Type: text/html\n\n<p>&nbsp;</p>\n--x--\n",
         "1 text/plain text/plain wanted\n"
         "2 text/html application/x-empty it is empty\n"},
	{"From: a@b\n\n\n", "1 text/plain application/x-empty it is empty\n"},
	/* what was to be printed did not come along */
	{"Subject: Scan\nContent-Type: application/pdf; name=a.pdf\n\n",
         "1 application/pdf application/x-empty it is empty\n"},
};

START_TEST(test_a_subject_alone_is_a_note)
{
	read_ok(notes[_i].mail);
	ck_assert_str_eq(summary(), notes[_i].summary);
}
END_TEST

START_TEST(test_raw_eight_bit_headers_are_guessed)
{
	read_ok("Subject: Gr\374n\n\nhello\n");
	ck_assert_ptr_nonnull(strstr(buf_str(&headers), "Gr\303\274n"));
}
END_TEST

/* The ids of what is printed when nobody decides. */
static const char *wanted(void)
{
	static struct buf out;
	struct plan plan = {0};

	buf_clear(&out);
	plan_wanted(&ledger, &plan);
	for (size_t i = 0; i < plan.n_parts; i++)
		buf_printf(&out, " %s", plan.parts[i]->id);
	return buf_str(&out);
}

START_TEST(test_alternatives_say_so_and_the_first_is_wanted)
{
	read_ok("Content-Type: multipart/alternative; boundary=x\n\n"
	        "--x\nContent-Type: text/plain\n\nhello\n"
	        "--x\nContent-Type: text/html\n\n<p>hello\n--x--\n");
	ck_assert_str_eq(ledger.parts[0].alternative, "0:1");
	ck_assert_str_eq(ledger.parts[1].alternative, "0:2");
	ck_assert_str_eq(wanted(), " 1");
}
END_TEST

START_TEST(test_the_interactive_form_of_a_mail_is_never_wanted)
{
	read_ok("Content-Type: multipart/alternative; boundary=x\n\n"
	        "--x\nContent-Type: text/x-amp-html\n\n"
	        "<!doctype html><html amp4email><body>A</body></html>\n"
	        "--x\n\ntext\n--x--\n");
	ck_assert_ptr_nonnull(strstr(ledger.parts[0].note, "AMP"));
	ck_assert_str_eq(wanted(), " 2");
}
END_TEST

START_TEST(test_alternatives_within_alternatives_name_both)
{
	read_ok("Content-Type: multipart/mixed; boundary=m\n\n"
	        "--m\nContent-Type: multipart/alternative; boundary=x\n\n"
	        "--x\nContent-Type: text/plain\n\nhello\n"
	        "--x\nContent-Type: multipart/mixed; boundary=y\n\n"
	        "--y\nContent-Type: multipart/alternative; boundary=z\n\n"
	        "--z\nContent-Type: text/plain\n\nhello\n"
	        "--z\nContent-Type: text/html\n\n<p>hello\n--z--\n"
	        "--y\nContent-Type: application/pdf\n\n%PDF-1.4\n--y--\n"
	        "--x--\n"
	        "--m\nContent-Type: text/plain\n\nand this\n--m--\n");
	ck_assert_uint_eq(ledger.n_parts, 5);
	ck_assert_str_eq(ledger.parts[2].alternative, "1:2,1.2.1:2");
	ck_assert_str_eq(ledger.parts[3].alternative, "1:2");
	ck_assert_str_eq(ledger.parts[4].alternative, "");
	ck_assert_str_eq(wanted(), " 1.1 1.2.2 2");
}
END_TEST

START_TEST(test_html_is_picked_when_the_plain_text_is_blank)
{
	read_ok("Content-Type: multipart/alternative; boundary=x\n\n"
	        "--x\nContent-Type: text/plain\n\n \n"
	        "--x\nContent-Type: text/html\n\n<p>hello\n--x--\n");
	ck_assert_str_eq(summary(),
	                 "1 text/plain application/x-empty it is empty\n"
	                 "2 text/html text/html wanted\n");
}
END_TEST

START_TEST(test_content_decides_not_the_declared_type)
{
	read_ok("Content-Type: multipart/mixed; boundary=x\n\n"
	        "--x\nContent-Type: application/octet-stream\n\n%PDF-1.4 x\n"
	        "--x\nContent-Type: application/pdf\n\nMZ program\n"
	        "--x\nContent-Type: text/plain\nContent-Transfer-Encoding: "
	        "base64\n\niVBORw0KGgo=\n--x--\n");
	ck_assert_str_eq(summary(),
	                 "1 application/octet-stream application/pdf wanted\n"
	                 "2 application/pdf application/octet-stream it is "
	                 "broken, or not what its name says\n"
	                 "3 text/plain image/png wanted\n");
}
END_TEST

START_TEST(test_pictures_that_the_html_shows_are_not_wanted)
{
	read_ok("Content-Type: multipart/related; boundary=x\n\n"
	        "--x\nContent-Type: text/html\n\n<img src=\"cid:logo@x\">hi\n"
	        "--x\nContent-Type: image/png\nContent-ID: <logo@x>\n"
	        "Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n"
	        "--x\nContent-Type: image/png\nContent-ID: <other@x>\n"
	        "Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--x--\n");
	ck_assert_str_eq(summary(), "1 text/html text/html wanted\n"
	                            "2 image/png image/png printable\n"
	                            "3 image/png image/png wanted\n");
}
END_TEST

#define RELATED                                                                \
	"MIME-Version: 1.0\nContent-Type: multipart/related; "                 \
	"boundary=x\n\n--x\nContent-Type: text/html\nContent-Location: "       \
	"http://a.example/p\n\n<img src='red.gif'><link href=s.css>\n"         \
	"--x\nContent-Type: text/css\nContent-Location: "                      \
	"http://a.example/s.css\n\np { background: url(/blue.gif) }\n"         \
	"--x\nContent-Type: image/gif\nContent-Location:\n "                   \
	"http://a.example/\n red.gif\n\nGIF89a....\n"                          \
	"--x\nContent-Type: image/gif\nContent-Location: blue.gif\n\n"         \
	"GIF89a....\n--x\nContent-Type: image/gif\nContent-Location: "         \
	"other.gif\n\nGIF89a....\n--x--\n"

START_TEST(test_pictures_shown_by_their_address_are_not_wanted)
{
	read_ok("From: a@b\nSubject: s\n" RELATED);
	ck_assert_str_eq(summary(),
	                 "1 text/html text/html wanted\n"
	                 "2 text/css text/plain it belongs to the web page\n"
	                 "3 image/gif image/gif printable\n"
	                 "4 image/gif image/gif printable\n"
	                 "5 image/gif image/gif wanted\n");
}
END_TEST

static const char *const savers[] = {
	"",
	"From: <Saved by Blink>\nSubject: A page\n",
	"From: \"Saved by Windows Internet Explorer 8\"\nSubject: A page\n",
	"From: a@b\nSnapshot-Content-Location: http://a.example/p\n",
};

START_TEST(test_a_saved_page_is_one_page_without_a_head)
{
	char *mail CLEANUP(xfree) = xasprintf(
		"Content-Type: multipart/mixed; boundary=y\n\n--y\n"
		"Content-Type: application/octet-stream; name=p.mhtml\n\n"
		"%s" RELATED "--y--\n",
		savers[_i]);

	read_ok(mail);
	ck_assert_uint_eq(ledger.n_parts, 6);
	ck_assert_str_eq(ledger.parts[0].note,
	                 "a saved web page: its parts follow");
	ck_assert(ledger_is_wanted(&ledger.parts[1]));
	ck_assert(ledger.parts[1].attached && !ledger.parts[1].head);
	for (size_t i = 2; i < 6; i++) {
		ck_assert(ledger.parts[i].referenced);
		ck_assert_str_eq(ledger.parts[i].note,
		                 "it belongs to the web page");
	}
}
END_TEST

START_TEST(test_an_encoding_in_quotes_is_one)
{
	static const char *const words[] = {"\"base64\"", "'Base64'", "base64;",
	                                    "base64 (by hand)"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		struct buf mail CLEANUP(buf_fini) = {0};

		buf_printf(&mail,
		           "Content-Type: text/plain\n"
		           "Content-Transfer-Encoding: %s\n\nSGVsbG8K\n",
		           words[i]);
		read_ok(buf_str(&mail));
		ck_assert_str_eq(buf_str(&ledger.parts[0].content), "Hello\n");
	}
}
END_TEST

START_TEST(test_a_footer_below_base64_is_text)
{
	read_ok("Subject: s\nContent-Type: text/plain\n"
	        "Content-Transfer-Encoding: base64\n\nSGVsbG8K\n"
	        "_______________________\nlist@example.org\n");
	ck_assert_str_eq(buf_str(&ledger.parts[0].content),
	                 "Hello\n\n_______________________\n"
	                 "list@example.org\n");
}
END_TEST

static const struct {
	const char *written, *read;
} coded[] = {
	{"The lift, which we\nrepaired\n", "The lift, which we\nrepaired\n"},
	{"SGVs!\n bG8K\n", "Hello\n"},
};

START_TEST(test_a_text_that_is_coded_by_its_head_alone_is_read)
{
	char *mail CLEANUP(xfree) =
		xasprintf("Subject: s\nContent-Type: text/plain\n"
	                  "Content-Transfer-Encoding: base64\n\n%s",
	                  coded[_i].written);

	read_ok(mail);
	ck_assert_str_eq(buf_str(&ledger.parts[0].content), coded[_i].read);
}
END_TEST

static const char *const no_types[] = {
	"text", "text/", "plain text", ";charset=utf-8", "text;charset=utf-8",
};

START_TEST(test_a_type_that_is_none_is_text)
{
	char *mail CLEANUP(xfree) =
		xasprintf("Subject: s\nContent-Type: %s\n\nwords\n",
	                  no_types[_i]);

	read_ok(mail);
	ck_assert_str_eq(summary(), "1 text/plain text/plain wanted\n");
}
END_TEST

static const struct {
	const char *mail, *body;
} unparted[] = {
	{"Subject: s\nThe words\nof it: all\n", "The words\nof it: all\n"},
	{"Subject: s\n \nThe words\n\nand more\n",
         " \nThe words\n\nand more\n"},
	{"Words alone.\n\nAnd more.\n", "Words alone.\n\nAnd more.\n"},
	/* a head all the same */
	{"Subject: s\ngarbage\nTo: a@b\n\nwords\n", "words\n"},
	{">From a@b\nSubject: s\n \n folded\nTo : a\n\nwords\n", "words\n"},
};

START_TEST(test_words_without_a_line_above_them_are_read)
{
	read_ok(unparted[_i].mail);
	ck_assert_str_eq(buf_str(&ledger.parts[0].content), unparted[_i].body);
}
END_TEST

static const struct {
	const char *head, *type;
} pages[] = {
	{"", "text/html"},
	{"Content-Type: html\n", "text/html"},
	{"Content-Type: text/plain\n", "text/plain"},
};

START_TEST(test_a_page_without_a_type_is_one)
{
	char *mail CLEANUP(xfree) =
		xasprintf("Subject: s\n%s\n<!DOCTYPE html><html><p>words\n",
	                  pages[_i].head);

	read_ok(mail);
	ck_assert_str_eq(ledger.parts[0].detected, pages[_i].type);
}
END_TEST

static const struct {
	const char *head, *name;
} names[] = {
	{"Content-Disposition: attachment; filename=\"=?UTF-8?B?UmVjaG51bmcgRsO8"
         "cg==?=\n =?UTF-8?B?IE1haS5wZGY=?=\"",
         "Rechnung F\303\274r Mai.pdf"},
	{"Content-Type: image/png; name=\"=?UTF-8?B?QQ==?= =?UTF-8?B?LnBuZw==?="
         "\"",
         "A.png"},
	{"Content-Disposition: attachment; filename=\"=?utf-8?q?a=5F?=b.png\"",
         "a_b.png"},
	{"Content-Disposition: attachment; filename*=UTF-8''%C3%BC.png",
         "\303\274.png"},
};

START_TEST(test_names_are_read_to_their_end)
{
	char *mail CLEANUP(xfree) =
		xasprintf("Subject: s\n%s\n\nbytes\n", names[_i].head);

	read_ok(mail);
	ck_assert_str_eq(ledger.parts[0].name, names[_i].name);
}
END_TEST

START_TEST(test_padding_in_the_middle_loses_nothing)
{
	read_ok("Content-Type: text/plain\nContent-Transfer-Encoding: base64\n"
	        "\naGVsbG8=\nd29ybGQhIQ==\n");
	ck_assert_uint_eq(ledger.parts[0].content.len, 12);
	ck_assert_mem_eq(ledger.parts[0].content.data, "helloworld!!", 12);
}
END_TEST

START_TEST(test_an_attached_mail_opens_with_its_header)
{
	read_ok("Content-Type: multipart/mixed; boundary=x\n\n"
	        "--x\nContent-Type: text/plain\n\nsee below\n"
	        "--x\nContent-Type: message/rfc822\n\n"
	        "From: c@d\nSubject: inner\n\ninner text\n--x--\n");
	ck_assert_str_eq(summary(), "1 text/plain text/plain wanted\n"
	                            "2.1 text/plain text/plain wanted\n");
	ck_assert_uint_eq(ledger.parts[1].head->n_rows, 2);
	ck_assert_str_eq(ledger.parts[1].head->rows[0].label, "From");
	ck_assert_str_eq(ledger.parts[1].head->rows[1].value, "inner");
}
END_TEST

START_TEST(test_text_of_a_multipart_without_parts_is_kept)
{
	read_ok("Content-Type: multipart/mixed; boundary=x\n\nhello\n");
	ck_assert_str_eq(summary(), "1 text/plain text/plain wanted\n");
}
END_TEST

START_TEST(test_encrypted_and_signing_parts_say_so)
{
	read_ok("Content-Type: multipart/signed; boundary=x\n\n"
	        "--x\nContent-Type: text/plain\n\nhello\n"
	        "--x\nContent-Type: application/pgp-signature\n\nsig\n--x--\n");
	ck_assert_str_eq(summary(),
	                 "1 text/plain text/plain wanted\n"
	                 "2 application/pgp-signature "
	                 "application/octet-stream it is a signature\n");
	ledger_fini(&ledger);
	read_ok("Content-Type: application/pkcs7-mime; name=smime.p7m\n\nxx\n");
	ck_assert(ledger.parts[0].encrypted);
	ck_assert(!ledger_is_printable(&ledger.parts[0]));
}
END_TEST

/* Each of these breaks or bloats GMime: refused before it sees them. */
static void repeat(struct buf *out, const char *text, int n)
{
	while (n-- > 0)
		buf_puts(out, text);
}

static void refused(const char *head, const char *repeated, int n,
                    const char *sentence)
{
	struct buf message CLEANUP(buf_fini) = {0};
	struct err err = {0};

	buf_puts(&message, head);
	repeat(&message, repeated, n);
	ck_assert_int_eq(read_bytes(message.data, message.len, &err), -E2BIG);
	ck_assert_ptr_nonnull(strstr(err.text, sentence));
}

START_TEST(test_messages_beyond_the_bounds_are_refused)
{
	refused("From: ", "g:", 5000, "nests too many groups");
	refused("", "X: y\n", 2001, "header lines");
	refused("X: ", "yyyyyyyy", 9000, "is longer than");
	refused("Content-Type: multipart/mixed; boundary=x\n\n", "--x\n\n",
	        1100, "parts");
	refused("", "Content-Type: message/rfc822\n\n", 40, "nested");
}
END_TEST

START_TEST(test_deep_multiparts_are_refused)
{
	struct buf message CLEANUP(buf_fini) = {0};
	struct err err = {0};

	for (int i = 0; i < 40; i++)
		buf_printf(&message,
		           "Content-Type: multipart/mixed; boundary=b%d\n\n"
		           "--b%d\n",
		           i, i);
	ck_assert_int_eq(read_bytes(message.data, message.len, &err), -E2BIG);
	ck_assert_ptr_nonnull(strstr(err.text, "nested"));
}
END_TEST

START_TEST(test_the_bounds_let_ordinary_mail_pass)
{
	struct buf message CLEANUP(buf_fini) = {0};

	buf_puts(&message, "Content-Type: multipart/mixed; boundary=x\n\n");
	repeat(&message, "--x\n\nhi\n", 900);
	buf_puts(&message, "--x--\n");
	ck_assert_int_eq(read_bytes(message.data, message.len, NULL), 0);
	ck_assert_uint_eq(ledger.n_parts, 900);
}
END_TEST

START_TEST(test_nothing_at_all_is_read_without_harm)
{
	struct err err = {0};

	ck_assert_int_le(read_bytes("", 0, &err), 0);
	ck_assert_int_le(read_bytes("\n", 1, &err), 0);
	ck_assert_int_le(read_bytes("\0\0\0", 3, &err), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("message");
	TCase *tcase = tcase_create("message");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, test_a_simple_mail_has_one_part);
	tcase_add_loop_test(tcase, test_a_subject_alone_is_a_note, 0,
	                    ARRAY_LEN(notes));
	tcase_add_test(tcase, test_raw_eight_bit_headers_are_guessed);
	tcase_add_test(tcase, test_alternatives_say_so_and_the_first_is_wanted);
	tcase_add_test(tcase,
	               test_the_interactive_form_of_a_mail_is_never_wanted);
	tcase_add_test(tcase, test_alternatives_within_alternatives_name_both);
	tcase_add_test(tcase, test_html_is_picked_when_the_plain_text_is_blank);
	tcase_add_test(tcase, test_content_decides_not_the_declared_type);
	tcase_add_test(tcase, test_pictures_that_the_html_shows_are_not_wanted);
	tcase_add_test(tcase,
	               test_pictures_shown_by_their_address_are_not_wanted);
	tcase_add_loop_test(tcase, test_a_saved_page_is_one_page_without_a_head,
	                    0, ARRAY_LEN(savers));
	tcase_add_test(tcase, test_an_encoding_in_quotes_is_one);
	tcase_add_test(tcase, test_a_footer_below_base64_is_text);
	tcase_add_loop_test(tcase,
	                    test_a_text_that_is_coded_by_its_head_alone_is_read,
	                    0, ARRAY_LEN(coded));
	tcase_add_loop_test(tcase, test_a_type_that_is_none_is_text, 0,
	                    ARRAY_LEN(no_types));
	tcase_add_loop_test(tcase,
	                    test_words_without_a_line_above_them_are_read, 0,
	                    ARRAY_LEN(unparted));
	tcase_add_loop_test(tcase, test_a_page_without_a_type_is_one, 0,
	                    ARRAY_LEN(pages));
	tcase_add_loop_test(tcase, test_names_are_read_to_their_end, 0,
	                    ARRAY_LEN(names));
	tcase_add_test(tcase, test_padding_in_the_middle_loses_nothing);
	tcase_add_test(tcase, test_an_attached_mail_opens_with_its_header);
	tcase_add_test(tcase, test_text_of_a_multipart_without_parts_is_kept);
	tcase_add_test(tcase, test_encrypted_and_signing_parts_say_so);
	tcase_add_test(tcase, test_messages_beyond_the_bounds_are_refused);
	tcase_add_test(tcase, test_deep_multiparts_are_refused);
	tcase_add_test(tcase, test_the_bounds_let_ordinary_mail_pass);
	tcase_add_test(tcase, test_nothing_at_all_is_read_without_harm);
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
