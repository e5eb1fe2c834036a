/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/links.h"

#include <ctype.h>
#include <strings.h>

#include "base/mem.h"
#include "render/worker/charset.h"
#include "render/worker/flowed.h"
#include "render/worker/html_decode.h"
#include "render/worker/html_tree.h"

#define BODY_MAX (256 * 1024)    /* a mail that long is no link */
#define PICTURE  "\xef\xbf\xbc " /* U+FFFC stands for an object */

struct line {
	const char *text;
	size_t len;
};

/* ---- words --------------------------------------------------------------- */

static bool has(const struct links *links, const char *url)
{
	for (size_t i = 0; i < links->n; i++)
		if (strcmp(links->urls[i], url) == 0)
			return true;
	return false;
}

static void add(struct links *links, const char *prefix, const char *word,
                size_t len)
{
	char *url CLEANUP(xfree) = xasprintf("%s%.*s", prefix, (int)len, word);

	if (!has(links, url) && links->n < LINKS_MAX)
		links->urls[links->n++] = TAKE(url);
}

static bool begins(const char *word, size_t len, const char *with)
{
	size_t n = strlen(with);

	return len > n && strncasecmp(word, with, n) == 0;
}

/* A ')' belongs to the address that has its '(': Wikipedia's do. */
static size_t cut_behind(const char *word, size_t len)
{
	while (len > 0 && (strchr(".,;:!?\"'>]", word[len - 1]) ||
	                   (word[len - 1] == ')' && !memchr(word, '(', len))))
		len--;
	return len;
}

/* True: a link, and added; or nothing but brackets around one. */
static bool take_word(struct links *links, const char *word, size_t len)
{
	while (len > 0 && strchr("<([\"'", *word)) {
		word++;
		len--;
	}
	len = cut_behind(word, len);
	if (len == 0)
		return true;
	if (len > LINKS_URL_MAX)
		return false;
	if (begins(word, len, "http://") || begins(word, len, "https://"))
		add(links, "", word, len);
	else if (begins(word, len, "www."))
		add(links, "http://", word, len);
	else
		return false;
	return true;
}

/* ---- lines --------------------------------------------------------------- */

static bool next_line(const char **at, const char *end, struct line *out)
{
	const char *lf;

	if (*at == end)
		return false;
	lf = memchr(*at, '\n', (size_t)(end - *at));
	out->text = *at;
	out->len = (size_t)((lf ? lf : end) - *at);
	*at = lf ? lf + 1 : end;
	while (out->len > 0 && out->text[out->len - 1] == '\r')
		out->len--;
	return true;
}

static bool is_blank(const struct line *line)
{
	for (size_t i = 0; i < line->len; i++)
		if (!isspace((unsigned char)line->text[i]))
			return false;
	return true;
}

/* Trailing blanks get lost on the way: "--" alone is one too. */
static bool ends_the_text(const struct line *line)
{
	return (line->len == 2 && memcmp(line->text, "--", 2) == 0) ||
	       (line->len == 3 && memcmp(line->text, "-- ", 3) == 0) ||
	       begins(line->text, line->len, "-----Original Message") ||
	       begins(line->text, line->len, "________________");
}

/* Telephones sign without the "-- ". */
static bool is_phone_signature(const struct line *line)
{
	static const char *const signatures[] =
		{"Sent from my ",     "Sent from Mail",
	         "Sent with ",        "Get Outlook for ",
	         "Von meinem ",       "Gesendet von ",
	         "Gesendet mit ",     "Envoy\xc3\xa9 de mon ",
	         "Enviado desde mi ", "Inviato da ",
	         "Verzonden vanaf "};

	for (size_t i = 0; i < ARRAY_LEN(signatures); i++)
		if (begins(line->text, line->len, signatures[i]))
			return true;
	return false;
}

/* "On Monday Jo wrote:" is the quote's, which begins in the next lines. */
static bool opens_a_quote(const struct line *line, const char *at,
                          const char *end)
{
	struct line next;

	if (line->len == 0 || line->text[line->len - 1] != ':')
		return false;
	while (next_line(&at, end, &next))
		if (!is_blank(&next))
			return next.text[0] == '>';
	return false;
}

static void take_line(struct links *links, const struct line *line)
{
	const char *at = line->text, *end = line->text + line->len;

	while (at < end) {
		const char *word = at;

		while (at < end && !isspace((unsigned char)*at))
			at++;
		if (at > word && !take_word(links, word, (size_t)(at - word)))
			links->has_words = true;
		at++;
	}
}

void links_in_text(const char *text, size_t len, struct links *links)
{
	const char *at = text, *end = text + (len < BODY_MAX ? len : BODY_MAX);
	struct line line;

	while (next_line(&at, end, &line) && !ends_the_text(&line)) {
		if (line.len == 0 || line.text[0] == '>' ||
		    is_phone_signature(&line) || opens_a_quote(&line, at, end))
			continue;
		take_line(links, &line);
	}
	links->has_words = links->has_words || len >= BODY_MAX;
	links->is_bare = links->n > 0 && !links->has_words;
}

/* ---- HTML ---------------------------------------------------------------- */

static bool attribute_is(xmlNode *node, const char *name,
                         const char *const *values, size_t n)
{
	xmlChar *value = xmlGetProp(node, (const xmlChar *)name);
	bool found = false;

	for (size_t i = 0; value && i < n; i++)
		found = found || strstr((const char *)value, values[i]);
	xmlFree(value);
	return found;
}

/* What mail programs mark as not the writer's own words. */
static bool is_foreign(xmlNode *node)
{
	static const char *const elements[] = {"head", "style", "script",
	                                       "title", "blockquote"};
	static const char *const marks[] =
		{"gmail_signature", "gmail_quote",  "moz-signature",
	         "moz-cite-prefix", "Signature",    "divRplyFwdMsg",
	         "appendonsend",    "yahoo_quoted", "protonmail_signature"};

	for (size_t i = 0; i < ARRAY_LEN(elements); i++)
		if (strcasecmp((const char *)node->name, elements[i]) == 0)
			return true;
	return attribute_is(node, "class", marks, ARRAY_LEN(marks)) ||
	       attribute_is(node, "id", marks, ARRAY_LEN(marks));
}

static bool is_inline(const xmlNode *node)
{
	static const char *const names[] = {"a", "b", "i",    "em",  "strong",
	                                    "u", "s", "span", "font"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcasecmp((const char *)node->name, names[i]) == 0)
			return true;
	return false;
}

/* Says as much as a word, if anybody sees it. */
static bool is_picture(xmlNode *node)
{
	static const char *const hair[] = {"0", "1", "0px", "1px"};
	xmlChar *width;
	bool is = node->type == XML_ELEMENT_NODE &&
	          strcasecmp((const char *)node->name, "img") == 0;

	if (!is)
		return false;
	width = xmlGetProp(node, (const xmlChar *)"width");
	for (size_t i = 0; width && i < ARRAY_LEN(hair); i++)
		is = is && strcasecmp((const char *)width, hair[i]) != 0;
	xmlFree(width);
	return is;
}

static bool holds_picture(xmlNode *root)
{
	xmlNode *node = root;

	while (node) {
		if (is_picture(node))
			return true;
		if (node->children) {
			node = node->children;
			continue;
		}
		while (node != root && !node->next)
			node = node->parent;
		node = node == root ? NULL : node->next;
	}
	return false;
}

/* Where an anchor leads stands for its words; true: its inside is not read. */
static bool put_anchor(xmlNode *node, struct buf *out)
{
	xmlChar *href;
	bool is_web;

	if (strcasecmp((const char *)node->name, "a") != 0)
		return false;
	href = xmlGetProp(node, (const xmlChar *)"href");
	is_web = href && (strncasecmp((const char *)href, "http:", 5) == 0 ||
	                  strncasecmp((const char *)href, "https:", 6) == 0);
	if (is_web)
		buf_printf(out, " %s %s", (const char *)href,
		           holds_picture(node) ? PICTURE : "");
	xmlFree(href);
	return is_web;
}

static bool enter(xmlNode *node, struct buf *out)
{
	if (node->type == XML_TEXT_NODE && node->content) {
		/* a no-break space is a blank here */
		for (const char *s = (const char *)node->content; *s; s++) {
			bool nbsp = strncmp(s, "\xc2\xa0", 2) == 0;

			buf_append(out,
			           nbsp || isspace((unsigned char)*s) ? " " : s,
			           1);
			s += nbsp;
		}
		return false;
	}
	if (node->type != XML_ELEMENT_NODE || is_foreign(node))
		return false;
	if (is_picture(node))
		buf_puts(out, " " PICTURE);
	else if (!is_inline(node))
		buf_puts(out, "\n");
	return !put_anchor(node, out);
}

static void write_words(xmlNode *root, struct buf *out)
{
	xmlNode *node = root;

	while (node && out->len < BODY_MAX) {
		if (enter(node, out) && node->children) {
			node = node->children;
			continue;
		}
		while (node != root && !node->next)
			node = node->parent;
		node = node == root ? NULL : node->next;
	}
}

void links_in_html(const char *html, size_t len, struct links *links)
{
	struct buf words CLEANUP(buf_fini) = {0};
	htmlDocPtr doc;

	doc = html_tree_read(html, len);
	if (!doc)
		return;
	if (xmlDocGetRootElement(doc))
		write_words(xmlDocGetRootElement(doc), &words);
	xmlFreeDoc(doc);
	links_in_text(words.data ? words.data : "", words.len, links);
}

/* ---- the body ------------------------------------------------------------ */

/* Also the form of an alternative that is not printed: the text is easier. */
static const struct ledger_part *body_of(const struct ledger *ledger,
                                         const char *type)
{
	for (size_t i = 0; i < ledger->n_parts; i++) {
		const struct ledger_part *part = &ledger->parts[i];

		if (!part->attached && !part->name && !part->encrypted &&
		    strcasecmp(part->disposition, "attachment") != 0 &&
		    strcasecmp(part->type, type) == 0 && part->content.len > 0)
			return part;
	}
	return NULL;
}

static void links_in_text_part(const struct ledger_part *text,
                               struct links *links)
{
	struct buf utf8 CLEANUP(buf_fini) = {0};
	struct buf joined CLEANUP(buf_fini) = {0};

	charset_to_utf8(text->content.data, text->content.len, text->charset,
	                &utf8);
	if (text->flowed)
		flowed_join(utf8.data, utf8.len, text->delsp, &joined);
	else
		buf_append(&joined, utf8.data, utf8.len);
	links_in_text(joined.data ? joined.data : "", joined.len, links);
}

static void links_in_html_part(const struct ledger_part *html,
                               struct links *links)
{
	struct buf utf8 CLEANUP(buf_fini) = {0};

	html_decode(html->content.data, html->content.len, html->charset,
	            &utf8);
	links_in_html(utf8.data, utf8.len, links);
}

/* "https://example.org/a duplex": the rest is for the printer. */
static void links_in_subject(const char *subject, struct links *links)
{
	const char *end = subject + strcspn(subject, " ");
	struct links first CLEANUP(links_fini) = {0};

	while (end > subject && end[-1] == ':' && *end) { /* "Fwd:" */
		subject = end + 1;
		end = subject + strcspn(subject, " ");
	}
	links_in_text(subject, (size_t)(end - subject), &first);
	if (!first.is_bare)
		return;
	links_in_text(subject, strlen(subject), links);
	links->is_bare = true;
}

static void links_in_head(const struct card *head, struct links *links)
{
	for (size_t i = 0; i < head->n_rows; i++)
		if (strcmp(head->rows[i].label, "Subject") == 0)
			links_in_subject(head->rows[i].value, links);
}

/* A newsletter's text often is nothing but "http://...", where to see it. */
void links_in_body(const struct ledger *ledger, struct links *links)
{
	const struct ledger_part *text = body_of(ledger, "text/plain");
	const struct ledger_part *html = body_of(ledger, "text/html");
	struct links shown CLEANUP(links_fini) = {0};
	bool text_has_words;

	if (text)
		links_in_text_part(text, links);
	text_has_words = links->has_words;
	if (html && links->n == 0) {
		links->has_words = false;
		links_in_html_part(html, links);
	} else if (html) {
		links_in_html_part(html, &shown);
		if (shown.n > 0)
			links->is_bare = links->is_bare && shown.is_bare;
	}
	if (links->n == 0 && !links->has_words && !text_has_words)
		links_in_head(&ledger->head, links);
}

void links_fini(struct links *links)
{
	for (size_t i = 0; i < links->n; i++)
		free(links->urls[i]);
	*links = (struct links){0};
}
