/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/calendar_date.h"

#include <ctype.h>

#include <glib.h>

#include "base/mem.h"

static const char *const months[] = {"January", "February", "March",
                                     "April",   "May",      "June",
                                     "July",    "August",   "September",
                                     "October", "November", "December"};
static const char *const weekdays[] = {"Monday",   "Tuesday", "Wednesday",
                                       "Thursday", "Friday",  "Saturday",
                                       "Sunday"};

/* n digits at s; -1: they are not all there. */
static int digits(const char *s, size_t n)
{
	int value = 0;

	for (size_t i = 0; i < n; i++) {
		if (!isdigit((unsigned char)s[i]))
			return -1;
		value = value * 10 + (s[i] - '0');
	}
	return value;
}

static bool read_time(const char *value, struct calendar_date *out)
{
	out->hour = digits(value, 2);
	out->minute = out->hour < 0 ? -1 : digits(value + 2, 2);
	if (out->hour > 23 || out->minute < 0 || out->minute > 59 ||
	    digits(value + 4, 2) < 0)
		return false;
	out->has_time = true;
	out->is_utc = value[6] == 'Z' || value[6] == 'z';
	return true;
}

bool calendar_date_read(const char *value, struct calendar_date *out)
{
	struct calendar_date date = {0};

	date.year = digits(value, 4);
	if (date.year < 1)
		return false;
	date.month = digits(value + 4, 2);
	date.day = date.month < 0 ? -1 : digits(value + 6, 2);
	if (date.month < 1 || date.day < 1 ||
	    !g_date_valid_dmy((GDateDay)date.day, (GDateMonth)date.month,
	                      (GDateYear)date.year))
		return false;
	if ((value[8] == 'T' || value[8] == 't') &&
	    !read_time(value + 9, &date))
		return false;
	*out = date;
	return true;
}

static GDate to_gdate(const struct calendar_date *date)
{
	GDate out;

	g_date_clear(&out, 1);
	g_date_set_dmy(&out, (GDateDay)date->day, (GDateMonth)date->month,
	               (GDateYear)date->year);
	return out;
}

void calendar_date_put(const struct calendar_date *date, bool weekday,
                       struct buf *out)
{
	GDate day = to_gdate(date);

	if (weekday)
		buf_printf(out, "%s, ", weekdays[g_date_get_weekday(&day) - 1]);
	buf_printf(out, "%d %s %d", date->day, months[date->month - 1],
	           date->year);
}

void calendar_date_put_time(const struct calendar_date *date, struct buf *out)
{
	buf_printf(out, "%02d:%02d", date->hour, date->minute);
}

void calendar_date_step_back(struct calendar_date *date)
{
	GDate day = to_gdate(date);

	if (g_date_get_julian(&day) <= 1)
		return;
	g_date_subtract_days(&day, 1);
	date->year = g_date_get_year(&day);
	date->month = (int)g_date_get_month(&day);
	date->day = g_date_get_day(&day);
}

bool calendar_date_is_same_day(const struct calendar_date *a,
                               const struct calendar_date *b)
{
	return a->year == b->year && a->month == b->month && a->day == b->day;
}

static const char *duration_unit(char letter, bool in_time)
{
	switch (letter) {
	case 'W': return "week";
	case 'D': return "day";
	case 'H': return in_time ? "hour" : NULL;
	case 'M': return in_time ? "minute" : NULL;
	case 'S': return in_time ? "second" : NULL;
	default: return NULL;
	}
}

void calendar_duration_put(const char *value, struct buf *out)
{
	size_t start = out->len;
	bool in_time = false;

	value += *value == '+';
	if (*value++ != 'P')
		return;
	while (*value) {
		const char *unit;
		int n;
		size_t len = 0;

		if (*value == 'T') {
			in_time = true;
			value++;
			continue;
		}
		while (isdigit((unsigned char)value[len]))
			len++;
		unit = duration_unit(value[len], in_time);
		if (!unit || len == 0 || len > 6)
			return;
		n = digits(value, len);
		value += len + 1;
		if (n > 0)
			buf_printf(out, "%s%d %s%s",
			           out->len > start ? " " : "", n, unit,
			           n == 1 ? "" : "s");
	}
}
