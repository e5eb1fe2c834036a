/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_CONTENT_LINE_H
#define RENDER_WORKER_CONTENT_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * The lines that calendars (RFC 5545, 3.1) and address cards (RFC 6350, 3.2 and
 * vCard 2.1) are made of: NAME;PARAM=VALUE:VALUE, folded. Zero-initialised is
 * ready for content_line_next().
 */
#define CONTENT_LINE_PARAMS 24
#define CONTENT_LINE_MAX    (1u << 20) /* the rest of a line is left out */

struct content_line {
	struct buf text; /* owned; the others point into it */
	const char *name;
	const char *value; /* as written; content_line_text() reads it */
	size_t n_params;
	struct {
		const char *name, *value;
	} params[CONTENT_LINE_PARAMS];
};

/*
 * The next line of *at..end, which moves on; lines that are none are passed
 * over. False at the end. *line is reused.
 */
bool content_line_next(const char **at, const char *end,
                       struct content_line *line);

bool content_line_is(const struct content_line *line, const char *name);

/* "" when it is not there. */
const char *content_line_param(const struct content_line *line,
                               const char *name);

/* Whether one of the TYPE parameters' values is this word. */
bool content_line_has_type(const struct content_line *line, const char *word);

/* Bytes that stand in the value as base64 (RFC 2426, 5), appended; none if not.
 */
void content_line_bytes(const struct content_line *line, struct buf *out);

/* The value as text: escapes and quoted-printable undone; appended. */
void content_line_text(const struct content_line *line, struct buf *out);

/*
 * Field n (from 0) of a value with fields between semicolons, as text;
 * appended. False: there are fewer.
 */
bool content_line_field(const struct content_line *line, unsigned n,
                        struct buf *out);

void content_line_fini(struct content_line *line);

static inline __attribute__((unused)) void
content_line_fini_cleanup_(struct content_line *line)
{
	content_line_fini(line);
}

#endif
