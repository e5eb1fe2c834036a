/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/http/value.h"

#include "base/clock.h"
#include "base/mem.h"

json_t *http_string(const char *text)
{
	char *copy CLEANUP(xfree) = NULL;
	json_t *value = json_string(text);

	if (value)
		return value;
	copy = xstrdup(text);
	for (char *p = copy; *p; p++)
		if ((unsigned char)*p >= 0x80)
			*p = '?';
	return json_string(copy);
}

json_t *http_time(int64_t seconds)
{
	char text[CLOCK_TEXT];

	return seconds ? json_string(clock_format(seconds, text)) : json_null();
}
