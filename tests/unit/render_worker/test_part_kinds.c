/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/html_blank.h"
#include "render/worker/message.h"

#include "base/mem.h"
#include "tests/unit/check_run.h"

/* What a part is, and why it is not printed. */

static struct ledger ledger;

static void on_header(const char *name, const char *value, void *arg)
{
}

static void set_up(void)
{
	message_init();
}

static void tear_down(void)
{
	ledger_fini(&ledger);
}

static const struct ledger_part *attached(const char *type, const char *name,
                                          const char *content, size_t len)
{
	struct buf mail CLEANUP(buf_fini) = {0};
	struct err err = {0};

	ledger_fini(&ledger);
	buf_printf(&mail,
	           "Content-Type: %s; name=\"%s\"\nMIME-Version: 1.0\n"
	           "Content-Transfer-Encoding: 8bit\n\n",
	           type, name);
	buf_append(&mail, content, len);
	ck_assert_msg(message_read(mail.data, mail.len, &ledger, on_header,
	                           NULL, &err) == 0,
	              "%s", err.text);
	return &ledger.parts[0];
}

static const struct {
	const char *type, *name, *content;
	const char *detected;
} kinds[] = {
	{"application/octet-stream", "a.html", "<p>x</p>", "text/html"},
	{"text/plain", "A.HTM", "<p>x</p>", "text/html"},
	{"application/xml", "a", "<?xml version='1.0'?><a/>", "text/plain"},
	{"application/vnd.x.invoice+xml", "a", "<a/>", "text/plain"},
	{"application/json", "data", "{}", "text/plain"},
	{"application/octet-stream", "a.yaml", "a: 1", "text/plain"},
	{"image/unknown+xml", "a", "<a/>", "application/octet-stream"},
	{"video/mp2t", "a.ts", "text", "application/octet-stream"},
	{"application/octet-stream", "a.bin", "x", "application/octet-stream"},
	{"application/octet-stream", "README", "words", "text/plain"},
	{"application/octet-stream", "main.tf", "a = 1\n# \xc3\xbc\n",
         "text/plain"},
	{"application/x-csh", "run.csh", "echo a\n", "text/plain"},
	{"application/octet-stream", "a.bin", "AAAA\nBBBB\n",
         "application/octet-stream"},
	{"application/octet-stream", "a.bin", "a b\n\xff",
         "application/octet-stream"},
	{"application/octet-stream", "a.bin", "a b\n\1",
         "application/octet-stream"},
	{"application/x-x509-ca-cert", "a.crt",
         "-----BEGIN CERTIFICATE-----\nAAAA\n", "application/octet-stream"},
	{"application/octet-stream", "a.jpg", "a text\n",
         "application/octet-stream"},
	{"application/octet-stream", "core", "\1\2\3",
         "application/octet-stream"},
	{"text/plain", "", "A PDF begins with %PDF-1.4", "text/plain"},
	{"text/plain", "a.txt", "%PDF-1.4 and so on", "application/pdf"},
	{"application/pdf", "a.pdf", "junk\n%PDF-1.4", "application/pdf"},
	{"application/octet-stream", "a", "\n12 0 obj\n<<>>",
         "application/pdf"},
	{"text/plain", "a.txt", "12 0 objects", "text/plain"},
	{"text/plain", "a.txt", "1 0", "text/plain"},
	{"application/pdf", "a.pdf", "%!PS-Adobe-3.0 PDF-1.4\n",
         "application/pdf"},
	{"application/zip", "a.zip", "PK\3\4 a.pdf%PDF-1.4", "application/zip"},
	{"text/html", "", "<p>&nbsp;</p>", "application/x-empty"},
	{"text/html", "", "<p>a</p>", "text/html"},
};

START_TEST(test_content_type_and_name_say_what_a_part_is)
{
	const struct ledger_part *part =
		attached(kinds[_i].type, kinds[_i].name, kinds[_i].content,
	                 strlen(kinds[_i].content));

	ck_assert_str_eq(part->detected, kinds[_i].detected);
}
END_TEST

static const struct {
	const char *type, *name;
	const char *word;
	bool encrypted;
} notes[] = {
	{"application/pgp-keys", "key.asc", "key", false},
	{"application/octet-stream", "report.pdf.pgp", "encrypted", true},
	{"application/octet-stream", "report.pdf.GPG", "encrypted", true},
	{"application/octet-stream", "smime.p7s", "signature", false},
	{"application/applefile", "plan.pdf", "Macintosh", false},
	{"message/external-body", "f.ps", "not in the mail", false},
	{"application/octet-stream", "plan.PDF", "broken", false},
	{"application/pdf", "", "broken", false},
	{"image/jpeg", "a.jpg", "broken", false},
	{"audio/mpeg", "a.mp3", "this kind", false},
};

START_TEST(test_parts_that_are_no_documents_say_what_they_are)
{
	const struct ledger_part *part =
		attached(notes[_i].type, notes[_i].name, "content", 7);

	ck_assert(!ledger_is_printable(part));
	ck_assert_msg(strstr(part->note, notes[_i].word) != NULL, "%s",
	              part->note);
	ck_assert_int_eq(part->encrypted, notes[_i].encrypted);
}
END_TEST

static const struct {
	const char *name, *content;
	size_t len;
	const char *word;
} packed[] = {
	{"a.7z", "7z\xbc\xaf\x27\x1c......", 12, "send what is in it"},
	{"a.rar", "Rar!\x1a\7......", 12, "send what is in it"},
	{"a.zip", "PK\3\4 cut off here", 17, "empty, damaged"},
	{"a.gpg", "PK\3\4 cut off here", 17, "empty, damaged"},
	{"a.gz", "\x1f\x8b\x08 cut off before its end", 26, "empty, damaged"},
	{"a.jxl", "\xff\x0a......", 8, "JPEG XL"},
	{"a.dwg", "AC1032\0\0", 8, "AutoCAD"},
	{"a.msg", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, "this kind"},
};

START_TEST(test_what_is_not_opened_says_what_to_send_instead)
{
	const struct ledger_part *part =
		attached("application/octet-stream", packed[_i].name,
	                 packed[_i].content, packed[_i].len);

	ck_assert(!ledger_is_printable(part));
	ck_assert_msg(strstr(part->note, packed[_i].word) != NULL, "%s",
	              part->note);
}
END_TEST

START_TEST(test_a_name_of_blanks_is_none)
{
	ck_assert_ptr_null(attached("text/plain", " ", "words", 5)->name);
	ck_assert_str_eq(attached("text/plain", " a", "words", 5)->name, " a");
}
END_TEST

START_TEST(test_stray_control_characters_leave_a_text_readable)
{
	static const char few[] = "before\0after\a\0end";
	char many[1000];

	ck_assert_str_eq(attached("text/plain", "", few, sizeof few - 1)
	                         ->detected,
	                 "text/plain");
	for (size_t i = 0; i < sizeof many; i++)
		many[i] = (char)(i % 20 ? 'a' : 1);
	ck_assert_ptr_nonnull(
		attached("text/plain", "", many, sizeof many)->note);
}
END_TEST

/* Its shifts are control characters. */
START_TEST(test_korean_by_escapes_is_text)
{
	static const char text[] = "\x1b$)C\x0e>H3g\x0f \x0e>H3g\x0f \x0e>H\x0f"
				   " \x0e>H\x0f \x0e>H\x0f";

	ck_assert_str_eq(attached("text/plain; charset=iso-2022-kr", "", text,
	                          sizeof text - 1)
	                         ->detected,
	                 "text/plain");
}
END_TEST

static const struct {
	const char *html;
	bool is_blank;
} pages[] = {
	{"", true},
	{" \r\n", true},
	{"<div dir=\"ltr\"><br></div>\n", true},
	{"<!DOCTYPE html><html><head><title>News</title><style>p{color:red}"
         "</style></head><body><p>&nbsp;\xc2\xa0</p><!-- a > b --></body>",
         true},
	{"<SCRIPT>document.write('a')</SCRIPT ><p></p>", true},
	{"<p>a</p>", false},
	{"a", false},
	{"<p>&amp;</p>", false},
	{"<img src=cid:a>", false},
	{"<svg></svg>", false},
	{"<hr>", false},
	{"<div style='background:url(a)'></div>", false},
	{"<table border=1><tr><td></td></tr></table>", false},
	{"<td bgcolor=red></td>", false},
	{"<input value=a>", false},
	/* broken: who knows */
	{"<p", false},
	{"<!-- no end", false},
	{"<style>p{}", false},
	{"<", false},
};

START_TEST(test_html_that_shows_nothing_is_told_from_html_that_does)
{
	const char *html = pages[_i].html;

	ck_assert_int_eq(html_blank(html, strlen(html)), pages[_i].is_blank);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("part_kinds");
	TCase *tcase = tcase_create("part_kinds");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase,
	                    test_content_type_and_name_say_what_a_part_is, 0,
	                    ARRAY_LEN(kinds));
	tcase_add_loop_test(tcase,
	                    test_parts_that_are_no_documents_say_what_they_are,
	                    0, ARRAY_LEN(notes));
	tcase_add_loop_test(tcase,
	                    test_what_is_not_opened_says_what_to_send_instead,
	                    0, ARRAY_LEN(packed));
	tcase_add_test(tcase,
	               test_stray_control_characters_leave_a_text_readable);
	tcase_add_test(tcase, test_korean_by_escapes_is_text);
	tcase_add_test(tcase, test_a_name_of_blanks_is_none);
	tcase_add_loop_test(
		tcase, test_html_that_shows_nothing_is_told_from_html_that_does,
		0, ARRAY_LEN(pages));
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
