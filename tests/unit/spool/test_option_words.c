/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/option_words.h"

#include <stdlib.h>

#include "base/mem.h"
#include "spool/job_options.h"
#include "tests/unit/check_run.h"

typedef void read_fn(const char *text, struct job_options *options,
                     struct buf *remarks);

/* The options that a text makes of the usual ones, and its remarks. */
static void check(read_fn *read, const char *text, const char *expected,
                  const char *remark)
{
	struct buf remarks CLEANUP(buf_fini) = {0};
	struct job_options options;
	char found[512];

	job_options_init(&options);
	read(text, &options, &remarks);
	job_options_to_text(&options, found, sizeof found);
	ck_assert_msg(strcmp(found, expected) == 0, "'%s' gave '%s'", text,
	              found);
	if (remark)
		ck_assert_msg(strstr(buf_str(&remarks), remark) != NULL,
		              "'%s' remarks '%s'", text, buf_str(&remarks));
	else
		ck_assert_msg(remarks.len == 0, "'%s' remarks '%s'", text,
		              buf_str(&remarks));
}

/* clang-format off */
static const struct {
	const char *subject, *options;
} meant[] = {
	{"copies=2 duplex", "sides=two-sided-long-edge copies=2"},
	{"[2x, duplex]", "sides=two-sided-long-edge copies=2"},
	{"[2x,duplex]", "sides=two-sided-long-edge copies=2"},
	{"Report for Ann [2X Duplex]", "sides=two-sided-long-edge copies=2"},
	{"Report copies=3 for Ann", "copies=3"},
	{"Report COPIES=3", "copies=3"},
	{"[short-edge] minutes", "sides=two-sided-short-edge"},
	{"sides=duplex", "sides=two-sided-long-edge"},
	{"pages=1-5,8", "pages=1-5,8"},
	{"The plan pages=1-5,8, please", "pages=1-5,8"},
	{"[p2-3,7,2up]", "pages=2-3,7 number-up=2"},
	{"[pages=1,2 4-up]", "pages=1-2 number-up=4"},
	{"[pages=3,1-2,2-]", "pages=1-"},
	{"[page=2]", "pages=2"},
	{"double-sided", "sides=two-sided-long-edge"},
	{"[duplex short-edge]", "sides=two-sided-short-edge"},
	{"[short-edge, duplex]", "sides=two-sided-short-edge"},
	{"[reader url]", "web=reader"},
	{"[b/w]", "colour=grey"},
	{"paper=a3 tray=2 scaling=fill", "media=a3 tray=tray-2 scaling=fill"},
	{"a5 100%", "media=a5 scaling=none"},
	{"[letter] [grey]", "media=letter colour=grey"},
	{"[color, banner, nohead]", "colour=colour head=no banner=yes"},
	{"body", "what=body"},
	{"Attachments", "what=attachments"},
	{"[nobody]", "what=attachments"},
	{"all duplex", "what=all sides=two-sided-long-edge"},
	{"reader", "web=reader"},
	{"screen 2x", "web=screen copies=2"},
	{"url", "web=url"},
	{"URL, Reader", "web=reader"},
	{"For the board [2x, reader]", "web=reader copies=2"},
	{"nup=4; tray=manual", "tray=manual number-up=4"},
	{"dpi=600", "dpi=600"},
	{"Minutes [2 copies, double sided]",
	 "sides=two-sided-long-edge copies=2"},
	{"Re: Minutes [copies: 2; a4]", "media=a4 copies=2"},
	{"Minutes [copies = 2]", "copies=2"},
	{"Minutes [2\u00d7]", "copies=2"},
	{"Minutes [pages=1\u20135]", "pages=1-5"},
	{"[2\u00a0up]", "number-up=2"},
	{"Fwd: [2x] Minutes", "copies=2"},
	{"Photo [100 %]", "scaling=none"},
	{"[duplex long edge]", "sides=two-sided-long-edge"},
	{"Slides [4 up short edge]",
	 "sides=two-sided-short-edge number-up=4"},
	{"double sided", "sides=two-sided-long-edge"},
	{"For Ann [legal]", "media=legal"},
	{"[legal]", "media=legal"},
	{"[EXTERNAL] duplex", "sides=two-sided-long-edge"},
	{"[all, legal] For Ann", "what=all media=legal"},
	{"Holiday [paper=4x6, fill]", "media=4x6 scaling=fill"},
	{"[P1]", "pages=1"},
	{"p1-2", "pages=1-2"},
	{"x2 duplex", "sides=two-sided-long-edge copies=2"},
	{"2x [duplex]", "sides=two-sided-long-edge copies=2"},
	{"head=no banner=yes", "head=no banner=yes"},
	{"Re: copies=2 duplex", "sides=two-sided-long-edge copies=2"},
	{"Minutes, copies=2 a5; grey", "media=a5 colour=grey copies=2"},
	{"copies=2 all hands", "copies=2"},
	{"A letter to all copies=2", "copies=2"},
	{"[2\u00d7\uff0cb&w]", "colour=grey copies=2"},
};

static const char *const for_people[] = {
	"", "   ", "Hello", "Re: duplex", "Two copies of the report, please",
	"A letter", "Letter", "Legal", "Colour", "Banner", "fit", "100%",
	"Please print all of it", "The body of evidence", "[EXTERNAL] Minutes",
	"[Ticket 2] colour is wrong", "E=mc2 explained", "a=b", "2", "[2]",
	"[2024] All hands", "A4 or A5?", "duplex printers on sale", "[]", "[ ]",
	"]duplex[", "[duplex", "Re: [list] news", "x", "2xx", "x2y", "p.5", "p",
	"Grüße aus Köln", "你好", "=", "=2", "copy=2", "pages 1-5", "- duplex -",
	"4x4 wheels", "A reader for you", "The screen is broken", "curl",
	"url of the day", "[url", "]url[", "The 2x faster printer",
	/* urgency, cars, and what people write about print jobs */
	"P1", "P2", "X5", "x3", "2 copies of the contract for Duplex Ltd",
	"A4 paper", "Page 3 of report", "Report, page 3", "Print: all hands",
	"Duplex apartment to let", "Kopien: 2", "2 Kopien bitte",
	"beidseitig drucken", "Re: AW: WG: A4", "Invoice 2x 100%",
	"50% off everything", "100 % recycled", "Letter of intent",
	"[Spam?] Re: duplex", "[JIRA] (P1) Printer down", "[Page 3]",
	"(2x, duplex)", "{duplex}", "duplex.", "duplex!", "duplex?",
	"Body and soul", "A4A5", "pages 1\u20135",
	"\u3010duplex\u3011", "Fill in the form", "[#4711] Colour proofs",
};

static const struct {
	const char *subject, *options, *remark;
} told[] = {
	{"[Legal] The contract", "", "'[Legal]' in front of the subject"},
	{"Re: Fwd: [all] Meeting", "", "taken for a name"},
	{"AW: [P1] printer on fire", "", "taken for a name"},
	{"[Body] shop", "", "taken for a name"},
	{"[2 copys, duplex]", "", "'2' is no print option"},
	{"[copies: many] x", "", "'copies' cannot be 'many'"},
	{"copies=0", "", "in the subject, 'copies' cannot be '0'"},
	{"copies=many", "", "'copies' cannot be 'many'"},
	{"copies=99999999999999999999", "", "'copies' cannot be"},
	{"pages=5-1 x", "", "'pages' cannot be '5-1'"},
	{"[pages=1,,2]", "", "'2' is no print option"},
	{"[duplex simplex]", "",
	 "the subject says both 'duplex' and 'simplex': the last one counts"},
	{"copies=2 copies=3", "copies=3", "both 'copies=2' and 'copies=3'"},
	{"[lobby screen]", "", "'lobby' is no print option"},
	{"[2x, duplx]", "",
	 "'[2x, duplx]' in the subject was left alone: 'duplx' is no print option"},
	{"sides=three", "", "write one of one-sided"},
	{"paper=a99", "", "'media' cannot be 'a99'"},
	{"tray=../../etc", "", "'tray' cannot be"},
	{"tray=12345678901234567890", "", "'tray' cannot be"},
	{"copies=1%n%s", "", "'copies' cannot be '1%n%s'"},
	{"copies=1\nX", "", "'copies' cannot be '1 x'"},
	{"duplex copies=2 please", "copies=2",
	 "'duplex' in the subject was left alone: print options stand together"},
};

static const struct {
	const char *suffix, *options, *remark;
} addresses[] = {
	{"", "", NULL},
	{"duplex+2", "sides=two-sided-long-edge copies=2", NULL},
	{"2+duplex", "sides=two-sided-long-edge copies=2", NULL},
	{"DUPLEX+3x", "sides=two-sided-long-edge copies=3", NULL},
	{"pages=1-5.8", "pages=1-5,8", NULL},
	{"p1-5.8+2up", "pages=1-5,8 number-up=2", NULL},
	{"letter", "media=letter", NULL},
	{"copies=2", "copies=2", NULL},
	{"news", "", "'news' in the address is no print option"},
	{"news+2", "copies=2", "'news' in the address"},
	{"0", "", "in the address, 'copies' cannot be '0'"},
	{"2+3", "copies=3", "the address says both '2' and '3'"},
	{"++2++", "copies=2", NULL},
};
/* clang-format on */

START_TEST(test_what_is_meant_for_the_printer_is_done)
{
	check(option_words_from_subject, meant[_i].subject, meant[_i].options,
	      NULL);
}
END_TEST

START_TEST(test_a_subject_for_people_changes_nothing)
{
	check(option_words_from_subject, for_people[_i], "", NULL);
}
END_TEST

START_TEST(test_what_cannot_be_done_is_told)
{
	check(option_words_from_subject, told[_i].subject, told[_i].options,
	      told[_i].remark);
}
END_TEST

START_TEST(test_an_address_takes_options_behind_its_plus)
{
	check(option_words_from_address, addresses[_i].suffix,
	      addresses[_i].options, addresses[_i].remark);
}
END_TEST

START_TEST(test_endless_subjects_are_for_people)
{
	struct buf subject CLEANUP(buf_fini) = {0};

	for (int i = 0; i < 2000; i++)
		buf_puts(&subject, "duplex ");
	check(option_words_from_subject, buf_str(&subject), "", NULL);
	buf_clear(&subject);
	for (int i = 0; i < 2000; i++)
		buf_printf(&subject, "[copies=%d] ", i % 90 + 1);
	check(option_words_from_subject, buf_str(&subject), "copies=20",
	      "the last one counts");
}
END_TEST

START_TEST(test_options_survive_as_text)
{
	static const char text[] =
		"what=all media=a3 colour=grey sides=two-sided-short-edge "
		"tray=tray-2 pages=1-5,8 scaling=fill web=reader dpi=600 "
		"copies=7 number-up=4 head=no banner=yes";
	struct job_options options;
	char found[512];

	job_options_from_text(text, &options);
	ck_assert_str_eq(options.media, "iso_a3_297x420mm");
	job_options_to_text(&options, found, sizeof found);
	ck_assert_str_eq(found, text);
	job_options_from_text("nonsense =2 copies=x head=no", &options);
	job_options_to_text(&options, found, sizeof found);
	ck_assert_str_eq(found, "head=no");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("option_words");
	TCase *tc = tcase_create("option_words");

	tcase_add_loop_test(tc, test_what_is_meant_for_the_printer_is_done, 0,
	                    ARRAY_LEN(meant));
	tcase_add_loop_test(tc, test_a_subject_for_people_changes_nothing, 0,
	                    ARRAY_LEN(for_people));
	tcase_add_loop_test(tc, test_what_cannot_be_done_is_told, 0,
	                    ARRAY_LEN(told));
	tcase_add_loop_test(tc, test_an_address_takes_options_behind_its_plus,
	                    0, ARRAY_LEN(addresses));
	tcase_add_test(tc, test_endless_subjects_are_for_people);
	tcase_add_test(tc, test_options_survive_as_text);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
