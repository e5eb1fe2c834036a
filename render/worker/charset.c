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
#include "render/worker/charset_hz.h"
#include "render/worker/charset_jis.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */
#define CODE_PAGE   8              /* "cp65001" */

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
	{"iso-2022-jp", CHARSET_JIS},
	{"iso-2022-jp-ms", CHARSET_JIS},
	{"csiso2022jp", CHARSET_JIS},
	{"cp50221", CHARSET_JIS},
	{"euc-jp", "EUC-JP-MS"},
	{"x-mac-roman", "MACINTOSH"},
	{"iso-8859-8-i", "WINDOWS-1255"},
	{"iso-8859-6-i", "ISO-8859-6"},
	{"x-mac-ce", "MAC-CENTRALEUROPE"},
	{"x-mac-cyrillic", "MAC-CYRILLIC"},
	{"x-mac-ukrainian", "MAC-UK"},
	{"unicode-1-1-utf-7", "UTF-7"},
	{"hz-gb-2312", CHARSET_HZ},
	{"hz", CHARSET_HZ},
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
	{"cp50220", CHARSET_JIS},
	{"cp51932", "EUC-JP-MS"},
	{"cp10000", "MACINTOSH"},
	{"cp10007", "MAC-CYRILLIC"},
	{"cp10029", "MAC-CENTRALEUROPE"},
};

bool charset_is_utf8(const char *data, size_t len)
{
	return g_utf8_validate(data, (gssize)len, NULL);
}

static const char *by_mark(const unsigned char *s, size_t len)
{
	if (len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0)
		return "UTF-8";
	if (len >= 4 && memcmp(s, "\xff\xfe\0\0", 4) == 0)
		return "UTF-32LE";
	if (len >= 4 && memcmp(s, "\0\0\xfe\xff", 4) == 0)
		return "UTF-32BE";
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
	       strncasecmp(declared, "ansi_x3", 7) == 0 || /* C locale's */
	       strcasecmp(declared, "unknown-8bit") == 0 ||
	       strcasecmp(declared, "x-unknown") == 0 ||
	       strcasecmp(declared, "default") == 0;
}

/* One byte a character, of which letters never make up UTF-8 by chance. */
static bool is_single_byte(const char *declared)
{
	return strncasecmp(declared, "iso-8859-", 9) == 0 ||
	       strncasecmp(declared, "iso8859", 7) == 0 ||
	       strncasecmp(declared, "windows-125", 11) == 0 ||
	       strncasecmp(declared, "cp125", 5) == 0 ||
	       strncasecmp(declared, "latin", 5) == 0 ||
	       strncasecmp(declared, "koi8-", 5) == 0;
}

/*
 * Windows' and DOS's sets have numbers, with which mailers do as they like:
 * "x-cp1251", "win-1251", "dos-874". The name that iconv knows, or declared.
 */
static const char *name_of(const char *declared, char page[CODE_PAGE])
{
	static const char *const words[] = {"windows", "win", "ansi",
	                                    "dos",     "ibm", "cp"};
	const char *number = declared;
	size_t n;

	if (strncasecmp(number, "x-", 2) == 0)
		number += 2;
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		n = strlen(words[i]);
		if (strncasecmp(number, words[i], n) == 0) {
			number += n;
			number += *number == '-';
			break;
		}
	}
	n = strspn(number, "0123456789");
	if (number == declared || n < 3 || n > 5 || number[n] != '\0')
		return declared;
	snprintf(page, CODE_PAGE, "cp%s", number);
	return page;
}

static bool has_eight_bits(const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (data[i] & 0x80)
			return true;
	return false;
}

/* Of what is no ASCII, more is UTF-8 than is not; some is so by chance. */
static bool is_mostly_utf8(const char *data, size_t len)
{
	size_t n_good = 0, n_bad = 0;

	while (len > 0) {
		const char *bad;

		g_utf8_validate(data, (gssize)len, &bad);
		for (; data < bad; data++, len--)
			n_good += (*data & 0x80) != 0;
		if (len > 0) {
			n_bad += (*data & 0x80) != 0;
			data++;
			len--;
		}
	}
	return n_good > n_bad;
}

/* The label does not fit what it is on: mailers quote without converting. */
static bool is_mislabelled(const char *data, size_t len, const char *declared)
{
	if (is_single_byte(declared))
		return has_eight_bits(data, len) && charset_is_utf8(data, len);
	if (strcasecmp(declared, "utf-8") != 0 &&
	    strcasecmp(declared, "utf8") != 0)
		return false;
	/* cut off in the middle of a character is no other charset */
	for (int i = 0; i < 3 && len > 0 && (data[len - 1] & 0x80); i++)
		len--;
	return has_eight_bits(data, len) && !is_mostly_utf8(data, len);
}

/*
 * Windows' characters under the name of the standard beside it, whose bytes
 * from 80 to 9F mean nothing that anybody sends.
 */
static const char *of_windows(const char *data, size_t len,
                              const char *declared)
{
	static const struct {
		const char *name;
		const char *meant;
	} windows[] = {
		{"iso-8859-2", "WINDOWS-1250"},  {"iso-8859-5", "WINDOWS-1251"},
		{"iso-8859-7", "WINDOWS-1253"},  {"iso-8859-8", "WINDOWS-1255"},
		{"iso-8859-6", "WINDOWS-1256"},  {"iso-8859-4", "WINDOWS-1257"},
		{"iso-8859-13", "WINDOWS-1257"},
	};

	for (size_t i = 0; i < ARRAY_LEN(windows); i++) {
		if (strcasecmp(windows[i].name, declared) != 0)
			continue;
		for (size_t k = 0; k < len; k++)
			if ((data[k] & 0xe0) == 0x80)
				return windows[i].meant;
	}
	return NULL;
}

/* page: room for what is returned. */
static const char *choose(const char *data, size_t len, const char *declared,
                          char page[CODE_PAGE])
{
	const char *marked = by_mark((const unsigned char *)data, len);
	const char *windows;

	if (marked &&
	    (says_nothing(declared) || strncasecmp(declared, "utf", 3) == 0))
		return marked;
	if (says_nothing(declared))
		return charset_guess(data, len);
	declared = name_of(declared, page);
	if (is_mislabelled(data, len, declared))
		return charset_guess(data, len);
	windows = of_windows(data, len, declared);
	if (windows)
		return windows;
	if (strcasecmp(declared, "utf-16") == 0)
		return charset_guess_utf16(data, len);
	if (strcasecmp(declared, "utf-32") == 0)
		return data[0] == '\0' ? "UTF-32BE" : "UTF-32LE";
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

static iconv_t open_from(const char *from)
{
	iconv_t cd = iconv_open("UTF-8", from);

	if (cd == (iconv_t)-1 && strncasecmp(from, "x-", 2) == 0)
		cd = iconv_open("UTF-8", from + 2);
	return cd;
}

static bool is_known(const char *name)
{
	iconv_t cd = open_from(name);

	if (cd == (iconv_t)-1)
		return false;
	iconv_close(cd);
	return true;
}

static void convert_from(const char *from, const char *data, size_t len,
                         struct buf *out)
{
	iconv_t cd = open_from(from);

	if (cd == (iconv_t)-1)
		cd = open_from(charset_guess(data, len));
	if (cd == (iconv_t)-1) {
		append_utf8(data, len, out);
		return;
	}
	convert(cd, data, len, out);
	iconv_close(cd);
}

static void convert_jis(const char *data, size_t len, struct buf *out)
{
	struct buf euc CLEANUP(buf_fini) = {0};

	if (charset_jis_to_euc(data, len, &euc))
		convert_from("EUC-JP-MS", euc.data, euc.len, out);
	else
		convert_from("ISO-2022-JP-3", data, len, out);
}

static void convert_hz(const char *data, size_t len, struct buf *out)
{
	struct buf gb CLEANUP(buf_fini) = {0};

	charset_hz_to_gb(data, len, &gb);
	convert_from("GB18030", gb.data, gb.len, out);
}

bool charset_is_wide(const char *data, size_t len, const char *declared)
{
	const char *marked = by_mark((const unsigned char *)data, len);

	if (declared && (strncasecmp(declared, "utf-16", 6) == 0 ||
	                 strncasecmp(declared, "utf-32", 6) == 0))
		return true;
	if (marked && strcmp(marked, "UTF-8") != 0)
		return len % 2 == 0;
	return charset_guess_wide(data, len) &&
	       (says_nothing(declared) || !is_known(declared));
}

void charset_to_utf8(const char *data, size_t len, const char *declared,
                     struct buf *out)
{
	size_t start = out->len;
	char page[CODE_PAGE];
	const char *from;

	if (len == 0)
		return;
	from = choose(data, len, declared, page);
	if (strcasecmp(from, "UTF-8") == 0 || strcasecmp(from, "UTF8") == 0)
		append_utf8(data, len, out);
	else if (strcmp(from, CHARSET_JIS) == 0)
		convert_jis(data, len, out);
	else if (strcmp(from, CHARSET_HZ) == 0)
		convert_hz(data, len, out);
	else
		convert_from(from, data, len, out);
	strip_mark(out, start);
}
