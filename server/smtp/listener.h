/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_SMTP_LISTENER_H
#define SERVER_SMTP_LISTENER_H

#include <uv.h>

#include "base/err.h"
#include "server/smtp/session.h"

/*
 * Listens, and runs one smtp_session per connection. Nobody waits for ever and
 * nobody is refused in silence: each phase has a deadline, each refusal a 421.
 *
 * Above 80 % of the slots, and while draining, deadlines shrink to stress_ms,
 * so that many idle peers cannot keep one that works outside.
 */
struct smtp_limits {
	size_t max_connections; /* then 421 4.3.2 */
	size_t max_per_address; /* IPv4 address or IPv6 /64: 421 4.7.0 */
	int64_t command_ms;     /* for a whole command, RFC 5321 4.5.3.2.7 */
	int64_t data_ms;        /* between two pieces of a message */
	int64_t session_ms;     /* for everything */
	int64_t stress_ms;
	int64_t min_rate;      /* bytes a second of message data ... */
	int64_t rate_grace_ms; /* ... on average, after this time */
};

struct smtp_listener_options {
	const char *const *addresses; /* endpoint.h; borrowed during start */
	size_t n_addresses;
	struct smtp_session_options session; /* hostname is copied */
	struct smtp_limits limits;
};

/* Everything but addresses, hostname and is_lmtp gets its default. */
void smtp_listener_options_init(struct smtp_listener_options *options);

struct smtp_listener;
typedef void smtp_listener_cb(void *arg);

/*
 * policy is borrowed; it and arg outlive the listener. On failure (-errno, the
 * sentence names the address) nothing listens, and the handles close as the
 * loop runs on. A Unix socket left by a dead
 * process is replaced; it is made readable and writable for owner and group.
 */
int smtp_listener_start(uv_loop_t *loop,
                        const struct smtp_listener_options *options,
                        const struct smtp_policy *policy, void *arg,
                        struct smtp_listener **out, struct err *err);

/* The port of address i, chosen by the kernel if it was given as 0. */
int smtp_listener_port(const struct smtp_listener *listener, size_t i);

/* Connections that have a session. */
size_t smtp_listener_n_connections(const struct smtp_listener *listener);

/*
 * Stop listening, send 421 to everyone who has no transaction, let the rest
 * finish. drained comes once, later, when the last connection is gone, unless
 * smtp_listener_close() is called before; it may be NULL. Call this once.
 */
void smtp_listener_drain(struct smtp_listener *listener,
                         smtp_listener_cb *drained, void *arg);

/*
 * Close everything now; running transactions are aborted. closed comes once,
 * later, when nothing is left on the loop and the listener is freed.
 */
void smtp_listener_close(struct smtp_listener *listener,
                         smtp_listener_cb *closed, void *arg);

#endif
