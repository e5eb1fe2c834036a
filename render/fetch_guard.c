/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/fetch_guard.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <strings.h>

#include <curl/curl.h>

#include "base/mem.h"

/*
 * What is not the public internet: the registries of special addresses (RFC
 * 6890 and its updates), and IPv6 only where addresses are given out at all
 * (2000::/3), without the forms that carry an IPv4 address inside.
 */
static const char *const closed_networks[] = {
	"0.0.0.0/8",       /* this network */
	"10.0.0.0/8",      /* private, RFC 1918 */
	"100.64.0.0/10",   /* carriers' NAT, RFC 6598 */
	"127.0.0.0/8",     /* loopback */
	"169.254.0.0/16",  /* link-local; the clouds' metadata */
	"172.16.0.0/12",   /* private */
	"192.0.0.0/24",    /* protocol assignments */
	"192.0.2.0/24",    /* documentation */
	"192.88.99.0/24",  /* 6to4 relays */
	"192.168.0.0/16",  /* private */
	"198.18.0.0/15",   /* benchmarks */
	"198.51.100.0/24", /* documentation */
	"203.0.113.0/24",  /* documentation */
	"224.0.0.0/4",     /* multicast */
	"240.0.0.0/4",     /* reserved, broadcast */
	"2001::/23",       /* protocol assignments; Teredo, ORCHID */
	"2001:db8::/32",   /* documentation */
	"2002::/16",       /* 6to4 */
	"3fff::/20",       /* documentation, RFC 9637 */
};

static const unsigned usual_ports[] = {80, 443, 8080, 8443};

static bool is_in(const char *network, const struct sockaddr *address)
{
	struct network parsed;

	if (network_parse(network, &parsed, NULL) < 0)
		abort(); /* our own table */
	return network_has(&parsed, address);
}

static bool is_public(const struct sockaddr *address)
{
	if (!is_in("0.0.0.0/0", address) && !is_in("2000::/3", address))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(closed_networks); i++)
		if (is_in(closed_networks[i], address))
			return false;
	return true;
}

static bool has_usual_port(const struct sockaddr *address)
{
	/* the port stands in the same place in both families */
	unsigned port = ntohs(
		((const struct sockaddr_in *)(const void *)address)->sin_port);

	for (size_t i = 0; i < ARRAY_LEN(usual_ports); i++)
		if (usual_ports[i] == port)
			return true;
	return false;
}

const char *fetch_guard_refusal(const struct fetch_guard *guard,
                                bool is_known_host,
                                const struct sockaddr *address)
{
	bool is_ip =
		address->sa_family == AF_INET || address->sa_family == AF_INET6;

	if (is_ip && is_known_host)
		return NULL;
	for (size_t i = 0; i < guard->n_networks; i++)
		if (network_has(&guard->networks[i], address))
			return NULL;
	if (!is_ip || !is_public(address))
		return "that address is inside the network and not on the allow list";
	if (!has_usual_port(address))
		return "that port is not one of web pages, and its host is not on the allow list";
	return NULL;
}

/* "*.example.org" is all below it, not example.org itself. */
static bool host_matches(const char *pattern, const char *host, size_t len)
{
	size_t n = strlen(pattern);

	if (strncmp(pattern, "*.", 2) != 0)
		return n == len && strncasecmp(pattern, host, len) == 0;
	pattern++;
	n--;
	return len > n && strncasecmp(host + len - n, pattern, n) == 0;
}

bool fetch_guard_knows_host(const struct fetch_guard *guard, const char *host)
{
	size_t len = strlen(host);

	if (len > 0 && host[len - 1] == '.')
		len--;
	for (size_t i = 0; i < guard->n_hosts; i++)
		if (host_matches(guard->hosts[i], host, len))
			return true;
	return false;
}

static bool is_host_pattern(const char *text)
{
	const char *name = strncmp(text, "*.", 2) == 0 ? text + 2 : text;
	bool has_letter = false;

	for (const char *p = name; *p; p++) {
		if (!isalnum((unsigned char)*p) && *p != '-' && *p != '.')
			return false;
		has_letter = has_letter || isalpha((unsigned char)*p);
	}
	return has_letter && *name != '.' && *name != '-';
}

static int parse_entry(const char *entry, struct fetch_guard *guard,
                       struct err *err)
{
	struct network network;

	if (guard->n_hosts == FETCH_GUARD_MAX ||
	    guard->n_networks == FETCH_GUARD_MAX)
		return err_set(err, -E2BIG, "more than %d entries",
		               FETCH_GUARD_MAX);
	if (is_host_pattern(entry)) {
		snprintf(guard->hosts[guard->n_hosts++], FETCH_HOST_SIZE, "%s",
		         entry);
		return 0;
	}
	if (network_parse(entry, &network, NULL) < 0)
		return err_set(
			err, -EINVAL,
			"'%s' is no host name, address or network, as in intranet.example.org or 10.1.2.0/24",
			entry);
	guard->networks[guard->n_networks++] = network;
	return 0;
}

int fetch_guard_parse(const char *text, struct fetch_guard *out,
                      struct err *err)
{
	struct fetch_guard *guard CLEANUP(xfree) = xcalloc(1, sizeof *guard);

	for (text += strspn(text, ", \t"); *text;
	     text += strspn(text, ", \t")) {
		size_t len = strcspn(text, ", \t");
		char *entry CLEANUP(xfree) = xstrndup(text, len);
		int r = len < FETCH_HOST_SIZE
		                ? parse_entry(entry, guard, err)
		                : err_set(err, -EINVAL, "an entry is too long");

		if (r < 0)
			return r;
		text += len;
	}
	*out = *guard;
	return 0;
}

static bool is_web_scheme(CURLU *parsed)
{
	char *scheme = NULL;
	bool is;

	curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0);
	is = scheme &&
	     (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);
	curl_free(scheme);
	return is;
}

/* A copy of ours; NULL if there is no such part. */
static char *part_of(CURLU *parsed, CURLUPart which)
{
	char *text = NULL, *copy = NULL;

	if (curl_url_get(parsed, which, &text, 0) == CURLUE_OK)
		copy = xstrdup(text);
	curl_free(text);
	return copy;
}

static int check_parts(CURLU *parsed, char **host, char **normal,
                       struct err *err)
{
	char *name CLEANUP(xfree) = part_of(parsed, CURLUPART_HOST);
	char *whole CLEANUP(xfree) = part_of(parsed, CURLUPART_URL);

	if (!is_web_scheme(parsed))
		return err_set(err, -EPERM,
		               "only http and https links are opened");
	if (!name || !*name || !whole || strlen(name) >= FETCH_HOST_SIZE)
		return err_set(err, -EPERM, "the link names no host");
	*host = TAKE(name);
	*normal = TAKE(whole);
	return 0;
}

int fetch_guard_check_url(const char *url, char **host, char **normal,
                          struct err *err)
{
	CURLU *parsed;
	CURLUcode code;
	int r;

	if (strlen(url) > FETCH_URL_MAX)
		return err_set(err, -EPERM, "the link is too long");
	parsed = curl_url();
	if (!parsed)
		abort();
	code = curl_url_set(parsed, CURLUPART_URL, url,
	                    CURLU_NON_SUPPORT_SCHEME | CURLU_DISALLOW_USER |
	                            CURLU_URLENCODE);
	if (code == CURLUE_USER_NOT_ALLOWED)
		r = err_set(err, -EPERM,
		            "a link with a user name in it is not opened");
	else if (code != CURLUE_OK)
		r = err_set(err, -EPERM, "the link cannot be read");
	else
		r = check_parts(parsed, host, normal, err);
	curl_url_cleanup(parsed);
	return r;
}
