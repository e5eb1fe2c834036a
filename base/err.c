/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/err.h"

#include <stdio.h>

#include "base/mem.h"

int err_vset(struct err *err, int code, const char *fmt, va_list ap)
{
	if (err) {
		err->code = code;
		vsnprintf(err->text, sizeof err->text, fmt, ap);
	}
	return code;
}

int err_set(struct err *err, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_vset(err, code, fmt, ap);
	va_end(ap);
	return code;
}

int err_wrap(struct err *err, int code, const char *fmt, ...)
{
	struct err old;
	va_list ap;
	size_t n;

	if (!err)
		return code;
	old = *err;
	va_start(ap, fmt);
	err_vset(err, code, fmt, ap);
	va_end(ap);
	n = strlen(err->text);
	snprintf(err->text + n, sizeof err->text - n, ": %s", old.text);
	return code;
}

int err_errno(struct err *err, int errno_value, const char *fmt, ...)
{
	va_list ap;
	size_t n;

	if (!err)
		return -errno_value;
	va_start(ap, fmt);
	err_vset(err, -errno_value, fmt, ap);
	va_end(ap);
	n = strlen(err->text);
	snprintf(err->text + n, sizeof err->text - n, ": %s",
	         strerror(errno_value));
	return -errno_value;
}
