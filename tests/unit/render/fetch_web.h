/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_UNIT_RENDER_FETCH_WEB_H
#define TESTS_UNIT_RENDER_FETCH_WEB_H

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>

#include "render/fetch.h"
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

/* On one port: what is free at one address may be taken at the other. */
static void open_outside_and_canary(void)
{
	for (int i = 0; i < 50; i++) {
		port = web_server_open(&web, &loop, OUTSIDE, 0, all_routes,
		                       ARRAY_LEN(all_routes));
		ck_assert_int_gt(port, 0);
		if (web_server_open(&canary4, &loop, "127.0.0.1", port,
		                    all_routes, ARRAY_LEN(all_routes)) == port)
			return;
		web_server_close(&web);
		web_server_close(&canary4);
		uv_run(&loop, UV_RUN_DEFAULT);
	}
	ck_abort_msg("no port is free at both addresses");
}

static void open_web(const char *allow, struct fetch_limits limits)
{
	static struct fetch_guard guard;
	struct fetcher_options options = {.guard = &guard, .limits = limits};

	ck_assert_int_eq(uv_loop_init(&loop), 0);
	memset(rebinding_answers, 0, sizeof rebinding_answers);
	n_questions = 0;
	memcpy(all_routes, routes, sizeof routes);
	open_outside_and_canary();
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

#endif
