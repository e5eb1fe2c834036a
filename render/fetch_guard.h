/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_FETCH_GUARD_H
#define RENDER_FETCH_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/network.h"

/*
 * Where a link may lead. A link is a stranger's, and platend stands inside the
 * network: what counts is the address that is really connected to, looked at
 * for every connection (a name may answer differently the second time, and a
 * redirect may lead anywhere), never the name or how it was spelled.
 *
 * Open by default: the public internet, by http and https, on the usual ports.
 * The admin's list opens hosts ("intranet.example.org", or all below a domain:
 * "*.example.org"), addresses and networks ("10.1.2.0/24"), on any port.
 */
#define FETCH_GUARD_MAX 64
#define FETCH_HOST_SIZE 254 /* RFC 1035 2.3.4, and NUL */
#define FETCH_URL_MAX   4096

struct fetch_guard {
	struct network networks[FETCH_GUARD_MAX];
	size_t n_networks;
	char hosts[FETCH_GUARD_MAX][FETCH_HOST_SIZE];
	size_t n_hosts;
};

/*
 * Entries are parted by commas or blanks; an empty text opens nothing more.
 * -EINVAL with a sentence that names the entry, -E2BIG for too many.
 */
int fetch_guard_parse(const char *text, struct fetch_guard *out,
                      struct err *err);

/* Whether the list names the host (as it stands in the URL, any case). */
bool fetch_guard_knows_host(const struct fetch_guard *guard, const char *host);

/*
 * NULL if a connection to this address and port may be made, else why not (a
 * static sentence for the sender of the link).
 */
const char *fetch_guard_refusal(const struct fetch_guard *guard,
                                bool is_known_host,
                                const struct sockaddr *address);

/*
 * http or https, with a host, without user name. *host is its name, *normal the
 * URL as it is asked for: blanks and letters beyond ASCII as %XX, numbers for
 * addresses as dotted. Both are the caller's. -EPERM with a sentence.
 */
int fetch_guard_check_url(const char *url, char **host, char **normal,
                          struct err *err);

#endif
