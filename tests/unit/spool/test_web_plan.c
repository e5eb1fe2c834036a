/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/web_plan.h"

#include <errno.h>
#include <stdio.h>

#include "base/mem.h"
#include "tests/unit/check_run.h"

static struct plan_part part(const char *id, const char *detected,
                             bool printable)
{
	struct plan_part p = {0};

	snprintf(p.part.id, sizeof p.part.id, "%s", id);
	snprintf(p.part.detected, sizeof p.part.detected, "%s", detected);
	p.part.printable = printable;
	return p;
}

START_TEST(test_bare_links_ask_for_their_pages)
{
	struct plan_part body = part("1", "text/plain", true);
	struct plan_part both[] = {body, part("2", "application/pdf", true)};
	struct plan_part none[] = {body, part("2", "application/zip", false)};
	struct web_links links = {0};

	ck_assert_int_eq(web_plan_mode(WEB_NONE, "auto", &links, &body, 1),
	                 WEB_NONE);
	ck_assert_int_eq(web_plan_mode(WEB_PAGE, "auto", &links, &body, 1),
	                 WEB_NONE);
	web_links_add(&links, "https://example.org/", true);
	ck_assert_int_eq(web_plan_mode(WEB_NONE, "auto", &links, &body, 1),
	                 WEB_PAGE);
	ck_assert_int_eq(web_plan_mode(WEB_NONE, "auto", &links, both, 2),
	                 WEB_NONE);
	ck_assert_int_eq(web_plan_mode(WEB_READER, "auto", &links, both, 2),
	                 WEB_READER);
	ck_assert_int_eq(web_plan_mode(WEB_NONE, "all", &links, both, 2),
	                 WEB_PAGE);
	ck_assert_int_eq(web_plan_mode(WEB_NONE, "auto", &links, none, 2),
	                 WEB_PAGE);
	ck_assert_int_eq(web_plan_mode(WEB_NONE, "attachments", &links, &body,
	                               1),
	                 WEB_NONE);
	links.is_bare = false;
	ck_assert_int_eq(web_plan_mode(WEB_NONE, "auto", &links, &body, 1),
	                 WEB_NONE);
	ck_assert_int_eq(web_plan_mode(WEB_SCREEN, "auto", &links, &body, 1),
	                 WEB_SCREEN);
	web_links_fini(&links);
}
END_TEST

START_TEST(test_page_is_printed_instead_of_the_body)
{
	char id[WEB_PART_ID];
	struct plan_part parts[] = {
		part("1", "text/plain", true),
		part("2", "application/pdf", true),
		part(web_part_id(id, 0), "text/html", true),
		part(web_part_id(id, 1), "", false),
	};

	parts[0].print = parts[1].print = true;
	snprintf(parts[3].part.note, sizeof parts[3].part.note, "not there");
	ck_assert(!web_part_is(&parts[0]));
	ck_assert(web_part_is(&parts[2]));
	web_plan_apply(parts, ARRAY_LEN(parts), "all", false);
	ck_assert(parts[0].print);
	web_plan_apply(parts, ARRAY_LEN(parts), "all", true);
	ck_assert(!parts[0].print);
	parts[0].print = true;
	web_plan_apply(parts, ARRAY_LEN(parts), "auto", false);
	ck_assert(!parts[0].print && parts[0].why[0]);
	ck_assert(parts[1].print);
	ck_assert(parts[2].print && !parts[2].why[0]);
	ck_assert(!parts[3].print);
	ck_assert_str_eq(parts[3].why, "!not there");
}
END_TEST

static const struct {
	unsigned http_status;
	const char *asked, *url;
	size_t len;
	const char *says; /* NULL: print it */
} verdicts[] = {
	{200, "http://a/", "http://a/x", 9, NULL},
	{200, "http://a/login", "http://a/login", 9, NULL},
	{200, "http://a/x", "http://a/blog/interlogin", 9, NULL},
	{200, "http://a/x", "http://login.a/x", 9, NULL},
	{200, "http://a/x", "http://a/x?next=/login", 9, NULL},
	{200, "http://a/x", "http://a/login", 9, "log in"},
	{200, "http://a/x", "http://a/login.php?next=x", 9, "log in"},
	{200, "http://a/x", "http://a/users/Sign-In/", 9, "log in"},
	{200, "http://a/", "http://a/", 0, "empty"},
	{204, "http://a/", "http://a/", 0, "empty"},
	{304, "http://a/", "http://a/", 0, "HTTP 304"},
	{401, "http://a/", "http://a/", 9, "log in"},
	{403, "http://a/", "http://a/", 9, "not open to everybody"},
	{404, "http://a/", "http://a/", 9, "no such page"},
	{410, "http://a/", "http://a/", 9, "no such page"},
	{429, "http://a/", "http://a/", 9, "429"},
	{503, "http://a/", "http://a/", 9, "error (HTTP 503)"},
};

START_TEST(test_what_came_is_judged)
{
	const struct fetch_answer answer = {
		.http_status = verdicts[_i].http_status,
		.url = verdicts[_i].url,
		.len = verdicts[_i].len,
	};
	struct err err = {0};
	int r = web_verdict(&answer, verdicts[_i].asked, &err);

	ck_assert_msg((r == 0) == !verdicts[_i].says, "%s", err.text);
	if (verdicts[_i].says)
		ck_assert_msg(strstr(err.text, verdicts[_i].says) != NULL, "%s",
		              err.text);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("web_plan");
	TCase *tc = tcase_create("plan");

	tcase_add_test(tc, test_bare_links_ask_for_their_pages);
	tcase_add_test(tc, test_page_is_printed_instead_of_the_body);
	tcase_add_loop_test(tc, test_what_came_is_judged, 0,
	                    ARRAY_LEN(verdicts));
	suite_add_tcase(s, tc);
	return check_run(s);
}
