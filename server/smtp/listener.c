/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/smtp/listener.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/mem.h"
#include "server/smtp/connection.h"
#include "server/smtp/endpoint.h"

/*
 * A listener: its sockets, one timer that looks at all deadlines, and the
 * connections.
 *
 *   start       bind and listen on each address; the timer runs
 *   on_connect  smtp_connection_accept()
 *   on_tick     sweep
 *   drain       close the sockets, drain the sessions; on_tick reports
 *   close       close everything
 *   on_gone     the last handle is closed: report, free
 */
struct listening {
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
	} h;
	struct smtp_endpoint endpoint;
};

struct smtp_listener {
	struct smtp_connections connections; /* n_handles: ours too */
	uv_timer_t timer;
	struct listening *sockets; /* n, owned */
	size_t n_sockets;
	char *hostname;

	smtp_listener_cb *drained; /* NULL: nobody to tell */
	void *drained_arg;
	bool is_closing;
	smtp_listener_cb *closed;
	void *closed_arg;
};

#define DRAIN_TICK_MS 20

void smtp_listener_options_init(struct smtp_listener_options *options)
{
	*options = (struct smtp_listener_options){
		.session = {.max_message_size = 50 << 20,
	                    .max_recipients = 100,
	                    .max_errors = 10,
	                    .max_hops = 30},
		.limits = {.max_connections = 1000,
	                   .max_per_address = 200,
	                   .command_ms = 300 * 1000,
	                   .data_ms = 180 * 1000,
	                   .session_ms = 3600 * 1000,
	                   .stress_ms = 10 * 1000,
	                   .min_rate = 1024,
	                   .rate_grace_ms = 60 * 1000},
	};
}

static void on_gone(struct smtp_connections *connections)
{
	struct smtp_listener *l =
		CONTAINER_OF(connections, struct smtp_listener, connections);

	if (!l->is_closing || connections->n_handles > 0)
		return;
	if (l->closed)
		l->closed(l->closed_arg);
	free(l->sockets);
	free(l->hostname);
	free(l);
}

static void on_closed(uv_handle_t *handle)
{
	struct smtp_listener *l = handle->data;

	l->connections.n_handles--;
	on_gone(&l->connections);
}

static void on_connect(uv_stream_t *server, int status)
{
	struct smtp_listener *l = server->data;

	if (status < 0)
		log_warn("smtp: cannot accept a connection: %s",
		         uv_strerror(status));
	else
		smtp_connection_accept(&l->connections, server);
}

static void on_tick(uv_timer_t *timer)
{
	struct smtp_listener *l = timer->data;
	smtp_listener_cb *drained = l->drained;

	smtp_connections_sweep(&l->connections);
	if (l->connections.is_draining && l->connections.n == 0 && drained) {
		l->drained = NULL;
		drained(l->drained_arg);
	}
}

/* A socket file that nobody listens on is in bind's way. */
static void remove_stale_socket(const struct sockaddr_un *un)
{
	struct stat st;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return;
	if (lstat(un->sun_path, &st) == 0 && S_ISSOCK(st.st_mode) &&
	    connect(fd, (const struct sockaddr *)un, sizeof *un) < 0 &&
	    errno == ECONNREFUSED)
		unlink(un->sun_path);
	close(fd);
}

static int bind_unix(struct listening *s)
{
	const struct sockaddr_un *un = &s->endpoint.address.un;

	remove_stale_socket(un);

	int r = uv_pipe_bind(&s->h.pipe, un->sun_path);

	/* Nobody can connect before listen(). */
	if (r == 0 && chmod(un->sun_path, 0660) < 0)
		return -errno;
	return r;
}

/* "*" on a kernel without IPv6 is every IPv4 address. */
static int bind_tcp(struct listening *s)
{
	struct sockaddr_in6 *in6 = &s->endpoint.address.in6;
	int r = uv_tcp_bind(&s->h.tcp, &s->endpoint.address.any, 0);

	if (r == UV_EAFNOSUPPORT && in6->sin6_family == AF_INET6 &&
	    IN6_IS_ADDR_UNSPECIFIED(&in6->sin6_addr)) {
		struct sockaddr_in in = {.sin_family = AF_INET,
		                         .sin_port = in6->sin6_port};

		r = uv_tcp_bind(&s->h.tcp, (struct sockaddr *)&in, 0);
	}
	return r;
}

static int listen_on(struct smtp_listener *l, const char *text, struct err *err)
{
	struct listening *s = &l->sockets[l->n_sockets];
	int r = smtp_endpoint_parse(text, &s->endpoint, err);

	if (r < 0)
		return r;

	bool is_unix = s->endpoint.address.any.sa_family == AF_UNIX;

	r = is_unix ? uv_pipe_init(l->connections.loop, &s->h.pipe, 0)
	            : uv_tcp_init(l->connections.loop, &s->h.tcp);
	if (r < 0)
		return smtp_endpoint_refused(text, -r, err);
	s->h.handle.data = l;
	l->n_sockets++;
	l->connections.n_handles++;

	r = is_unix ? bind_unix(s) : bind_tcp(s);
	if (r == 0)
		r = uv_listen(&s->h.stream, SOMAXCONN, on_connect);
	if (r < 0)
		return smtp_endpoint_refused(text, -r, err);
	return 0;
}

/* Often enough that a deadline is late by a quarter at most. */
static uint64_t tick_ms(const struct smtp_limits *limits)
{
	const int64_t times[] = {limits->command_ms, limits->data_ms,
	                         limits->session_ms, limits->stress_ms,
	                         limits->rate_grace_ms};
	int64_t tick = 1000;

	for (size_t i = 0; i < ARRAY_LEN(times); i++)
		if (times[i] / 4 < tick)
			tick = times[i] / 4;
	return tick < 5 ? 5 : (uint64_t)tick;
}

static struct smtp_listener *
new_listener(uv_loop_t *loop, const struct smtp_listener_options *options,
             const struct smtp_policy *policy, void *arg)
{
	struct smtp_listener *l = xcalloc(1, sizeof *l);
	struct smtp_connections *c = &l->connections;

	l->hostname = xstrdup(options->session.hostname);
	l->sockets = xcalloc(options->n_addresses, sizeof *l->sockets);
	c->loop = loop;
	c->session = options->session;
	c->session.hostname = l->hostname;
	c->limits = options->limits;
	c->policy = policy;
	c->policy_arg = arg;
	c->on_gone = on_gone;
	smtp_connections_init(c);
	uv_timer_init(loop, &l->timer);
	l->timer.data = l;
	c->n_handles++;
	return l;
}

int smtp_listener_start(uv_loop_t *loop,
                        const struct smtp_listener_options *options,
                        const struct smtp_policy *policy, void *arg,
                        struct smtp_listener **out, struct err *err)
{
	struct smtp_listener *l = new_listener(loop, options, policy, arg);
	uint64_t tick = tick_ms(&l->connections.limits);

	for (size_t i = 0; i < options->n_addresses; i++) {
		int r = listen_on(l, options->addresses[i], err);

		if (r < 0) {
			smtp_listener_close(l, NULL, NULL);
			return r;
		}
	}
	uv_timer_start(&l->timer, on_tick, tick, tick);
	*out = l;
	return 0;
}

int smtp_listener_port(const struct smtp_listener *l, size_t i)
{
	struct sockaddr_storage address = {0};
	int len = sizeof address;

	if (l->sockets[i].h.handle.type != UV_TCP)
		return -EINVAL;

	int r = uv_tcp_getsockname(&l->sockets[i].h.tcp,
	                           (struct sockaddr *)&address, &len);
	if (r < 0)
		return r;
	/* sin_port and sin6_port stand at the same place. */
	return ntohs(((struct sockaddr_in *)&address)->sin_port);
}

size_t smtp_listener_n_connections(const struct smtp_listener *l)
{
	return l->connections.n;
}

static void close_sockets(struct smtp_listener *l)
{
	for (size_t i = 0; i < l->n_sockets; i++)
		if (!uv_is_closing(&l->sockets[i].h.handle))
			uv_close(&l->sockets[i].h.handle, on_closed);
}

void smtp_listener_drain(struct smtp_listener *l, smtp_listener_cb *drained,
                         void *arg)
{
	l->drained = drained;
	l->drained_arg = arg;
	close_sockets(l);
	smtp_connections_drain(&l->connections);
	uv_timer_start(&l->timer, on_tick, DRAIN_TICK_MS, DRAIN_TICK_MS);
}

void smtp_listener_close(struct smtp_listener *l, smtp_listener_cb *closed,
                         void *arg)
{
	l->is_closing = true;
	l->closed = closed;
	l->closed_arg = arg;
	close_sockets(l);
	smtp_connections_close(&l->connections);
	uv_close((uv_handle_t *)&l->timer, on_closed);
}
