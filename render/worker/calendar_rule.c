/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stdio.h>
#include <strings.h>

#include "base/mem.h"
#include "render/worker/calendar_date.h"

#define ITEMS_MAX 40 /* of a list in a rule */

static const struct {
	const char *name;
	const char *unit;
} frequencies[] = {{"SECONDLY", "second"}, {"MINUTELY", "minute"},
                   {"HOURLY", "hour"},     {"DAILY", "day"},
                   {"WEEKLY", "week"},     {"MONTHLY", "month"},
                   {"YEARLY", "year"}};

static const struct {
	const char *code;
	const char *name;
} days[] = {{"MO", "Monday"},   {"TU", "Tuesday"}, {"WE", "Wednesday"},
            {"TH", "Thursday"}, {"FR", "Friday"},  {"SA", "Saturday"},
            {"SU", "Sunday"}};

static const char *const months[] = {"January", "February", "March",
                                     "April",   "May",      "June",
                                     "July",    "August",   "September",
                                     "October", "November", "December"};

/* The value of a part, up to the next ';', to be freed; NULL: not there. */
static char *part(const char *rule, const char *name)
{
	size_t n = strlen(name);

	while (*rule) {
		size_t len = strcspn(rule, ";");

		if (len > n && rule[n] == '=' &&
		    strncasecmp(rule, name, n) == 0)
			return xstrndup(rule + n + 1, len - n - 1);
		rule += len + (rule[len] == ';');
	}
	return NULL;
}

static void put_ordinal(long n, struct buf *out)
{
	static const char *const words[] = {"first", "second", "third",
	                                    "fourth", "fifth"};

	if (n == -1)
		buf_puts(out, "last");
	else if (n < 0)
		buf_printf(out, "%ld. to last", -n);
	else if (n <= 5)
		buf_puts(out, words[n - 1]);
	else
		buf_printf(out, "%ld.", n);
}

/* "MO" or "-1FR". */
static void put_day(const char *item, struct buf *out)
{
	char *code;
	long n = strtol(item, &code, 10);

	for (size_t i = 0; i < ARRAY_LEN(days); i++) {
		if (strcasecmp(code, days[i].code) != 0)
			continue;
		if (n != 0 && n > -400 && n < 400) {
			buf_puts(out, "the ");
			put_ordinal(n, out);
			buf_puts(out, " ");
		}
		buf_puts(out, days[i].name);
		return;
	}
	buf_puts(out, item);
}

static void put_month(const char *item, struct buf *out)
{
	long n = strtol(item, NULL, 10);

	buf_puts(out, n >= 1 && n <= 12 ? months[n - 1] : item);
}

static void put_month_day(const char *item, struct buf *out)
{
	long n = strtol(item, NULL, 10);

	if (n < 0 && n > -32) {
		buf_puts(out, "the ");
		put_ordinal(n, out);
		buf_puts(out, " day");
	} else {
		buf_printf(out, "day %s", item);
	}
}

typedef void put_item_fn(const char *item, struct buf *out);

/* "on Monday, Tuesday and Friday". */
static void put_list(const char *rule, const char *name, const char *before,
                     put_item_fn *put, struct buf *out)
{
	char *list CLEANUP(xfree) = part(rule, name);
	char *rest = list, *item;

	if (!list || !*list)
		return;
	buf_puts(out, before);
	for (unsigned n = 0; n < ITEMS_MAX && (item = strsep(&rest, ","));
	     n++) {
		if (n > 0)
			buf_puts(out, rest ? ", " : " and ");
		put(item, out);
	}
	if (rest)
		buf_puts(out, " \xe2\x80\xa6");
}

static void put_end(const char *rule, struct buf *out)
{
	char *count CLEANUP(xfree) = part(rule, "COUNT");
	char *until CLEANUP(xfree) = part(rule, "UNTIL");
	struct calendar_date date;

	if (count)
		buf_printf(out, ", %.10s times", count);
	if (!until || !calendar_date_read(until, &date))
		return;
	buf_puts(out, ", until ");
	calendar_date_put(&date, false, out);
}

/* Parts that no word was found for. */
static void put_others(const char *rule, struct buf *out)
{
	static const char *const names[] = {"BYSETPOS", "BYWEEKNO", "BYYEARDAY",
	                                    "BYHOUR", "BYMINUTE"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char *value CLEANUP(xfree) = part(rule, names[i]);

		if (value)
			buf_printf(out, ", %s=%.100s", names[i], value);
	}
}

static const char *unit_of(const char *frequency)
{
	for (size_t i = 0; frequency && i < ARRAY_LEN(frequencies); i++)
		if (strcasecmp(frequency, frequencies[i].name) == 0)
			return frequencies[i].unit;
	return NULL;
}

void calendar_rule_put(const char *rule, struct buf *out)
{
	char *frequency CLEANUP(xfree) = part(rule, "FREQ");
	char *interval CLEANUP(xfree) = part(rule, "INTERVAL");
	const char *unit = unit_of(frequency);
	long n = interval ? strtol(interval, NULL, 10) : 1;

	if (!unit)
		return;
	if (n > 1)
		buf_printf(out, "every %ld %ss", n, unit);
	else
		buf_printf(out, "every %s", unit);
	put_list(rule, "BYDAY", " on ", put_day, out);
	put_list(rule, "BYMONTHDAY", " on ", put_month_day, out);
	put_list(rule, "BYMONTH", " in ", put_month, out);
	put_others(rule, out);
	put_end(rule, out);
}
