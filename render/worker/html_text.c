/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/html_text.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <strings.h>

#include "base/mem.h"
#include "render/worker/html_decode.h"
#include "render/worker/html_hidden.h"
#include "render/worker/html_tree.h"

/*
 * The tree is walked without recursion, entering and leaving each element, so
 * that nesting costs no stack. Blanks collapse as in a browser: a pending blank
 * or line break is written only when a word follows.
 */
enum role {
	ROLE_INLINE,
	ROLE_SKIP,
	ROLE_BLOCK,     /* begins and ends a line */
	ROLE_PARAGRAPH, /* an empty line around */
	ROLE_HEADING,
	ROLE_BREAK,
	ROLE_RULE,
	ROLE_LIST,
	ROLE_ITEM,
	ROLE_QUOTE,
	ROLE_CELL,
	ROLE_LINK,
	ROLE_IMAGE,
	ROLE_PRE,
};

static const struct {
	const char *name;
	enum role role;
} roles[] = {
	{"script", ROLE_SKIP},      {"style", ROLE_SKIP},
	{"head", ROLE_SKIP},        {"title", ROLE_SKIP},
	{"template", ROLE_SKIP},    {"object", ROLE_SKIP},
	{"iframe", ROLE_SKIP},      {"select", ROLE_SKIP},
	{"p", ROLE_PARAGRAPH},      {"h1", ROLE_HEADING},
	{"h2", ROLE_HEADING},       {"h3", ROLE_HEADING},
	{"h4", ROLE_HEADING},       {"h5", ROLE_HEADING},
	{"h6", ROLE_HEADING},       {"table", ROLE_BLOCK},
	{"tr", ROLE_BLOCK},         {"td", ROLE_CELL},
	{"th", ROLE_CELL},          {"caption", ROLE_BLOCK},
	{"ul", ROLE_LIST},          {"ol", ROLE_LIST},
	{"li", ROLE_ITEM},          {"dl", ROLE_PARAGRAPH},
	{"dt", ROLE_BLOCK},         {"dd", ROLE_BLOCK},
	{"div", ROLE_BLOCK},        {"section", ROLE_BLOCK},
	{"article", ROLE_BLOCK},    {"header", ROLE_BLOCK},
	{"footer", ROLE_BLOCK},     {"address", ROLE_BLOCK},
	{"center", ROLE_BLOCK},     {"form", ROLE_BLOCK},
	{"main", ROLE_BLOCK},       {"nav", ROLE_BLOCK},
	{"aside", ROLE_BLOCK},      {"figure", ROLE_PARAGRAPH},
	{"figcaption", ROLE_BLOCK}, {"details", ROLE_BLOCK},
	{"summary", ROLE_BLOCK},    {"fieldset", ROLE_BLOCK},
	{"legend", ROLE_BLOCK},     {"noscript", ROLE_BLOCK},
	{"video", ROLE_BLOCK},      {"audio", ROLE_BLOCK},
	{"blockquote", ROLE_QUOTE}, {"pre", ROLE_PRE},
	{"br", ROLE_BREAK},         {"hr", ROLE_RULE},
	{"a", ROLE_LINK},           {"img", ROLE_IMAGE},
};

#define HEADINGS_MAX 10000
#define NOTES_MAX    999
#define NESTING_MAX  20 /* deeper lists and quotes are not indented further */

struct reader {
	struct html_text *text;
	struct buf *out;  /* its words */
	struct buf notes; /* the addresses of the links, a line each */
	unsigned n_notes;
	unsigned breaks; /* line ends owed before the next word */
	bool blank;      /* a blank owed before the next word */
	bool at_start;   /* of a line: nothing written in it yet */
	unsigned quotes, lists, pre;
	bool is_cell_new;  /* a cell's first word is still to come */
	size_t cell_start; /* of the innermost; SIZE_MAX: it has no words */
	bool is_heading;  /* inside of one; its place is headings[n_headings] */
	const char *mark; /* owed before the next word: "\u2022 ", " | " */
	char number[16];  /* where mark points for ordered lists */
};

static enum role role_of(const xmlNode *node)
{
	for (size_t i = 0; i < ARRAY_LEN(roles); i++)
		if (strcasecmp((const char *)node->name, roles[i].name) == 0)
			return roles[i].role;
	return ROLE_INLINE;
}

/* NULL or the value, valid while the tree is. */
static const char *attribute(const xmlNode *node, const char *name)
{
	for (const xmlAttr *a = node->properties; a; a = a->next)
		if (strcasecmp((const char *)a->name, name) == 0)
			return a->children && a->children->content
			               ? (const char *)a->children->content
			               : "";
	return NULL;
}

static bool is_hidden(const xmlNode *node)
{
	const char *style = attribute(node, "style");

	return attribute(node, "hidden") || (style && html_style_hides(style));
}

static void owe_breaks(struct reader *reader, unsigned n)
{
	if (reader->breaks < n)
		reader->breaks = n;
	reader->blank = false;
}

static void begin_line(struct reader *reader)
{
	for (unsigned i = 0; i < reader->quotes && i < NESTING_MAX; i++)
		buf_puts(reader->out, "> ");
	for (unsigned i = 1; i < reader->lists && i < NESTING_MAX; i++)
		buf_puts(reader->out, "   ");
}

/* What is owed is paid, in order: line ends, indentation, mark, blank. */
static void pay(struct reader *reader)
{
	bool first = reader->out->len == 0;

	for (; reader->breaks > 0; reader->breaks--)
		if (!first)
			buf_puts(reader->out, "\n");
	if (reader->at_start)
		begin_line(reader);
	if (reader->mark)
		buf_puts(reader->out, reader->mark);
	else if (reader->blank && !reader->at_start)
		buf_puts(reader->out, " ");
	reader->mark = NULL;
	reader->blank = false;
	reader->at_start = false;
}

static void owe(struct reader *reader, unsigned breaks)
{
	/* Line ends are kept until a word comes; only then a line starts. */
	owe_breaks(reader, breaks);
	reader->at_start = true;
}

static void put_word(struct reader *reader, const char *word, size_t len)
{
	struct html_text *text = reader->text;

	pay(reader);
	if (reader->is_cell_new)
		reader->cell_start = reader->out->len;
	reader->is_cell_new = false;
	if (reader->is_heading &&
	    text->headings[text->n_headings].start == SIZE_MAX)
		text->headings[text->n_headings].start = reader->out->len;
	buf_append(reader->out, word, len);
}

/* Blanks of HTML, and the no-break space that mails use as filling. */
static size_t blank_at(const char *s)
{
	if (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r' || *s == '\f')
		return 1;
	return s[0] == '\xc2' && s[1] == '\xa0' ? 2 : 0;
}

static void put_text(struct reader *reader, const char *text)
{
	while (*text) {
		size_t n = blank_at(text), len = 0;

		if (n > 0) {
			reader->blank = true;
			text += n;
			continue;
		}
		while (text[len] && blank_at(text + len) == 0)
			len++;
		put_word(reader, text, len);
		text += len;
	}
}

static void put_preformatted(struct reader *reader, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");

		if (len > 0)
			put_word(reader, text, len);
		text += len;
		if (*text == '\n') {
			reader->breaks++;
			reader->at_start = true;
			text++;
		}
	}
}

static void enter_item(struct reader *reader, const xmlNode *node)
{
	const xmlNode *list = node->parent;
	unsigned n = 1;

	owe(reader, 1);
	reader->mark = "\xe2\x80\xa2 ";
	if (!list || strcasecmp((const char *)list->name, "ol") != 0)
		return;
	for (const xmlNode *p = node->prev; p; p = p->prev)
		n += p->type == XML_ELEMENT_NODE;
	snprintf(reader->number, sizeof reader->number, "%u. ", n);
	reader->mark = reader->number;
}

static bool is_first_cell(const xmlNode *node)
{
	for (const xmlNode *p = node->prev; p; p = p->prev)
		if (p->type == XML_ELEMENT_NODE)
			return false;
	return true;
}

static void enter_cell(struct reader *reader, const xmlNode *node)
{
	if (is_first_cell(node) || reader->at_start)
		reader->blank = true;
	else if (!reader->mark)
		reader->mark = " | ";
	reader->is_cell_new = true;
	reader->cell_start = SIZE_MAX;
}

/* A paragraph in a cell ends no line, if it is the cell's only one. */
static void leave_cell(struct reader *reader)
{
	size_t start = reader->cell_start;

	if (start != SIZE_MAX && !memchr(reader->out->data + start, '\n',
	                                 reader->out->len - start)) {
		reader->breaks = 0;
		reader->at_start = false;
	}
	reader->is_cell_new = false;
	reader->cell_start = SIZE_MAX;
}

static void put_image(struct reader *reader, const xmlNode *node)
{
	const char *alt = attribute(node, "alt");

	if (!alt || !*alt)
		return;
	put_text(reader, alt);
}

/* Where a heading begins is known when its first word comes. */
static void enter_heading(struct reader *reader, const xmlNode *node)
{
	struct html_text *text = reader->text;

	owe(reader, 2);
	if (text->n_headings >= HEADINGS_MAX || reader->is_heading)
		return;
	text->headings = xrealloc(text->headings, (text->n_headings +
	                                           1) * sizeof *text->headings);
	text->headings[text->n_headings] = (struct html_heading){
		.start = SIZE_MAX,
		.level = (unsigned)(node->name[1] - '0'),
	};
	reader->is_heading = true;
}

/* One without words is none. */
static void leave_heading(struct reader *reader)
{
	struct html_text *text = reader->text;
	struct html_heading *heading;

	owe(reader, 2);
	if (!reader->is_heading)
		return;
	reader->is_heading = false;
	heading = &text->headings[text->n_headings];
	heading->end = reader->out->len;
	if (heading->start < heading->end)
		text->n_headings++;
}

/* False: what is inside is left out. */
static bool enter(struct reader *reader, const xmlNode *node)
{
	if (is_hidden(node))
		return false;
	switch (role_of(node)) {
	case ROLE_SKIP: return false;
	case ROLE_INLINE:
	case ROLE_LINK: break;
	case ROLE_BLOCK: owe(reader, reader->is_cell_new ? 0 : 1); break;
	case ROLE_PARAGRAPH: owe(reader, reader->is_cell_new ? 0 : 2); break;
	case ROLE_HEADING: enter_heading(reader, node); break;
	case ROLE_BREAK:
		reader->breaks++;
		reader->at_start = true;
		reader->blank = false;
		break;
	case ROLE_RULE:
		owe(reader, 1);
		put_word(reader, "----------------------------------------",
		         40);
		owe(reader, 1);
		break;
	case ROLE_LIST:
		owe(reader, reader->lists ? 1 : 2);
		reader->lists++;
		break;
	case ROLE_ITEM: enter_item(reader, node); break;
	case ROLE_QUOTE:
		owe(reader, 2);
		reader->quotes++;
		break;
	case ROLE_CELL: enter_cell(reader, node); break;
	case ROLE_IMAGE: put_image(reader, node); break;
	case ROLE_PRE:
		owe(reader, 2);
		reader->pre++;
		break;
	}
	return true;
}

/* A number for the address, unless the text already is it. */
static void leave_link(struct reader *reader, const xmlNode *node)
{
	const char *href = attribute(node, "href");
	struct buf *out = reader->out;
	size_t len = href ? strlen(href) : 0;

	if (strncasecmp(href ? href : "", "http", 4) != 0 || len > 500 ||
	    reader->n_notes == NOTES_MAX)
		return;
	if (out->len >= len &&
	    memcmp(out->data + out->len - len, href, len) == 0)
		return;
	if (reader->at_start)
		return; /* a link around nothing readable */
	buf_printf(out, " [%u]", ++reader->n_notes);
	buf_printf(&reader->notes, "[%u] %s\n", reader->n_notes, href);
}

static void leave(struct reader *reader, const xmlNode *node)
{
	switch (role_of(node)) {
	case ROLE_SKIP:
	case ROLE_INLINE:
	case ROLE_BREAK:
	case ROLE_RULE:
	case ROLE_IMAGE: break;
	case ROLE_CELL: leave_cell(reader); break;
	case ROLE_LINK: leave_link(reader, node); break;
	case ROLE_BLOCK:
	case ROLE_ITEM: owe(reader, 1); break;
	case ROLE_PARAGRAPH: owe(reader, 2); break;
	case ROLE_HEADING: leave_heading(reader); break;
	case ROLE_LIST:
		reader->lists--;
		owe(reader, reader->lists ? 1 : 2);
		break;
	case ROLE_QUOTE:
		reader->quotes--;
		owe(reader, 2);
		break;
	case ROLE_PRE:
		reader->pre--;
		owe(reader, 2);
		break;
	}
}

static bool visit(struct reader *reader, const xmlNode *node)
{
	if (node->type == XML_ELEMENT_NODE)
		return enter(reader, node);
	if ((node->type == XML_TEXT_NODE ||
	     node->type == XML_CDATA_SECTION_NODE) &&
	    node->content) {
		if (reader->pre > 0)
			put_preformatted(reader, (const char *)node->content);
		else
			put_text(reader, (const char *)node->content);
	}
	return false;
}

static void walk(struct reader *reader, const xmlNode *root)
{
	const xmlNode *node = root;

	while (node) {
		bool inside = visit(reader, node);

		if (inside && node->children) {
			node = node->children;
			continue;
		}
		if (inside)
			leave(reader, node);
		while (node != root && !node->next) {
			node = node->parent;
			leave(reader, node);
		}
		node = node == root ? NULL : node->next;
	}
}

int html_text_read(const char *html, size_t len, const char *charset,
                   struct html_text *out, struct err *err)
{
	struct buf utf8 CLEANUP(buf_fini) = {0};
	struct reader reader = {
		.text = out,
		.out = &out->words,
		.at_start = true,
		.cell_start = SIZE_MAX,
	};
	htmlDocPtr doc;

	html_decode(html, len, charset, &utf8);
	doc = html_tree_read(utf8.data, utf8.len);
	if (!doc)
		return err_set(err, -EINVAL, "its HTML cannot be read");
	if (xmlDocGetRootElement(doc))
		walk(&reader, xmlDocGetRootElement(doc));
	if (out->words.len > 0)
		buf_puts(&out->words, "\n");
	if (reader.n_notes > 0)
		buf_printf(&out->words, "\n%s", buf_str(&reader.notes));
	buf_fini(&reader.notes);
	xmlFreeDoc(doc);
	return 0;
}

void html_text_fini(struct html_text *text)
{
	buf_fini(&text->words);
	free(text->headings);
	*text = (struct html_text){0};
}
