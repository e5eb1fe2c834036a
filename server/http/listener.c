/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/http/listener.h"

#include <errno.h>

#include "base/mem.h"
#include "server/http/daemon.h"
#include "server/http/job_waits.h"
#include "server/http/route.h"
#include "server/http/service.h"
#include "server/http/socket.h"

/*
 * Life of a listener:
 *
 *   start           one daemon per address, then the admin socket's
 *   close           answer who waits for a job, remove the socket file, close
 *   on_part_closed  the last one is gone: tell, free
 */
struct http_listener {
	struct http_service service;
	uv_loop_t *loop;
	struct http_daemon **daemons;
	size_t n_daemons, n_addresses;
	char *admin_socket; /* NULL: none */
	int open_parts;     /* freed when this reaches 0, and only there */
	http_listener_cb *closed;
	void *arg;
};

static int add_daemon(struct http_listener *l, int fd, bool is_admin,
                      struct err *err)
{
	int r = fd;

	if (fd >= 0)
		r = http_daemon_start(l->loop, fd, is_admin, &l->service,
		                      &l->daemons[l->n_daemons], err);
	if (r < 0)
		return r;
	l->n_daemons++;
	l->open_parts++;
	return 0;
}

static int add_daemons(struct http_listener *l,
                       const struct http_listener_options *options,
                       struct err *err)
{
	for (size_t i = 0; i < options->n; i++) {
		int fd = http_socket_tcp(options->addresses[i], err);
		int r = add_daemon(l, fd, false, err);

		if (r < 0)
			return r;
		l->n_addresses++;
	}
	if (options->admin_socket && options->admin_socket[0]) {
		int fd = http_socket_unix(options->admin_socket, err);
		int r = add_daemon(l, fd, true, err);

		if (r < 0)
			return r;
		l->admin_socket = xstrdup(options->admin_socket);
	}
	return 0;
}

int http_listener_start(uv_loop_t *loop,
                        const struct http_listener_options *options,
                        struct spool *spool, struct http_listener **out,
                        struct err *err)
{
	struct http_listener *l = xcalloc(1, sizeof *l);
	const char *constant = options->constant_address;
	int r;

	l->loop = loop;
	l->daemons = xcalloc(options->n + 1, sizeof *l->daemons);
	l->service = (struct http_service){
		.spool = spool,
		.domain = xstrdup(options->domain),
		.constant_address = xstrdup(constant ? constant : ""),
		.keeps_local_case = options->keeps_local_case,
		.waits = job_waits_new(loop, spool, api_job_answer),
	};
	l->open_parts = 1; /* the waits */
	r = add_daemons(l, options, err);
	if (r < 0) {
		http_listener_close(l, NULL, NULL);
		return r;
	}
	*out = l;
	return 0;
}

int http_listener_port(const struct http_listener *listener, size_t i)
{
	return i < listener->n_addresses
	               ? http_daemon_port(listener->daemons[i])
	               : -EINVAL;
}

static void on_part_closed(void *arg)
{
	struct http_listener *l = arg;

	if (--l->open_parts > 0)
		return;
	if (l->closed)
		l->closed(l->arg);
	free(l->admin_socket);
	free(l->service.domain);
	free(l->service.constant_address);
	free(l->daemons);
	free(l);
}

void http_listener_close(struct http_listener *l, http_listener_cb *closed,
                         void *arg)
{
	l->closed = closed;
	l->arg = arg;
	job_waits_close(l->service.waits, on_part_closed, l);
	if (l->admin_socket)
		unlink(l->admin_socket);
	for (size_t i = 0; i < l->n_daemons; i++)
		http_daemon_close(l->daemons[i], on_part_closed, l);
}
