/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/html_paper.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

/* The longest property that ends in one of these: "overflow-block: scroll". */
#define RULE_MAX 40

/* Behind a property, up to its end: does it have this value? */
static bool has_value(const char *at, const char *end, const char *value)
{
	size_t len = strlen(value);

	for (size_t i = 0; i < RULE_MAX && (size_t)(end - at) >= len; i++) {
		if (strchr(";}\"'>", *at))
			return false;
		if (strncasecmp(at, value, len) == 0)
			return true;
		at++;
	}
	return false;
}

/* With one of these values, or whatever follows it. */
static bool has_rule(const char *html, size_t len, const char *property,
                     const char *const *values)
{
	const char *end = html + len;
	size_t n = strlen(property);

	for (const char *at = html; (size_t)(end - at) >= n; at++) {
		if (tolower((unsigned char)*at) != *property ||
		    strncasecmp(at, property, n) != 0)
			continue;
		if (!values)
			return true;
		for (const char *const *value = values; *value; value++)
			if (has_value(at + n, end, *value))
				return true;
	}
	return false;
}

bool html_paper_is_unfit(const char *html, size_t len)
{
	static const char *const scrolls[] = {"auto", "scroll", "overlay",
	                                      "var(", NULL};
	static const char *const floats[] = {"fixed", "var(", NULL};
	static const char *const cuts[] = {"hidden", "clip", NULL};
	static const char *const full[] = {"100%", "100vh", "100dvh", NULL};

	return has_rule(html, len, "lazy", NULL) ||
	       has_rule(html, len, "<animate", NULL) ||
	       has_rule(html, len, "overflow", scrolls) ||
	       has_rule(html, len, "position", floats) ||
	       (has_rule(html, len, "overflow", cuts) &&
	        has_rule(html, len, "height", full));
}
