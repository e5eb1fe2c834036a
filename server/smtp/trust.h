/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_SMTP_TRUST_H
#define SERVER_SMTP_TRUST_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "base/err.h"
#include "base/network.h"

/*
 * The networks from which a sender's word is taken: "127.0.0.0/8, ::1, unix".
 * An entry is an address, a network in CIDR form, or `unix` for everyone who
 * reaches a Unix socket. An IPv4 peer of an IPv6 socket (::ffff:192.0.2.1) is
 * the IPv4 peer.
 */
#define TRUST_MAX 64

struct trust {
	struct network nets[TRUST_MAX];
	size_t n;
	bool has_unix;
};

/*
 * Entries are parted by commas or blanks; an empty list trusts nobody. -EINVAL
 * with a sentence that names the entry (bits set behind the prefix are refused:
 * 10.1.2.3/8 is a slip of somebody's pen), -E2BIG for more than TRUST_MAX.
 */
int trust_parse(const char *text, struct trust *out, struct err *err);

bool trust_matches(const struct trust *trust, const struct sockaddr *peer);

#endif
