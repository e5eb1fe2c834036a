/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/html_pixel.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* Has no end tag either, and means nothing where no word stands around it. */
#define HARMLESS "wbr"

/* A part of the text; not terminated. */
struct span {
	const char *at, *end;
};

static bool span_is(struct span span, const char *word)
{
	size_t n = (size_t)(span.end - span.at);

	return n == strlen(word) && strncasecmp(span.at, word, n) == 0;
}

static struct span trimmed(struct span span)
{
	while (span.at < span.end && isspace((unsigned char)*span.at))
		span.at++;
	while (span.at < span.end && isspace((unsigned char)span.end[-1]))
		span.end--;
	return span;
}

/* "0", "1", "1px": a length that nobody sees. */
static bool is_hair(struct span value)
{
	value = trimmed(value);
	if (value.end - value.at > 2 &&
	    strncasecmp(value.end - 2, "px", 2) == 0)
		value.end -= 2;
	return span_is(value, "0") || span_is(value, "1");
}

/* What is said of the picture, in attributes or in its style. */
struct look {
	bool is_remote, is_narrow, is_low, is_hidden;
};

static void read_rule(struct span name, struct span value, struct look *look)
{
	name = trimmed(name);
	value = trimmed(value);
	if (span_is(name, "width") || span_is(name, "max-width"))
		look->is_narrow |= is_hair(value);
	else if (span_is(name, "height") || span_is(name, "max-height"))
		look->is_low |= is_hair(value);
	else if (span_is(name, "display"))
		look->is_hidden |= span_is(value, "none");
	else if (span_is(name, "visibility"))
		look->is_hidden |= span_is(value, "hidden");
}

static void read_style(struct span style, struct look *look)
{
	while (style.at < style.end) {
		size_t left = (size_t)(style.end - style.at);
		const char *semicolon = memchr(style.at, ';', left);
		const char *end = semicolon ? semicolon : style.end;
		const char *colon =
			memchr(style.at, ':', (size_t)(end - style.at));

		if (colon)
			read_rule((struct span){style.at, colon},
			          (struct span){colon + 1, end}, look);
		style.at = end + (semicolon != NULL);
	}
}

/* "//host/path" takes the scheme of a page that has none: it is remote, too. */
static bool is_remote(struct span url)
{
	static const char *const starts[] = {"http:", "https:", "//"};

	url = trimmed(url);
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
		size_t n = strlen(starts[i]);

		if ((size_t)(url.end - url.at) > n &&
		    strncasecmp(url.at, starts[i], n) == 0)
			return true;
	}
	return false;
}

static void read_attribute(struct span name, struct span value,
                           struct look *look)
{
	if (span_is(name, "src") || span_is(name, "srcset"))
		look->is_remote |= is_remote(value);
	else if (span_is(name, "width"))
		look->is_narrow |= is_hair(value);
	else if (span_is(name, "height"))
		look->is_low |= is_hair(value);
	else if (span_is(name, "hidden"))
		look->is_hidden = true;
	else if (span_is(name, "style"))
		read_style(value, look);
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && (isspace((unsigned char)*at) || *at == '/'))
		at++;
	return at;
}

/* The value behind '='; at moves behind it. */
static struct span take_value(const char **at, const char *end)
{
	struct span value;

	*at = skip_blanks(*at + 1, end);
	value.at = *at;
	if (*at < end && (**at == '"' || **at == '\'')) {
		const char *quote =
			memchr(*at + 1, **at, (size_t)(end - *at - 1));

		value.at++;
		value.end = quote ? quote : end;
		*at = quote ? quote + 1 : end;
		return value;
	}
	while (*at < end && !isspace((unsigned char)**at) && **at != '>')
		++*at;
	value.end = *at;
	return value;
}

/* From behind "<img" to the tag's end, which is returned. */
static const char *read_tag(const char *at, const char *end, struct look *look)
{
	while ((at = skip_blanks(at, end)) < end && *at != '>') {
		struct span name = {at, at}, value = {at, at};

		while (at < end && !isspace((unsigned char)*at) &&
		       !strchr("=>/", *at))
			at++;
		name.end = at;
		at = skip_blanks(at, end);
		if (at < end && *at == '=')
			value = take_value(&at, end);
		else if (at == name.at)
			at++;
		read_attribute(name, value, look);
	}
	return at;
}

void html_pixel_drop(struct buf *html)
{
	char *at = html->data, *end = html->data + html->len;

	while (at && (at = memchr(at, '<', (size_t)(end - at))) != NULL &&
	       end - at > 5) {
		struct look look = {0};
		const char *tag_end;

		at++;
		if (strncasecmp(at, "img", 3) != 0 ||
		    !(isspace((unsigned char)at[3]) || at[3] == '/'))
			continue;
		tag_end = read_tag(at + 3, end, &look);
		if (look.is_remote &&
		    (look.is_hidden || (look.is_narrow && look.is_low)))
			memcpy(at, HARMLESS, strlen(HARMLESS));
		at = html->data + (tag_end - html->data);
	}
}
