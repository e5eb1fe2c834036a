/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_HTML_TEXT_H
#define RENDER_WORKER_HTML_TEXT_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * An HTML mail read as plain text: headings and paragraphs apart, lists with
 * bullets or numbers, links with their address behind, tables row by row,
 * quotes with '>'. Scripts, styles and what is hidden are left out. The parser
 * loads nothing: no entity, no DTD, no network.
 *
 * charset: declared by the mail, NULL if none (then the document's own <meta>
 * counts). Appends UTF-8 to *out; lines end with LF. -EINVAL with a sentence
 * when there is no tree to be had.
 */
int html_text_read(const char *html, size_t len, const char *charset,
                   struct buf *out, struct err *err);

/* The document in UTF-8, appended; the charset is found as above. */
void html_text_decode(const char *html, size_t len, const char *charset,
                      struct buf *out);

#endif
