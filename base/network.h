/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef BASE_NETWORK_H
#define BASE_NETWORK_H

#include <stdbool.h>
#include <sys/socket.h>

#include "base/err.h"

/*
 * A network in CIDR form, "10.1.2.0/24" or "2001:db8::/32"; an address alone is
 * a network of one. An IPv4 address in IPv6 dress (::ffff:192.0.2.1) is the
 * IPv4 address, in networks and in those that are compared with them.
 */
struct network {
	int family; /* AF_INET, AF_INET6 */
	unsigned char ip[16];
	unsigned bits;
};

/*
 * -EINVAL with a sentence that names the text; bits set behind the prefix are
 * refused: 10.1.2.3/8 is a slip of somebody's pen.
 */
int network_parse(const char *text, struct network *out, struct err *err);

/* False for an address that is neither IPv4 nor IPv6. */
bool network_has(const struct network *network, const struct sockaddr *address);

#endif
