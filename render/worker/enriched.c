/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/enriched.h"

#include <string.h>
#include <strings.h>

#include <glib.h>

#include "base/mem.h"

#define MARK_MAX 62 /* "<", 60 letters and ">" (RFC 1896, 2) */

struct reader {
	unsigned nofill, param; /* how many are open */
	struct buf *out;
};

/* "<bold>", "</bold>": its bytes; 0: it is none. */
static size_t mark_at(const char *at, size_t left)
{
	size_t n = left > 1 && at[1] == '/' ? 2 : 1, begin = n;

	while (n < left && n < MARK_MAX &&
	       (g_ascii_isalnum(at[n]) || at[n] == '-'))
		n++;
	return n > begin && n < left && at[n] == '>' ? n + 1 : 0;
}

static void count(unsigned *open, const char *mark, size_t len,
                  const char *name)
{
	bool ends = mark[1] == '/';
	size_t n = strlen(name);

	if (len != n + 2 + ends || strncasecmp(mark + 1 + ends, name, n) != 0)
		return;
	if (!ends)
		++*open;
	else if (*open > 0)
		--*open;
}

/* Bytes of line ends here, and how many there are. */
static size_t lines_at(const char *at, size_t left, size_t *n_lines)
{
	size_t n = 0;

	*n_lines = 0;
	for (; n < left && (at[n] == '\n' || at[n] == '\r'); n++)
		*n_lines += at[n] == '\n';
	return n;
}

static void put_lines(const struct reader *reader, size_t n)
{
	if (n == 1 && !reader->nofill)
		buf_puts(reader->out, " ");
	for (size_t i = reader->nofill ? 0 : 1; i < n; i++)
		buf_puts(reader->out, "\n");
}

/* Bytes that were read; what stands in a parameter is not for readers. */
static size_t read_at(struct reader *reader, const char *at, size_t left)
{
	size_t n_lines, n = lines_at(at, left, &n_lines);

	if (n > 0) {
		put_lines(reader, n_lines);
		return n;
	}
	if (left > 1 && memcmp(at, "<<", 2) == 0)
		n = 2;
	else if (*at == '<' && (n = mark_at(at, left)) > 0) {
		count(&reader->nofill, at, n, "nofill");
		count(&reader->param, at, n, "param");
		return n;
	}
	if (!reader->param)
		buf_append(reader->out, at, 1);
	return n > 0 ? n : 1;
}

void enriched_read(const char *text, size_t len, struct buf *out)
{
	struct reader reader = {.out = out};

	for (size_t at = 0; at < len;)
		at += read_at(&reader, text + at, len - at);
}
