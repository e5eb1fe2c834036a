/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/base64.h"

#include <stdint.h>

#include "base/mem.h"

/* Value of a base64 digit, -1 for anything else. */
static int digit(unsigned char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* The whole bytes among n digits collected in `bits`. */
static size_t flush(char *out, uint32_t bits, unsigned n)
{
	bits <<= 6 * (4 - n);
	for (unsigned i = 0; i + 1 < n; i++)
		out[i] = (char)(bits >> (16 - 8 * i));
	return n > 1 ? n - 1 : 0;
}

void base64_decode(const char *data, size_t len, struct buf *out)
{
	int8_t table[256];
	uint32_t bits = 0;
	unsigned n = 0;
	char *at;

	for (int c = 0; c < 256; c++)
		table[c] = (int8_t)digit((unsigned char)c);
	buf_reserve(out, len / 4 * 3 + 8);
	at = out->data + out->len;
	for (size_t i = 0; i < len; i++) {
		int value = table[(unsigned char)data[i]];

		if (value >= 0) {
			bits = bits << 6 | (uint32_t)value;
			n++;
		}
		if (n == 4 || (data[i] == '=' && n > 0)) {
			at += flush(at, bits, n);
			bits = 0;
			n = 0;
		}
	}
	at += flush(at, bits, n);
	out->len = (size_t)(at - out->data);
}

void base64_encode(const void *data, size_t len, struct buf *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *in = data;
	char *at;

	buf_reserve(out, (len + 2) / 3 * 4);
	at = out->data + out->len;
	for (size_t i = 0; i < len; i += 3) {
		unsigned second = i + 1 < len ? in[i + 1] : 0;
		unsigned third = i + 2 < len ? in[i + 2] : 0;

		*at++ = digits[in[i] >> 2];
		*at++ = digits[(in[i] & 3) << 4 | second >> 4];
		*at++ = i + 1 < len ? digits[(second & 15) << 2 | third >> 6]
		                    : '=';
		*at++ = i + 2 < len ? digits[third & 63] : '=';
	}
	out->len = (size_t)(at - out->data);
}
