/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/clock.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "base/mem.h"

#define DURATION_MAX (10LL * 365 * 86400)

static const struct {
	char letter;
	int64_t seconds;
} units[] = {{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};

int64_t clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec;
}

int64_t clock_mono_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int duration_invalid(const char *text, struct err *err)
{
	return err_set(
		err, -EINVAL,
		"'%.40s' is not a duration: write a whole number and s, m, h or d, as in 90s or 2d, up to 3650d",
		text);
}

int duration_parse(const char *text, int64_t *out, struct err *err)
{
	int64_t n = 0, unit = 0;
	const char *p = text;

	for (; *p >= '0' && *p <= '9'; p++) {
		n = n * 10 + (*p - '0');
		if (n > DURATION_MAX)
			return duration_invalid(text, err);
	}
	if (p == text)
		return duration_invalid(text, err);
	if (*p == '\0')
		unit = 1;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (p[0] == units[i].letter && p[1] == '\0')
			unit = units[i].seconds;
	}
	if (unit == 0 || n * unit > DURATION_MAX)
		return duration_invalid(text, err);
	*out = n * unit;
	return 0;
}

char *duration_format(int64_t seconds, char *out, size_t size)
{
	size_t i = 0;

	while (i + 1 < ARRAY_LEN(units) &&
	       (seconds == 0 || seconds % units[i].seconds != 0))
		i++;
	snprintf(out, size, "%lld%c", (long long)(seconds / units[i].seconds),
	         units[i].letter);
	return out;
}

char *clock_format(int64_t seconds, char out[CLOCK_TEXT])
{
	time_t t = (time_t)seconds;
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(out, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return out;
}
