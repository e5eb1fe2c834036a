/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/text_language.h"

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>
#include <iconv.h>

#define LOOK 2000 /* characters; a letter's opening tells its language */

struct tally {
	size_t kana, hangul, simplified, traditional, japanese;
};

/* Whether a set of one country has the character. */
static bool has(iconv_t cd, const char *utf8)
{
	char out[8], *to = out;
	char *in = (char *)(uintptr_t)utf8; /* iconv(3) does not write there */
	size_t left = (size_t)(g_utf8_next_char(utf8) - utf8);
	size_t room = sizeof out;

	return cd != (iconv_t)-1 && iconv(cd, &in, &left, &to, &room) == 0;
}

static void end(iconv_t cd)
{
	if (cd != (iconv_t)-1)
		iconv_close(cd);
}

static void tally(const char *utf8, size_t len, struct tally *out)
{
	iconv_t simplified = iconv_open("GB2312", "UTF-8");
	iconv_t traditional = iconv_open("BIG5", "UTF-8");
	iconv_t japanese = iconv_open("EUC-JP", "UTF-8");
	const char *stop = utf8 + len;

	for (size_t n = 0; utf8 < stop && n < LOOK; n++) {
		gunichar c = g_utf8_get_char(utf8);

		out->kana += c >= 0x3041 && c <= 0x30fe;
		out->hangul += c >= 0xac00 && c <= 0xd7a3;
		if (c >= 0x4e00 && c <= 0x9fff) {
			bool gb = has(simplified, utf8);
			bool big5 = has(traditional, utf8);

			out->simplified += gb && !big5;
			out->traditional += big5 && !gb;
			out->japanese += !gb && !big5 && has(japanese, utf8);
		}
		utf8 = g_utf8_next_char(utf8);
	}
	end(simplified);
	end(traditional);
	end(japanese);
}

const char *text_language(const char *utf8, size_t len)
{
	struct tally t = {0};
	bool east_asian = false;

	/* All that matters begins with E3 or a later byte. */
	for (size_t i = 0; i < len && !east_asian; i++)
		east_asian = (unsigned char)utf8[i] >= 0xe3;
	if (!east_asian)
		return "en";
	tally(utf8, len, &t);
	if (t.kana + t.japanese > 0)
		return "ja";
	if (t.hangul > 0)
		return "ko";
	if (t.simplified == 0 && t.traditional == 0)
		return "en";
	return t.simplified >= t.traditional ? "zh-cn" : "zh-tw";
}
