/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/web_feed.h"

#include <stdint.h>

#include <glib.h>
#include <libxml/parser.h>

#include "base/mem.h"
#include "render/worker/html_text.h"

#define ENTRIES_MAX 200
#define WORDS_MAX   600 /* bytes of an entry's text that are shown */

static const char style[] =
	"<style>body{font:11pt/1.4 serif;margin:0}"
	"h1{font-size:20pt;line-height:1.2;margin:0 0 .2em}"
	"h2{font-size:13pt;line-height:1.25;margin:0}"
	"article{margin:1.2em 0;break-inside:avoid}p{margin:.2em 0}"
	".by{color:#555;font-size:9.5pt}"
	"a{color:#555;text-decoration:none;font-size:9pt;"
	"overflow-wrap:anywhere}</style>";

/* Feeds differ in their namespaces, not in what their elements are called. */
static bool is_named(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE &&
	       strcmp((const char *)node->name, name) == 0;
}

static bool is_feed(const xmlNode *root)
{
	return is_named(root, "rss") || is_named(root, "feed") ||
	       is_named(root, "RDF");
}

/* The first child of one of these names, in the order of the names. */
static xmlNode *child_of(const xmlNode *node, const char *const *names)
{
	for (; *names; names++)
		for (xmlNode *child = node->children; child;
		     child = child->next)
			if (is_named(child, *names))
				return child;
	return NULL;
}

/* ---- words --------------------------------------------------------------- */

/* Blanks become one, what is too long ends in a character of its own. */
static char *squeezed(const char *text, size_t max)
{
	struct buf out CLEANUP(buf_fini) = {0};
	bool is_cut = false, owes_blank = false;

	for (; *text && !is_cut; text++) {
		is_cut = out.len >= max && (*text & 0xc0) != 0x80;
		if (g_ascii_isspace(*text)) {
			owes_blank = out.len > 0;
			continue;
		}
		if (owes_blank)
			buf_puts(&out, " ");
		owes_blank = false;
		if (is_cut)
			buf_puts(&out, "\xe2\x80\xa6");
		else
			buf_append(&out, text, 1);
	}
	return xstrdup(buf_str(&out));
}

/*
 * The addresses of its links go, and their numbers in the text: an entry has
 * one of its own.
 */
static void drop_notes(char *words)
{
	char *notes = strstr(words, "\n[1] ");

	if (!notes)
		return;
	*notes = '\0';
	while ((words = strstr(words, " [")) != NULL) {
		size_t n = strspn(words + 2, "0123456789");

		words += 2;
		if (n > 0 && words[n] == ']')
			memset(words - 1, ' ', n + 2);
	}
}

/* Texts of a feed are HTML in disguise: as text, or in the tree itself. */
static char *words_of(xmlNode *node, size_t max)
{
	struct html_text text CLEANUP(html_text_fini) = {0};
	xmlChar *content = node ? xmlNodeGetContent(node) : NULL;
	char *words = NULL;

	if (content &&
	    html_text_read((const char *)content, strlen((const char *)content),
	                   "utf-8", &text, NULL) == 0) {
		buf_str(&text.words);
		drop_notes(text.words.data);
		words = squeezed(text.words.data, max);
	}
	xmlFree(content);
	return words ? words : xstrdup("");
}

static void put_element(struct buf *out, const char *tag, const char *words)
{
	char *escaped;

	if (!*words)
		return;
	escaped = g_markup_escape_text(words, -1);
	buf_printf(out, "<%s>%s</%.*s>", tag, escaped, (int)strcspn(tag, " "),
	           tag);
	g_free(escaped);
}

/* ---- entries ------------------------------------------------------------- */

/* RSS has it as text, Atom as an attribute, of which one is the page. */
static char *link_of(const xmlNode *entry)
{
	for (xmlNode *node = entry->children; node; node = node->next) {
		xmlChar *rel, *href;
		char *out = NULL;

		if (!is_named(node, "link"))
			continue;
		rel = xmlGetProp(node, (const xmlChar *)"rel");
		href = xmlGetProp(node, (const xmlChar *)"href");
		if (!href)
			href = xmlNodeGetContent(node);
		if (href && (!rel || strcmp((char *)rel, "alternate") == 0))
			out = squeezed((const char *)href, WORDS_MAX);
		xmlFree(rel);
		xmlFree(href);
		if (out)
			return out;
	}
	return xstrdup("");
}

/* "2026-11-20T10:00:00Z" to "2026-11-20 10:00:00Z". */
static void put_byline(const xmlNode *entry, struct buf *out)
{
	static const char *const dates[] = {"pubDate", "published", "updated",
	                                    "date", NULL};
	static const char *const authors[] = {"creator", "author", NULL};
	char *date CLEANUP(xfree) = words_of(child_of(entry, dates), 60);
	char *author CLEANUP(xfree) = words_of(child_of(entry, authors), 100);
	char *line CLEANUP(xfree) =
		xasprintf("%s%s%s", date, *date && *author ? " \xc2\xb7 " : "",
	                  author);
	char *t = strchr(date, 'T');

	if (t && t > date && g_ascii_isdigit(t[-1]))
		line[t - date] = ' ';
	put_element(out, "p class=by", line);
}

static void put_entry(const xmlNode *entry, struct buf *out)
{
	static const char *const titles[] = {"title", NULL};
	static const char *const texts[] = {"description", "summary", "encoded",
	                                    "content", NULL};
	char *title CLEANUP(xfree) = words_of(child_of(entry, titles), 300);
	char *text CLEANUP(xfree) = words_of(child_of(entry, texts), WORDS_MAX);
	char *link CLEANUP(xfree) = link_of(entry);

	buf_puts(out, "<article>");
	put_element(out, "h2", title);
	put_byline(entry, out);
	put_element(out, "p", text);
	put_element(out, "a", link);
	buf_puts(out, "</article>");
}

static unsigned put_entries(const xmlNode *parent, struct buf *out)
{
	unsigned n = 0;

	for (const xmlNode *node = parent ? parent->children : NULL;
	     node && n < ENTRIES_MAX; node = node->next)
		if (is_named(node, "item") || is_named(node, "entry")) {
			put_entry(node, out);
			n++;
		}
	return n;
}

/* ---- the feed ------------------------------------------------------------ */

static void write_feed(const xmlNode *root, struct buf *out)
{
	static const char *const channels[] = {"channel", NULL};
	static const char *const titles[] = {"title", NULL};
	static const char *const texts[] = {"description", "subtitle", NULL};
	const xmlNode *channel = child_of(root, channels);
	const xmlNode *feed = channel ? channel : root;
	char *title CLEANUP(xfree) = words_of(child_of(feed, titles), 300);
	char *text CLEANUP(xfree) = words_of(child_of(feed, texts), WORDS_MAX);

	buf_printf(out,
	           "<!DOCTYPE html><html><head><meta charset=utf-8>%s"
	           "</head><body>",
	           style);
	put_element(out, "h1", *title ? title : "A feed");
	put_element(out, "p", text);
	/* RSS 1.0 has its entries beside the channel */
	if (put_entries(channel, out) + put_entries(root, out) == 0)
		buf_puts(out, "<p>There are no entries in this feed.</p>");
	buf_puts(out, "</body></html>");
}

bool web_feed_write(const char *xml, size_t len, struct buf *out)
{
	xmlDocPtr doc;
	xmlNode *root;
	bool found;

	if (len == 0 || len > INT32_MAX)
		return false;
	doc = xmlReadMemory(xml, (int)len, NULL, NULL,
	                    XML_PARSE_RECOVER | XML_PARSE_NOERROR |
	                            XML_PARSE_NOWARNING | XML_PARSE_NONET |
	                            XML_PARSE_NOCDATA);
	root = doc ? xmlDocGetRootElement(doc) : NULL;
	/* entities may grow without end where they are read */
	found = root && is_feed(root) &&
	        !(doc->intSubset && doc->intSubset->entities);
	if (found)
		write_feed(root, out);
	xmlFreeDoc(doc);
	return found;
}
