/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/head_mend.h"

#include <string.h>

#include "base/mem.h"

/* Without its end; *next is where the one below begins. */
static size_t line_at(const char *mail, size_t len, size_t at, size_t *next)
{
	const char *end = memchr(mail + at, '\n', len - at);
	size_t n = end ? (size_t)(end - mail) - at : len - at;

	*next = at + n + (end != NULL);
	return n > 0 && mail[at + n - 1] == '\r' ? n - 1 : n;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* "Name:", maybe with blanks before the colon; or an mbox's line. */
static bool is_field(const char *line, size_t n)
{
	size_t i = 0;

	if (n > 0 && *line == '>') {
		line++;
		n--;
	}
	if (n > 5 && memcmp(line, "From ", 5) == 0)
		return true;
	while (i < n && line[i] > ' ' && line[i] < 127 && line[i] != ':')
		i++;
	if (i == 0)
		return false;
	while (i < n && is_blank(line[i]))
		i++;
	return i < n && line[i] == ':';
}

static bool is_blank_line(const char *line, size_t n)
{
	while (n > 0 && is_blank(line[n - 1]))
		n--;
	return n == 0;
}

/* Below a line of blanks goes on what is no head. */
static bool begins_body(const char *mail, size_t len, size_t at)
{
	size_t next, n = at < len ? line_at(mail, len, at, &next) : 0;

	return n > 0 && !is_blank(mail[at]) && !is_field(mail + at, n);
}

/* Where the line is missing. */
static bool find_body(const char *mail, size_t len, size_t *body)
{
	bool found = false;

	for (size_t at = 0, next; at < len; at = next) {
		size_t n = line_at(mail, len, at, &next);

		if (n == 0)
			break;
		if (is_blank(mail[at])) {
			if (is_blank_line(mail + at, n) &&
			    begins_body(mail, len, next)) {
				*body = at;
				return true;
			}
		} else if (is_field(mail + at, n)) {
			found = false;
		} else if (!found) {
			found = true;
			*body = at;
		}
	}
	return found;
}

bool head_mend(const char *mail, size_t len, struct buf *out)
{
	size_t body = 0;

	if (!find_body(mail, len, &body))
		return false;
	buf_append(out, mail, body);
	buf_puts(out, "\n");
	buf_append(out, mail + body, len - body);
	return true;
}
