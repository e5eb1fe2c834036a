/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/mem.h"

void buf_reserve(struct buf *buf, size_t extra)
{
	size_t need = buf->len + extra + 1; /* + 1: buf_str() never moves */

	if (need <= buf->cap)
		return;
	if (need < buf->cap * 2)
		need = buf->cap * 2;
	if (need < 256)
		need = 256;
	buf->data = xrealloc(buf->data, need);
	buf->cap = need;
}

void buf_append(struct buf *buf, const void *data, size_t len)
{
	if (len == 0)
		return;
	buf_reserve(buf, len);
	memcpy(buf->data + buf->len, data, len);
	buf->len += len;
}

void buf_append_until(struct buf *buf, size_t max, const void *data, size_t len)
{
	size_t room = buf->len < max ? max - buf->len : 0;

	buf_append(buf, data, len < room ? len : room);
}

void buf_puts(struct buf *buf, const char *text)
{
	buf_append(buf, text, strlen(text));
}

void buf_printf(struct buf *buf, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	buf_reserve(buf, (size_t)n);
	va_start(ap, fmt);
	vsnprintf(buf->data + buf->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	buf->len += (size_t)n;
}

void buf_consume(struct buf *buf, size_t n)
{
	if (n == 0)
		return;
	buf->len -= n;
	memmove(buf->data, buf->data + n, buf->len);
}

bool buf_contains(const struct buf *buf, const char *text)
{
	return buf->len > 0 && memmem(buf->data, buf->len, text, strlen(text));
}

const char *buf_str(struct buf *buf)
{
	buf_reserve(buf, 0);
	buf->data[buf->len] = '\0';
	return buf->data;
}

void buf_clear(struct buf *buf)
{
	buf->len = 0;
}

void buf_fini(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){0};
}
