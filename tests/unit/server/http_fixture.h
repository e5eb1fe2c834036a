/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_UNIT_SERVER_HTTP_FIXTURE_H
#define TESTS_UNIT_SERVER_HTTP_FIXTURE_H

#include <jansson.h>

#include "server/http/listener.h"
#include "tests/unit/server/smtp_client.h"
#include "tests/unit/spool/temp_spool.h"

/*
 * A listener over a real database, with a TCP address and an admin socket; and
 * one question at a time to either, on the same loop.
 */
struct http_fixture {
	struct temp_spool temp;
	struct http_listener *listener; /* NULL: closed */
	bool is_closed;
	char folder[32], socket[64];
	char answer[65536]; /* of the last question: head and body */
	int status;
	json_t *json; /* its body, if it is JSON */
};

static struct http_fixture http;

static inline void http_setup(void)
{
	const char *const addresses[] = {"127.0.0.1:0", "[::1]:0"};
	struct http_listener_options options = {
		.addresses = addresses,
		.n = 2,
		.admin_socket = http.socket,
		.domain = "print.example",
		.constant_address = "",
	};
	struct err err = {0};

	http = (struct http_fixture){.folder = "/tmp/platen-http-XXXXXX"};
	temp_spool_open(&http.temp);
	ck_assert_ptr_nonnull(mkdtemp(http.folder));
	snprintf(http.socket, sizeof http.socket, "%s/s", http.folder);
	ck_assert_msg(http_listener_start(&http.temp.loop, &options,
	                                  &http.temp.spool, &http.listener,
	                                  &err) == 0,
	              "%s", err.text);
}

static inline void http_on_closed(void *arg)
{
	http.is_closed = true;
}

static inline void http_close(void)
{
	http_listener_close(http.listener, http_on_closed, NULL);
	http.listener = NULL;
	while (!http.is_closed)
		uv_run(&http.temp.loop, UV_RUN_ONCE);
}

/* temp_spool_close() asserts that nothing is left on the loop. */
static inline void http_teardown(void)
{
	if (http.listener)
		http_close();
	json_decref(http.json);
	temp_spool_close(&http.temp);
	ck_assert_int_eq(rmdir(http.folder), 0); /* the socket file is gone */
}

static inline void http_send(struct client *c, const char *method,
                             const char *path, const char *token,
                             const char *body)
{
	char *text CLEANUP(xfree) = xasprintf(
		"%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s%s%s"
		"Content-Length: %zu\r\n\r\n%s",
		method, path, token ? "Authorization: Bearer " : "",
		token ? token : "", token ? "\r\n" : "", strlen(body), body);

	client_send(c, text);
}

/* Keep what was answered; the connection is closed. */
static inline int http_receive(struct client *c)
{
	const char *body;

	client_expect_eof(c);
	snprintf(http.answer, sizeof http.answer, "%s", buf_str(&c->heard));
	client_close(c);
	http.status = 0;
	sscanf(http.answer, "HTTP/1.1 %d", &http.status);
	json_decref(http.json);
	body = strstr(http.answer, "\r\n\r\n");
	http.json = json_loads(body ? body + 4 : "", 0, NULL);
	return http.status;
}

static inline int http_ask_tcp(const char *method, const char *path,
                               const char *token, const char *body)
{
	struct client c;

	client_connect(&c, &http.temp.loop, "127.0.0.1",
	               http_listener_port(http.listener, 0));
	http_send(&c, method, path, token, body);
	return http_receive(&c);
}

static inline int http_ask_admin(const char *method, const char *path,
                                 const char *body)
{
	struct client c;

	client_connect_unix(&c, &http.temp.loop, http.socket);
	http_send(&c, method, path, NULL, body);
	return http_receive(&c);
}

static inline const char *http_text(const char *member)
{
	const char *text =
		json_string_value(json_object_get(http.json, member));

	ck_assert_msg(text != NULL, "no '%s' in %s", member, http.answer);
	return text;
}

#endif
