/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/flowed.h"

#include "base/mem.h"

struct flowed_line {
	size_t depth; /* of quoting */
	const char *text;
	size_t len;
	bool soft; /* goes on in the next line */
};

static struct flowed_line parse(const char *line, size_t len)
{
	struct flowed_line out = {0};

	if (len > 0 && line[len - 1] == '\r')
		len--;
	while (out.depth < len && line[out.depth] == '>')
		out.depth++;
	out.text = line + out.depth;
	out.len = len - out.depth;
	if (out.len > 0 && out.text[0] == ' ') { /* stuffed (4.4) */
		out.text++;
		out.len--;
	}
	out.soft = out.len > 0 && out.text[out.len - 1] == ' ' &&
	           !(out.len == 3 && memcmp(out.text, "-- ", 3) == 0);
	return out;
}

static void put_quotes(struct buf *out, size_t depth)
{
	for (size_t i = 0; i < depth; i++)
		buf_append(out, ">", 1);
	if (depth > 0)
		buf_append(out, " ", 1);
}

void flowed_join(const char *text, size_t len, bool delsp, struct buf *out)
{
	const char *end = text + len;
	bool open = false; /* the paragraph so far ended softly */
	size_t depth = 0;

	while (text < end) {
		const char *lf = memchr(text, '\n', (size_t)(end - text));
		const char *stop = lf ? lf : end;
		struct flowed_line line = parse(text, (size_t)(stop - text));

		/* A soft end before another depth is an error (4.5). */
		if (open && line.depth != depth) {
			buf_append(out, "\n", 1);
			open = false;
		}
		if (!open)
			put_quotes(out, line.depth);
		buf_append(out, line.text,
		           line.len - (line.soft && delsp ? 1 : 0));
		if (!line.soft)
			buf_append(out, "\n", 1);
		open = line.soft;
		depth = line.depth;
		text = lf ? lf + 1 : end;
	}
	if (open)
		buf_append(out, "\n", 1);
}
