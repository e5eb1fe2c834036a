/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/web_page.h"

#include <ctype.h>
#include <strings.h>

#include "base/mem.h"
#include "render/worker/html_tree.h"
#include "render/worker/web_article.h"

/*
 * Letters beside the form of a page that only asks to log in. Pages that say
 * more are judged where they are drawn (render/page/judge.js): here nobody
 * knows what of them is shown.
 */
#define LOGIN_TEXT_MAX 40

struct sight {
	size_t n_letters;
	xmlNode *password; /* the form that asks for it, or its input */
	bool has_picture, has_script;
};

static bool is_one_of(const xmlNode *node, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcasecmp((const char *)node->name, names[i]) == 0)
			return true;
	return false;
}

static xmlNode *closest(xmlNode *node, const char *const *names, size_t n)
{
	while (node &&
	       (node->type != XML_ELEMENT_NODE || !is_one_of(node, names, n)))
		node = node->parent;
	return node;
}

static bool has_value(xmlNode *node, const char *attribute, const char *value)
{
	xmlChar *found = xmlGetProp(node, (const xmlChar *)attribute);
	bool has = found && strcasecmp((const char *)found, value) == 0;

	xmlFree(found);
	return has;
}

/* A shop that sells asks for one to be thought of; a site's head has a form. */
static bool is_password(xmlNode *node)
{
	static const char *const frames[] = {"header", "footer", "nav",
	                                     "aside"};

	return strcasecmp((const char *)node->name, "input") == 0 &&
	       has_value(node, "type", "password") &&
	       !has_value(node, "autocomplete", "new-password") &&
	       !closest(node, frames, ARRAY_LEN(frames));
}

static xmlNode *form_of(xmlNode *node)
{
	static const char *const form[] = {"form"};
	xmlNode *found = closest(node, form, ARRAY_LEN(form));

	return found ? found : node;
}

static bool is_refresh(xmlNode *node)
{
	return strcasecmp((const char *)node->name, "meta") == 0 &&
	       has_value(node, "http-equiv", "refresh");
}

/* What may fill the page, or leave it for another one. */
static bool is_lively(xmlNode *node)
{
	return node->type == XML_ELEMENT_NODE &&
	       (strcasecmp((const char *)node->name, "script") == 0 ||
	        xmlHasProp(node, (const xmlChar *)"onload") ||
	        is_refresh(node));
}

/* True: look inside. */
static bool look_at(xmlNode *node, struct sight *sight)
{
	static const char *const pictures[] = {"img",    "svg",   "canvas",
	                                       "iframe", "video", "object",
	                                       "embed",  "frame", "picture"};
	/* a page without <body> may stand in what libxml2 takes for its head */
	static const char *const unseen[] = {"style", "noscript", "template",
	                                     "title"};

	if (node->type == XML_TEXT_NODE && node->content)
		for (const xmlChar *s = node->content; *s; s++)
			sight->n_letters += !isspace(*s);
	if (node->type != XML_ELEMENT_NODE)
		return false;
	sight->has_script |= is_lively(node);
	if (strcasecmp((const char *)node->name, "script") == 0)
		return false;
	if (!sight->password && is_password(node))
		sight->password = form_of(node);
	sight->has_picture |= is_one_of(node, pictures, ARRAY_LEN(pictures));
	return !is_one_of(node, unseen, ARRAY_LEN(unseen));
}

static void look(xmlNode *root, struct sight *sight)
{
	xmlNode *node = root;

	while (node) {
		if (look_at(node, sight) && node->children) {
			node = node->children;
			continue;
		}
		while (node != root && !node->next)
			node = node->parent;
		node = node == root ? NULL : node->next;
	}
}

static size_t n_beside(const struct sight *sight)
{
	struct sight form = {0};

	look(sight->password, &form);
	return sight->n_letters - form.n_letters;
}

const char *web_page_fault(const char *html, size_t len)
{
	struct sight sight = {0};
	htmlDocPtr doc = html_tree_read(html, len);
	bool only_asks;

	if (!doc)
		return "the page is empty";
	if (xmlDocGetRootElement(doc))
		look(xmlDocGetRootElement(doc), &sight);
	only_asks = sight.password && n_beside(&sight) < LOGIN_TEXT_MAX;
	xmlFreeDoc(doc);
	if (only_asks)
		return "the page asks to log in";
	if (sight.n_letters == 0 && !sight.has_picture && !sight.has_script)
		return "the page is empty";
	return NULL;
}

bool web_page_article(const char *html, size_t len, struct buf *out)
{
	htmlDocPtr doc = html_tree_read(html, len);
	bool found = false;

	if (!doc)
		return false;
	if (xmlDocGetRootElement(doc))
		found = web_article_write(doc, out);
	xmlFreeDoc(doc);
	return found;
}
