/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/smtp/endpoint.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>

#include "base/mem.h"

static int parse_unix(const char *path, struct smtp_endpoint *e,
                      struct err *err)
{
	struct sockaddr_un *un = &e->address.un;
	size_t len = strlen(path);

	if (path[0] != '/')
		return err_set(err, -EINVAL,
		               "socket path '%s' does not begin with '/'",
		               path);
	if (len >= sizeof un->sun_path)
		return err_set(err, -EINVAL, "socket path '%s' is too long",
		               path);
	un->sun_family = AF_UNIX;
	memcpy(un->sun_path, path, len + 1);
	return 0;
}

static int parse_host(char *host, in_port_t port, struct smtp_endpoint *e)
{
	struct sockaddr_in6 *in6 = &e->address.in6;
	struct sockaddr_in *in = &e->address.in;
	size_t len = strlen(host);

	if (strcmp(host, "*") == 0) {
		in6->sin6_family = AF_INET6; /* in6addr_any, dual-stack */
		in6->sin6_port = port;
		return 0;
	}
	if (host[0] == '[' && host[len - 1] == ']') {
		host[len - 1] = '\0';
		in6->sin6_family = AF_INET6;
		in6->sin6_port = port;
		return inet_pton(AF_INET6, host + 1, &in6->sin6_addr) == 1
		               ? 0
		               : -EINVAL;
	}
	in->sin_family = AF_INET;
	in->sin_port = port;
	return inet_pton(AF_INET, host, &in->sin_addr) == 1 ? 0 : -EINVAL;
}

static int parse_port(const char *text, in_port_t *port)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end || n > 65535)
		return -EINVAL;
	*port = htons((in_port_t)n);
	return 0;
}

int smtp_endpoint_parse(const char *text, struct smtp_endpoint *out,
                        struct err *err)
{
	struct smtp_endpoint e = {0};
	const char *colon = strrchr(text, ':');
	char host[64] = "";
	in_port_t port = 0;

	if (strncmp(text, "unix:", 5) == 0) {
		int r = parse_unix(text + 5, &e, err);
		if (r == 0)
			*out = e;
		return r;
	}
	if (!colon || colon == text || (size_t)(colon - text) >= sizeof host ||
	    parse_port(colon + 1, &port) < 0)
		return err_set(
			err, -EINVAL,
			"'%s' is not like '127.0.0.1:25', '[::1]:25', '*:25' or 'unix:/path'",
			text);
	memcpy(host, text, (size_t)(colon - text));
	if (parse_host(host, port, &e) < 0)
		return err_set(
			err, -EINVAL,
			"'%s' has no IP address in front ('[...]' around IPv6)",
			text);
	*out = e;
	return 0;
}

static const char *remedy(bool is_unix, int errno_value)
{
	switch (errno_value) {
	case EADDRINUSE:
		return "; another program listens there: end it, or choose another address";
	case EADDRNOTAVAIL: return "; this machine has no such address";
	case ENOENT: return "; its folder has to be made first";
	case EACCES:
		return is_unix ? "; its folder has to be writable for the user who runs platend"
		               : "; ports below 1024 need a right of their own: see platend(8)";
	default: return "";
	}
}

int smtp_endpoint_refused(const char *text, int errno_value, struct err *err)
{
	bool is_unix = text[0] == '/' || strncmp(text, "unix:", 5) == 0;

	return err_set(err, -errno_value, "cannot listen on '%s': %s%s", text,
	               strerror(errno_value), remedy(is_unix, errno_value));
}
