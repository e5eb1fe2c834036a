/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stdio.h>

#include "base/mem.h"
#include "render/worker/message.h"
#include "tests/unit/check_run.h"

#define WEB "<img src=http://a.example/1.png>"
#define WORDS                                                                  \
	"Our spring sale begins on Monday, at nine in the morning sharp. "     \
	"All chairs and tables are half the price, and so are the lamps."

#define LONG_URL                                                               \
	"http://a.example/mail/read/0123456789012345678901234567890123456789012"

static const struct {
	const char *text, *html;
	bool is_hollow;
} mails[] = {
	{WORDS, WEB WEB "<p>Unsubscribe", true},
	{WORDS, "<IMG SRC='https://a.example/1.png' alt=Sale>", true},
	{WORDS, WEB "<a href=http://a.example/" WORDS ">Sale</a>", true},
	/* what is shown is words enough */
	{WORDS, WEB "<p>" WORDS, false},
	{WORDS, "<img src=http://a.example/1.png alt='" WORDS "'>", false},
	/* it brings its picture, or has none */
	{WORDS, WEB "<img src=cid:1@a.example>", false},
	{WORDS, WEB "<img src=data:image/png;base64,AAAA>", false},
	{WORDS, "<p>Sale", false},
	/* the text only says where to look, too */
	{"To read this mail, go to " LONG_URL, WEB, false},
	{"", WEB, false},
};

static void on_header(const char *name, const char *value, void *arg)
{
}

START_TEST(test_html_without_words_of_its_own_is_hollow)
{
	struct buf mail CLEANUP(buf_fini) = {0};
	struct ledger ledger = {0};

	buf_printf(&mail,
	           "From: a@a.example\r\nMIME-Version: 1.0\r\n"
	           "Content-Type: multipart/alternative; boundary=b\r\n\r\n"
	           "--b\r\n\r\n%s\r\n"
	           "--b\r\nContent-Type: text/html\r\n\r\n%s\r\n--b--\r\n",
	           mails[_i].text, mails[_i].html);
	ck_assert_int_eq(message_read(mail.data, mail.len, &ledger, on_header,
	                              NULL, NULL),
	                 0);
	ck_assert_uint_eq(ledger.n_parts, 2);
	ck_assert(!ledger.parts[0].hollow);
	ck_assert_int_eq(ledger.parts[1].hollow, mails[_i].is_hollow);
	ledger_fini(&ledger);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("html hollow");
	TCase *tc = tcase_create("html hollow");

	message_init();
	tcase_add_loop_test(tc, test_html_without_words_of_its_own_is_hollow, 0,
	                    ARRAY_LEN(mails));
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
