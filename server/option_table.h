/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_OPTION_TABLE_H
#define SERVER_OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "server/options.h"

/* What may stand there, and which field of struct options holds it. */
enum option_kind {
	OPTION_HOST,      /* char *: a DNS name */
	OPTION_PATH,      /* char *: begins with '/' */
	OPTION_PROGRAM,   /* char *: a path, or "" for off */
	OPTION_LOCAL,     /* char *: a local part, or empty */
	OPTION_LISTEN,    /* struct words: endpoints (server/smtp/endpoint.h) */
	OPTION_TRUST,     /* struct trust */
	OPTION_ALLOW,     /* struct fetch_guard */
	OPTION_SIZE,      /* int64_t: bytes */
	OPTION_DURATION,  /* int64_t: seconds */
	OPTION_COUNT,     /* int64_t */
	OPTION_YES_NO,    /* int64_t: 1, 0 */
	OPTION_LOG_LEVEL, /* int64_t: enum log_level */
	OPTION_STORED,    /* int64_t: enum stored_form */
	OPTION_SANDBOX,   /* int64_t: 1 is optional, 0 is required */
};

struct option_row {
	const char *section;
	const char *name;
	enum option_kind kind;
	size_t field;         /* offset in struct options */
	const char *standard; /* "" is empty, "auto" found out, NULL: must be
	                         given */
	int64_t min, max;     /* of numbers */
	bool is_live;         /* a SIGHUP is enough; only numbers */
	const char *help;
};

extern const struct option_row option_table[];
extern const size_t option_table_n;

/* The row's index, or -1. */
int option_find(const char *section, const char *name);
bool option_section_exists(const char *section);

/* Put text into the row's field. -EINVAL with a sentence saying what may stand
 * there; the field is untouched then. */
int option_set(const struct option_row *row, const char *text,
               struct options *options, struct err *err);

/* Free what the field owns. */
void option_clear(const struct option_row *row, struct options *options);

/* For rows that are live. */
void option_copy_number(const struct option_row *row, struct options *to,
                        const struct options *from);

#endif
