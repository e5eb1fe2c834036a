/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/charset_guess.h"

#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "render/worker/charset.h"
#include "render/worker/charset_jis.h"

#define SAMPLE   16384 /* bytes that are looked at */
#define HIGH_MIN 4     /* fewer eight-bit bytes tell nothing */

struct sample {
	const char *data;
	size_t len;
};

/* Share of eight-bit bytes in the words that have some: in Latin script they
 * are the exception. */
static double density(const struct sample *sample, size_t *n_high)
{
	size_t bytes = 0, word = 0, high = 0;

	*n_high = 0;
	for (size_t i = 0; i <= sample->len; i++) {
		unsigned char c =
			i < sample->len ? (unsigned char)sample->data[i] : ' ';

		if (c > ' ') {
			word++;
			high += c >= 0x80;
			continue;
		}
		if (high > 0)
			bytes += word;
		*n_high += high;
		word = high = 0;
	}
	return bytes > 0 ? (double)*n_high / (double)bytes : 0;
}

/* The sample in that charset, strictly; false: it cannot be in it. */
static bool convert(const struct sample *sample, const char *charset,
                    struct buf *out)
{
	iconv_t cd = iconv_open("UTF-8", charset);
	char *in = (char *)(uintptr_t)sample->data;
	size_t left = sample->len, room = sample->len * 4 + 16, r;
	char *to;
	int why;

	if (cd == (iconv_t)-1)
		return false;
	buf_reserve(out, room);
	to = out->data;
	r = iconv(cd, &in, &left, &to, &room);
	why = errno;
	iconv_close(cd);
	out->len = (size_t)(to - out->data);
	/* EINVAL: the sample ends within a character */
	return r != (size_t)-1 || why == EINVAL;
}

struct tally {
	size_t n, kana, half_kana, hangul;
};

static bool tally(const struct sample *sample, const char *charset,
                  struct tally *out)
{
	struct buf utf8 CLEANUP(buf_fini) = {0};

	*out = (struct tally){0};
	if (!convert(sample, charset, &utf8))
		return false;
	for (const char *p = buf_str(&utf8); *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		out->n += c >= 0x80;
		out->kana += c >= 0x3041 && c <= 0x30fe;
		out->half_kana += c >= 0xff61 && c <= 0xff9f;
		out->hangul += c >= 0xac00 && c <= 0xd7a3;
	}
	return out->n > 0;
}

/* Share of two-byte characters that begin in from..to, where a set keeps those
 * that are used most. */
static double common(const struct sample *sample, unsigned from, unsigned to)
{
	size_t n = 0, hits = 0;

	for (size_t i = 0; i + 1 < sample->len; i++) {
		unsigned char lead = (unsigned char)sample->data[i];

		if (lead < 0x81)
			continue;
		i++;
		if (lead < 0xa4) /* punctuation */
			continue;
		n++;
		hits += lead >= from && lead <= to;
	}
	return n > 0 ? (double)hits / (double)n : 0;
}

/* Share of the ten letters that Russian uses most. */
static double russian(const struct sample *sample, const char *letters)
{
	size_t n = 0, hits = 0;

	for (size_t i = 0; i < sample->len; i++) {
		if ((unsigned char)sample->data[i] < 0x80)
			continue;
		n++;
		hits += strchr(letters, sample->data[i]) != NULL;
	}
	return n > 0 ? (double)hits / (double)n : 0;
}

static const char *guess_japanese(const struct sample *sample)
{
	static const char *const charsets[] = {"CP932", "EUC-JP-MS"};

	for (size_t i = 0; i < ARRAY_LEN(charsets); i++) {
		struct tally t;

		if (tally(sample, charsets[i], &t) && t.kana * 7 >= t.n &&
		    t.half_kana * 4 <= t.n)
			return charsets[i];
	}
	return NULL;
}

static const char *guess_east_asian(const struct sample *sample)
{
	const char *japanese = guess_japanese(sample);
	double simplified = 0, traditional = 0;
	struct tally t;

	if (japanese)
		return japanese;
	if (tally(sample, "UHC", &t) && t.hangul * 10 >= t.n * 8)
		return "UHC";
	if (tally(sample, "GB18030", &t))
		simplified = common(sample, 0xb0, 0xd7);
	if (tally(sample, "BIG5-HKSCS", &t))
		traditional = common(sample, 0xa4, 0xc6);
	/* Simplified text has no letters below B0, traditional text many. */
	if (simplified > .9 && simplified >= traditional)
		return "GB18030";
	if (traditional > .8)
		return "BIG5-HKSCS";
	return simplified > .8 ? "GB18030" : NULL;
}

static const char *guess_cyrillic(const struct sample *sample)
{
	/* o e a i n t s r v l */
	double windows = russian(sample, "\xee\xe5\xe0\xe8\xed\xf2\xf1\xf0"
	                                 "\xe2\xeb");
	double koi8 = russian(sample, "\xcf\xc5\xc1\xc9\xce\xd4\xd3\xd2\xd7"
	                              "\xcc");

	if (koi8 > .5 && koi8 > windows)
		return "KOI8-R";
	return windows > .5 ? "WINDOWS-1251" : NULL;
}

static const char *by_escape(const char *data, size_t len)
{
	if (!memchr(data, '\x1b', len))
		return NULL;
	if (memmem(data, len, "\x1b$)C", 4))
		return "ISO-2022-KR";
	if (memmem(data, len, "\x1b$)A", 4))
		return "ISO-2022-CN";
	if (memmem(data, len, "\x1b$", 2) || memmem(data, len, "\x1b(J", 3))
		return CHARSET_JIS;
	return NULL;
}

static bool is_small(char c)
{
	return c >= 'a' && c <= 'z';
}

/* A letter of DOS's where windows-1252 has none, or one that stands alone. */
static bool is_of_dos(const struct sample *sample, size_t i)
{
	unsigned char c = (unsigned char)sample->data[i];
	bool is_within = i > 0 && i + 1 < sample->len &&
	                 is_small(sample->data[i - 1]) &&
	                 is_small(sample->data[i + 1]);

	return strchr("\x81\x8d\x8f\x90\x9d", c) ||
	       (is_within && strchr("\x82\x84\x87\x88\x8a\x8b", c));
}

/*
 * Files of old programs: their letters stand from 80 to A5, where windows-1252
 * has its quotes and dashes, and nearly nothing else has the eighth bit.
 */
static bool is_dos(const struct sample *sample)
{
	size_t n = 0, n_letters = 0, n_sure = 0;

	for (size_t i = 0; i < sample->len; i++) {
		unsigned char c = (unsigned char)sample->data[i];

		if (c < 0x80)
			continue;
		n++;
		n_letters += c <= 0xa5 || c == 0xe1;
		n_sure += is_of_dos(sample, i);
	}
	return n_sure > 0 && n_letters * 5 >= n * 4;
}

const char *charset_guess(const char *data, size_t len)
{
	struct sample sample = {data, len < SAMPLE ? len : SAMPLE};
	const char *found = by_escape(data, len);
	size_t n_high;
	double share;

	if (!found)
		found = charset_guess_wide(data, len);
	if (found)
		return found;
	if (!memchr(data, '\0', len) && charset_is_utf8(data, len))
		return "UTF-8";
	share = density(&sample, &n_high);
	if (share > .45 && n_high >= HIGH_MIN) {
		found = guess_cyrillic(&sample);
		if (!found)
			found = guess_east_asian(&sample);
	}
	if (found)
		return found;
	return is_dos(&sample) ? "CP850" : "WINDOWS-1252";
}

const char *charset_guess_wide(const char *data, size_t len)
{
	size_t even = 0, odd = 0, n = 0;

	if (len % 2 != 0 || !memchr(data, '\0', len < SAMPLE ? len : SAMPLE))
		return NULL;
	for (size_t i = 0; i + 1 < len && i < SAMPLE; i += 2, n++) {
		even += data[i] == '\0';
		odd += data[i + 1] == '\0';
	}
	/* in Latin script each second byte is one, and no other */
	if (n < 4 || (even > n / 20 && odd > n / 20) ||
	    (even < n / 2 && odd < n / 2))
		return NULL;
	return odd > even ? "UTF-16LE" : "UTF-16BE";
}

const char *charset_guess_utf16(const char *data, size_t len)
{
	size_t even = 0, odd = 0;

	for (size_t i = 0; i + 1 < len && i < SAMPLE; i += 2) {
		even += data[i] == '\0';
		odd += data[i + 1] == '\0';
	}
	return odd > even ? "UTF-16LE" : "UTF-16BE";
}
