/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/fetch.h"

#include "fetch_web.h"
#include "tests/unit/check_run.h"

static void ck_no_canary(void)
{
	ck_assert_uint_eq(canary4.n_connections, 0);
	ck_assert_uint_eq(canary6.n_connections, 0);
}

/* What stands in the table of the attack, each against a listening canary. */
static const char *const inside[] = {
	"http://127.0.0.1:%d/page",
	"http://[::1]:%d/page",
	"http://[::ffff:127.0.0.1]:%d/page",
	"http://[::ffff:7f00:1]:%d/page",
	"http://[::127.0.0.1]:%d/page",
	"http://2130706433:%d/page",
	"http://0x7f.1:%d/page",
	"http://0177.0.0.1:%d/page",
	"http://127.1:%d/page",
	"http://0x7f000001:%d/page",
	"http://017700000001:%d/page",
	"http://127.0.1:%d/page",
	"http://127.0.0.1.:%d/page",
	"http://[::]:%d/page",
	"http://[0:0:0:0:0:ffff:7f00:1]:%d/page",
	"http://[::ffff:0:127.0.0.1]:%d/page",
	"http://%%31%%32%%37.0.0.1:%d/page",
	"http:\\\\127.0.0.1:%d/page",
	"http:127.0.0.1:%d/page",
	"http://127.0.0.1\\@127.1.0.1:%d/page",
	"http://0:%d/page",
	"http://0.0.0.0:%d/page",
	"http://localhost:%d/page",
	"http://LOCALHOST.:%d/page",
	"http://169.254.169.254:%d/",
	"http://[fd00:ec2::254]:%d/",
	"http://[64:ff9b::7f00:1]:%d/",
	"http://[2002:7f00:1::]:%d/",
	"http://[2001:0:7f00:1::]:%d/",
	"http://[fe80::1%%25lo]:%d/",
	"http://[ff02::1]:%d/",
	"http://[2001:db8::1]:%d/",
	"http://10.0.0.1:%d/",
	"http://172.16.0.1:%d/",
	"http://192.168.1.1:%d/",
	"http://100.64.0.1:%d/",
	"http://224.0.0.1:%d/",
	"http://255.255.255.255:%d/",
	"file:///etc/passwd#%d",
	"gopher://127.0.0.1:%d/",
	"ftp://127.0.0.1:%d/",
	"dict://127.0.0.1:%d/",
	"ldap://127.0.0.1:%d/",
	"tftp://127.0.0.1:%d/",
	"telnet://127.0.0.1:%d/",
	"smb://127.0.0.1:%d/",
	"smtp://127.0.0.1:%d/",
	"imap://127.0.0.1:%d/",
	"rtsp://127.0.0.1:%d/",
	"mqtt://127.0.0.1:%d/",
	"sftp://127.0.0.1:%d/",
	"ws://127.0.0.1:%d/",
	"data:text/html,%d",
	"about:blank#%d",
	"view-source:http://127.0.0.1:%d/",
	"blob:http://127.0.0.1:%d/x",
	"chrome://version/%d",
	"javascript:alert(%d)",
	"http://user@127.1.0.1:%d/page",
	"http://127.1.0.1:25@127.0.0.1:%d/page",
};

/* Read in one way by some, and in another by others. */
static const char *const ambiguous[] = {
	"http://\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97.0.0.1:%d/page",
	"http://127\xe3\x80\x82"
	"0\xe3\x80\x82"
	"0\xe3\x80\x82"
	"1:%d/page",
	"http://127.1.0.1#@127.0.0.1:%d/page",
	"http://127.0.0.1:%d:80/page",
	"http://127.1.0.1 .127.0.0.1:%d/page",
};

/* How it ended is in *seen. */
static void fetch_inside(const char *format, struct seen *seen)
{
	char url[200];

	open_web("127.1.0.0/16", usual);
	if (!has_canary6)
		printf("no IPv6 here: its canary does not listen\n");
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(url, sizeof url, format, port);
#pragma GCC diagnostic pop
	fetch(url, true, seen);
	ck_assert_msg(seen->status < 0, "%s", url);
	ck_assert_uint_eq(seen->len, 0);
	ck_no_canary();
	ck_assert_uint_eq(web.n_connections, 0);
	close_web();
	end_loop();
}

START_TEST(test_inside_is_never_connected)
{
	struct seen seen;

	fetch_inside(inside[_i], &seen);
	/* LOCALHOST. is asked of the name server, which does not know it */
	ck_assert_msg(seen.status == -EPERM || seen.status == -EADDRNOTAVAIL,
	              "%s: %d %s", inside[_i], seen.status, seen.sentence);
}
END_TEST

START_TEST(test_ambiguous_links_lead_nowhere)
{
	struct seen seen;

	fetch_inside(ambiguous[_i], &seen);
}
END_TEST

static const char *const redirects_inside[] = {"/to-file", "/to-gopher",
                                               "/to-metadata", "/to-loopback"};

START_TEST(test_redirect_inside_is_never_followed)
{
	struct seen seen;

	open_web("127.1.0.0/16", usual);
	fetch_path(redirects_inside[_i], true, &seen);
	ck_assert_int_eq(seen.status, -EPERM);
	ck_assert_uint_eq(seen.len, 0);
	ck_assert_uint_eq(web.n_connections, 1);
	ck_no_canary();
	close_web();
	end_loop();
}
END_TEST

static const char *const outside_only[] = {OUTSIDE, NULL};
static const char *const inside_only[] = {"127.0.0.1", NULL};
static const char *const both[] = {"127.1.0.2", "127.0.0.1", NULL};

START_TEST(test_rebinding_name_is_checked_each_time)
{
	struct seen seen;
	char url[100];

	open_web("127.1.0.0/16", usual);
	rebinding_answers[0] = outside_only;
	rebinding_answers[1] = inside_only;
	snprintf(url, sizeof url, "http://rebinding.test:%d/to-rebinding",
	         port);
	fetch(url, true, &seen);
	ck_assert_int_eq(seen.status, -EPERM);
	ck_assert_uint_eq(n_questions, 2);
	ck_assert_uint_eq(web.n_connections, 1);
	ck_no_canary();
	close_web();
	end_loop();
}
END_TEST

START_TEST(test_every_address_of_a_name_is_checked)
{
	struct seen seen;
	char url[100];

	open_web("127.1.0.0/16", usual);
	rebinding_answers[0] = both; /* nobody listens at the first */
	snprintf(url, sizeof url, "http://rebinding.test:%d/page", port);
	fetch(url, true, &seen);
	ck_assert_int_eq(seen.status, -EPERM);
	ck_no_canary();
	close_web();
	end_loop();
}
END_TEST

START_TEST(test_host_on_the_list_is_open)
{
	struct seen seen;
	char url[100];

	open_web("rebinding.test", usual);
	rebinding_answers[0] = outside_only;
	snprintf(url, sizeof url, "http://Rebinding.Test:%d/page", port);
	fetch(url, true, &seen);
	ck_assert_int_eq(seen.status, 0);
	fetch_path("/page", true, &seen); /* its address alone is not */
	ck_assert_int_eq(seen.status, -EPERM);
	ck_no_canary();
	close_web();
	end_loop();
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("fetch_inside");
	TCase *tcase = tcase_create("inside");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, test_inside_is_never_connected, 0,
	                    ARRAY_LEN(inside));
	tcase_add_loop_test(tcase, test_ambiguous_links_lead_nowhere, 0,
	                    ARRAY_LEN(ambiguous));
	tcase_add_loop_test(tcase, test_redirect_inside_is_never_followed, 0,
	                    ARRAY_LEN(redirects_inside));
	tcase_add_test(tcase, test_rebinding_name_is_checked_each_time);
	tcase_add_test(tcase, test_every_address_of_a_name_is_checked);
	tcase_add_test(tcase, test_host_on_the_list_is_open);
	suite_add_tcase(s, tcase);
	return s;
}

int main(void)
{
	return check_run(suite());
}
