/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/header.h"

#include <stdbool.h>
#include <strings.h>

#include "base/base64.h"
#include "base/mem.h"
#include "render/worker/charset.h"

/*
 * "=?charset?B?text?=" (RFC 2047). GMime loses what follows the padding of one
 * word within a run of them, which every long subject has, and characters of
 * Japanese ones: charset_jis.h. So runs become one word each, without padding
 * in its middle, and Japanese becomes UTF-8.
 */
struct word {
	const char *charset, *text; /* within the header */
	size_t charset_len, text_len;
	size_t len; /* of it all */
};

static bool read_word(const char *at, struct word *out)
{
	const char *charset = at + 2, *mark, *end;

	if (strncmp(at, "=?", 2) != 0)
		return false;
	mark = charset + strcspn(charset, "? \t=");
	if (mark == charset || strncasecmp(mark, "?B?", 3) != 0)
		return false;
	end = strstr(mark + 3, "?=");
	if (!end)
		return false;
	*out = (struct word){
		.charset = charset,
		.charset_len = (size_t)(mark - charset),
		.text = mark + 3,
		.text_len = (size_t)(end - mark - 3),
		.len = (size_t)(end + 2 - at),
	};
	return true;
}

static bool is_same_charset(const struct word *a, const struct word *b)
{
	return a->charset_len == b->charset_len &&
	       strncasecmp(a->charset, b->charset, a->charset_len) == 0;
}

/* These bytes as one word. */
static void put_word(struct buf *out, const struct word *like,
                     const struct buf *bytes)
{
	static const char jis[] = "iso-2022-jp";
	const struct word japanese = {
		.charset = jis,
		.charset_len = sizeof jis - 1,
	};
	struct buf utf8 CLEANUP(buf_fini) = {0};

	if (is_same_charset(like, &japanese)) {
		charset_to_utf8(bytes->data, bytes->len, jis, &utf8);
		buf_puts(out, "=?UTF-8?B?");
		base64_encode(utf8.data, utf8.len, out);
	} else {
		buf_printf(out, "=?%.*s?B?", (int)like->charset_len,
		           like->charset);
		base64_encode(bytes->data, bytes->len, out);
	}
	buf_puts(out, "?=");
}

/* From a first word to the end of its run, which is returned. */
static const char *mend_run(const char *at, const struct word *first,
                            struct buf *out)
{
	struct buf bytes CLEANUP(buf_fini) = {0};
	struct word word = *first;

	do {
		base64_decode(word.text, word.text_len, &bytes);
		at = word.text + word.text_len + 2;
	} while (read_word(at + strspn(at, " \t\r\n"), &word) &&
	         is_same_charset(&word, first));
	if (bytes.len > 0)
		put_word(out, first, &bytes);
	return at;
}

void header_mend_words(const char *raw, struct buf *out)
{
	while (*raw) {
		struct word word;

		if (read_word(raw, &word))
			raw = mend_run(raw, &word, out);
		else
			buf_append(out, raw++, 1);
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
	header_mend_words(buf_str(&utf8), &out);
	return xstrdup(buf_str(&out));
}

/* An embedding, override or isolate of UAX 9, or the end of one. */
static bool is_turn(const char *utf8)
{
	return (strncmp(utf8, "\xe2\x80", 2) == 0 && utf8[2] >= '\xaa' &&
	        utf8[2] <= '\xae') ||
	       (strncmp(utf8, "\xe2\x81", 2) == 0 && utf8[2] >= '\xa6' &&
	        utf8[2] <= '\xa9');
}

void header_flatten(const char *utf8, struct buf *out)
{
	for (; *utf8; utf8++) {
		if (is_turn(utf8))
			utf8 += 2;
		else if ((unsigned char)*utf8 < ' ')
			buf_puts(out, " ");
		else
			buf_append(out, utf8, 1);
	}
}

char *header_text(GMimeMessage *message, const char *name)
{
	char *raw CLEANUP(xfree) = readable(message, name);
	char *decoded = raw ? g_mime_utils_header_decode_text(NULL, raw) : NULL;
	struct buf utf8 CLEANUP(buf_fini) = {0};
	struct buf out CLEANUP(buf_fini) = {0};

	if (!decoded)
		return NULL;
	charset_to_utf8(decoded, strlen(decoded), NULL, &utf8);
	g_free(decoded);
	header_flatten(buf_str(&utf8), &out);
	return xstrdup(buf_str(&out));
}

InternetAddressList *header_people(GMimeMessage *message, const char *name)
{
	char *raw CLEANUP(xfree) = readable(message, name);

	return raw ? internet_address_list_parse(NULL, raw) : NULL;
}
