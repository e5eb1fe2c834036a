/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/fetch.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>

#include "web_server.h"

/*
 * The test stands for an internet of its own: 127.1.0.0/16 is on the allow list
 * and plays the public web, 127.0.0.1 and ::1 are the inside, where a canary
 * listens on the same port.
 */
#define OUTSIDE "127.1.0.1"

static uv_loop_t loop;
static struct fetcher *fetcher;
static struct web_server web, canary4, canary6;
static bool has_canary6;
static int port;

/* ---- a name server of our own -------------------------------------------- */

/* What a name answers, one list per question; the last one stays. */
static const char *const *rebinding_answers[4];
static unsigned n_questions;

static void add_address(struct addrinfo **head, const char *ip, int to_port)
{
	struct addrinfo *info = xcalloc(1, sizeof *info);
	struct sockaddr_in *address = xcalloc(1, sizeof *address);

	uv_ip4_addr(ip, to_port, address);
	info->ai_family = AF_INET;
	info->ai_socktype = SOCK_STREAM;
	info->ai_addr = (struct sockaddr *)address;
	info->ai_addrlen = sizeof *address;
	while (*head)
		head = &(*head)->ai_next;
	*head = info;
}

/* Stands in for the C library's: curl resolves names with it. */
int getaddrinfo(const char *name, const char *service,
                const struct addrinfo *hints, struct addrinfo **out)
{
	unsigned question =
		__atomic_fetch_add(&n_questions, 1, __ATOMIC_SEQ_CST);
	const char *const *answers;
	struct addrinfo *head = NULL;

	if (strcmp(name, "localhost") == 0) {
		add_address(&head, "127.0.0.1", (int)strtol(service, NULL, 10));
		*out = head;
		return 0;
	}
	if (question > 3)
		question = 3;
	while (question > 0 && !rebinding_answers[question])
		question--;
	answers = rebinding_answers[question];
	if (!answers || strcasecmp(name, "rebinding.test") != 0)
		return EAI_NONAME;
	for (; *answers; answers++)
		add_address(&head, *answers, (int)strtol(service, NULL, 10));
	*out = head;
	return 0;
}

void freeaddrinfo(struct addrinfo *info)
{
	while (info) {
		struct addrinfo *next = info->ai_next;

		free(info->ai_addr);
		free(info);
		info = next;
	}
}

/* ---- the fixture --------------------------------------------------------- */

static const struct web_route routes[] = {
	{"/page",
         "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
         "X-Word: seen\r\nContent-Length: 5\r\n\r\nhello"},
	{"/silent", NULL},
	{"/endless", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nbegins",
         0, true},
	{"/missing", "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno"},
	{"/moved", "HTTP/1.1 302 Found\r\nLocation: /page\r\n"
                   "Content-Length: 0\r\nConnection: close\r\n\r\n"},
	{"/again", "HTTP/1.1 302 Found\r\nLocation: /again\r\n"
                   "Content-Length: 0\r\nConnection: close\r\n\r\n"},
	{"/to-file", "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n"
                     "Content-Length: 0\r\n\r\n"},
	{"/to-gopher", "HTTP/1.1 302 Found\r\nLocation: gopher://127.0.0.1/\r\n"
                       "Content-Length: 0\r\n\r\n"},
	{"/to-metadata",
         "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest/\r\n"
         "Content-Length: 0\r\n\r\n"},
};

static char to_loopback[160], to_rebinding[160];
static struct web_route all_routes[ARRAY_LEN(routes) + 3];

/* 4 MB of zeros in 4 kB: gzip of nothing but one repeated block. */
static struct buf bomb;

static void open_web(const char *allow, struct fetch_limits limits)
{
	static struct fetch_guard guard;
	struct fetcher_options options = {.guard = &guard, .limits = limits};

	ck_assert_int_eq(uv_loop_init(&loop), 0);
	memset(rebinding_answers, 0, sizeof rebinding_answers);
	n_questions = 0;
	memcpy(all_routes, routes, sizeof routes);
	port = web_server_open(&web, &loop, OUTSIDE, 0, all_routes,
	                       ARRAY_LEN(all_routes));
	ck_assert_int_gt(port, 0);
	snprintf(to_loopback, sizeof to_loopback,
	         "HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:%d/page\r\n"
	         "Content-Length: 0\r\n\r\n",
	         port);
	snprintf(to_rebinding, sizeof to_rebinding,
	         "HTTP/1.1 301 Moved\r\n"
	         "Location: http://rebinding.test:%d/page\r\n"
	         "Content-Length: 0\r\nConnection: close\r\n\r\n",
	         port);
	all_routes[ARRAY_LEN(routes)] =
		(struct web_route){"/to-loopback", to_loopback};
	all_routes[ARRAY_LEN(routes) + 1] =
		(struct web_route){"/to-rebinding", to_rebinding};
	all_routes[ARRAY_LEN(routes) + 2] =
		(struct web_route){"/bomb", bomb.data, bomb.len};
	ck_assert_int_eq(web_server_open(&canary4, &loop, "127.0.0.1", port,
	                                 all_routes, ARRAY_LEN(all_routes)),
	                 port);
	has_canary6 = web_server_open(&canary6, &loop, "::1", port, all_routes,
	                              ARRAY_LEN(all_routes)) == port;
	ck_assert_int_eq(fetch_guard_parse(allow, &guard, NULL), 0);
	fetcher = fetcher_new(&loop, &options);
}

static const struct fetch_limits usual = {.bytes = 1 << 20,
                                          .timeout_ms = 5000,
                                          .redirects = 5,
                                          .connections = 8};

struct seen {
	int n_answers, status;
	unsigned http_status;
	char url[200], type[64], sentence[200], headers[400];
	char body[64]; /* its beginning */
	size_t len;
};

static void close_web(void)
{
	fetcher_close(fetcher, NULL, NULL);
	web_server_close(&web);
	web_server_close(&canary4);
	web_server_close(&canary6);
}

static void end_loop(void)
{
	uv_run(&loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
}

static void on_answer(const struct fetch_answer *answer, void *arg)
{
	struct seen *seen = arg;

	seen->n_answers++;
	seen->status = answer->status;
	seen->http_status = answer->http_status;
	snprintf(seen->url, sizeof seen->url, "%s", answer->url);
	snprintf(seen->type, sizeof seen->type, "%s", answer->type);
	snprintf(seen->headers, sizeof seen->headers, "%.*s",
	         (int)answer->headers->len, answer->headers->data);
	snprintf(seen->sentence, sizeof seen->sentence, "%s",
	         answer->err ? answer->err->text : "");
	snprintf(seen->body, sizeof seen->body, "%.*s", (int)answer->len,
	         answer->len ? answer->data : "");
	seen->len = answer->len;
	uv_stop(&loop);
}

/* One fetch to its end, on an open web. */
static void fetch(const char *url, bool follow, struct seen *seen)
{
	struct fetch_wish wish = {.url = url,
	                          .follow = follow,
	                          .done = on_answer,
	                          .arg = seen};

	*seen = (struct seen){0};
	fetch_start(fetcher, &wish);
	ck_assert_int_eq(seen->n_answers, 0);
	uv_run(&loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(seen->n_answers, 1);
	ck_assert(!seen->status == !seen->sentence[0]);
}

static void fetch_path(const char *path, bool follow, struct seen *seen)
{
	char url[100];

	snprintf(url, sizeof url, "http://" OUTSIDE ":%d%s", port, path);
	fetch(url, follow, seen);
}

static void ck_no_canary(void)
{
	ck_assert_uint_eq(canary4.n_connections, 0);
	ck_assert_uint_eq(canary6.n_connections, 0);
}

START_TEST(test_page_comes_with_type_and_headers)
{
	struct seen seen;

	open_web("127.1.0.0/16", usual);
	fetch_path("/page", true, &seen);
	ck_assert_int_eq(seen.status, 0);
	ck_assert_uint_eq(seen.http_status, 200);
	ck_assert_str_eq(seen.body, "hello");
	ck_assert_str_eq(seen.type, "text/html; charset=utf-8");
	ck_assert_ptr_nonnull(strstr(seen.headers, "X-Word: seen\n"));
	close_web();
	end_loop();
}
END_TEST

START_TEST(test_error_pages_are_answers)
{
	struct seen seen;

	open_web("127.1.0.0/16", usual);
	fetch_path("/missing", true, &seen);
	ck_assert_int_eq(seen.status, 0);
	ck_assert_uint_eq(seen.http_status, 404);
	close_web();
	end_loop();
}
END_TEST

START_TEST(test_redirects_are_followed_or_told)
{
	struct seen seen;
	char end[100];

	open_web("127.1.0.0/16", usual);
	fetch_path("/moved", true, &seen);
	ck_assert_int_eq(seen.status, 0);
	ck_assert_str_eq(seen.body, "hello");
	snprintf(end, sizeof end, "http://" OUTSIDE ":%d/page", port);
	ck_assert_str_eq(seen.url, end);
	fetch_path("/moved", false, &seen);
	ck_assert_uint_eq(seen.http_status, 302);
	fetch_path("/again", true, &seen);
	ck_assert_int_eq(seen.status, -ELOOP);
	ck_assert_uint_eq(web.n_connections, 2 + 1 + 6);
	close_web();
	end_loop();
}
END_TEST

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
	"javascript:alert(%d)",
	"http://user@127.1.0.1:%d/page",
	"http://127.1.0.1:25@127.0.0.1:%d/page",
};

START_TEST(test_inside_is_never_connected)
{
	struct seen seen;
	char url[200];

	open_web("127.1.0.0/16", usual);
	if (!has_canary6)
		printf("no IPv6 here: its canary does not listen\n");
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(url, sizeof url, inside[_i], port);
#pragma GCC diagnostic pop
	fetch(url, true, &seen);
	/* LOCALHOST. is asked of the name server, which does not know it */
	ck_assert_msg(seen.status == -EPERM || seen.status == -EADDRNOTAVAIL,
	              "%s: %d %s", url, seen.status, seen.sentence);
	ck_assert_uint_eq(seen.len, 0);
	ck_no_canary();
	ck_assert_uint_eq(web.n_connections, 0);
	close_web();
	end_loop();
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

START_TEST(test_endless_body_ends_at_the_limit)
{
	struct seen seen;

	open_web("127.1.0.0/16", usual);
	fetch_path("/endless", true, &seen);
	ck_assert_int_eq(seen.status, -EFBIG);
	ck_assert_uint_le(seen.len, usual.bytes);
	close_web();
	end_loop();
}
END_TEST

START_TEST(test_unpacked_bytes_count)
{
	struct seen seen;

	open_web("127.1.0.0/16", usual);
	ck_assert_uint_lt(bomb.len, usual.bytes / 8);
	fetch_path("/bomb", true, &seen);
	ck_assert_int_eq(seen.status, -EFBIG);
	ck_assert_uint_le(seen.len, usual.bytes);
	close_web();
	end_loop();
}
END_TEST

START_TEST(test_silent_server_is_given_up)
{
	struct fetch_limits limits = usual;
	struct seen seen;

	limits.timeout_ms = 50;
	open_web("127.1.0.0/16", limits);
	fetch_path("/silent", true, &seen);
	ck_assert_int_eq(seen.status, -ETIMEDOUT);
	close_web();
	end_loop();
}
END_TEST

START_TEST(test_closing_drops_what_is_under_way)
{
	struct seen seen = {0};
	char url[100];
	struct fetch_wish wish = {.url = url, .done = on_answer, .arg = &seen};

	open_web("127.1.0.0/16", usual);
	snprintf(url, sizeof url, "http://" OUTSIDE ":%d/silent", port);
	fetch_start(fetcher, &wish);
	fetch_start(fetcher, &wish);
	for (int i = 0; i < 5; i++)
		uv_run(&loop, UV_RUN_NOWAIT);
	fetch_start(fetcher, &wish);
	close_web();
	end_loop();
	ck_assert_int_eq(seen.n_answers, 0);
}
END_TEST

/* ---- the guard alone ----------------------------------------------------- */

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

/* gzip of `len` zeros, with the head of its answer in front. */
static void make_bomb(void)
{
	static const unsigned char head[] = {0x1f, 0x8b, 8, 0, 0,
	                                     0,    0,    0, 0, 3};
	/*
	 * RFC 1951: one block with fixed codes. A zero byte, then matches of
	 * length 258 (code 285, distance 1): eight bits 00110000, then 13 bits
	 * each. Made by hand so that no packer has to be linked.
	 */
	unsigned long long bits = 0;
	unsigned n_bits = 0;
	struct buf packed CLEANUP(buf_fini) = {0};
	unsigned pieces[2][2] = {{3, 3}, {0x0c, 8}}; /* final, fixed; literal */

	for (size_t i = 0; i < 16402; i++) {
		/* 285 is 11000101, sent from its high bit; distance 00000 */
		unsigned value = i < 2 ? pieces[i][0] : 0xa3;
		unsigned n = i < 2 ? pieces[i][1] : 13;

		bits |= (unsigned long long)value << n_bits;
		for (n_bits += n; n_bits >= 8; n_bits -= 8, bits >>= 8)
			buf_append(&packed, &(char){(char)(bits & 0xff)}, 1);
	}
	buf_puts(&bomb, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
	                "Content-Encoding: gzip\r\n\r\n");
	buf_append(&bomb, head, sizeof head);
	buf_append(&bomb, packed.data, packed.len);
}

static Suite *suite(void)
{
	Suite *s = suite_create("fetch");
	TCase *web_case = tcase_create("web");
	TCase *guard_case = tcase_create("guard");

	tcase_set_timeout(web_case, 60);
	tcase_add_test(web_case, test_page_comes_with_type_and_headers);
	tcase_add_test(web_case, test_error_pages_are_answers);
	tcase_add_test(web_case, test_redirects_are_followed_or_told);
	tcase_add_loop_test(web_case, test_inside_is_never_connected, 0,
	                    ARRAY_LEN(inside));
	tcase_add_loop_test(web_case, test_redirect_inside_is_never_followed, 0,
	                    ARRAY_LEN(redirects_inside));
	tcase_add_test(web_case, test_rebinding_name_is_checked_each_time);
	tcase_add_test(web_case, test_every_address_of_a_name_is_checked);
	tcase_add_test(web_case, test_host_on_the_list_is_open);
	tcase_add_test(web_case, test_endless_body_ends_at_the_limit);
	tcase_add_test(web_case, test_unpacked_bytes_count);
	tcase_add_test(web_case, test_silent_server_is_given_up);
	tcase_add_test(web_case, test_closing_drops_what_is_under_way);
	tcase_add_test(guard_case,
	               test_public_addresses_are_open_on_usual_ports);
	tcase_add_test(guard_case, test_links_are_asked_for_in_ascii);
	tcase_add_test(guard_case, test_list_opens_what_it_names);
	suite_add_tcase(s, web_case);
	suite_add_tcase(s, guard_case);
	return s;
}

int main(void)
{
	SRunner *runner;
	int failed;

	make_bomb();
	runner = srunner_create(suite());
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	buf_fini(&bomb);
	return failed == 0 ? 0 : 1;
}
