/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/charset_jis.h"

#include "base/mem.h"

#define ESC 0x1b
#define SO  0x0e
#define SI  0x0f
#define SS2 0x8e /* EUC: one kana follows */
#define SS3 0x8f /* EUC: JIS X 0212 follows */

enum set {
	SET_ASCII, /* and JIS X 0201's Latin, which is it but for two signs */
	SET_KANA,
	SET_KANJI,
	SET_MORE_KANJI, /* JIS X 0212 */
};

static const struct {
	const char *bytes;
	enum set set;
} escapes[] = {
	{"(B", SET_ASCII}, {"(J", SET_ASCII},       {"(H", SET_ASCII},
	{"(I", SET_KANA},  {"$(D", SET_MORE_KANJI}, {"$@", SET_KANJI},
	{"$B", SET_KANJI}, {"$(B", SET_KANJI},      {"$(@", SET_KANJI},
	{"&@", SET_KANJI},
};

/* Bytes of the escape sequence behind ESC, 0 if it is none. */
static size_t read_escape(const char *at, size_t left, enum set *set)
{
	for (size_t i = 0; i < ARRAY_LEN(escapes); i++) {
		size_t n = strlen(escapes[i].bytes);

		if (left < n || memcmp(at, escapes[i].bytes, n) != 0)
			continue;
		*set = escapes[i].set;
		return n;
	}
	return 0;
}

static bool is_graphic(char c)
{
	return c >= 0x21 && c <= 0x7e;
}

/* One or two bytes in the set; how many were read. */
static size_t put(enum set set, const char *at, size_t left, struct buf *out)
{
	unsigned char c = (unsigned char)at[0];
	unsigned char pair[] = {SS3, c | 0x80, 0};

	if (c >= 0xa1 && c <= 0xdf)
		buf_append(out, (unsigned char[]){SS2, c}, 2);
	else if (set == SET_KANA && is_graphic(at[0]))
		buf_append(out, (unsigned char[]){SS2, c | 0x80}, 2);
	else if (set < SET_KANJI || !is_graphic(at[0]) || left < 2 ||
	         !is_graphic(at[1]))
		buf_append(out, at, 1);
	else {
		pair[2] = (unsigned char)at[1] | 0x80;
		buf_append(out, set == SET_KANJI ? pair + 1 : pair,
		           set == SET_KANJI ? 2 : 3);
		return 2;
	}
	return 1;
}

static bool has_jis_x_0213(const char *data, size_t len)
{
	return memmem(data, len, "\x1b$(O", 4) ||
	       memmem(data, len, "\x1b$(P", 4) ||
	       memmem(data, len, "\x1b$(Q", 4);
}

bool charset_jis_to_euc(const char *data, size_t len, struct buf *out)
{
	enum set set = SET_ASCII, outer = SET_ASCII;

	if (len == 0 || has_jis_x_0213(data, len))
		return len == 0;
	for (size_t at = 0; at < len;) {
		size_t n = data[at] == ESC ? read_escape(data + at + 1,
		                                         len - at - 1, &set)
		                           : 0;

		if (n > 0) {
			at += n + 1;
			continue;
		}
		if (data[at] == SO || data[at] == SI) {
			outer = data[at] == SO ? set : outer;
			set = data[at] == SO ? SET_KANA : outer;
			at++;
			continue;
		}
		if (data[at] == '\n') /* a line begins in ASCII (RFC 1468) */
			set = outer = SET_ASCII;
		at += put(set, data + at, len - at, out);
	}
	return true;
}
