/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/text.h"

#include <stdint.h>

#include "base/mem.h"

static bool is_continuation(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/*
 * One character of RFC 3629 UTF-8 at s (NUL-terminated, so that a look at the
 * next byte never leaves it). Bytes used, 0 when it is none.
 */
static size_t utf8_decode(const unsigned char *s, uint32_t *code)
{
	if (s[0] < 0x80) {
		*code = s[0];
		return 1;
	}
	if (s[0] >= 0xc2 && s[0] <= 0xdf && is_continuation(s[1])) {
		*code = (s[0] & 0x1fu) << 6 | (s[1] & 0x3fu);
		return 2;
	}
	if ((s[0] & 0xf0) == 0xe0 && is_continuation(s[1]) &&
	    is_continuation(s[2])) {
		*code = (s[0] & 0xfu) << 12 | (s[1] & 0x3fu) << 6 |
		        (s[2] & 0x3fu);
		return *code >= 0x800 && (*code & 0xf800) != 0xd800 ? 3 : 0;
	}
	if ((s[0] & 0xf8) == 0xf0 && is_continuation(s[1]) &&
	    is_continuation(s[2]) && is_continuation(s[3])) {
		*code = (s[0] & 7u) << 18 | (s[1] & 0x3fu) << 12 |
		        (s[2] & 0x3fu) << 6 | (s[3] & 0x3fu);
		return *code >= 0x10000 && *code <= 0x10ffff ? 4 : 0;
	}
	return 0;
}

static bool is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 ||
	       code == 0x2029;
}

static bool is_directional(uint32_t code)
{
	return code == 0x200e || code == 0x200f || code == 0x61c ||
	       (code >= 0x202a && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069);
}

char *text_clean(char *out, size_t size, const char *in)
{
	const unsigned char *s = (const unsigned char *)in;
	size_t len = 0;

	while (*s) {
		uint32_t code = 0;
		size_t n = utf8_decode(s, &code);
		size_t used = n ? n : 1;
		const char *piece = (const char *)s;

		if (!n)
			piece = "?";
		else if (is_control(code))
			piece = " ";
		if (piece != (const char *)s)
			n = 1;
		s += used;
		if (is_directional(code))
			continue;
		if (len + n >= size)
			break;
		memcpy(out + len, piece, n);
		len += n;
	}
	out[len] = '\0';
	return out;
}

bool text_keyword(char *out, size_t size, const char *in)
{
	size_t i;

	out[0] = '\0';
	for (i = 0; in[i]; i++) {
		char c = in[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789._-", c) ||
		    i + 1 >= size || i >= 255) {
			out[0] = '\0';
			return false;
		}
		out[i] = c;
	}
	if (i == 0)
		return false;
	out[i] = '\0';
	return true;
}
