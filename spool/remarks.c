/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/remarks.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/mem.h"

void remarks_add(struct buf *remarks, const char *fmt, ...)
{
	char line[300];
	size_t len;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof line - 1, fmt, ap);
	va_end(ap);
	len = strlen(line);
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
			line[i] = ' ';
	line[len++] = '\n';
	line[len] = '\0';
	if (remarks->len + len >= REMARKS_MAX || strstr(buf_str(remarks), line))
		return;
	buf_append(remarks, line, len);
}
