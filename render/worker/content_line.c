/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/content_line.h"

#include <strings.h>

#include <glib.h>

#include "base/base64.h"
#include "base/mem.h"

#define FRONT_BYTES 1000 /* name and parameters, as far as they are of use */

static const char *line_stop(const char *at, const char *end)
{
	const char *lf = memchr(at, '\n', (size_t)(end - at));

	return lf ? lf : end;
}

static void append(struct buf *text, const char *from, const char *to)
{
	size_t n = (size_t)(to - from);

	if (n > 0 && from[n - 1] == '\r')
		n--;
	if (text->len + n > CONTENT_LINE_MAX)
		n = text->len < CONTENT_LINE_MAX ? CONTENT_LINE_MAX - text->len
		                                 : 0;
	buf_append(text, from, n);
}

/*
 * vCard 2.1 breaks quoted-printable lines its own way: "=" at the end. It says
 * so in front of the value.
 */
static bool is_soft(const struct buf *text)
{
	size_t front = text->len < FRONT_BYTES ? text->len : FRONT_BYTES;

	return text->len > 0 && text->data[text->len - 1] == '=' &&
	       memmem(text->data, front, "QUOTED-PRINTABLE", 16);
}

/* One line with what was folded from it, without NULs. */
static void unfold(const char **at, const char *end, struct buf *text)
{
	buf_clear(text);
	for (;;) {
		const char *stop = line_stop(*at, end);
		bool soft;

		append(text, *at, stop);
		*at = stop < end ? stop + 1 : end;
		if (*at == end)
			break;
		soft = is_soft(text);
		if (soft)
			text->len--;
		else if (**at == ' ' || **at == '\t')
			(*at)++;
		else
			break;
	}
	for (size_t i = 0; i < text->len; i++)
		if (text->data[i] == '\0')
			text->data[i] = ' ';
}

static void add_param(struct content_line *line, char *word)
{
	char *equals = strchr(word, '=');
	const char *name = "TYPE", *value = word; /* bare, as in vCard 2.1 */
	size_t n;

	if (line->n_params == CONTENT_LINE_PARAMS)
		return;
	if (equals) {
		*equals = '\0';
		name = word;
		value = ++equals;
		n = strlen(equals);
		if (n > 1 && equals[0] == '"' && equals[n - 1] == '"') {
			equals[n - 1] = '\0';
			value = equals + 1;
		}
	}
	line->params[line->n_params].name = name;
	line->params[line->n_params++].value = value;
}

/* In place; false: there is no colon. */
static bool split(struct content_line *line)
{
	char *at = line->text.data, *word = at, *dot;
	bool quoted = false, named = false;

	for (; *at; at++) {
		char c = *at;

		quoted ^= c == '"';
		if (quoted || (c != ';' && c != ':'))
			continue;
		*at = '\0';
		if (named)
			add_param(line, word);
		else
			line->name = word;
		named = true;
		word = at + 1;
		if (c == ':')
			break;
	}
	if (!named || word != at + 1)
		return false;
	line->value = word;
	dot = strrchr(line->name, '.'); /* "item1.TEL" is a TEL */
	if (dot)
		line->name = dot + 1;
	return true;
}

bool content_line_next(const char **at, const char *end,
                       struct content_line *line)
{
	while (*at < end) {
		unfold(at, end, &line->text);
		buf_str(&line->text);
		line->n_params = 0;
		line->name = line->value = "";
		if (split(line))
			return true;
	}
	return false;
}

bool content_line_is(const struct content_line *line, const char *name)
{
	return strcasecmp(line->name, name) == 0;
}

const char *content_line_param(const struct content_line *line,
                               const char *name)
{
	for (size_t i = 0; i < line->n_params; i++)
		if (strcasecmp(line->params[i].name, name) == 0)
			return line->params[i].value;
	return "";
}

bool content_line_has_type(const struct content_line *line, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i < line->n_params; i++) {
		const char *value = line->params[i].value;

		if (strcasecmp(line->params[i].name, "TYPE") != 0)
			continue;
		while (*value) {
			size_t len = strcspn(value, ",");

			if (len == n && strncasecmp(value, word, n) == 0)
				return true;
			value += len + (value[len] == ',');
		}
	}
	return false;
}

static void decode_quoted(const char *value, struct buf *out)
{
	for (; *value; value++) {
		int high = *value == '=' ? g_ascii_xdigit_value(value[1]) : -1;
		int low = high >= 0 ? g_ascii_xdigit_value(value[2]) : -1;
		char byte = *value;

		if (low >= 0) {
			byte = (char)(high * 16 + low);
			value += 2;
		}
		if (byte != '\0' && byte != '\r')
			buf_append(out, &byte, 1);
	}
}

/* n bytes of value with \n, \, \; and \\ read as what they stand for. */
static void unescape(const char *value, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		char c = value[i];

		if (c == '\\' && i + 1 < n) {
			c = value[++i];
			c = c == 'n' || c == 'N' ? '\n' : c;
		}
		buf_append(out, &c, 1);
	}
}

static const char *decoded(const struct content_line *line, struct buf *own)
{
	if (strcasecmp(content_line_param(line, "ENCODING"),
	               "QUOTED-PRINTABLE") != 0 &&
	    !content_line_has_type(line, "QUOTED-PRINTABLE"))
		return line->value;
	decode_quoted(line->value, own);
	return buf_str(own);
}

void content_line_bytes(const struct content_line *line, struct buf *out)
{
	const char *encoding = content_line_param(line, "ENCODING");
	const char *value = line->value, *comma = strstr(value, ";base64,");

	if (line->text.len >= CONTENT_LINE_MAX)
		return; /* its end is missing */
	if (strncasecmp(value, "data:", 5) == 0 && comma)
		value = comma + strlen(";base64,");
	else if (strcasecmp(encoding, "b") != 0 &&
	         strcasecmp(encoding, "BASE64") != 0 &&
	         !content_line_has_type(line, "BASE64"))
		return;
	base64_decode(value, strlen(value), out);
}

void content_line_text(const struct content_line *line, struct buf *out)
{
	struct buf own CLEANUP(buf_fini) = {0};
	const char *value = decoded(line, &own);

	unescape(value, strlen(value), out);
}

bool content_line_field(const struct content_line *line, unsigned n,
                        struct buf *out)
{
	struct buf own CLEANUP(buf_fini) = {0};
	const char *value = decoded(line, &own);

	for (;; n--) {
		size_t len = 0;

		while (value[len] && value[len] != ';')
			len += value[len] == '\\' && value[len + 1] ? 2 : 1;
		if (n == 0) {
			unescape(value, len, out);
			return true;
		}
		if (!value[len])
			return false;
		value += len + 1;
	}
}

void content_line_fini(struct content_line *line)
{
	buf_fini(&line->text);
}
