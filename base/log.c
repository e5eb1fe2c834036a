/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

static enum log_level threshold = LOG_LEVEL_INFO;

static const char *const level_names[] = {
	[LOG_LEVEL_ERROR] = "error",
	[LOG_LEVEL_WARN] = "warn",
	[LOG_LEVEL_INFO] = "info",
	[LOG_LEVEL_DEBUG] = "debug",
};

void log_set_level(enum log_level level)
{
	threshold = level;
}

int log_level_from_name(const char *name, enum log_level *out)
{
	for (size_t i = 0; i < ARRAY_LEN(level_names); i++) {
		if (strcmp(name, level_names[i]) == 0) {
			*out = (enum log_level)i;
			return 0;
		}
	}
	return -EINVAL;
}

/*
 * How many bytes at s must not reach a terminal: 1 for C0 and DEL, 2 for C1
 * (U+0080..U+009F), 3 for U+200E/F, U+202A..E, U+2066..9. 0: print it.
 */
static int n_dangerous(const unsigned char *s)
{
	if (s[0] < 0x20 || s[0] == 0x7f)
		return 1;
	if (s[0] == 0xc2 && s[1] >= 0x80 && s[1] <= 0x9f)
		return 2;
	if (s[0] == 0xe2 && s[1] == 0x80 &&
	    (s[2] == 0x8e || s[2] == 0x8f || (s[2] >= 0xaa && s[2] <= 0xae)))
		return 3;
	if (s[0] == 0xe2 && s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9)
		return 3;
	return 0;
}

char *log_escape(char *out, size_t size, const char *in)
{
	const unsigned char *s = (const unsigned char *)in;
	size_t used = 0;

	while (*s && used + 5 < size) {
		int n = n_dangerous(s);

		if (n == 0) {
			out[used++] = (char)*s++;
			continue;
		}
		for (; n > 0 && used + 5 < size; n--, s++)
			used += (size_t)snprintf(out + used, size - used,
			                         "\\x%02x", *s);
	}
	out[used] = '\0';
	return out;
}

void log_at(enum log_level level, const char *fmt, ...)
{
	char text[1024], safe[2048], line[2200];
	struct timespec now;
	struct tm tm;
	va_list ap;
	int n;

	if (level > threshold)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	log_escape(safe, sizeof safe, text);
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	n = snprintf(line, sizeof line,
	             "%04d-%02d-%02dT%02d:%02d:%02d.%03ldZ %-5s %s\n",
	             tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
	             tm.tm_min, tm.tm_sec, now.tv_nsec / 1000000,
	             level_names[level], safe);
	if (n > (int)sizeof line - 1)
		n = (int)sizeof line - 1;
	/* One write per line; a full or closed pipe must not stop us. */
	if (write(STDERR_FILENO, line, (size_t)n) < 0)
		return;
}
