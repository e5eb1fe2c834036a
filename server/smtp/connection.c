/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/smtp/connection.h"

#include <assert.h>
#include <netinet/in.h>

#include "base/clock.h"
#include "base/mem.h"

/*
 * One connection.
 *
 *   accept       caps; the session greets; reading begins
 *   on_read      bytes into the session, its replies out in one write
 *   on_wake      the policy finished a message: the same without bytes
 *   on_written   a write that the socket did not take at once is through
 *   sweep        a deadline passed: 421
 *   linger       the session is over: FIN, then read what still comes, because
 *                closing on unread bytes sends RST, which takes our last reply
 *                out of the peer's hands
 *   on_closed    free
 */
struct smtp_connection {
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
	} h;
	struct smtp_connections *all; /* borrowed; outlives us */
	struct list link, peer_link;
	uint64_t peer_key;
	struct smtp_session *session; /* NULL: was refused */

	uv_write_t write;
	uv_shutdown_t shutdown;
	struct buf writing; /* owned by the write under way */
	bool is_writing;
	bool is_lingering;
	bool is_reading;
	bool saw_eof;

	int64_t started_ms;
	int64_t since_ms; /* begin of what the deadline is for */
	int64_t data_started_ms;
	int64_t n_data; /* bytes since then */
};

#define LINGER_MS        2000

/* Commands are short; a small read bounds the replies that one can cause. */
#define COMMAND_READ_MAX 4096

static const char busy[] =
	"421 4.3.2 too many connections, try again later\r\n";
static const char greedy[] =
	"421 4.7.0 too many connections from your address\r\n";

static int64_t now_ms(const struct smtp_connection *c)
{
	return (int64_t)uv_now(c->all->loop);
}

void smtp_connections_init(struct smtp_connections *all)
{
	list_init(&all->all);
	for (size_t i = 0; i < SMTP_BUCKETS; i++)
		list_init(&all->by_peer[i]);
}

static void on_closed(uv_handle_t *handle)
{
	struct smtp_connection *c = handle->data;
	struct smtp_connections *all = c->all;

	buf_fini(&c->writing);
	free(c);
	all->n_handles--;
	all->on_gone(all);
}

static void close_connection(struct smtp_connection *c)
{
	if (uv_is_closing(&c->h.handle))
		return;
	list_remove(&c->link);
	list_remove(&c->peer_link);
	if (c->session)
		c->all->n--;
	smtp_session_free(c->session);
	c->session = NULL;
	uv_close(&c->h.handle, on_closed);
}

static void on_shutdown(uv_shutdown_t *req, int status)
{
	struct smtp_connection *c = req->data;

	if (status < 0)
		close_connection(c);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	struct smtp_connection *c = handle->data;
	bool is_data = smtp_session_phase(c->session) == SMTP_PHASE_DATA;

	*buf = uv_buf_init(c->all->read_buffer,
	                   is_data ? SMTP_READ_MAX : COMMAND_READ_MAX);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf);

/* A peer that does not take our replies, or waits for one, is not read. */
static void update_reading(struct smtp_connection *c)
{
	bool want = !c->saw_eof && !c->is_writing &&
	            !smtp_session_is_full(c->session);

	if (want == c->is_reading)
		return;
	c->is_reading = want;
	if (!want)
		uv_read_stop(&c->h.stream);
	else if (uv_read_start(&c->h.stream, on_alloc, on_read) < 0)
		close_connection(c);
}

static void finish_connection(struct smtp_connection *c)
{
	if (c->saw_eof || smtp_session_did_quit(c->session)) {
		close_connection(c);
		return;
	}
	c->is_lingering = true;
	c->since_ms = now_ms(c);
	c->shutdown.data = c;
	if (uv_shutdown(&c->shutdown, &c->h.stream, on_shutdown) < 0)
		close_connection(c);
	else
		update_reading(c);
}

static void send_output(struct smtp_connection *c);

static void on_written(uv_write_t *req, int status)
{
	struct smtp_connection *c = req->data;

	c->is_writing = false;
	buf_fini(&c->writing);
	if (status < 0) {
		close_connection(c);
		return;
	}
	c->since_ms = now_ms(c);
	send_output(c);
}

/* The socket is full: what is left goes when it can; no reading meanwhile. */
static void write_rest(struct smtp_connection *c, size_t sent)
{
	struct buf *out = smtp_session_output(c->session);

	buf_consume(out, sent);
	c->writing = *out;
	*out = (struct buf){0};
	c->is_writing = true;
	c->since_ms = now_ms(c);
	c->write.data = c;

	uv_buf_t buf = uv_buf_init(c->writing.data, (unsigned)c->writing.len);

	if (uv_write(&c->write, &c->h.stream, &buf, 1, on_written) < 0)
		close_connection(c);
	else
		update_reading(c);
}

/* All replies so far in one write; then see what the session wants. */
static void send_output(struct smtp_connection *c)
{
	struct buf *out = smtp_session_output(c->session);

	if (c->is_writing || c->is_lingering)
		return;
	if (out->len > 0) {
		uv_buf_t buf = uv_buf_init(out->data, (unsigned)out->len);
		int sent = uv_try_write(&c->h.stream, &buf, 1);

		if (sent < 0 && sent != UV_EAGAIN) {
			close_connection(c);
			return;
		}
		if (sent < (int)out->len) {
			write_rest(c, sent < 0 ? 0 : (size_t)sent);
			return;
		}
		buf_clear(out);
	}
	if (smtp_session_phase(c->session) == SMTP_PHASE_CLOSED ||
	    (c->saw_eof && smtp_session_phase(c->session) != SMTP_PHASE_WAIT))
		finish_connection(c);
	else
		update_reading(c);
}

/* Every clock starts anew: a command was answered, a message finished. */
static void begin_step(struct smtp_connection *c)
{
	c->since_ms = c->data_started_ms = now_ms(c);
	c->n_data = 0;
}

static void on_wake(struct smtp_session *session, void *arg)
{
	struct smtp_connection *c = arg;

	begin_step(c);
	send_output(c);
}

/* Data counts as progress with each piece, a command only when complete. */
static void feed(struct smtp_connection *c, const char *data, size_t n)
{
	uint64_t steps = smtp_session_n_steps(c->session);

	smtp_session_input(c->session, data, n, clock_now());
	if (smtp_session_phase(c->session) == SMTP_PHASE_DATA) {
		c->n_data += (int64_t)n;
		c->since_ms = now_ms(c);
	}
	if (smtp_session_n_steps(c->session) != steps)
		begin_step(c);
}

/*
 * A peer that sent its FIN after the final dot may still read (`nc -N` does),
 * and its message is complete: it is finished and answered.
 */
static void on_eof(struct smtp_connection *c)
{
	c->saw_eof = true;
	if (smtp_session_phase(c->session) != SMTP_PHASE_WAIT)
		close_connection(c);
	else
		update_reading(c);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct smtp_connection *c = stream->data;

	if (n == UV_EOF && !c->is_lingering) {
		on_eof(c);
	} else if (n < 0) {
		close_connection(c);
	} else if (n > 0 && !c->is_lingering) {
		feed(c, buf->base, (size_t)n);
		send_output(c);
	}
}

/*
 * Who counts as one peer: an IPv4 address or an IPv6 /64, which is what one
 * customer gets. 0: a local socket, all of whose users look the same.
 */
static uint64_t peer_key(const struct sockaddr *peer)
{
	const struct sockaddr_in6 *in6 = (const void *)peer;
	const struct sockaddr_in *in = (const void *)peer;
	uint64_t key = 0;

	if (peer->sa_family == AF_INET) {
		memcpy(&key, &in->sin_addr, 4);
		key |= 1ull << 63 | 1ull << 32;
	} else if (peer->sa_family == AF_INET6) {
		memcpy(&key, &in6->sin6_addr, 8);
		if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) {
			memcpy(&key, in6->sin6_addr.s6_addr + 12, 4);
			key |= 1ull << 63 | 1ull << 32;
		}
		key |= 1;
	}
	return key;
}

static struct list *bucket(struct smtp_connections *all, uint64_t key)
{
	return &all->by_peer[(key * 0x9e3779b97f4a7c15ull) >> 56];
}

static size_t n_from_peer(struct smtp_connections *all, uint64_t key)
{
	size_t n = 0;

	list_for_each (l, bucket(all, key))
		n += LIST_ENTRY(l, struct smtp_connection, peer_link)
		             ->peer_key == key;
	return n;
}

/* NULL, or why there is no place for one more. */
static const char *find_cap(struct smtp_connections *all, uint64_t key)
{
	if (all->n >= all->limits.max_connections)
		return busy;
	if (key != 0 && n_from_peer(all, key) >= all->limits.max_per_address)
		return greedy;
	return NULL;
}

/* The line fits into the empty buffer of a new socket. */
static void refuse(struct smtp_connection *c, const char *line)
{
	uv_buf_t buf = uv_buf_init((char *)line, (unsigned)strlen(line));

	(void)uv_try_write(&c->h.stream, &buf, 1);
	close_connection(c);
}

static void begin(struct smtp_connection *c, const struct sockaddr *peer)
{
	struct smtp_connections *all = c->all;

	c->session = smtp_session_new(&all->session, all->policy,
	                              all->policy_arg, peer, on_wake, c);
	all->n++;
	list_append(&all->all, &c->link);
	list_append(bucket(all, c->peer_key), &c->peer_link);
	if (c->h.handle.type == UV_TCP)
		uv_tcp_nodelay(&c->h.tcp, 1);
	send_output(c);
}

void smtp_connection_accept(struct smtp_connections *all, uv_stream_t *server)
{
	struct smtp_connection *c = xcalloc(1, sizeof *c);
	struct sockaddr_storage peer = {.ss_family = AF_UNIX};
	int len = sizeof peer, r = 0;

	c->all = all;
	list_init(&c->link);
	list_init(&c->peer_link);
	if (server->type == UV_TCP)
		uv_tcp_init(all->loop, &c->h.tcp);
	else
		uv_pipe_init(all->loop, &c->h.pipe, 0);
	c->h.handle.data = c;
	all->n_handles++;
	c->started_ms = c->since_ms = now_ms(c);

	r = uv_accept(server, &c->h.stream);
	if (r == 0 && server->type == UV_TCP)
		r = uv_tcp_getpeername(&c->h.tcp, (struct sockaddr *)&peer,
		                       &len);
	if (r < 0) { /* gone before we looked */
		close_connection(c);
		return;
	}
	c->peer_key = peer_key((struct sockaddr *)&peer);

	const char *cap = find_cap(all, c->peer_key);

	if (cap)
		refuse(c, cap);
	else
		begin(c, (struct sockaddr *)&peer);
}

static bool is_stressed(const struct smtp_connections *all)
{
	return all->is_draining || all->n * 5 > all->limits.max_connections * 4;
}

static bool is_too_slow(const struct smtp_connection *c)
{
	const struct smtp_limits *limits = &c->all->limits;
	int64_t ms = now_ms(c) - c->data_started_ms;

	return ms > limits->rate_grace_ms &&
	       c->n_data < ms * limits->min_rate / 1000;
}

/* NULL, or what to tell a peer whose time is up. */
static const char *find_expired(const struct smtp_connection *c)
{
	const struct smtp_limits *limits = &c->all->limits;
	int64_t waited = now_ms(c) - c->since_ms;
	bool is_data = smtp_session_phase(c->session) == SMTP_PHASE_DATA;
	int64_t limit = is_data ? limits->data_ms : limits->command_ms;

	if (is_stressed(c->all) && limit > limits->stress_ms)
		limit = limits->stress_ms;
	if (waited > limit)
		return "4.4.2 timeout, closing";
	if (is_data && is_too_slow(c))
		return "4.4.2 data comes too slowly, closing";
	if (now_ms(c) - c->started_ms > limits->session_ms)
		return "4.4.2 session lasts too long, closing";
	return NULL;
}

static void sweep(struct smtp_connection *c)
{
	int64_t waited = now_ms(c) - c->since_ms;
	bool is_waiting = smtp_session_phase(c->session) == SMTP_PHASE_WAIT;

	if (c->is_lingering) {
		if (waited > LINGER_MS)
			close_connection(c);
		return;
	}
	if (is_waiting && !c->is_writing)
		return; /* our own time runs, not the peer's */

	const char *why = find_expired(c);

	if (!why)
		return;
	if (c->is_writing) { /* it does not read: no use in telling */
		close_connection(c);
		return;
	}
	smtp_session_hang_up(c->session, why);
	send_output(c);
}

void smtp_connections_sweep(struct smtp_connections *all)
{
	list_for_each (l, &all->all)
		sweep(LIST_ENTRY(l, struct smtp_connection, link));
}

void smtp_connections_drain(struct smtp_connections *all)
{
	all->is_draining = true;
	list_for_each (l, &all->all) {
		struct smtp_connection *c =
			LIST_ENTRY(l, struct smtp_connection, link);

		smtp_session_drain(c->session);
		send_output(c);
	}
}

void smtp_connections_close(struct smtp_connections *all)
{
	list_for_each (l, &all->all)
		close_connection(LIST_ENTRY(l, struct smtp_connection, link));
}
