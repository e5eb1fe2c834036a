/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_HTTP_LISTENER_H
#define SERVER_HTTP_LISTENER_H

#include <stdbool.h>
#include <uv.h>

#include "base/err.h"
#include "spool/spool.h"

/*
 * The HTTP side of the server: TCP addresses for printers and monitoring, and
 * the admin Unix socket for everything else. What may be asked where stands in
 * the table of route.c.
 */
struct http_listener_options {
	const char *const
		*addresses; /* "127.0.0.1:8631", "[::1]:0", "*:8631" */
	size_t n;
	const char *admin_socket;     /* path; NULL or "": none */
	const char *domain;           /* of the print addresses; may be NULL */
	const char *constant_address; /* "", or the constant local part */
	bool keeps_local_case; /* false: local parts are stored in lower case */
};

struct http_listener;

/*
 * Options and their strings are copied; spool is borrowed and outlives the
 * listener. The admin socket is made with mode 0660, replacing one that a dead
 * process left. On failure (-errno, the sentence names the address) nothing
 * listens, and the handles close as the loop runs on.
 */
int http_listener_start(uv_loop_t *loop,
                        const struct http_listener_options *options,
                        struct spool *spool, struct http_listener **out,
                        struct err *err);

/* The port of address i, chosen by the kernel if it was given as 0; -EINVAL. */
int http_listener_port(const struct http_listener *listener, size_t i);

/*
 * Close everything now: who still waits for an answer gets 503. closed comes
 * once, later, when nothing is left on the loop. Operations that the spool has
 * not finished yet may call back afterwards: close the spool later than this.
 */
typedef void http_listener_cb(void *arg);
void http_listener_close(struct http_listener *listener,
                         http_listener_cb *closed, void *arg);

#endif
