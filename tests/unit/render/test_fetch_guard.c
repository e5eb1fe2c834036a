/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/fetch_guard.h"

#include <uv.h>

#include "base/mem.h"
#include "tests/unit/check_run.h"

static const char *refusal(const struct fetch_guard *guard, const char *ip,
                           int to_port)
{
	struct sockaddr_storage address;

	if (strchr(ip, ':'))
		ck_assert_int_eq(uv_ip6_addr(ip, to_port, (void *)&address), 0);
	else
		ck_assert_int_eq(uv_ip4_addr(ip, to_port, (void *)&address), 0);
	return fetch_guard_refusal(guard, false, (void *)&address);
}

START_TEST(test_public_addresses_are_open_on_usual_ports)
{
	static const char *const open[] =
		{"1.1.1.1",     "8.8.8.8",      "9.255.255.255", "11.0.0.1",
	         "100.63.0.1",  "100.128.0.1",  "126.1.1.1",     "128.0.0.1",
	         "169.253.1.1", "172.15.1.1",   "172.32.0.1",    "192.0.1.1",
	         "192.167.1.1", "198.17.1.1",   "198.20.0.1",    "223.255.1.1",
	         "2606:4700::", "2a00:1450::1", "2001:4860::8",  "2003::1",
	         "2001:200::1"};
	static const char *const closed[] =
		{"0.1.2.3",     "10.255.0.1",       "100.64.0.1",
	         "100.127.0.1", "127.255.255.255",  "169.254.0.1",
	         "172.16.0.1",  "172.31.255.255",   "192.0.0.8",
	         "192.0.2.1",   "192.88.99.1",      "192.168.0.1",
	         "198.18.0.1",  "198.19.255.255",   "198.51.100.1",
	         "203.0.113.9", "224.0.0.251",      "239.255.255.250",
	         "240.0.0.1",   "255.255.255.255",  "::",
	         "::1",         "::ffff:127.0.0.1", "::ffff:10.0.0.1",
	         "::10.0.0.1",  "64:ff9b::7f00:1",  "64:ff9b:1::1",
	         "100::1",      "2001::1",          "2001:10::1",
	         "2001:1ff::1", "2001:db8::1",      "2002:7f00:1::",
	         "3fff::1",     "3fff:fff::1",      "4000::1",
	         "fc00::1",     "fd00:ec2::254",    "fe80::1",
	         "fec0::1",     "ff02::1"};
	static const struct fetch_guard guard;

	for (size_t i = 0; i < ARRAY_LEN(open); i++) {
		ck_assert_msg(!refusal(&guard, open[i], 443), "%s", open[i]);
		ck_assert_msg(refusal(&guard, open[i], 25) != NULL, "%s",
		              open[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(closed); i++)
		ck_assert_msg(refusal(&guard, closed[i], 80) != NULL, "%s",
		              closed[i]);
	ck_assert_ptr_null(refusal(&guard, "::ffff:8.8.8.8", 80));
}
END_TEST

START_TEST(test_links_are_asked_for_in_ascii)
{
	char *host CLEANUP(xfree) = NULL, *url CLEANUP(xfree) = NULL;

	ck_assert_int_eq(
		fetch_guard_check_url("HTTP://Example.org/\xc3\xa4 b?q=%20",
	                              &host, &url, NULL),
		0);
	ck_assert_str_eq(host, "Example.org");
	ck_assert_str_eq(url, "http://Example.org/%c3%a4%20b?q=%20");
}
END_TEST

START_TEST(test_list_opens_what_it_names)
{
	struct fetch_guard guard;
	struct err err;

	ck_assert_int_eq(
		fetch_guard_parse(
			" 10.1.2.0/24, wiki.example.org *.corp.example ::1,fd00::/8",
			&guard, &err),
		0);
	ck_assert_ptr_null(refusal(&guard, "10.1.2.3", 25));
	ck_assert_ptr_nonnull(refusal(&guard, "10.1.3.3", 80));
	ck_assert_ptr_null(refusal(&guard, "::1", 8000));
	ck_assert_ptr_null(refusal(&guard, "fd12::1", 80));
	ck_assert(fetch_guard_knows_host(&guard, "WIKI.example.org."));
	ck_assert(!fetch_guard_knows_host(&guard, "a.wiki.example.org"));
	ck_assert(fetch_guard_knows_host(&guard, "a.b.corp.example"));
	ck_assert(!fetch_guard_knows_host(&guard, "corp.example"));
	ck_assert(!fetch_guard_knows_host(&guard, "evilcorp.example"));
	ck_assert_int_eq(fetch_guard_parse("10.1.2.3/8", &guard, &err),
	                 -EINVAL);
	ck_assert_ptr_nonnull(strstr(err.text, "10.1.2.3/8"));
	ck_assert_int_eq(fetch_guard_parse("http://x/", &guard, &err), -EINVAL);
	ck_assert_int_eq(fetch_guard_parse("*", &guard, &err), -EINVAL);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("fetch_guard");
	TCase *tcase = tcase_create("guard");

	tcase_add_test(tcase, test_public_addresses_are_open_on_usual_ports);
	tcase_add_test(tcase, test_links_are_asked_for_in_ascii);
	tcase_add_test(tcase, test_list_opens_what_it_names);
	suite_add_tcase(s, tcase);
	return s;
}

int main(void)
{
	return check_run(suite());
}
