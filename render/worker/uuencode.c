/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <ctype.h>
#include <strings.h>

#include "base/mem.h"
#include "render/worker/container.h"

#define TRIES 10

/* A line of the text; cr and lf are not in len. */
struct line {
	const char *text;
	size_t len;
};

static bool next_line(const char **at, const char *end, struct line *line)
{
	const char *lf;

	if (*at == end)
		return false;
	lf = memchr(*at, '\n', (size_t)(end - *at));
	*line = (struct line){*at, (size_t)((lf ? lf : end) - *at)};
	*at = lf ? lf + 1 : end;
	if (line->len > 0 && line->text[line->len - 1] == '\r')
		line->len--;
	return true;
}

static bool is(const struct line *line, const char *text)
{
	return line->len == strlen(text) &&
	       memcmp(line->text, text, line->len) == 0;
}

/* "begin 644 name": the name, terminated, or NULL. */
static char *begin_name(const struct line *line)
{
	size_t at = 6;

	if (line->len < 11 || memcmp(line->text, "begin ", 6) != 0)
		return NULL;
	while (at < line->len && line->text[at] >= '0' && line->text[at] <= '7')
		at++;
	if ((at != 9 && at != 10) || at + 1 >= line->len ||
	    line->text[at] != ' ')
		return NULL;
	return xstrndup(line->text + at + 1, line->len - at - 1);
}

/* A blank or a backquote both stand for 0; mailers cut blanks at the end. */
static unsigned value_at(const struct line *line, size_t i)
{
	return i < line->len ? ((unsigned char)line->text[i] - 32u) & 63u : 0;
}

static bool decode_line(const struct line *line, struct buf *out)
{
	unsigned n = value_at(line, 0);

	for (size_t i = 0; i < line->len; i++)
		if (line->text[i] < 32 || line->text[i] > 96)
			return false;
	if (line->len > 1 + (n + 2) / 3 * 4 + 1) /* some add a checksum */
		return false;
	for (size_t i = 1; n > 0; i += 4) {
		unsigned bits =
			value_at(line, i) << 18 | value_at(line, i + 1) << 12 |
			value_at(line, i + 2) << 6 | value_at(line, i + 3);
		char bytes[3] = {(char)(bits >> 16), (char)(bits >> 8),
		                 (char)bits};
		unsigned take = n < 3 ? n : 3;

		buf_append(out, bytes, take);
		n -= take;
	}
	return true;
}

/* The block whose first line was read; *at moves behind it if it is one. */
static bool decode_block(const char **at, const char *end, struct buf *out)
{
	const char *look = *at;
	struct line line;

	while (next_line(&look, end, &line)) {
		if (is(&line, "end")) {
			*at = look;
			return out->len > 0;
		}
		if (line.len > 0 && !decode_line(&line, out))
			return false;
	}
	return false;
}

static void give(const char *name, const struct buf *content,
                 container_item_fn *item, void *arg)
{
	struct container_item found = {
		.type = "application/octet-stream",
		.name = name,
		.is_attachment = true,
		.data = content->data,
		.len = content->len,
	};

	item(&found, arg);
}

size_t uuencode_unpack(const char *text, size_t len, struct buf *rest,
                       container_item_fn *item, void *arg)
{
	const char *at = text, *end;
	struct line line;
	size_t n = 0, tries = 0;

	if (len == 0)
		return 0;
	end = text + len;
	while (next_line(&at, end, &line)) {
		struct buf content CLEANUP(buf_fini) = {0};
		char *name CLEANUP(xfree) = begin_name(&line);

		/* Each false beginning may be read to the end. */
		if (name && tries < TRIES && decode_block(&at, end, &content)) {
			give(name, &content, item, arg);
			n++;
			continue;
		}
		tries += name != NULL;
		buf_append(rest, line.text, (size_t)(at - line.text));
	}
	return n;
}
