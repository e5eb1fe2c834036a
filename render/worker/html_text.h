/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_HTML_TEXT_H
#define RENDER_WORKER_HTML_TEXT_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* A heading within the text: its bytes, and 1 for <h1>. */
struct html_heading {
	size_t start, end;
	unsigned level;
};

struct html_text {
	struct buf words;              /* UTF-8; lines end with LF */
	struct html_heading *headings; /* ascending */
	size_t n_headings;
};

/*
 * An HTML mail read as text: headings and paragraphs apart, lists with bullets
 * or numbers, links with a number that stands below with the address, tables
 * row by row, quotes with '>'. Scripts, styles and what is hidden are left out.
 * The parser loads nothing: no entity, no DTD, no network.
 *
 * charset: declared by the mail, NULL if none (then the document's own <meta>
 * counts). *out was zero. -EINVAL with a sentence when there is no tree to be
 * had.
 */
int html_text_read(const char *html, size_t len, const char *charset,
                   struct html_text *out, struct err *err);

void html_text_fini(struct html_text *text);

static inline __attribute__((unused)) void
html_text_fini_cleanup_(struct html_text *text)
{
	html_text_fini(text);
}

#endif
