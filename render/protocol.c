/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/protocol.h"

#include <errno.h>
#include <stdint.h>

#include "base/mem.h"

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* In place: decoding never grows. */
static int decode(char *value, struct err *err)
{
	char *out = value;

	for (const char *in = value; *in; in++) {
		int high, low;

		if (*in != '%') {
			*out++ = *in;
			continue;
		}
		high = hex_digit(in[1]);
		low = high < 0 ? -1 : hex_digit(in[2]);
		if (low < 0 || (high == 0 && low == 0))
			return err_set(err, -EINVAL, "bad escape in a value");
		*out++ = (char)(high * 16 + low);
		in += 2;
	}
	*out = '\0';
	return 0;
}

static int parse_word(char *word, struct protocol_line *out, struct err *err)
{
	char *equals = strchr(word, '=');
	int r;

	if (!equals || equals == word)
		return err_set(err, -EINVAL, "a word is not key=value");
	if (out->n_words == PROTOCOL_WORDS_MAX)
		return err_set(err, -EINVAL, "more than %d words on a line",
		               PROTOCOL_WORDS_MAX);
	*equals = '\0';
	r = decode(equals + 1, err);
	if (r < 0)
		return r;
	out->words[out->n_words].key = word;
	out->words[out->n_words].value = equals + 1;
	out->n_words++;
	return 0;
}

int protocol_parse(char *text, struct protocol_line *out, struct err *err)
{
	char *rest = text, *word;

	out->n_words = 0;
	while ((word = strsep(&rest, " "))) {
		int r;

		if (*word == '\0')
			continue;
		r = parse_word(word, out, err);
		if (r < 0)
			return r;
	}
	return 0;
}

const char *protocol_get(const struct protocol_line *line, const char *key)
{
	for (size_t i = 0; i < line->n_words; i++)
		if (strcmp(line->words[i].key, key) == 0)
			return line->words[i].value;
	return NULL;
}

const char *protocol_get_or(const struct protocol_line *line, const char *key,
                            const char *otherwise)
{
	const char *value = protocol_get(line, key);

	return value ? value : otherwise;
}

unsigned long long protocol_number(const struct protocol_line *line,
                                   const char *key,
                                   unsigned long long otherwise)
{
	const char *value = protocol_get(line, key);
	unsigned long long n = 0;

	if (!value || *value == '\0')
		return otherwise;
	for (; *value; value++) {
		unsigned digit = (unsigned)(*value - '0');

		if (digit > 9 || n > (UINT64_MAX - digit) / 10)
			return otherwise;
		n = n * 10 + digit;
	}
	return n;
}

void protocol_cut(char *out, size_t size, const char *value)
{
	size_t n = strlen(value);

	if (n >= size)
		for (n = size - 1; n > 0 && (value[n] & 0xc0) == 0x80;)
			n--;
	memcpy(out, value, n);
	out[n] = '\0';
}

/* Length of the UTF-8 sequence at s (RFC 3629), 0 if it is none. */
static size_t utf8_sequence(const unsigned char *s)
{
	unsigned char low = s[0] == 0xe0 ? 0xa0 : s[0] == 0xf0 ? 0x90 : 0x80;
	unsigned char high = s[0] == 0xed ? 0x9f : s[0] == 0xf4 ? 0x8f : 0xbf;
	size_t n = 1;

	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4 || s[1] < low || s[1] > high)
		return 0;
	for (n = 2; n < (s[0] < 0xe0 ? 2u : s[0] < 0xf0 ? 3u : 4u); n++)
		if ((s[n] & 0xc0) != 0x80)
			return 0;
	return n;
}

void protocol_put(struct buf *line, const char *key, const char *value)
{
	const unsigned char *s = (const unsigned char *)value;
	size_t used = 0;

	buf_printf(line, "%s%s=", line->len ? " " : "", key);
	while (*s && used < PROTOCOL_VALUE_MAX - 4) {
		size_t n = utf8_sequence(s);

		if (n == 0) {
			buf_append(line, "?", 1);
			n = 1;
		} else if (n == 1 && (*s <= ' ' || *s == '%' || *s == 0x7f)) {
			buf_printf(line, "%%%02X", *s);
		} else {
			buf_append(line, s, n);
		}
		s += n;
		used += n;
	}
}

void protocol_put_number(struct buf *line, const char *key,
                         unsigned long long value)
{
	buf_printf(line, "%s%s=%llu", line->len ? " " : "", key, value);
}

void protocol_end(struct buf *line)
{
	buf_append(line, "\n", 1);
}
