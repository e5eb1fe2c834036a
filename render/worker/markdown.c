/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/markdown.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include "base/mem.h"

/* Without CMARK_OPT_UNSAFE raw HTML is left out. */
#define OPTIONS (CMARK_OPT_VALIDATE_UTF8 | CMARK_OPT_SMART)

static const char head[] =
	"<!DOCTYPE html><html><head><meta charset=\"utf-8\"><style>"
	"body{font:11pt/1.4 sans-serif}"
	"pre,code{font-family:monospace;font-size:10pt}"
	"pre{background:#f2f2f2;padding:6pt;white-space:pre-wrap}"
	"blockquote{border-left:3pt solid #aaa;margin-left:0;padding-left:9pt}"
	"table{border-collapse:collapse}"
	"td,th{border:1px solid #888;padding:2pt 6pt}"
	"img{max-width:100%}h1,h2,h3,h4{break-after:avoid}"
	"tr,pre{break-inside:avoid}thead{display:table-header-group}"
	"</style></head><body>";

static void attach(cmark_parser *parser)
{
	static const char *const names[] = {"table", "strikethrough",
	                                    "autolink", "tasklist"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		cmark_syntax_extension *extension =
			cmark_find_syntax_extension(names[i]);

		if (extension)
			cmark_parser_attach_syntax_extension(parser, extension);
	}
}

void markdown_read(const char *utf8, size_t len, struct buf *html)
{
	cmark_parser *parser;
	cmark_node *document;
	char *body;

	cmark_gfm_core_extensions_ensure_registered();
	parser = cmark_parser_new(OPTIONS);
	attach(parser);
	cmark_parser_feed(parser, utf8, len);
	document = cmark_parser_finish(parser);
	body = cmark_render_html(document, OPTIONS,
	                         cmark_parser_get_syntax_extensions(parser));
	buf_puts(html, head);
	buf_puts(html, body);
	buf_puts(html, "</body></html>\n");
	free(body);
	cmark_node_free(document);
	cmark_parser_free(parser);
}
