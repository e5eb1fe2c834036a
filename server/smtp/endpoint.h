/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_SMTP_ENDPOINT_H
#define SERVER_SMTP_ENDPOINT_H

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/err.h"

/*
 * Where to listen: "127.0.0.1:2525", "[::1]:25", "*:25" (every IPv4 and IPv6
 * address), "unix:/run/platen/lmtp.sock". No host names: what a resolver says
 * at start must not decide who can reach us.
 */
struct smtp_endpoint {
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_un un;
	} address;
};

/* -EINVAL with a sentence. */
int smtp_endpoint_parse(const char *text, struct smtp_endpoint *out,
                        struct err *err);

/*
 * What is said, and -errno_value, when there is no listening at `text` (an
 * endpoint, or the path of a Unix socket): the reason and what to do about it.
 */
int smtp_endpoint_refused(const char *text, int errno_value, struct err *err);

#endif
