/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_HTML_TREE_H
#define RENDER_WORKER_HTML_TREE_H

#include <stddef.h>

#include <libxml/HTMLparser.h>

/*
 * The tree of an HTML document in UTF-8, however broken; xmlFreeDoc() it. NULL:
 * there is none. The parser loads nothing: no entity, no DTD, no network.
 *
 * It may be HTML_TREE_DEPTH elements deep, so nobody walks it by recursion.
 */
#define HTML_TREE_DEPTH 4096

htmlDocPtr html_tree_read(const char *utf8, size_t len);

#endif
