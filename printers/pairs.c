/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/pairs.h"

#include <errno.h>
#include <limits.h>

#include "base/mem.h"
#include "printers/status.h"

bool pairs_text(const char *pairs, const char *key, char *out, size_t size)
{
	size_t key_len = strlen(key);

	out[0] = '\0';
	while (pairs) {
		const char *end = strchr(pairs, ';');
		size_t len = end ? (size_t)(end - pairs) : strlen(pairs);

		if (len > key_len && pairs[key_len] == '=' &&
		    memcmp(pairs, key, key_len) == 0) {
			len -= key_len + 1;
			if (len >= size)
				len = size - 1;
			memcpy(out, pairs + key_len + 1, len);
			out[len] = '\0';
			return true;
		}
		pairs = end ? end + 1 : NULL;
	}
	return false;
}

int pairs_int(const char *pairs, const char *key, int fallback)
{
	char text[32], *end;
	long value;

	if (!pairs_text(pairs, key, text, sizeof text))
		return fallback;
	errno = 0;
	value = strtol(text, &end, 10);
	if (end == text || *end || errno || value < INT_MIN || value > INT_MAX)
		return fallback;
	return (int)value;
}

int pairs_level(const char *pairs)
{
	int level = pairs_int(pairs, "level", PRINTER_LEVEL_UNKNOWN);
	int max = pairs_int(pairs, "maxcapacity", PRINTER_LEVEL_UNKNOWN);

	if (level < PRINTER_LEVEL_SOME)
		return PRINTER_LEVEL_UNKNOWN;
	if (level <= 0)
		return level;
	if (max <= 0)
		return PRINTER_LEVEL_SOME;
	if (level >= max)
		return 100;
	level = (int)((long long)level * 100 / max);
	return level ? level : 1; /* a little is not nothing */
}
