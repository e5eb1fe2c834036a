/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/option_text.h"

#include "base/mem.h"

#define PREFIX_MAX 5 /* letters of "Re", "Fwd", "Antw" in front of a colon */

/* clang-format off */
static const struct {
	const char *typed, *plain;
} signs[] = {
	{"\u00a0", " "}, {"\u2009", " "}, {"\u202f", " "}, {"\u3000", " "},
	{"\u2010", "-"}, {"\u2011", "-"}, {"\u2012", "-"}, {"\u2013", "-"},
	{"\u2014", "-"}, {"\u2212", "-"}, {"\u00d7", "x"}, {"\uff0c", ","},
	{"\u3001", ","}, {"\uff1b", ";"}, {"\uff1a", ":"}, {"\uff1d", "="},
};
/* clang-format on */

/* The sign at the beginning of the text; NULL: it is none of them. */
static const char *find_sign(const char *text, size_t *len)
{
	for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
		*len = strlen(signs[i].typed);
		if (strncmp(text, signs[i].typed, *len) == 0)
			return signs[i].plain;
	}
	return NULL;
}

void option_text_plain(const char *text, struct buf *out)
{
	while (*text) {
		size_t len;
		const char *plain = find_sign(text, &len);

		if (plain)
			buf_puts(out, plain);
		else
			buf_append(out, text, len = 1);
		text += len;
	}
}

void option_text_tighten(const char *text, size_t len, struct buf *out)
{
	const char *end = text + len;

	while (text < end) {
		const char *sign = text + strspn(text, " \t");

		if (sign < end && (*sign == '=' || *sign == ':')) {
			buf_puts(out, "=");
			text = sign + 1;
			text += strspn(text, " \t");
		} else {
			buf_append(out, text++, 1);
		}
	}
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Behind one "Re:" or "Fwd:"; the same place where there is none. */
static const char *skip_prefix(const char *at)
{
	const char *word = at + strspn(at, " ");
	size_t n = 0;

	while (n <= PREFIX_MAX && is_letter(word[n]))
		n++;
	if (n == 0 || n > PREFIX_MAX || word[n] != ':')
		return word;
	return skip_prefix(word + n + 1);
}

/* Anything but further brackets. */
static bool has_words(const char *at)
{
	while (*at) {
		const char *end = *at == '[' ? strchr(at, ']') : NULL;

		if (end)
			at = end;
		else if (*at != ' ')
			return true;
		at++;
	}
	return false;
}

bool option_text_is_tag(const char *subject, const char *from, const char *rest)
{
	return skip_prefix(subject) == from && has_words(rest);
}
