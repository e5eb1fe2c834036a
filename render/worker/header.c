/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/header.h"

#include <strings.h>

#include "base/base64.h"
#include "base/mem.h"
#include "render/worker/charset.h"

/* Japanese words that GMime's decoder loses characters of: charset_jis.h. */
#define JIS_WORD "=?iso-2022-jp?b?"

/* The encoded word's text in UTF-8, encoded again. */
static void put_jis_word(struct buf *out, const char *text, size_t len)
{
	struct buf bytes CLEANUP(buf_fini) = {0};
	struct buf utf8 CLEANUP(buf_fini) = {0};

	base64_decode(text, len, &bytes);
	charset_to_utf8(bytes.data, bytes.len, "iso-2022-jp", &utf8);
	buf_puts(out, "=?UTF-8?B?");
	base64_encode(utf8.data, utf8.len, out);
	buf_puts(out, "?=");
}

static void mend_words(const char *raw, struct buf *out)
{
	while (*raw) {
		const char *text = raw + strlen(JIS_WORD), *end = NULL;

		if (strncasecmp(raw, JIS_WORD, strlen(JIS_WORD)) == 0)
			end = strstr(text, "?=");
		if (end) {
			put_jis_word(out, text, (size_t)(end - text));
			raw = end + 2;
		} else {
			buf_append(out, raw++, 1);
		}
	}
}

/* As GMime can read it; what it calls the value has gone through its decoder.
 */
static char *readable(GMimeMessage *message, const char *name)
{
	GMimeHeader *header =
		g_mime_header_list_get_header(g_mime_object_get_header_list(
						      GMIME_OBJECT(message)),
	                                      name);
	const char *raw = header ? g_mime_header_get_raw_value(header) : NULL;
	struct buf utf8 CLEANUP(buf_fini) = {0};
	struct buf out CLEANUP(buf_fini) = {0};
	char *unfolded;

	if (!raw)
		return NULL;
	unfolded = g_mime_utils_header_unfold(raw);
	charset_to_utf8(unfolded, strlen(unfolded), NULL, &utf8);
	g_free(unfolded);
	mend_words(buf_str(&utf8), &out);
	return xstrdup(buf_str(&out));
}

char *header_text(GMimeMessage *message, const char *name)
{
	char *raw CLEANUP(xfree) = readable(message, name);
	char *decoded = raw ? g_mime_utils_header_decode_text(NULL, raw) : NULL;
	struct buf out CLEANUP(buf_fini) = {0};

	if (!decoded)
		return NULL;
	charset_to_utf8(decoded, strlen(decoded), NULL, &out);
	g_free(decoded);
	return xstrdup(buf_str(&out));
}

InternetAddressList *header_people(GMimeMessage *message, const char *name)
{
	char *raw CLEANUP(xfree) = readable(message, name);

	return raw ? internet_address_list_parse(NULL, raw) : NULL;
}
