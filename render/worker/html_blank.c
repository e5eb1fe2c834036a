/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/html_blank.h"

#include <strings.h>

#include <glib.h>

#include "base/mem.h"

/* Tags that put nothing on paper but what stands between them. */
static const char *const plain[] = {
	"!doctype", "a",      "b",    "base",     "big",   "blockquote", "body",
	"br",       "center", "col",  "colgroup", "div",   "em",         "font",
	"head",     "html",   "i",    "link",     "meta",  "o:p",        "p",
	"section",  "small",  "span", "strong",   "table", "tbody",      "td",
	"th",       "tr",     "tt",   "u",        "wbr",
};

/* And those whose inside is not for paper either. */
static const char *const hidden[] = {"style", "script", "title", "template"};

/* Blanks that are written with eight bits, in UTF-8 and without. */
static const char *const blanks[] = {
	"&nbsp;",       "&#160;",       "&#xa0;",   "&#8203;",
	"&zwnj;",       "&shy;",        "\xc2\xa0", "\xe2\x80\x8b",
	"\xe2\x80\x8c", "\xef\xbb\xbf", "\xa0",
};

static bool is_one_of(const char *const *words, size_t n, const char *at,
                      size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(words[i]) == len &&
		    strncasecmp(words[i], at, len) == 0)
			return true;
	return false;
}

static size_t blank_at(const char *at, size_t left)
{
	if (g_ascii_isspace(*at))
		return 1;
	for (size_t i = 0; i < ARRAY_LEN(blanks); i++) {
		size_t n = strlen(blanks[i]);

		if (left >= n && strncasecmp(at, blanks[i], n) == 0)
			return n;
	}
	return 0;
}

/* Bytes from here to behind the words; 0 if they do not come. */
static size_t through(const char *at, size_t left, const char *words)
{
	const char *found = memmem(at, left, words, strlen(words));

	return found ? (size_t)(found - at) + strlen(words) : 0;
}

/* "</style" in any case, and to the end of that tag. */
static size_t through_end_tag(const char *at, size_t left, const char *name,
                              size_t n)
{
	for (size_t i = 0; i + n + 2 < left; i++) {
		size_t rest;

		if (at[i] != '<' || at[i + 1] != '/' ||
		    strncasecmp(at + i + 2, name, n) != 0)
			continue;
		rest = through(at + i, left - i, ">");
		return rest > 0 ? i + rest : 0;
	}
	return 0;
}

/* A tag may have a picture or a colour behind it. */
static bool is_painted(const char *at, size_t n)
{
	for (size_t i = 0; i + 6 <= n; i++)
		if (strncasecmp(at + i, "border", 6) == 0 ||
		    strncasecmp(at + i, "backgr", 6) == 0 ||
		    strncasecmp(at + i, "bgcolo", 6) == 0)
			return true;
	return false;
}

/* Bytes of the tag at '<', with what it hides; 0: it may be seen. */
static size_t tag_at(const char *at, size_t left)
{
	size_t name = left > 1 && at[1] == '/' ? 2 : 1, n = 0, len;

	if (left > 4 && memcmp(at, "<!--", 4) == 0)
		return through(at, left, "-->");
	while (name + n < left && at[name + n] != '>' && at[name + n] != '/' &&
	       !g_ascii_isspace(at[name + n]))
		n++;
	len = through(at, left, ">");
	if (is_one_of(hidden, ARRAY_LEN(hidden), at + name, n))
		return through_end_tag(at, left, at + name, n);
	if (len == 0 || !is_one_of(plain, ARRAY_LEN(plain), at + name, n) ||
	    is_painted(at, len))
		return 0;
	return len;
}

bool html_blank(const char *html, size_t len)
{
	for (size_t at = 0; at < len;) {
		size_t n = html[at] == '<' ? tag_at(html + at, len - at)
		                           : blank_at(html + at, len - at);

		if (n == 0)
			return false;
		at += n;
	}
	return true;
}
