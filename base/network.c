/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/network.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>

#include "base/mem.h"

static bool has_prefix(const unsigned char *ip, const unsigned char *net,
                       unsigned bits)
{
	unsigned rest = bits % 8;

	if (memcmp(ip, net, bits / 8) != 0)
		return false;
	return rest == 0 || (ip[bits / 8] ^ net[bits / 8]) >> (8 - rest) == 0;
}

static bool has_host_bits(const struct network *net)
{
	unsigned all = net->family == AF_INET ? 32 : 128;

	for (unsigned i = net->bits; i < all; i++)
		if (net->ip[i / 8] & (0x80 >> i % 8))
			return true;
	return false;
}

/* ::ffff:a.b.c.d/96+n is the IPv4 network a.b.c.d/n. */
static void unmap(struct network *net)
{
	if (net->family != AF_INET6 || net->bits < 96 ||
	    !IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)net->ip))
		return;
	net->family = AF_INET;
	net->bits -= 96;
	memmove(net->ip, net->ip + 12, 4);
}

int network_parse(const char *text, struct network *out, struct err *err)
{
	struct network net = {0};
	char ip[64];
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);

	net.family = strchr(text, ':') ? AF_INET6 : AF_INET;
	net.bits = net.family == AF_INET ? 32 : 128;
	if (slash) {
		char *end;
		unsigned long bits = strtoul(slash + 1, &end, 10);

		if (slash[1] < '0' || slash[1] > '9' || *end || bits > net.bits)
			return err_set(err, -EINVAL,
			               "bad prefix length in '%s'", text);
		net.bits = (unsigned)bits;
	}
	if (len >= sizeof ip)
		return err_set(err, -EINVAL,
		               "'%.64s' is too long for a network", text);
	memcpy(ip, text, len);
	ip[len] = '\0';
	if (inet_pton(net.family, ip, net.ip) != 1)
		return err_set(err, -EINVAL, "'%s' is no address or network",
		               ip);
	if (has_host_bits(&net))
		return err_set(err, -EINVAL,
		               "'%s' has bits set behind the prefix", text);
	unmap(&net);
	*out = net;
	return 0;
}

bool network_has(const struct network *network, const struct sockaddr *address)
{
	const unsigned char *ip;
	int family = address->sa_family;

	if (family == AF_INET) {
		ip = (const void *)&((const struct sockaddr_in *)address)
		             ->sin_addr;
	} else if (family == AF_INET6) {
		ip = (const void *)&((const struct sockaddr_in6 *)address)
		             ->sin6_addr;
		if (IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)ip)) {
			family = AF_INET;
			ip += 12;
		}
	} else {
		return false;
	}
	return network->family == family &&
	       has_prefix(ip, network->ip, network->bits);
}
