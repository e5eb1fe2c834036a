/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/hebrew.h"

#include <string.h>
#include <strings.h>

#include <glib.h>

#define LEFT_TO_RIGHT "\xe2\x80\xad" /* U+202D, up to the line's end */

static bool is_letter(gunichar c)
{
	return c >= 0x5d0 && c <= 0x5ea;
}

/* kaf, mem, nun, pe and tsadi at the end of a word */
static bool is_final(gunichar c)
{
	return c == 0x5da || c == 0x5dd || c == 0x5df || c == 0x5e3 ||
	       c == 0x5e5;
}

bool hebrew_is_visual(const char *charset, struct buf *utf8)
{
	gunichar before = ' ';
	size_t n_begin = 0, n_end = 0;

	if (!charset || (strcasecmp(charset, "iso-8859-8") != 0 &&
	                 strcasecmp(charset, "iso-8859-8-e") != 0))
		return false;
	for (const char *p = buf_str(utf8); *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		gunichar next = g_utf8_get_char(g_utf8_next_char(p));

		n_begin += is_final(c) && !is_letter(before) && is_letter(next);
		n_end += is_final(c) && is_letter(before) && !is_letter(next);
		before = c;
	}
	return n_begin > n_end;
}

void hebrew_keep_order(struct buf *utf8)
{
	struct buf out = {0};
	const char *at = buf_str(utf8);

	while (*at) {
		size_t n = strcspn(at, "\n");

		n += at[n] == '\n';
		buf_puts(&out, LEFT_TO_RIGHT);
		buf_append(&out, at, n);
		at += n;
	}
	buf_fini(utf8);
	*utf8 = out;
}
