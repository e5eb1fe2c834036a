/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/charset_hz.h"

#include <stdbool.h>

static void put(struct buf *out, char c)
{
	buf_append(out, &c, 1);
}

void charset_hz_to_gb(const char *data, size_t len, struct buf *out)
{
	bool is_chinese = false;

	for (size_t i = 0; i < len; i++) {
		char next = i + 1 < len ? data[i + 1] : '\0';

		if (data[i] == '\n') /* a shift ends with its line */
			is_chinese = false;
		if (data[i] == '~' && next == (is_chinese ? '}' : '{')) {
			is_chinese = !is_chinese;
			i++;
		} else if (is_chinese && data[i] > ' ' && next > ' ') {
			put(out, (char)(data[i] | 0x80));
			put(out, (char)(next | 0x80));
			i++;
		} else if (data[i] == '~' && (next == '~' || next == '\n')) {
			if (next == '~') /* else the line goes on */
				put(out, '~');
			i++;
		} else {
			put(out, data[i]);
		}
	}
}
