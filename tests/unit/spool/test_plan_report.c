/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "spool/plan_report.h"
#include "tests/unit/check_run.h"

static const struct plan_means browser = {.html = true};

#define N 5

static struct plan_part part(const char *type, const char *detected,
                             bool attached)
{
	struct plan_part p = {.part = {.printable = true}};

	snprintf(p.part.type, sizeof p.part.type, "%s", type);
	snprintf(p.part.detected, sizeof p.part.detected, "%s", detected);
	p.part.attached = attached;
	return p;
}

/* A bounce, and the mail with a PDF in it that did not arrive. */
static void make_bounce(struct plan_part parts[N], const char *for_programs)
{
	parts[0] = part("text/plain", "text/plain", false);
	parts[1] = part(for_programs, "text/plain", false);
	parts[2] = part("text/plain", "text/plain", true);
	parts[3] = part("application/pdf", "application/pdf", true);
	parts[4] = part("text/rfc822-headers", "text/plain", false);
}

static const char *printed(struct plan_part *parts, size_t n, const char *what,
                           bool is_auto_reply)
{
	static char out[N + 1];

	plan_report_mark(parts, n, is_auto_reply);
	plan_decide(parts, n, what, &browser);
	for (size_t i = 0; i < n; i++)
		out[i] = parts[i].print ? 'x' : '-';
	out[n] = '\0';
	return out;
}

static const char *const reports[] = {
	"message/delivery-status",
	"message/disposition-notification",
	"Message/Global-Delivery-Status",
	"message/feedback-report",
};

START_TEST(test_of_a_report_its_notice_is_printed)
{
	struct plan_part parts[N];

	make_bounce(parts, reports[_i]);
	ck_assert_str_eq(printed(parts, N, "auto", false), "x----");
	ck_assert_str_eq(parts[3].why,
	                 "the notice is printed that tells of it");
	make_bounce(parts, reports[_i]);
	ck_assert_str_eq(printed(parts, N, "body", false), "x----");
}
END_TEST

START_TEST(test_the_mail_it_is_about_is_printed_when_asked_for)
{
	struct plan_part parts[N];

	make_bounce(parts, reports[0]);
	ck_assert_str_eq(printed(parts, N, "all", false), "xxxxx");
	make_bounce(parts, reports[0]);
	ck_assert_str_eq(printed(parts, N, "attachments", false), "--xx-");
}
END_TEST

START_TEST(test_a_report_without_a_notice_prints_what_there_is)
{
	struct plan_part parts[N];

	make_bounce(parts, reports[0]);
	parts[0].part.printable = false;
	ck_assert_str_eq(printed(parts, N, "auto", false), "--xx-");
}
END_TEST

START_TEST(test_an_automatic_answer_is_printed_not_what_it_answers)
{
	struct plan_part parts[] = {
		part("text/plain", "text/plain", false),
		part("text/plain", "text/plain", true),
	};

	ck_assert_str_eq(printed(parts, 2, "auto", true), "x-");
}
END_TEST

START_TEST(test_a_mail_that_is_forwarded_is_no_report)
{
	struct plan_part parts[] = {
		part("text/plain", "text/plain", false),
		part("text/plain", "text/plain", true),
		/* a bounce that somebody forwards to have it on paper */
		part("message/delivery-status", "text/plain", true),
	};

	ck_assert_str_eq(printed(parts, 3, "auto", false), "-xx");
}
END_TEST

/* A scanner's mail, which says that no person sent it. */
START_TEST(test_a_document_of_an_automatic_answer_is_printed)
{
	struct plan_part parts[] = {
		part("text/plain", "text/plain", false),
		part("application/pdf", "application/pdf", false),
	};

	ck_assert_str_eq(printed(parts, 2, "auto", true), "-x");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("plan_report");
	TCase *tc = tcase_create("plan_report");

	tcase_add_loop_test(tc, test_of_a_report_its_notice_is_printed, 0,
	                    ARRAY_LEN(reports));
	tcase_add_test(tc, test_the_mail_it_is_about_is_printed_when_asked_for);
	tcase_add_test(tc, test_a_report_without_a_notice_prints_what_there_is);
	tcase_add_test(tc,
	               test_an_automatic_answer_is_printed_not_what_it_answers);
	tcase_add_test(tc, test_a_mail_that_is_forwarded_is_no_report);
	tcase_add_test(tc, test_a_document_of_an_automatic_answer_is_printed);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
