/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/smtp/trust.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>

#include "base/mem.h"

static bool has_prefix(const unsigned char *ip, const unsigned char *net,
                       unsigned bits)
{
	unsigned rest = bits % 8;

	if (memcmp(ip, net, bits / 8) != 0)
		return false;
	return rest == 0 || (ip[bits / 8] ^ net[bits / 8]) >> (8 - rest) == 0;
}

static bool has_host_bits(const struct trust_net *net)
{
	unsigned all = net->family == AF_INET ? 32 : 128;

	for (unsigned i = net->bits; i < all; i++)
		if (net->ip[i / 8] & (0x80 >> i % 8))
			return true;
	return false;
}

/* ::ffff:a.b.c.d/96+n is the IPv4 network a.b.c.d/n. */
static void unmap(struct trust_net *net)
{
	if (net->family != AF_INET6 || net->bits < 96 ||
	    !IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)net->ip))
		return;
	net->family = AF_INET;
	net->bits -= 96;
	memmove(net->ip, net->ip + 12, 4);
}

static int parse_net(char *text, struct trust_net *out, struct err *err)
{
	struct trust_net net = {0};
	char *slash = strchr(text, '/');

	net.family = strchr(text, ':') ? AF_INET6 : AF_INET;
	net.bits = net.family == AF_INET ? 32 : 128;
	if (slash) {
		char *end;
		unsigned long bits = strtoul(slash + 1, &end, 10);

		if (slash[1] < '0' || slash[1] > '9' || *end || bits > net.bits)
			return err_set(err, -EINVAL,
			               "bad prefix length in '%s'", text);
		net.bits = (unsigned)bits;
		*slash = '\0';
	}
	if (inet_pton(net.family, text, net.ip) != 1)
		return err_set(err, -EINVAL,
		               "'%s' is not an address, a network or 'unix'",
		               text);
	if (has_host_bits(&net))
		return err_set(err, -EINVAL,
		               "'%s/%u' has bits set behind the prefix", text,
		               net.bits);
	unmap(&net);
	*out = net;
	return 0;
}

static int parse_entry(const char *text, size_t len, struct trust *trust,
                       struct err *err)
{
	char entry[64] = "";

	if (len >= sizeof entry)
		return err_set(err, -EINVAL, "entry is too long: '%.*s'",
		               (int)sizeof entry, text);
	memcpy(entry, text, len);
	if (strcmp(entry, "unix") == 0) {
		trust->has_unix = true;
		return 0;
	}
	if (trust->n == TRUST_MAX)
		return err_set(err, -E2BIG, "more than %d networks", TRUST_MAX);

	int r = parse_net(entry, &trust->nets[trust->n], err);
	if (r == 0)
		trust->n++;
	return r;
}

int trust_parse(const char *text, struct trust *out, struct err *err)
{
	struct trust trust = {0};

	for (;;) {
		text += strspn(text, ", \t");
		if (!*text)
			break;

		size_t len = strcspn(text, ", \t");
		int r = parse_entry(text, len, &trust, err);
		if (r < 0)
			return r;
		text += len;
	}
	*out = trust;
	return 0;
}

bool trust_matches(const struct trust *trust, const struct sockaddr *peer)
{
	const unsigned char *ip;
	int family = peer->sa_family;

	if (family == AF_UNIX)
		return trust->has_unix;
	if (family == AF_INET) {
		ip = (const void *)&((const struct sockaddr_in *)peer)
		             ->sin_addr;
	} else if (family == AF_INET6) {
		ip = (const void *)&((const struct sockaddr_in6 *)peer)
		             ->sin6_addr;
		if (IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)ip)) {
			family = AF_INET;
			ip += 12;
		}
	} else {
		return false;
	}
	for (size_t i = 0; i < trust->n; i++)
		if (trust->nets[i].family == family &&
		    has_prefix(ip, trust->nets[i].ip, trust->nets[i].bits))
			return true;
	return false;
}
