/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_WEB_PAGE_H
#define RENDER_WORKER_WEB_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* An HTML document from the web, looked at before it is printed. UTF-8 in. */

#define WEB_PAGE_MAX (64u << 20) /* bytes of what is behind a link */

/*
 * Why it is no use on paper, a static sentence: a form that asks for a password
 * on a page that says little else, a page without anything to see. NULL: print
 * it.
 */
const char *web_page_fault(const char *html, size_t len);

/*
 * The main article alone, as an HTML document: title, author, text, pictures;
 * no navigation, no forms, no scripts. Appended to *out. False when nothing on
 * the page reads like an article; *out is untouched then.
 */
bool web_page_article(const char *html, size_t len, struct buf *out);

#endif
