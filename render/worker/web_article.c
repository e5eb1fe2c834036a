/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/web_article.h"

#include <ctype.h>
#include <stdint.h>
#include <strings.h>

#include <libxml/HTMLtree.h>

#include "base/mem.h"

#define ARTICLE_MIN 200   /* letters; less is a notice, not an article */
#define SCORED_MAX  20000 /* paragraphs that are counted */

static const char style[] =
	"<style>body{font:11.5pt/1.45 serif;margin:0}"
	"h1{font-size:21pt;line-height:1.2;margin:0 0 .3em}"
	".platen-by{color:#555;margin:0 0 1.5em;font-size:10pt}"
	"img,svg,video{max-width:100%;height:auto}"
	"pre{white-space:pre-wrap}figure{margin:1em 0}"
	"figcaption{color:#555;font-size:9.5pt}"
	"a{color:inherit;text-decoration:none}"
	"table{border-collapse:collapse}td,th{padding:.2em .5em;"
	"border:1px solid #bbb}</style>";

/* ---- the tree ------------------------------------------------------------ */

static bool is_named(const xmlNode *node, const char *name)
{
	return node && node->type == XML_ELEMENT_NODE &&
	       strcasecmp((const char *)node->name, name) == 0;
}

static bool is_one_of(const xmlNode *node, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_named(node, names[i]))
			return true;
	return false;
}

/* The next in document order; `inside`: children too. */
static xmlNode *next_of(xmlNode *node, const xmlNode *root, bool inside)
{
	if (inside && node->children)
		return node->children;
	while (node != root && !node->next)
		node = node->parent;
	return node == root ? NULL : node->next;
}

static bool has_word(const xmlChar *text, const char *const *words, size_t n)
{
	for (size_t i = 0; text && i < n; i++)
		if (strcasestr((const char *)text, words[i]))
			return true;
	return false;
}

static bool is_marked(xmlNode *node, const char *attribute,
                      const char *const *words, size_t n)
{
	xmlChar *value = xmlGetProp(node, (const xmlChar *)attribute);
	bool is = has_word(value, words, n);

	xmlFree(value);
	return is;
}

static size_t letters_in(xmlNode *root, bool counts_links)
{
	size_t n = 0;
	bool inside = true;

	for (xmlNode *node = root; node; node = next_of(node, root, inside)) {
		inside = counts_links || !is_named(node, "a");
		if (node->type == XML_TEXT_NODE && node->content)
			for (const xmlChar *s = node->content; *s; s++)
				n += !isspace(*s) && (*s & 0xc0) != 0x80;
	}
	return n;
}

/* ---- what is no article -------------------------------------------------- */

static bool is_clutter(xmlNode *node, size_t n_letters)
{
	static const char *const names[] = {"script",   "style", "noscript",
	                                    "template", "nav",   "aside",
	                                    "footer",   "form",  "iframe",
	                                    "button",   "input", "select",
	                                    "object",   "embed", "dialog",
	                                    "canvas",   "link",  "meta",
	                                    "textarea"};
	static const char *const words[] =
		{"share",      "social",    "comment",    "related",
	         "promo",      "advert",    "newsletter", "cookie",
	         "consent",    "sidebar",   "breadcrumb", "pagination",
	         "paywall",    "subscribe", "banner",     "site-nav",
	         "menu",       "popup",     "recommend",  "editsection",
	         "headerlink", "noprint",   "no-print"};
	static const char *const roles[] = {"navigation",  "complementary",
	                                    "contentinfo", "search",
	                                    "banner",      "dialog"};

	if (node->type == XML_COMMENT_NODE)
		return true;
	if (node->type != XML_ELEMENT_NODE || is_named(node, "body") ||
	    is_named(node, "html") || is_named(node, "article") ||
	    is_named(node, "main"))
		return false;
	if (is_one_of(node, names, ARRAY_LEN(names)) ||
	    xmlHasProp(node, (const xmlChar *)"hidden"))
		return true;
	/* what holds half of the page is "has-sidebar", not a sidebar */
	return (is_marked(node, "class", words, ARRAY_LEN(words)) ||
	        is_marked(node, "id", words, ARRAY_LEN(words)) ||
	        is_marked(node, "role", roles, ARRAY_LEN(roles))) &&
	       letters_in(node, true) * 2 < n_letters;
}

static void remove_clutter(xmlNode *root)
{
	xmlNode *node = root;
	size_t n_letters = letters_in(root, true);

	while (node) {
		xmlNode *next;

		if (node == root || !is_clutter(node, n_letters)) {
			node = next_of(node, root, true);
			continue;
		}
		next = next_of(node, root, false);
		xmlUnlinkNode(node);
		xmlFreeNode(node);
		node = next;
	}
}

/* ---- where the paragraphs are -------------------------------------------- */

/* A node's score is kept in its _private. */
static void give(xmlNode *node, size_t score)
{
	if (node && node->type == XML_ELEMENT_NODE)
		node->_private =
			(void *)((uintptr_t)node->_private + (uintptr_t)score);
}

static size_t weighted(const xmlNode *node)
{
	size_t score = (size_t)(uintptr_t)node->_private;

	return is_named(node, "article") ? score * 2
	       : is_named(node, "main")  ? score * 3 / 2
	                                 : score;
}

static void score_paragraphs(xmlNode *root)
{
	static const char *const names[] = {"p", "pre", "blockquote", "td",
	                                    "li"};
	size_t n = 0;

	for (xmlNode *node = root; node && n < SCORED_MAX;
	     node = next_of(node, root, true)) {
		size_t letters;

		if (!is_one_of(node, names, ARRAY_LEN(names)))
			continue;
		n++;
		letters = letters_in(node, false);
		/* a list of short items is a menu */
		if (letters < 25)
			continue;
		give(node->parent, letters);
		if (node->parent)
			give(node->parent->parent, letters / 2);
	}
}

static xmlNode *best_place(xmlNode *root)
{
	xmlNode *best = NULL;

	score_paragraphs(root);
	for (xmlNode *node = root; node; node = next_of(node, root, true))
		if (node->type == XML_ELEMENT_NODE && node->_private &&
		    (!best || weighted(node) > weighted(best)))
			best = node;
	return best;
}

/*
 * The paragraphs may stand in an element of their own, beside the picture that
 * leads the article.
 */
static xmlNode *whole_article(xmlNode *place)
{
	size_t n_letters = place ? letters_in(place, true) : 0;

	for (xmlNode *up = place; up; up = up->parent)
		if (is_named(up, "article") &&
		    letters_in(up, true) < n_letters + n_letters / 2)
			return up;
	return place;
}

/* ---- title and author ---------------------------------------------------- */

static char *squeezed(const xmlChar *text)
{
	struct buf out CLEANUP(buf_fini) = {0};

	for (; text && *text && out.len < 400; text++) {
		if (!isspace(*text))
			buf_append(&out, text, 1);
		else if (out.len > 0 && out.data[out.len - 1] != ' ')
			buf_puts(&out, " ");
	}
	return out.len ? xstrndup(out.data, out.len) : NULL;
}

static char *text_of(xmlNode *node)
{
	xmlChar *text = xmlNodeGetContent(node);
	char *out = squeezed(text);

	xmlFree(text);
	return out;
}

/* <meta name= or property= content=>; NULL if there is none. */
static char *meta_of(xmlNode *root, const char *name)
{
	for (xmlNode *node = root; node; node = next_of(node, root, true)) {
		xmlChar *content;
		char *out;

		if (!is_named(node, "meta") ||
		    (!is_marked(node, "property", &name, 1) &&
		     !is_marked(node, "name", &name, 1)))
			continue;
		content = xmlGetProp(node, (const xmlChar *)"content");
		out = squeezed(content);
		xmlFree(content);
		if (out)
			return out;
	}
	return NULL;
}

static char *element_text(xmlNode *root, const char *name)
{
	for (xmlNode *node = root; node; node = next_of(node, root, true))
		if (is_named(node, name))
			return text_of(node);
	return NULL;
}

static char *byline_of(xmlNode *root)
{
	static const char *const words[] = {"byline", "author"};

	for (xmlNode *node = root; node; node = next_of(node, root, true))
		if (node->type == XML_ELEMENT_NODE &&
		    (is_marked(node, "class", words, ARRAY_LEN(words)) ||
		     is_marked(node, "rel", words, ARRAY_LEN(words))) &&
		    letters_in(node, true) < 120)
			return text_of(node);
	return NULL;
}

/* ---- the document -------------------------------------------------------- */

static void put_escaped(struct buf *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '<': buf_puts(out, "&lt;"); break;
		case '&': buf_puts(out, "&amp;"); break;
		case '"': buf_puts(out, "&quot;"); break;
		default: buf_append(out, text, 1);
		}
	}
}

/* What a script would copy when the picture is scrolled to. */
static void wake(xmlNode *node)
{
	static const struct {
		const char *from, *to;
	} lazy[] = {
		{"data-src", "src"},
		{"data-original", "src"},
		{"data-lazy-src", "src"},
		{"data-srcset", "srcset"},
		{"data-lazy-srcset", "srcset"},
	};

	xmlUnsetProp(node, (const xmlChar *)"loading");
	for (size_t i = 0; i < ARRAY_LEN(lazy); i++) {
		xmlChar *value =
			xmlGetProp(node, (const xmlChar *)lazy[i].from);

		if (value)
			xmlSetProp(node, (const xmlChar *)lazy[i].to, value);
		xmlFree(value);
	}
}

/*
 * Pictures that wait to be scrolled to never come on paper, nor those of AMP,
 * which a script draws.
 */
static void wake_pictures(xmlNode *root)
{
	static const char *const pictures[] = {"img", "source"};

	for (xmlNode *node = root; node; node = next_of(node, root, true)) {
		if (is_named(node, "amp-img"))
			xmlNodeSetName(node, (const xmlChar *)"img");
		if (is_one_of(node, pictures, ARRAY_LEN(pictures)))
			wake(node);
	}
}

/* The title stands above already. */
static void drop_heading(xmlNode *place)
{
	for (xmlNode *node = place; node; node = next_of(node, place, true)) {
		if (!is_named(node, "h1") || node == place)
			continue;
		xmlUnlinkNode(node);
		xmlFreeNode(node);
		return;
	}
}

static void write_document(htmlDocPtr doc, xmlNode *place, const char *title,
                           const char *by, struct buf *out)
{
	xmlBufferPtr inner = xmlBufferCreate();

	buf_puts(out, "<!DOCTYPE html><html><head><meta charset=utf-8><title>");
	put_escaped(out, title ? title : "");
	buf_printf(out, "</title>%s</head><body>", style);
	if (title) {
		buf_puts(out, "<h1>");
		put_escaped(out, title);
		buf_puts(out, "</h1>");
	}
	if (by) {
		buf_puts(out, "<p class=platen-by>");
		put_escaped(out, by);
		buf_puts(out, "</p>");
	}
	for (xmlNode *node = place->children; node; node = node->next)
		htmlNodeDump(inner, doc, node);
	buf_append(out, xmlBufferContent(inner),
	           (size_t)xmlBufferLength(inner));
	buf_puts(out, "</body></html>");
	xmlBufferFree(inner);
}

bool web_article_write(htmlDocPtr doc, struct buf *out)
{
	xmlNode *root = xmlDocGetRootElement(doc), *place;
	char *title CLEANUP(xfree) = meta_of(root, "og:title");
	char *by CLEANUP(xfree) = meta_of(root, "author");

	if (!title)
		title = element_text(root, "h1");
	if (!title)
		title = element_text(root, "title");
	remove_clutter(root);
	place = whole_article(best_place(root));
	if (!place || letters_in(place, true) < ARTICLE_MIN)
		return false;
	if (!by)
		by = byline_of(root);
	wake_pictures(place);
	drop_heading(place);
	write_document(doc, place, title, by, out);
	return true;
}
