/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_HTTP_DAEMON_H
#define SERVER_HTTP_DAEMON_H

#include <stdbool.h>
#include <uv.h>

#include "base/err.h"
#include "server/http/service.h"

/*
 * One listening socket, served by libmicrohttpd without threads: its epoll
 * descriptor is one descriptor of our loop.
 */
struct http_daemon;
struct http_request;

/*
 * fd is the daemon's from now on, also on failure. is_admin: a Unix socket,
 * whose peers are asked who they are. The service outlives the daemon.
 */
int http_daemon_start(uv_loop_t *loop, int fd, bool is_admin,
                      struct http_service *service, struct http_daemon **out,
                      struct err *err);

int http_daemon_port(const struct http_daemon *daemon);
bool http_daemon_is_admin(const struct http_daemon *daemon);

/* The request has its answer: take it out when the loop comes round. */
void http_daemon_answered(struct http_daemon *daemon, struct http_request *req);

/*
 * Who waits is told 503. closed comes once, later, and the daemon is gone.
 */
typedef void http_daemon_cb(void *arg);
void http_daemon_close(struct http_daemon *daemon, http_daemon_cb *closed,
                       void *arg);

#endif
