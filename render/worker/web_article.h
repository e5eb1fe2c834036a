/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_WEB_ARTICLE_H
#define RENDER_WORKER_WEB_ARTICLE_H

#include <stdbool.h>

#include <libxml/HTMLparser.h>

#include "base/buf.h"

/*
 * The article of a page (reader mode). Its place is where the paragraphs are:
 * each gives its letters, without those of links, to the element around it and
 * half of them to the one around that; <article> and <main> count more. See
 * web_page_article(). Changes the tree.
 */
bool web_article_write(htmlDocPtr doc, struct buf *out);

#endif
