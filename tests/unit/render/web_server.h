/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_UNIT_RENDER_WEB_SERVER_H
#define TESTS_UNIT_RENDER_WEB_SERVER_H

#include <arpa/inet.h>
#include <check.h>
#include <stdio.h>
#include <uv.h>

#include "base/buf.h"
#include "base/mem.h"

/*
 * An HTTP server with one answer per path, on the loop of the test. A listener
 * that should never be reached is one whose n_connections stays 0.
 */
struct web_route {
	const char *path;
	const char *answer; /* the whole of it; NULL: silence */
	size_t len;         /* 0: strlen */
	bool is_endless;    /* the last bytes again and again */
};

struct web_server {
	uv_tcp_t tcp;
	const struct web_route *routes;
	size_t n_routes;
	unsigned n_connections;
	char host_seen[128];
};

struct web_peer {
	uv_tcp_t tcp;
	struct web_server *server;
	uv_write_t write;
	const struct web_route *route;
	char request[4096];
	size_t len;
};

static void web_peer_freed(uv_handle_t *handle)
{
	free(handle->data);
}

static void web_peer_close(struct web_peer *peer)
{
	if (!uv_is_closing((uv_handle_t *)&peer->tcp))
		uv_close((uv_handle_t *)&peer->tcp, web_peer_freed);
}

static void web_on_written(uv_write_t *write, int status)
{
	struct web_peer *peer = write->data;
	static char more[16384];
	uv_buf_t bytes = uv_buf_init(more, sizeof more);

	if (status == 0 && peer->route->is_endless &&
	    uv_write(&peer->write, (uv_stream_t *)&peer->tcp, &bytes, 1,
	             web_on_written) == 0)
		return;
	web_peer_close(peer);
}

static void web_answer(struct web_peer *peer)
{
	struct web_server *server = peer->server;

	for (size_t i = 0; i < server->n_routes; i++) {
		const struct web_route *route = &server->routes[i];
		size_t n = strlen(route->path);
		uv_buf_t bytes;

		if (strncmp(peer->request + 4, route->path, n) != 0 ||
		    peer->request[4 + n] != ' ')
			continue;
		if (!route->answer)
			return;
		peer->route = route;
		bytes = uv_buf_init(
			(char *)(uintptr_t)route->answer,
			(unsigned)(route->len ? route->len
		                              : strlen(route->answer)));
		peer->write.data = peer;
		ck_assert_int_eq(uv_write(&peer->write,
		                          (uv_stream_t *)&peer->tcp, &bytes, 1,
		                          web_on_written),
		                 0);
		return;
	}
	web_peer_close(peer);
}

static void web_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
	struct web_peer *peer = handle->data;

	*out = uv_buf_init(peer->request + peer->len,
	                   (unsigned)(sizeof peer->request - 1 - peer->len));
}

static void web_on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *bytes)
{
	struct web_peer *peer = stream->data;

	if (n < 0) {
		web_peer_close(peer);
		return;
	}
	peer->len += (size_t)n;
	peer->request[peer->len] = '\0';
	if (strstr(peer->request, "\r\n\r\n"))
		web_answer(peer);
}

static void web_on_connection(uv_stream_t *stream, int status)
{
	struct web_server *server = stream->data;
	struct web_peer *peer = xcalloc(1, sizeof *peer);

	server->n_connections++;
	uv_tcp_init(stream->loop, &peer->tcp);
	peer->tcp.data = peer;
	peer->server = server;
	ck_assert_int_eq(uv_accept(stream, (uv_stream_t *)&peer->tcp), 0);
	uv_read_start((uv_stream_t *)&peer->tcp, web_alloc, web_on_read);
}

/* The port; `port` 0 chooses one. < 0: the address cannot be had here. */
static inline int web_server_open(struct web_server *server, uv_loop_t *loop,
                                  const char *ip, int port,
                                  const struct web_route *routes, size_t n)
{
	struct sockaddr_storage address;
	int size = sizeof address, r;

	*server = (struct web_server){.routes = routes, .n_routes = n};
	if (strchr(ip, ':'))
		uv_ip6_addr(ip, port, (struct sockaddr_in6 *)&address);
	else
		uv_ip4_addr(ip, port, (struct sockaddr_in *)&address);
	uv_tcp_init(loop, &server->tcp);
	server->tcp.data = server;
	r = uv_tcp_bind(&server->tcp, (struct sockaddr *)&address, 0);
	if (r == 0)
		r = uv_listen((uv_stream_t *)&server->tcp, 64,
		              web_on_connection);
	if (r < 0)
		return r;
	uv_tcp_getsockname(&server->tcp, (struct sockaddr *)&address, &size);
	return ntohs(((struct sockaddr_in *)&address)->sin_port);
}

static inline void web_server_close(struct web_server *server)
{
	uv_close((uv_handle_t *)&server->tcp, NULL);
}

#endif
