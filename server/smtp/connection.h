/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_SMTP_CONNECTION_H
#define SERVER_SMTP_CONNECTION_H

#include "base/list.h"
#include "server/smtp/listener.h"

#define SMTP_READ_MAX (64 * 1024)
#define SMTP_BUCKETS  256

/* What the connections of one listener share. The listener owns it. */
struct smtp_connections {
	uv_loop_t *loop; /* borrowed */
	struct smtp_session_options session;
	struct smtp_limits limits;
	const struct smtp_policy *policy; /* borrowed */
	void *policy_arg;
	bool is_draining;

	size_t n;         /* with a session: what the caps count */
	size_t n_handles; /* not yet closed */
	struct list all;
	struct list by_peer[SMTP_BUCKETS]; /* hash of address, see peer_key */

	void (*on_gone)(struct smtp_connections *); /* one handle fewer */

	/*
	 * libuv reads and tells in one go, so one buffer serves everyone and
	 * no read allocates.
	 */
	char read_buffer[SMTP_READ_MAX];
};

void smtp_connections_init(struct smtp_connections *all);

/*
 * Take the connection that waits on server: give it a session, or 421 where a
 * cap is reached.
 */
void smtp_connection_accept(struct smtp_connections *all, uv_stream_t *server);

/* Look at every deadline. */
void smtp_connections_sweep(struct smtp_connections *all);

void smtp_connections_drain(struct smtp_connections *all);
void smtp_connections_close(struct smtp_connections *all);

#endif
