/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_SMTP_TRACE_H
#define SERVER_SMTP_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Received lines: the one we put in front of a message (RFC 5321 4.4), and the
 * count of those that it brings, by which a mail loop is seen (6.3).
 */
struct smtp_trace {
	const char *helo;     /* what the peer called itself */
	const char *peer;     /* its address as text, or "unix" */
	const char *hostname; /* us */
	const char *protocol; /* "ESMTP", "UTF8SMTP", "LMTP", ... */
	int64_t time;         /* seconds since 1970 */
};

void smtp_trace_write(const struct smtp_trace *trace, struct buf *out);

/* Zero-initialised is the start of a message. */
struct smtp_hops {
	unsigned n; /* Received lines so far */
	unsigned char prefix_len;
	char prefix[9];
	bool is_body; /* the header is over */
};

/* Look at the next bytes of the message, however it is cut into pieces. */
void smtp_hops_feed(struct smtp_hops *hops, const char *data, size_t len);

#endif
