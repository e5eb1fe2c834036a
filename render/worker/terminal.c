/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/terminal.h"

#include <string.h>

#define ESC '\x1b'

/* Bytes of the sequence "ESC [ parameters letter" at the start; 0: none. */
static size_t sequence_at(const char *at, size_t left)
{
	size_t n = 2;

	if (left < 3 || at[0] != ESC || at[1] != '[')
		return 0;
	while (n < left && at[n] >= 0x20 && at[n] <= 0x3f)
		n++;
	return n < left && at[n] >= 0x40 && at[n] <= 0x7e ? n + 1 : 0;
}

/* The character in front, which another one is struck over. */
static size_t without_last(const char *text, size_t len)
{
	while (len > 0 && (text[len - 1] & 0xc0) == 0x80)
		len--;
	return len > 0 && text[len - 1] != '\n' ? len - 1 : len;
}

void terminal_clean(struct buf *text)
{
	char *data = text->data;
	size_t len = 0;

	if (text->len == 0 ||
	    (!memchr(data, ESC, text->len) && !memchr(data, '\b', text->len)))
		return;
	for (size_t i = 0; i < text->len;) {
		size_t n = sequence_at(data + i, text->len - i);

		if (n > 0) {
			i += n;
		} else if (data[i] == '\b') {
			len = without_last(data, len);
			i++;
		} else {
			data[len++] = data[i++];
		}
	}
	text->len = len;
}
