/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/html_reference.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mem.h"

#define SCHEME "cid:"

static int hex(char c)
{
	return isdigit((unsigned char)c) ? c - '0'
	       : isxdigit((unsigned char)c)
	               ? tolower((unsigned char)c) - 'a' + 10
	               : -1;
}

/* The next letter; *at moves behind it. */
static int next_letter(const char **at, const char *end, bool is_encoded)
{
	const char *p = *at;

	if (is_encoded && end - p > 2 && *p == '%' && hex(p[1]) >= 0 &&
	    hex(p[2]) >= 0) {
		*at += 3;
		return hex(p[1]) << 4 | hex(p[2]);
	}
	*at += 1;
	return (unsigned char)*p;
}

/* "logo" is not what "cid:logo2" asks for. */
static bool is_over(const char *at, const char *end)
{
	return at == end ||
	       (!isalnum((unsigned char)*at) && !strchr("%@-_.+$", *at));
}

static bool is_cid_at(const char *at, const char *end, const char *cid,
                      bool is_encoded)
{
	for (; *cid; cid++)
		if (at == end || tolower(next_letter(&at, end, is_encoded)) !=
		                         tolower((unsigned char)*cid))
			return false;
	return is_over(at, end);
}

bool html_refers_to(const char *html, size_t len, const char *cid)
{
	const char *at = html, *end;
	size_t n = strlen(SCHEME);

	if (len == 0)
		return false; /* nor is there an html */
	end = html + len;
	while (at && (at = memchr(at, ':', (size_t)(end - at))) != NULL) {
		at++;
		if ((size_t)(at - html) >= n &&
		    strncasecmp(at - n, SCHEME, n) == 0 &&
		    (is_cid_at(at, end, cid, true) ||
		     is_cid_at(at, end, cid, false)))
			return true;
	}
	return false;
}

/* In an attribute, or in a style. */
static bool begins_address(const char *html, const char *at)
{
	return at > html && at[-1] && strchr("\"'(=", at[-1]);
}

/* The address of something that is shown here, not linked to. */
static bool begins_picture(const char *html, const char *at)
{
	static const char *const before[] = {"src=", "background=", "url("};

	if (at - html >= 2 && at[-1] == '/' && at[-2] == '.')
		at -= 2;
	if (at > html && (at[-1] == '"' || at[-1] == '\''))
		at--;
	for (size_t i = 0; i < ARRAY_LEN(before); i++) {
		size_t n = strlen(before[i]);

		if ((size_t)(at - html) >= n &&
		    strncasecmp(at - n, before[i], n) == 0)
			return true;
	}
	return false;
}

static bool ends_address(const char *at, const char *end)
{
	return at == end || (*at && strchr("\"')?#> \t\r\n", *at));
}

/* begins: whether an address, and of what, begins in front of it. */
static bool is_named(const char *html, const char *end, const char *name,
                     size_t n, bool (*begins)(const char *html, const char *at))
{
	for (const char *at = html;
	     at < end && (at = memmem(at, (size_t)(end - at), name, n)); at++)
		if (ends_address(at + n, end) && begins(html, at))
			return true;
	return false;
}

static bool ends_path(const char *html, const char *at)
{
	return begins_address(html, at) ||
	       (at > html && (at[-1] == '/' || at[-1] == '\\'));
}

bool html_refers_to_address(const char *html, size_t len, const char *address)
{
	size_t n = strcspn(address, "?#"), start = n;

	/* Chromium's style sheets */
	if (strncasecmp(address, SCHEME, strlen(SCHEME)) == 0)
		return html_refers_to(html, len, address + strlen(SCHEME));
	while (start > 0 && !strchr("/\\:", address[start - 1]))
		start--;
	if (n == start || len == 0)
		return false;
	return is_named(html, html + len, address + start, n - start,
	                ends_path);
}

bool html_refers_to_name(const char *html, size_t len, const char *name)
{
	struct buf encoded CLEANUP(buf_fini) = {0};

	if (len == 0 || !*name)
		return false;
	for (const char *c = name; *c; c++)
		if (*c == ' ')
			buf_puts(&encoded, "%20");
		else
			buf_append(&encoded, c, 1);
	return is_named(html, html + len, name, strlen(name), begins_picture) ||
	       is_named(html, html + len, encoded.data, encoded.len,
	                begins_picture);
}
