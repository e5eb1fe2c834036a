/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <stdio.h>
#include <strings.h>

#include <glib.h>

#include "base/mem.h"
#include "render/worker/charset_guess.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* What a name means in mail, where it differs from what it says. */
static const struct {
	const char *name;
	const char *meant;
} wider[] = {
	{"iso-8859-1", "WINDOWS-1252"},
	{"latin1", "WINDOWS-1252"},
	{"iso8859-1", "WINDOWS-1252"},
	{"iso-8859-9", "WINDOWS-1254"},
	{"iso-8859-11", "WINDOWS-874"},
	{"tis-620", "WINDOWS-874"},
	{"gb2312", "GB18030"},
	{"gbk", "GB18030"},
	{"x-gbk", "GB18030"},
	{"shift_jis", "CP932"},
	{"shift-jis", "CP932"},
	{"x-sjis", "CP932"},
	{"euc-kr", "UHC"},
	{"ks_c_5601-1987", "UHC"},
	{"big5", "BIG5-HKSCS"},
	{"iso-2022-jp", "ISO-2022-JP-3"},
	{"euc-jp", "EUC-JP-MS"},
	{"x-mac-roman", "MACINTOSH"},
	{"iso-8859-8-i", "WINDOWS-1255"},
	{"unicode-1-1-utf-7", "UTF-7"},
	/* Windows' numbers, of winmail.dat and RTF, that iconv has not */
	{"cp65001", "UTF-8"},
	{"cp20127", "WINDOWS-1252"},
	{"cp28591", "WINDOWS-1252"},
	{"cp28592", "ISO-8859-2"},
	{"cp28605", "ISO-8859-15"},
	{"cp20866", "KOI8-R"},
	{"cp21866", "KOI8-U"},
	{"cp936", "GB18030"},
	{"cp54936", "GB18030"},
	{"cp949", "UHC"},
	{"cp950", "BIG5-HKSCS"},
	{"cp50220", "ISO-2022-JP-3"},
	{"cp51932", "EUC-JP-MS"},
	{"cp10000", "MACINTOSH"},
};

bool charset_is_utf8(const char *data, size_t len)
{
	return g_utf8_validate(data, (gssize)len, NULL);
}

static const char *by_mark(const unsigned char *s, size_t len)
{
	if (len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0)
		return "UTF-8";
	if (len >= 2 && s[0] == 0xff && s[1] == 0xfe)
		return "UTF-16LE";
	if (len >= 2 && s[0] == 0xfe && s[1] == 0xff)
		return "UTF-16BE";
	return NULL;
}

static bool says_nothing(const char *declared)
{
	return !declared || !*declared ||
	       strcasecmp(declared, "us-ascii") == 0 ||
	       strcasecmp(declared, "ascii") == 0 ||
	       strcasecmp(declared, "unknown-8bit") == 0 ||
	       strcasecmp(declared, "x-unknown") == 0 ||
	       strcasecmp(declared, "default") == 0;
}

static const char *choose(const char *data, size_t len, const char *declared)
{
	const char *marked = by_mark((const unsigned char *)data, len);

	if (marked &&
	    (says_nothing(declared) || strncasecmp(declared, "utf", 3) == 0))
		return marked;
	if (says_nothing(declared))
		return charset_guess(data, len);
	if (strcasecmp(declared, "utf-16") == 0)
		return charset_guess_utf16(data, len);
	for (size_t i = 0; i < ARRAY_LEN(wider); i++)
		if (strcasecmp(wider[i].name, declared) == 0)
			return wider[i].meant;
	return declared;
}

/* Valid UTF-8 without NULs; what is not becomes U+FFFD. */
static void append_utf8(const char *data, size_t len, struct buf *out)
{
	while (len > 0) {
		const char *bad;

		g_utf8_validate(data, (gssize)len, &bad);
		buf_append(out, data, (size_t)(bad - data));
		len -= (size_t)(bad - data);
		if (len == 0)
			break;
		if (*bad != '\0')
			buf_puts(out, REPLACEMENT);
		data = bad + 1;
		len--;
	}
}

static void convert(iconv_t cd, const char *data, size_t len, struct buf *out)
{
	char *in = (char *)(uintptr_t)data; /* iconv(3) does not write there */
	char chunk[8192];

	for (;;) {
		char *to = chunk;
		size_t room = sizeof chunk;
		size_t r = iconv(cd, len ? &in : NULL, &len, &to, &room);
		int why = errno;

		append_utf8(chunk, sizeof chunk - room, out);
		if (r != (size_t)-1 && len == 0)
			return;
		if (r != (size_t)-1 || why == E2BIG)
			continue;
		/* EILSEQ, or EINVAL: cut off in the middle of a character */
		buf_puts(out, REPLACEMENT);
		in++;
		len--;
		if (len == 0)
			return;
	}
}

static void strip_mark(struct buf *out, size_t start)
{
	if (out->len - start >= 3 &&
	    memcmp(out->data + start, "\xef\xbb\xbf", 3) == 0) {
		memmove(out->data + start, out->data + start + 3,
		        out->len - start - 3);
		out->len -= 3;
	}
}

void charset_to_utf8(const char *data, size_t len, const char *declared,
                     struct buf *out)
{
	size_t start = out->len;
	const char *from;
	iconv_t cd;

	if (len == 0)
		return;
	from = choose(data, len, declared);
	if (strcasecmp(from, "UTF-8") == 0 || strcasecmp(from, "UTF8") == 0) {
		append_utf8(data, len, out);
		strip_mark(out, start);
		return;
	}
	cd = iconv_open("UTF-8", from);
	if (cd == (iconv_t)-1)
		cd = iconv_open("UTF-8", charset_guess(data, len));
	if (cd == (iconv_t)-1) {
		append_utf8(data, len, out);
		return;
	}
	convert(cd, data, len, out);
	iconv_close(cd);
	strip_mark(out, start);
}
