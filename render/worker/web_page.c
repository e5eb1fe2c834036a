/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/web_page.h"

#include <ctype.h>
#include <strings.h>

#include "base/mem.h"
#include "render/worker/html_tree.h"
#include "render/worker/web_article.h"

#define LOGIN_TEXT_MAX 1200 /* letters on a page that only asks to log in */

struct sight {
	size_t n_letters;
	bool has_password, has_picture, has_script;
};

static bool is_one_of(const xmlNode *node, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcasecmp((const char *)node->name, names[i]) == 0)
			return true;
	return false;
}

static bool is_password(xmlNode *node)
{
	xmlChar *type;
	bool is;

	if (strcasecmp((const char *)node->name, "input") != 0)
		return false;
	type = xmlGetProp(node, (const xmlChar *)"type");
	is = type && strcasecmp((const char *)type, "password") == 0;
	xmlFree(type);
	return is;
}

static bool is_refresh(xmlNode *node)
{
	xmlChar *equiv = NULL;
	bool is;

	if (strcasecmp((const char *)node->name, "meta") == 0)
		equiv = xmlGetProp(node, (const xmlChar *)"http-equiv");
	is = equiv && strcasecmp((const char *)equiv, "refresh") == 0;
	xmlFree(equiv);
	return is;
}

/* What may fill the page, or leave it for another one. */
static bool is_lively(xmlNode *node)
{
	return node->type == XML_ELEMENT_NODE &&
	       (strcasecmp((const char *)node->name, "script") == 0 ||
	        is_refresh(node));
}

/* True: look inside. */
static bool look_at(xmlNode *node, struct sight *sight)
{
	static const char *const pictures[] = {"img",    "svg",   "canvas",
	                                       "iframe", "video", "object",
	                                       "embed",  "frame", "picture"};
	static const char *const unseen[] = {"style", "noscript", "template",
	                                     "title", "head"};

	if (node->type == XML_TEXT_NODE && node->content)
		for (const xmlChar *s = node->content; *s; s++)
			sight->n_letters += !isspace(*s);
	if (node->type != XML_ELEMENT_NODE)
		return false;
	sight->has_script |= is_lively(node);
	if (strcasecmp((const char *)node->name, "script") == 0)
		return false;
	sight->has_password |= is_password(node);
	sight->has_picture |= is_one_of(node, pictures, ARRAY_LEN(pictures));
	if (strcasecmp((const char *)node->name, "head") == 0)
		for (xmlNode *n = node->children; n; n = n->next)
			sight->has_script |= is_lively(n);
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

const char *web_page_fault(const char *html, size_t len)
{
	struct sight sight = {0};
	htmlDocPtr doc = html_tree_read(html, len);

	if (!doc)
		return "the page is empty";
	if (xmlDocGetRootElement(doc))
		look(xmlDocGetRootElement(doc), &sight);
	xmlFreeDoc(doc);
	if (sight.has_password && sight.n_letters < LOGIN_TEXT_MAX)
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
