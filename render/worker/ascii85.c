/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/ascii85.h"

#include <stdint.h>

#define GROUPS_A_LINE 15 /* with a blank in front: 76 characters */

static uint32_t word_at(const uint8_t *p, size_t n)
{
	uint32_t word = 0;

	for (size_t i = 0; i < 4; i++)
		word = word << 8 | (i < n ? p[i] : 0);
	return word;
}

/* n bytes (1 to 4) become n + 1 digits; four zeros one 'z'. */
static size_t put_group(char *at, const uint8_t *p, size_t n)
{
	uint32_t word = word_at(p, n);

	if (word == 0 && n == 4) {
		*at = 'z';
		return 1;
	}
	for (size_t i = 5; i-- > 0; word /= 85)
		at[i] = (char)('!' + word % 85);
	return n + 1;
}

void ascii85_put(struct buf *out, const void *data, size_t len)
{
	const uint8_t *p = data;
	unsigned groups = 0;

	/* 5 for 4, a LF and a blank a line, what stands around */
	buf_reserve(out,
	            (len / 4 + 1) * 5 + (len / 4 / GROUPS_A_LINE + 1) * 2 + 8);
	while (len > 0) {
		size_t n = len < 4 ? len : 4;

		if (groups++ % GROUPS_A_LINE == 0) {
			out->data[out->len++] = '\n';
			out->data[out->len++] = ' ';
		}
		out->len += put_group(out->data + out->len, p, n);
		p += n;
		len -= n;
	}
	buf_puts(out, "\n~>\n");
}
