/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_CALENDAR_DATE_H
#define RENDER_WORKER_CALENDAR_DATE_H

#include <stdbool.h>

#include "base/buf.h"

/* DATE and DATE-TIME of RFC 5545, 3.3.4 and 3.3.5. */
struct calendar_date {
	int year, month, day;
	int hour, minute;
	bool has_time, is_utc;
};

/* False: it is no date of the calendar. */
bool calendar_date_read(const char *value, struct calendar_date *out);

/* "31 December 2026"; with weekday: "Thursday, 31 December 2026". */
void calendar_date_put(const struct calendar_date *date, bool weekday,
                       struct buf *out);

void calendar_date_put_time(const struct calendar_date *date, struct buf *out);

/* The day before: the end of an event of whole days is the day after it. */
void calendar_date_step_back(struct calendar_date *date);

bool calendar_date_is_same_day(const struct calendar_date *a,
                               const struct calendar_date *b);

/* "PT1H30M" as "1 hour 30 minutes" (3.3.6); nothing when it is none. */
void calendar_duration_put(const char *value, struct buf *out);

/*
 * A recurrence rule (3.3.10) in words: "every 2 weeks on Monday and Friday,
 * until 31 December 2026". What has no words is added as written; nothing when
 * it is no rule.
 */
void calendar_rule_put(const char *rule, struct buf *out);

#endif
