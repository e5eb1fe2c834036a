/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/html_tree.h"

#include <stdint.h>

#include <libxml/parserInternals.h>

/*
 * Below 256 elements libxml2 stops reading, so that nobody's stack overflows;
 * of a mail that was answered fifty times that is the greater part. Without
 * any bound it would look through the whole stack for every end tag.
 */
htmlDocPtr html_tree_read(const char *utf8, size_t len)
{
	unsigned depth = xmlParserMaxDepth;
	htmlDocPtr doc;

	if (len == 0 || len > INT32_MAX)
		return NULL;
	xmlParserMaxDepth = HTML_TREE_DEPTH;
	doc = htmlReadMemory(utf8, (int)len, NULL, "UTF-8",
	                     HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
	                             HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
	xmlParserMaxDepth = depth;
	return doc;
}
