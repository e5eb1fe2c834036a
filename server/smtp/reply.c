/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/smtp/reply.h"

#include <stdarg.h>

#include "base/mem.h"

int smtp_reply_set(struct smtp_reply *reply, int code, const char *fmt, ...)
{
	va_list ap;

	reply->code = code;
	va_start(ap, fmt);
	vsnprintf(reply->text, sizeof reply->text, fmt, ap);
	va_end(ap);
	return code;
}

void smtp_reply_write(const struct smtp_reply *reply, struct buf *out)
{
	size_t text = out->len + 4;

	buf_printf(out, "%03d %s\r\n", reply->code, reply->text);
	for (size_t i = text; i < out->len - 2; i++)
		if (out->data[i] < 0x20 || out->data[i] == 0x7f)
			out->data[i] = '?'; /* char is signed: 8 bit too */
}
