/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/html_reference.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

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

/* Ends of an address: in an attribute, or in a style. */
static bool is_named(const char *html, const char *end, const char *name,
                     size_t n)
{
	for (const char *at = html;
	     at < end && (at = memmem(at, (size_t)(end - at), name, n)); at++) {
		const char *behind = at + n;

		if (at > html && strchr("/\\\"'(=", at[-1]) && at[-1] &&
		    (behind == end || strchr("\"')?#> \t\r\n", *behind)))
			return true;
	}
	return false;
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
	return is_named(html, html + len, address + start, n - start);
}
