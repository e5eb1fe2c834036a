/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdarg.h>

#include "base/cleanup.h"

/*
 * Why something failed, for the person who will read it.
 *
 * Return values everywhere: 0 worked; < 0 is -errno (libuv's space), forward it
 * unchanged; > 0 is an outcome named in that function's header, to be handled
 * and never forwarded.
 *
 * A sentence is lower case, without full stop, failure first, names in quotes:
 * "cannot open 'a.pdf': permission denied". A struct err may always be NULL.
 * On failure, out-parameters are untouched.
 */
struct err {
	int code;
	char text[512];
};

/* Set code and sentence; returns code, so that raising is one line. */
int err_set(struct err *err, int code, const char *fmt, ...) PRINTF_LIKE(3, 4);
int err_vset(struct err *err, int code, const char *fmt, va_list ap);

/* Put context in front: "context: old sentence". Returns code. */
int err_wrap(struct err *err, int code, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* err_set() of -errno_value with ": strerror" appended. Returns -errno_value.
 */
int err_errno(struct err *err, int errno_value, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

#endif
