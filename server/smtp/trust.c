/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/smtp/trust.h"

#include <errno.h>

#include "base/mem.h"

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

	int r = network_parse(entry, &trust->nets[trust->n], err);
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
	if (peer->sa_family == AF_UNIX)
		return trust->has_unix;
	for (size_t i = 0; i < trust->n; i++)
		if (network_has(&trust->nets[i], peer))
			return true;
	return false;
}
