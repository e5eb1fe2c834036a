/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_UNIT_SERVER_SMTP_CLIENT_H
#define TESTS_UNIT_SERVER_SMTP_CLIENT_H

#include <check.h>
#include <uv.h>

#include "base/buf.h"
#include "base/mem.h"

/*
 * A peer on the same loop as the server under test: it keeps what it hears, and
 * its calls run the loop until the awaited thing has happened.
 */
struct client {
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
	} h;
	uv_connect_t connect;
	uv_shutdown_t shutdown;
	uv_timer_t timer;
	struct buf heard;
	size_t n_unsent; /* writes under way */
	size_t n_sent;   /* writes that went through */
	bool is_connected;
	bool saw_eof; /* the other side closed */
	bool was_reset;
};

struct client_write {
	uv_write_t req;
	struct client *client;
	char data[];
};

static inline void client_on_alloc(uv_handle_t *handle, size_t suggested,
                                   uv_buf_t *buf)
{
	static char data[65536];

	*buf = uv_buf_init(data, sizeof data);
}

static inline void client_on_read(uv_stream_t *stream, ssize_t n,
                                  const uv_buf_t *buf)
{
	struct client *c = stream->data;

	if (n > 0) {
		buf_append(&c->heard, buf->base, (size_t)n);
		return;
	}
	if (n < 0) {
		c->saw_eof = n == UV_EOF;
		c->was_reset = n != UV_EOF;
		uv_read_stop(stream);
	}
}

static inline void client_on_connect(uv_connect_t *req, int status)
{
	struct client *c = req->data;

	ck_assert_int_eq(status, 0);
	c->is_connected = true;
}

static inline void client_listen(struct client *c)
{
	uv_read_start(&c->h.stream, client_on_alloc, client_on_read);
}

static inline void client_wait_connected(struct client *c)
{
	while (!c->is_connected)
		uv_run(c->h.handle.loop, UV_RUN_ONCE);
}

static inline void client_init(struct client *c, uv_loop_t *loop)
{
	*c = (struct client){0};
	c->connect.data = c;
	uv_timer_init(loop, &c->timer);
	c->timer.data = c;
}

/* Connect, and read unless the test calls uv_read_stop(). */
static inline void client_connect(struct client *c, uv_loop_t *loop,
                                  const char *ip, int port)
{
	struct sockaddr_storage to;

	client_init(c, loop);
	if (uv_ip4_addr(ip, port, (struct sockaddr_in *)&to) < 0)
		ck_assert_int_eq(uv_ip6_addr(ip, port,
		                             (struct sockaddr_in6 *)&to),
		                 0);
	uv_tcp_init(loop, &c->h.tcp);
	c->h.handle.data = c;
	ck_assert_int_eq(uv_tcp_connect(&c->connect, &c->h.tcp,
	                                (struct sockaddr *)&to,
	                                client_on_connect),
	                 0);
	client_wait_connected(c);
	client_listen(c);
}

static inline void client_connect_unix(struct client *c, uv_loop_t *loop,
                                       const char *path)
{
	client_init(c, loop);
	uv_pipe_init(loop, &c->h.pipe, 0);
	c->h.handle.data = c;
	uv_pipe_connect(&c->connect, &c->h.pipe, path, client_on_connect);
	client_wait_connected(c);
	client_listen(c);
}

static inline void client_on_written(uv_write_t *req, int status)
{
	struct client_write *w = CONTAINER_OF(req, struct client_write, req);

	w->client->n_unsent--;
	w->client->n_sent += status == 0;
	free(w);
}

/* data is borrowed until the write is over. */
static inline void client_write(struct client *c, struct client_write *w,
                                const char *data, size_t len)
{
	uv_buf_t buf = uv_buf_init((char *)data, (unsigned)len);

	w->client = c;
	c->n_unsent++;
	ck_assert_int_eq(uv_write(&w->req, &c->h.stream, &buf, 1,
	                          client_on_written),
	                 0);
}

static inline void client_send_borrowed(struct client *c, const char *data,
                                        size_t len)
{
	client_write(c, xmalloc(sizeof(struct client_write)), data, len);
}

static inline void client_send_bytes(struct client *c, const char *data,
                                     size_t len)
{
	struct client_write *w = xmalloc(sizeof *w + len);

	memcpy(w->data, data, len);
	client_write(c, w, w->data, len);
}

static inline void client_send(struct client *c, const char *text)
{
	client_send_bytes(c, text, strlen(text));
}

static inline void client_on_drip(uv_timer_t *timer)
{
	client_send(timer->data, "x");
}

/* Send an x every few ms until told to stop. */
static inline void client_drip(struct client *c, uint64_t ms)
{
	uv_timer_start(&c->timer, client_on_drip, ms, ms);
}

/* Until text was heard; what came before and with it is forgotten. */
static inline void client_expect(struct client *c, const char *text)
{
	const char *at;

	while (!(at = strstr(buf_str(&c->heard), text))) {
		ck_assert_msg(!c->saw_eof && !c->was_reset,
		              "closed before '%s'; heard '%s'", text,
		              buf_str(&c->heard));
		uv_run(c->h.handle.loop, UV_RUN_ONCE);
	}
	buf_consume(&c->heard,
	            (size_t)(at - buf_str(&c->heard)) + strlen(text));
}

static inline void client_expect_eof(struct client *c)
{
	while (!c->saw_eof) {
		ck_assert(!c->was_reset);
		uv_run(c->h.handle.loop, UV_RUN_ONCE);
	}
}

static inline void client_send_eof(struct client *c)
{
	ck_assert_int_eq(uv_shutdown(&c->shutdown, &c->h.stream, NULL), 0);
}

static inline void client_close(struct client *c)
{
	uv_loop_t *loop = c->h.handle.loop;

	uv_close(&c->h.handle, NULL);
	uv_close((uv_handle_t *)&c->timer, NULL);
	/* Close callbacks come in the same iteration. */
	uv_run(loop, UV_RUN_NOWAIT);
	ck_assert_uint_eq(c->n_unsent, 0);
	buf_fini(&c->heard);
}

#endif
