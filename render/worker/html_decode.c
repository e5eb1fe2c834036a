/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/html_decode.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "render/worker/charset.h"

/* The charset that the document's own <meta> names, if the mail is silent. */
static char *meta_charset(const char *html, size_t len)
{
	size_t head = len < 2048 ? len : 2048;

	for (size_t i = 0; i + 8 < head; i++) {
		size_t n = 0;

		if (strncasecmp(html + i, "charset=", 8) != 0)
			continue;
		i += 8;
		while (i < head && (html[i] == '"' || html[i] == '\''))
			i++;
		while (i + n < head && n < 40 &&
		       (isalnum((unsigned char)html[i + n]) ||
		        strchr("-_:.", html[i + n])))
			n++;
		return xstrndup(html + i, n);
	}
	return NULL;
}

/*
 * "<![if !vml]>" and "<![endif]>": what Word writes for everybody but itself.
 * No comment by the rules, and read as text by some parsers.
 */
static void blank_conditions(char *html, size_t len)
{
	char *end = html + len;

	for (char *at = html; at && (at = memchr(at, '<', (size_t)(end - at)));
	     at++) {
		char *close = memchr(at, '>', (size_t)(end - at));

		/* "<![endif]-->" ends a comment, and has to */
		if (close && close - at > 4 && close[-1] == ']' &&
		    (strncasecmp(at, "<![if", 5) == 0 ||
		     strncasecmp(at, "<![endif", 8) == 0))
			memset(at, ' ', (size_t)(close + 1 - at));
	}
}

/*
 * What the document says of itself counts where the mail is silent, and where
 * the mail says Latin-1 of what is UTF-8: no Latin-1 text looks like that.
 */
static const char *believed(const char *declared, const char *own,
                            const char *html, size_t len)
{
	bool is_utf8 = own && strcasecmp(own, "utf-8") == 0 &&
	               charset_is_utf8(html, len);

	return declared && !is_utf8 ? declared : own;
}

void html_decode(const char *html, size_t len, const char *charset,
                 struct buf *out)
{
	char *own CLEANUP(xfree) = meta_charset(html, len);
	size_t before = out->len;

	charset_to_utf8(html, len, believed(charset, own, html, len), out);
	if (out->len > before)
		blank_conditions(out->data + before, out->len - before);
}
