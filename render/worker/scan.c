/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/scan.h"

#include <errno.h>
#include <stdbool.h>
#include <strings.h>

#include "base/mem.h"

/*
 * Line by line: a block of headers, then a body in which a line "--boundary" of
 * an open multipart begins the next block. A body of type message/rfc822 is
 * itself a block. Where this differs from the real parser it errs by a few
 * parts; the bounds are far from what hurts.
 */
struct boundary {
	const char *text; /* in the message */
	size_t len;
};

struct scan {
	const char *at, *end;
	unsigned max_parts, max_depth;
	struct boundary open[SCAN_DEPTH];
	size_t depth;
	size_t header_bytes, n_headers, n_parts;
	/* of the block being read */
	struct boundary found;
	bool is_message;
};

/* The next line without its end; false at the end of the message. */
static bool next_line(struct scan *scan, const char **line, size_t *len)
{
	const char *lf;

	if (scan->at == scan->end)
		return false;
	lf = memchr(scan->at, '\n', (size_t)(scan->end - scan->at));
	*line = scan->at;
	*len = (size_t)((lf ? lf : scan->end) - scan->at);
	scan->at = lf ? lf + 1 : scan->end;
	if (*len > 0 && (*line)[*len - 1] == '\r')
		(*len)--;
	return true;
}

static bool name_is(const char *header, size_t len, const char *name)
{
	size_t n = strlen(name);

	return len > n && strncasecmp(header, name, n) == 0 &&
	       (header[n] == ':' || header[n] == ' ' || header[n] == '\t');
}

static bool holds_addresses(const char *header, size_t len)
{
	static const char *const names[] = {"From",        "Sender",
	                                    "Reply-To",    "To",
	                                    "Cc",          "Bcc",
	                                    "Resent-From", "Resent-Sender",
	                                    "Resent-To",   "Resent-Cc",
	                                    "Resent-Bcc",  "Resent-Reply-To",
	                                    "Return-Path", "Delivered-To"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (name_is(header, len, names[i]))
			return true;
	return false;
}

/* Where text begins in the header, or NULL; without regard to case. */
static const char *find(const char *header, size_t len, const char *text)
{
	size_t n = strlen(text);

	for (size_t i = 0; i + n <= len; i++)
		if (strncasecmp(header + i, text, n) == 0)
			return header + i;
	return NULL;
}

static void take_boundary(struct scan *scan, const char *header, size_t len)
{
	const char *at = find(header, len, "boundary");
	const char *end = header + len, *stop;

	if (!at)
		return;
	at += strlen("boundary");
	while (at < end && (*at == ' ' || *at == '\t' || *at == '*' ||
	                    *at == '0' || *at == '='))
		at++;
	if (at < end && *at == '"') {
		at++;
		stop = memchr(at, '"', (size_t)(end - at));
	} else {
		for (stop = at; stop < end && !strchr("; \t\r\n", *stop);)
			stop++;
	}
	scan->found.text = at;
	scan->found.len = (size_t)((stop ? stop : end) - at);
}

static int check_header(struct scan *scan, const char *header, size_t len,
                        struct err *err)
{
	size_t groups = 0;

	scan->header_bytes += len;
	if (++scan->n_headers > SCAN_HEADERS)
		return err_set(
			err, -E2BIG,
			"it has more than %d header lines: send what it holds in a new mail",
			SCAN_HEADERS);
	if (len > SCAN_HEADER_MAX)
		return err_set(
			err, -E2BIG,
			"one of its header lines is longer than %d kB: send what it holds in a new mail",
			SCAN_HEADER_MAX / 1024);
	if (scan->header_bytes > SCAN_HEADER_BYTES)
		return err_set(
			err, -E2BIG,
			"its headers are larger than %d kB: send what it holds in a new mail",
			SCAN_HEADER_BYTES / 1024);
	if (holds_addresses(header, len))
		for (size_t i = 0; i < len; i++)
			groups += header[i] == ':';
	if (groups > SCAN_GROUPS)
		return err_set(err, -E2BIG,
		               "an address header nests too many groups");
	if (name_is(header, len, "Content-Type")) {
		scan->is_message = find(header, len, "message/") != NULL;
		if (find(header, len, "multipart/"))
			take_boundary(scan, header, len);
	}
	return 0;
}

/* The open multipart that this line delimits, counted from 1; 0: none. */
static size_t delimits(const struct scan *scan, const char *line, size_t len)
{
	if (len < 2 || line[0] != '-' || line[1] != '-')
		return 0;
	for (size_t i = scan->depth; i > 0; i--) {
		const struct boundary *b = &scan->open[i - 1];

		if (len - 2 >= b->len && memcmp(line + 2, b->text, b->len) == 0)
			return i;
	}
	return 0;
}

/* "--boundary--": what follows is text of the level above. */
static bool closes(const struct boundary *b, const char *line, size_t len)
{
	const char *rest = line + 2 + b->len;

	return len >= b->len + 4 && rest[0] == '-' && rest[1] == '-';
}

static bool continues(const struct scan *scan)
{
	return scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\t');
}

/* Headers up to the empty line; what a multipart announces is opened. */
static int scan_block(struct scan *scan, struct err *err)
{
	const char *line;
	size_t len;

	scan->found = (struct boundary){0};
	scan->is_message = false;
	while (next_line(scan, &line, &len) && len > 0) {
		const char *rest;
		size_t rest_len;
		int r;

		while (continues(scan) && next_line(scan, &rest, &rest_len))
			len = (size_t)(rest + rest_len - line);
		r = check_header(scan, line, len, err);
		if (r < 0)
			return r;
	}
	if (scan->found.len == 0 && !scan->is_message)
		return 0;
	if (scan->depth == scan->max_depth)
		return err_set(
			err, -E2BIG,
			"its parts are nested more than %d deep: attach the inner ones to a mail of their own",
			scan->max_depth);
	/* An attached message counts as a level, ended by its parent's
	 * boundary: one that no line can match stands for it. */
	if (scan->found.len == 0)
		scan->found = (struct boundary){"\n", 1};
	scan->open[scan->depth++] = scan->found;
	return 0;
}

static int scan_part(struct scan *scan, struct err *err)
{
	int r;

	do {
		if (++scan->n_parts > scan->max_parts)
			return err_set(
				err, -E2BIG,
				"it has more than %d parts: send them in several mails",
				scan->max_parts);
		r = scan_block(scan, err);
	} while (r == 0 && scan->is_message && scan->at < scan->end);
	return r;
}

/* The administrator's bound, or ours where he names none. */
static unsigned lesser(unsigned limit, unsigned bound)
{
	return limit > 0 && limit < bound ? limit : bound;
}

int scan_message(const char *data, size_t len, const struct scan_limits *limits,
                 struct err *err)
{
	struct scan scan = {
		.at = data,
		.end = data + len,
		.max_parts = lesser(limits->parts, SCAN_PARTS),
		.max_depth = lesser(limits->depth, SCAN_DEPTH),
	};
	const char *line;
	size_t n;
	int r = scan_part(&scan, err);

	while (r == 0 && next_line(&scan, &line, &n)) {
		size_t level = delimits(&scan, line, n);

		if (level == 0)
			continue;
		if (closes(&scan.open[level - 1], line, n)) {
			scan.depth = level - 1;
			continue;
		}
		scan.depth = level;
		r = scan_part(&scan, err);
	}
	return r;
}
