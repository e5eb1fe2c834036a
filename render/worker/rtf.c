/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/rtf.h"

#include <ctype.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>

#include <glib.h>

#include "base/mem.h"
#include "render/worker/charset.h"

/*
 * Groups are a stack of what they inherit; words change the top of it. Bytes
 * written as \'hh are collected and converted together, for some characters are
 * two bytes. In wrapped HTML the tags stand in groups "{\*\htmltag84 <b>}" and
 * what RTF needs beside them between \htmlrtf and \htmlrtf0.
 */
#define GROUPS 200 /* deeper ones are left out */
#define FONTS  256

struct group {
	bool skipped;           /* nothing of it is shown */
	bool rtf_only;          /* \htmlrtf */
	bool tag;               /* \htmltag */
	bool fonts;             /* the font table */
	unsigned unicode_bytes; /* stand-ins after \u */
	unsigned codepage;
};

struct rtf {
	const char *at, *end;
	struct buf *out;
	struct buf bytes; /* of the codepage, not converted yet */
	struct group groups[GROUPS];
	size_t depth;  /* may be more than GROUPS */
	unsigned ansi; /* \ansicpg */
	unsigned fonts[FONTS];
	unsigned font;    /* being described */
	unsigned to_skip; /* stand-ins still to come */
	bool star;        /* after \* */
	bool html;
	gunichar high; /* first half of a pair */
};

static struct group *top(struct rtf *rtf)
{
	size_t depth = rtf->depth < GROUPS ? rtf->depth : GROUPS - 1;

	return &rtf->groups[depth];
}

static bool is_shown(struct rtf *rtf)
{
	const struct group *group = top(rtf);

	return !group->skipped && rtf->depth < GROUPS &&
	       (group->tag || !(rtf->html && group->rtf_only));
}

static void flush(struct rtf *rtf)
{
	char name[24];

	if (rtf->bytes.len == 0)
		return;
	snprintf(name, sizeof name, "CP%u", top(rtf)->codepage);
	charset_to_utf8(rtf->bytes.data, rtf->bytes.len, name, rtf->out);
	buf_clear(&rtf->bytes);
}

static void put(struct rtf *rtf, const char *utf8)
{
	flush(rtf);
	if (is_shown(rtf))
		buf_puts(rtf->out, utf8);
}

static void put_byte(struct rtf *rtf, char byte)
{
	if (rtf->to_skip > 0)
		rtf->to_skip--;
	else if (is_shown(rtf) && byte != '\0')
		buf_append(&rtf->bytes, &byte, 1);
}

static void put_unicode(struct rtf *rtf, int value)
{
	gunichar c = (gunichar)(value < 0 ? value + 65536 : value) & 0xffff;
	char utf8[8] = "";

	rtf->to_skip = top(rtf)->unicode_bytes;
	if (c >= 0xd800 && c < 0xdc00) {
		rtf->high = c;
		return;
	}
	if (c >= 0xdc00 && c < 0xe000)
		c = rtf->high ? 0x10000 + ((rtf->high & 0x3ff) << 10) +
		                        (c & 0x3ff)
		              : 0xfffd;
	rtf->high = 0;
	g_unichar_to_utf8(c, utf8);
	put(rtf, c == 0 ? "" : utf8);
}

/* Windows' number for a font's character set (RTF 1.9, \fcharset). */
static unsigned codepage_of(int charset)
{
	static const struct {
		int charset;
		unsigned codepage;
	} sets[] = {{128, 932},  {129, 949},  {134, 936},  {136, 950},
	            {161, 1253}, {162, 1254}, {163, 1258}, {177, 1255},
	            {178, 1256}, {186, 1257}, {204, 1251}, {222, 874},
	            {238, 1250}};

	for (size_t i = 0; i < ARRAY_LEN(sets); i++)
		if (sets[i].charset == charset)
			return sets[i].codepage;
	return 1252;
}

static void set_font(struct rtf *rtf, int number)
{
	flush(rtf);
	if (number < 0 || number >= FONTS)
		return;
	if (top(rtf)->fonts)
		rtf->font = (unsigned)number;
	else
		top(rtf)->codepage =
			rtf->fonts[number] ? rtf->fonts[number] : rtf->ansi;
}

static void begin_group(struct rtf *rtf)
{
	flush(rtf);
	rtf->to_skip = 0;
	if (++rtf->depth < GROUPS)
		rtf->groups[rtf->depth] = rtf->groups[rtf->depth - 1];
	rtf->star = false;
}

static void end_group(struct rtf *rtf)
{
	flush(rtf);
	rtf->to_skip = 0;
	if (rtf->depth > 0)
		rtf->depth--;
}

/* Words that stand for a character. */
static const struct {
	const char *word;
	const char *text;
} characters[] = {
	{"par", "\n"},
	{"line", "\n"},
	{"sect", "\n"},
	{"row", "\n"},
	{"page", "\n"},
	{"tab", "\t"},
	{"cell", "\t"},
	{"lquote", "\xe2\x80\x98"},
	{"rquote", "\xe2\x80\x99"},
	{"ldblquote", "\xe2\x80\x9c"},
	{"rdblquote", "\xe2\x80\x9d"},
	{"bullet", "\xe2\x80\xa2"},
	{"endash", "\xe2\x80\x93"},
	{"emdash", "\xe2\x80\x94"},
	{"emspace", "\xe2\x80\x83"},
	{"enspace", "\xe2\x80\x82"},
};

static const char *const skipped[] = {"colortbl", "stylesheet", "info",
                                      "pict",     "object",     "fldinst",
                                      "header",   "footer",     "headerl",
                                      "headerr",  "footerl",    "footerr",
                                      "listtext", "pntext",     "themedata",
                                      "filetbl",  "datastore"};

static bool is_one_of(const char *word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(word, list[i]) == 0)
			return true;
	return false;
}

static void on_state_word(struct rtf *rtf, const char *word, int number,
                          bool has_number)
{
	struct group *group = top(rtf);

	if (strcmp(word, "ansicpg") == 0 && number > 0)
		rtf->ansi = group->codepage = (unsigned)number;
	else if (strcmp(word, "uc") == 0)
		group->unicode_bytes =
			number > 0 && number < 10 ? (unsigned)number : 0;
	else if (strcmp(word, "f") == 0)
		set_font(rtf, number);
	else if (strcmp(word, "fcharset") == 0 && group->fonts)
		rtf->fonts[rtf->font] = number > 1 ? codepage_of(number) : 0;
	else if (strcmp(word, "fonttbl") == 0)
		group->fonts = group->skipped = true;
	else if (strcmp(word, "fromhtml") == 0)
		rtf->html = !has_number || number != 0;
	else if (strcmp(word, "htmlrtf") == 0)
		group->rtf_only = !has_number || number != 0;
}

static void on_word(struct rtf *rtf, const char *word, int number,
                    bool has_number)
{
	struct group *group = top(rtf);
	bool star = rtf->star;

	rtf->star = false;
	if (strcmp(word, "u") == 0) {
		put_unicode(rtf, number);
		return;
	}
	flush(rtf);
	if (strcmp(word, "htmltag") == 0 && star)
		group->tag = rtf->html;
	if (star ? strcmp(word, "htmltag") != 0 || !rtf->html
	         : is_one_of(word, skipped, ARRAY_LEN(skipped)))
		group->skipped = true;
	for (size_t i = 0; i < ARRAY_LEN(characters); i++)
		if (strcmp(word, characters[i].word) == 0)
			put(rtf, characters[i].text);
	on_state_word(rtf, word, number, has_number);
}

/* Letters, then a number, then one blank that belongs to the word. */
static void read_word(struct rtf *rtf)
{
	char word[32], digits[12];
	size_t n = 0, d = 0;
	long long number;

	while (rtf->at < rtf->end && isalpha((unsigned char)*rtf->at)) {
		if (n < sizeof word - 1)
			word[n++] = *rtf->at;
		rtf->at++;
	}
	word[n] = '\0';
	if (rtf->at < rtf->end && *rtf->at == '-')
		digits[d++] = *rtf->at++;
	while (rtf->at < rtf->end && isdigit((unsigned char)*rtf->at)) {
		if (d < sizeof digits - 1)
			digits[d++] = *rtf->at;
		rtf->at++;
	}
	digits[d] = '\0';
	if (rtf->at < rtf->end && *rtf->at == ' ')
		rtf->at++;
	number = strtoll(digits, NULL, 10);
	if (strcmp(word, "bin") == 0 && number > 0) { /* raw bytes follow */
		long long left = rtf->end - rtf->at;

		rtf->at += number < left ? number : left;
		return;
	}
	number = number > INT_MAX ? INT_MAX : number;
	number = number < -INT_MAX ? -INT_MAX : number;
	on_word(rtf, word, (int)number, d > 0);
}

static void read_hex(struct rtf *rtf)
{
	int high, low;

	if (rtf->end - rtf->at < 2)
		return;
	high = g_ascii_xdigit_value(rtf->at[0]);
	low = g_ascii_xdigit_value(rtf->at[1]);
	rtf->at += 2;
	if (high >= 0 && low >= 0)
		put_byte(rtf, (char)(high * 16 + low));
}

static void read_control(struct rtf *rtf)
{
	char c = rtf->at < rtf->end ? *rtf->at : '\0';

	if (isalpha((unsigned char)c)) {
		read_word(rtf);
		return;
	}
	rtf->at += rtf->at < rtf->end;
	switch (c) {
	case '\'': read_hex(rtf); break;
	case '*': rtf->star = true; break;
	case '~': put(rtf, "\xc2\xa0"); break;
	case '_': put(rtf, "\xe2\x80\x91"); break;
	case '\r':
	case '\n': put(rtf, "\n"); break;
	case '{':
	case '}':
	case '\\': put_byte(rtf, c); break;
	default: break;
	}
}

void rtf_read(const char *text, size_t len, struct buf *out, bool *is_html)
{
	struct rtf *rtf CLEANUP(xfree) = xcalloc(1, sizeof *rtf);

	rtf->at = text;
	rtf->end = text + len;
	rtf->out = out;
	rtf->ansi = rtf->groups[0].codepage = 1252;
	rtf->groups[0].unicode_bytes = 1;
	while (rtf->at < rtf->end) {
		char c = *rtf->at++;

		switch (c) {
		case '{': begin_group(rtf); break;
		case '}': end_group(rtf); break;
		case '\\': read_control(rtf); break;
		case '\r':
		case '\n': break;
		default: put_byte(rtf, c); break;
		}
	}
	flush(rtf);
	buf_fini(&rtf->bytes);
	*is_html = rtf->html;
}
