/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <arpa/inet.h>
#include <errno.h>
#include <sys/un.h>

#include "base/mem.h"
#include "server/smtp/address.h"
#include "server/smtp/endpoint.h"
#include "server/smtp/trust.h"
#include "tests/unit/check_run.h"

#define ANY (SMTP_ADDRESS_ALLOW_NULL | SMTP_ADDRESS_ALLOW_POSTMASTER)

struct path_case {
	const char *in;
	const char *out; /* NULL: refused */
};

static const struct path_case path_cases[] = {
	{"<a@b.c>", "a@b.c"},
	{"<Ann.Lee@EXAMPLE.Org> SIZE=3", "Ann.Lee@example.org"},
	{"<>", ""},
	{"<Postmaster>", "postmaster"},
	{"<@x.org,@y.org:u@c.d>", "u@c.d"},
	{"<\"a b\\\"c\"@d.e>", "\"a b\\\"c\"@d.e"},
	{"<\"plain\"@d.e>", "plain@d.e"},
	{"<\"dot..dot\"@d.e>", "\"dot..dot\"@d.e"},
	{"<\"\\a\\b\"@d.e>", "ab@d.e"},
	{"<u@[192.0.2.1]>", "u@[192.0.2.1]"},
	{"<u@[IPv6:2001:DB8:0::1]>", "u@[ipv6:2001:db8::1]"},
	{"<j\xc3\xbcrgen@b\xc3\xbc"
         "cher.example>",
         "j\xc3\xbcrgen@b\xc3\xbc"
         "cher.example"},
	{"<o'neil+tag=x@a-b.c_d.e>", "o'neil+tag=x@a-b.c_d.e"},
	{"<printer>", NULL},
	{"a@b.c", NULL},
	{"<a@b.c", NULL},
	{"<a b@c.d>", NULL},
	{"<a@b..c>", NULL},
	{"<a@.c>", NULL},
	{"<a@b.>", NULL},
	{"<a@>", NULL},
	{"<@b.c>", NULL},
	{"<.a@b.c>", NULL},
	{"<a..b@c.d>", NULL},
	{"<a@b@c.d>", NULL},
	{"<\"a@b.c>", NULL},
	{"<\"a\\", NULL},
	{"<\"\"@b.c>", NULL},
	{"<a\x01@b.c>", NULL},
	{"<\"a\x7f\"@b.c>", NULL},
	{"<a\xc2\x85@b.c>", NULL},
	{"<a\xff@b.c>", NULL},
	{"<a\xc0\xaf@b.c>", NULL},
	{"<a@b\xed\xa0\x80.c>", NULL},
	{"<u@[192.0.2.256]>", NULL},
	{"<u@[2001:db8::1]>", NULL},
	{"<u@[IPv6:::g]>", NULL},
	{"<u@[1.2.3.4>", NULL},
	{"<;id@b.c>", NULL},
	{"<`id`@b;c>", NULL},
	{"<$(id)@b.c>", NULL},
	{"<@x y:a@b.c>", NULL},
	{"<@x", NULL},
	{"<", NULL},
	{"", NULL},
};

START_TEST(test_a_path_is_read_into_one_form_or_refused)
{
	const struct path_case *c = &path_cases[_i];
	struct smtp_address a;
	struct err err = {0};
	size_t used = 0, len = strlen(c->in);
	/* No byte behind the end may be read: the sanitizer watches. */
	char *in CLEANUP(xfree) = xmemdup(c->in, len);
	int r = smtp_address_parse_path(in, len, ANY, &a, &used, &err);

	if (!c->out) {
		ck_assert_msg(r == -EINVAL, "'%s' was accepted", c->in);
		ck_assert_str_ne(err.text, "");
		return;
	}
	ck_assert_msg(r == 0, "'%s': %s", c->in, err.text);
	ck_assert_str_eq(a.text, c->out);
	ck_assert_int_eq(c->in[used - 1], '>');
}
END_TEST

START_TEST(test_a_canonical_address_reads_as_itself)
{
	const struct path_case *c = &path_cases[_i];
	struct smtp_address a;
	struct err err = {0};

	if (!c->out || !c->out[0] || strcmp(c->out, "postmaster") == 0)
		return;
	ck_assert_int_eq(smtp_address_parse(c->out, 0, &a, &err), 0);
	ck_assert_str_eq(a.text, c->out);
}
END_TEST

START_TEST(test_the_local_part_folds_only_on_request)
{
	struct smtp_address a;

	ck_assert_int_eq(smtp_address_parse("Ann@B.C", 0, &a, NULL), 0);
	ck_assert_str_eq(a.text, "Ann@b.c");
	ck_assert_uint_eq(a.local_len, 3);
	ck_assert_int_eq(smtp_address_parse("Ann@B.C", SMTP_ADDRESS_FOLD_LOCAL,
	                                    &a, NULL),
	                 0);
	ck_assert_str_eq(a.text, "ann@b.c");
	/* A dotless i is not an i, and stays what it is. */
	ck_assert_int_eq(smtp_address_parse("ADM\xc4\xb0N@b.c",
	                                    SMTP_ADDRESS_FOLD_LOCAL, &a, NULL),
	                 0);
	ck_assert_str_eq(a.text, "adm\xc4\xb0n@b.c");
	ck_assert(a.has_utf8);
}
END_TEST

static int parse_lengths(size_t local, size_t n_labels, bool quoted)
{
	struct smtp_address a;
	char text[2048];
	size_t n = 0;

	text[n++] = '<';
	if (quoted)
		text[n++] = '"';
	for (size_t i = 0; i < local; i++) {
		if (quoted)
			text[n++] = '\\';
		text[n++] = quoted ? '"' : 'x';
	}
	if (quoted)
		text[n++] = '"';
	text[n++] = '@';
	for (size_t i = 0; i < n_labels; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "%s%049d",
		                      i ? "." : "", 7);
	text[n++] = '>';
	return smtp_address_parse_path(text, n, 0, &a, &n, NULL);
}

START_TEST(test_lengths_end_at_64_and_255)
{
	ck_assert_int_eq(parse_lengths(64, 5, false), 0); /* 249 bytes */
	ck_assert_int_eq(parse_lengths(64, 5, true), 0);
	ck_assert_int_eq(parse_lengths(65, 1, false), -EINVAL);
	ck_assert_int_eq(parse_lengths(65, 1, true), -EINVAL);
	ck_assert_int_eq(parse_lengths(1, 6, false), -EINVAL); /* 299 */
}
END_TEST

static bool trusts(const char *list, const char *ip)
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
	struct trust trust;
	struct err err = {0};

	ck_assert_msg(trust_parse(list, &trust, &err) == 0, "%s", err.text);
	if (inet_pton(AF_INET, ip, &in.sin_addr) == 1)
		return trust_matches(&trust, (struct sockaddr *)&in);
	ck_assert_int_eq(inet_pton(AF_INET6, ip, &in6.sin6_addr), 1);
	return trust_matches(&trust, (struct sockaddr *)&in6);
}

START_TEST(test_trust_covers_its_networks_and_no_more)
{
	ck_assert(trusts("127.0.0.0/8, ::1", "127.9.9.9"));
	ck_assert(trusts("127.0.0.0/8, ::1", "::1"));
	ck_assert(trusts("127.0.0.0/8", "::ffff:127.0.0.1"));
	ck_assert(trusts("::ffff:10.0.0.0/104", "10.1.2.3"));
	ck_assert(trusts("0.0.0.0/0", "203.0.113.9"));
	ck_assert(trusts("192.0.2.128/25", "192.0.2.200"));
	ck_assert(trusts("2001:db8::/33", "2001:db8:7fff::1"));
	ck_assert(!trusts("2001:db8::/33", "2001:db8:8000::1"));
	ck_assert(!trusts("192.0.2.128/25", "192.0.2.127"));
	ck_assert(!trusts("127.0.0.0/8, ::1", "128.0.0.1"));
	ck_assert(!trusts("0.0.0.0/0", "2001:db8::1"));
	ck_assert(!trusts("::1", "::2"));
	ck_assert(!trusts("", "127.0.0.1"));
	ck_assert(!trusts("unix", "127.0.0.1"));
}
END_TEST

START_TEST(test_trust_in_unix_sockets_is_asked_for)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	struct trust trust;

	ck_assert_int_eq(trust_parse("::1 unix", &trust, NULL), 0);
	ck_assert(trust_matches(&trust, (struct sockaddr *)&un));
	ck_assert_int_eq(trust_parse("::1", &trust, NULL), 0);
	ck_assert(!trust_matches(&trust, (struct sockaddr *)&un));
}
END_TEST

START_TEST(test_slips_in_the_trust_list_are_named)
{
	static const char *const bad[] = {
		"10.1.2.3/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/+8",
		"localhost",  "::1/129",     "1.2.3",     "2001:db8::1/32",
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct trust trust;
		struct err err = {0};

		ck_assert_int_eq(trust_parse(bad[i], &trust, &err), -EINVAL);
		ck_assert_ptr_nonnull(strchr(err.text, '\''));
	}
}
END_TEST

START_TEST(test_endpoints_are_read_or_named)
{
	static const char *const bad[] = {
		"25",     "localhost:25", "127.0.0.1:", "1.2.3.4:65536",
		"::1:25", "[::1]",        "[::g]:25",   "unix:relative.sock",
		":25",    "127.0.0.1:+5",
	};
	struct smtp_endpoint e;

	ck_assert_int_eq(smtp_endpoint_parse("127.0.0.1:2525", &e, NULL), 0);
	ck_assert_int_eq(ntohs(e.address.in.sin_port), 2525);
	ck_assert_int_eq(smtp_endpoint_parse("[::1]:25", &e, NULL), 0);
	ck_assert(IN6_IS_ADDR_LOOPBACK(&e.address.in6.sin6_addr));
	ck_assert_int_eq(smtp_endpoint_parse("*:25", &e, NULL), 0);
	ck_assert(IN6_IS_ADDR_UNSPECIFIED(&e.address.in6.sin6_addr));
	ck_assert_int_eq(smtp_endpoint_parse("unix:/run/x", &e, NULL), 0);
	ck_assert_str_eq(e.address.un.sun_path, "/run/x");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct err err = {0};

		ck_assert_msg(smtp_endpoint_parse(bad[i], &e, &err) == -EINVAL,
		              "'%s' was accepted", bad[i]);
		ck_assert_str_ne(err.text, "");
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("smtp address");
	TCase *tc = tcase_create("all");

	tcase_add_loop_test(tc, test_a_path_is_read_into_one_form_or_refused, 0,
	                    ARRAY_LEN(path_cases));
	tcase_add_loop_test(tc, test_a_canonical_address_reads_as_itself, 0,
	                    ARRAY_LEN(path_cases));
	tcase_add_test(tc, test_the_local_part_folds_only_on_request);
	tcase_add_test(tc, test_lengths_end_at_64_and_255);
	tcase_add_test(tc, test_trust_covers_its_networks_and_no_more);
	tcase_add_test(tc, test_trust_in_unix_sockets_is_asked_for);
	tcase_add_test(tc, test_slips_in_the_trust_list_are_named);
	tcase_add_test(tc, test_endpoints_are_read_or_named);
	suite_add_tcase(suite, tc);

	return check_run(suite);
}
