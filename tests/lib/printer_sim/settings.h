/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTER_SIM_SETTINGS_H
#define PRINTER_SIM_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * How one printer behaves. Set at start (--set) and at any time afterwards
 * (GET /control), in the words of the table in settings.c.
 */
enum condition {
	CONDITION_NORMAL,
	CONDITION_MEDIA_LOW, /* a warning only: still prints */
	CONDITION_MEDIA_EMPTY,
	CONDITION_TONER_EMPTY,
	CONDITION_JAM,
	CONDITION_COVER_OPEN,
	CONDITION_STOPPED,
	CONDITION_NOT_ACCEPTING,
};

enum answer {
	ANSWER_NORMAL,
	ANSWER_NEVER,   /* silence on an open connection */
	ANSWER_CLOSE,   /* does what it was asked, then hangs up */
	ANSWER_DROP,    /* hangs up without having done it */
	ANSWER_GARBAGE, /* 200 OK and noise */
	ANSWER_HUGE,    /* 64 MB of attributes */
	ANSWER_ENDLESS, /* chunks without end */
};

/* Which requests get the odd answer. */
enum answer_to {
	ANSWER_TO_ANY,
	ANSWER_TO_STATE,    /* Get-Printer-Attributes */
	ANSWER_TO_CREATE,   /* Create-Job */
	ANSWER_TO_DOCUMENT, /* Send-Document, Print-Job */
	ANSWER_TO_JOB,      /* Get-Job-Attributes, Get-Jobs */
	ANSWER_TO_CANCEL,
};

/* What becomes of a job. */
enum fate {
	FATE_COMPLETED,
	FATE_ABORTED,
	FATE_CANCELED,
	FATE_STUCK, /* never reaches an end by itself */
};

struct settings {
	int condition;
	int answer;
	int answer_to;
	int on_cut;       /* enum fate of a job whose document was cut */
	int on_job;       /* enum fate of a job with a whole document */
	int64_t busy;     /* so many more Create-Job/Print-Job; -1: always */
	int64_t times;    /* how often answer and die_at strike; -1: always */
	int64_t die_at;   /* hang up at this document byte; -1: never */
	int64_t read_bps; /* document bytes read per second; 0: no limit */
	int64_t job_ms;   /* printing takes this long */
	int64_t forget;   /* 1: a job that ended is not found any more */
	int64_t twice;    /* 1: takes a second document for the same job */
	int64_t many;     /* 1: takes many documents a job; 2: only says so */
	int64_t copies;   /* that it makes at most */
	int64_t ignores_copies; /* 1: it makes one, and says so then */
	int64_t impressions;    /* 1: counts its pages and says so */
	int64_t create_job;     /* 0: has Print-Job only */
	int64_t main;   /* percent in its tray; -1: as the condition says */
	int64_t bottom; /* percent in a second tray, for Letter; -1: has none */
};

void settings_init(struct settings *settings);

/*
 * Apply "key=value&key=value"; the key "printer" is left to the caller, and
 * "reset=1" returns to settings_init(). All or nothing: -EINVAL with a sentence
 * leaves the settings as they were.
 */
int settings_apply(struct settings *settings, const char *query,
                   struct err *err);

/*
 * The value of `key` in a query, copied to out (terminated). -ENOENT when there
 * is none, -E2BIG when it does not fit.
 */
int query_get(const char *query, const char *key, char *out, size_t size);

#endif
