/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stddef.h>

#include "base/cleanup.h"

/*
 * One line per event on standard error. Levels say who acts:
 *
 *   error  the operator, now           warn   the operator, later
 *   info   nobody: one line per change of state
 *   debug  a developer
 *
 * The object comes first: log_info("job=%lld", ...) "RECEIVED -> RENDERING".
 * Control characters, C1 codes and bidirectional overrides are written as \xNN,
 * so that no sender can forge a line (CERT FIO30, CVE-2009-4487).
 */
enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARN,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
};

void log_set_level(enum log_level level);
int log_level_from_name(const char *name, enum log_level *out); /* -EINVAL */

void log_at(enum log_level level, const char *fmt, ...) PRINTF_LIKE(2, 3);

#define log_error(...) log_at(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warn(...)  log_at(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_info(...)  log_at(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_at(LOG_LEVEL_DEBUG, __VA_ARGS__)

/*
 * Copy `in` to `out` (size bytes with the final NUL), control characters and
 * bidirectional overrides as \xNN. Always terminated; returns out.
 */
char *log_escape(char *out, size_t size, const char *in);

#endif
