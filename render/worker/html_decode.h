/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_HTML_DECODE_H
#define RENDER_WORKER_HTML_DECODE_H

#include <stddef.h>

#include "base/buf.h"

/*
 * An HTML document in UTF-8, appended to *out. charset: declared by the mail or
 * the server, NULL if none; then the document's own <meta> counts, and where
 * that says UTF-8 and is right. Word's conditions around what every reader is
 * to see become blanks.
 */
void html_decode(const char *html, size_t len, const char *charset,
                 struct buf *out);

#endif
