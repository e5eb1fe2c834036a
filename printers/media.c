/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/media.h"

#include <errno.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "base/mem.h"

/* clang-format off */
static const struct {
	const char *name;
	const char *title;
	unsigned width, height; /* 1/100 mm */
	const char *older;      /* RFC 2911 appendix C, or NULL */
} known_media[] = {
	{"iso_a4_210x297mm",        "A4",         21000, 29700, "iso-a4"},
	{"na_letter_8.5x11in",      "Letter",     21590, 27940, "na-letter"},
	{"iso_a3_297x420mm",        "A3",         29700, 42000, "iso-a3"},
	{"iso_a5_148x210mm",        "A5",         14800, 21000, "iso-a5"},
	{"iso_a6_105x148mm",        "A6",         10500, 14800, "iso-a6"},
	{"iso_b5_176x250mm",        "B5",         17600, 25000, "iso-b5"},
	{"jis_b5_182x257mm",        "JIS B5",     18200, 25700, "jis-b5"},
	{"jis_b4_257x364mm",        "JIS B4",     25700, 36400, "jis-b4"},
	{"na_legal_8.5x14in",       "Legal",      21590, 35560, "na-legal"},
	{"na_ledger_11x17in",       "Tabloid",    27940, 43180, "ledger"},
	{"na_executive_7.25x10.5in","Executive",  18415, 26670, "executive"},
	{"na_index-4x6_4x6in",      "4x6",        10160, 15240, NULL},
	{"na_5x7_5x7in",            "5x7",        12700, 17780, NULL},
	{"jpn_hagaki_100x148mm",    "Hagaki",     10000, 14800, NULL},
	{"iso_dl_110x220mm",        "DL envelope",11000, 22000, NULL},
	{"na_number-10_4.125x9.5in","No. 10 envelope", 10477, 24130, NULL},
};
/* clang-format on */

#define MEDIA_SIDE_MAX 200000u /* 2 m */

/*
 * A decimal number with up to three places behind the point, times 1000.
 * false unless there is at least one digit.
 */
static bool scan_decimal(const char **text, unsigned long *thousandths)
{
	const char *s = *text;
	unsigned long value = 0;
	unsigned n_digits = 0, n_places = 0;

	for (; *s >= '0' && *s <= '9' && n_digits < 6; s++, n_digits++)
		value = value * 10 + (unsigned long)(*s - '0');
	if (n_digits == 0)
		return false;
	if (*s == '.')
		for (s++; *s >= '0' && *s <= '9' && n_places < 3;
		     s++, n_places++)
			value = value * 10 + (unsigned long)(*s - '0');
	for (; n_places < 3; n_places++)
		value *= 10;
	while (*s >= '0' && *s <= '9')
		s++;
	*thousandths = value;
	*text = s;
	return true;
}

static int size_from_older_name(const char *name, unsigned *width,
                                unsigned *height)
{
	for (size_t i = 0; i < ARRAY_LEN(known_media); i++) {
		if (!known_media[i].older ||
		    strcmp(name, known_media[i].older) != 0)
			continue;
		*width = known_media[i].width;
		*height = known_media[i].height;
		return 0;
	}
	return -EINVAL;
}

int media_size_from_name(const char *name, unsigned *width, unsigned *height)
{
	const char *s = strrchr(name, '_');
	unsigned long w = 0, h = 0;

	if (!s)
		return size_from_older_name(name, width, height);
	if (s == name)
		return -EINVAL;
	s++;
	if (!scan_decimal(&s, &w) || *s++ != 'x' || !scan_decimal(&s, &h))
		return -EINVAL;
	if (strcmp(s, "mm") == 0) {
		w = (w + 5) / 10;
		h = (h + 5) / 10;
	} else if (strcmp(s, "in") == 0) {
		/* cut, as libcups does: 4.125 in is 10477 */
		w = w * 2540 / 1000;
		h = h * 2540 / 1000;
	} else {
		return -EINVAL;
	}
	if (w == 0 || h == 0 || w > MEDIA_SIDE_MAX || h > MEDIA_SIDE_MAX)
		return -EINVAL;
	*width = (unsigned)w;
	*height = (unsigned)h;
	return 0;
}

int media_range_end(const char *name)
{
	const char *end = NULL;

	if (strncmp(name, "custom_", 7) == 0)
		end = name + 7;
	else if (strncmp(name, "roll_", 5) == 0)
		end = name + 5;
	if (end && strncmp(end, "min_", 4) == 0)
		return -1;
	return end && strncmp(end, "max_", 4) == 0;
}

static bool is_near(unsigned a, unsigned b)
{
	return a > b ? a - b < 100 : b - a < 100;
}

const char *media_name_from_size(unsigned width, unsigned height)
{
	for (size_t i = 0; i < ARRAY_LEN(known_media); i++)
		if (is_near(known_media[i].width, width) &&
		    is_near(known_media[i].height, height))
			return known_media[i].name;
	return NULL;
}

char *media_title(const char *name, char *out, size_t size)
{
	const char *first = strchr(name, '_');
	const char *last = strrchr(name, '_');

	for (size_t i = 0; i < ARRAY_LEN(known_media); i++) {
		if (strcmp(known_media[i].name, name) == 0) {
			snprintf(out, size, "%s", known_media[i].title);
			return out;
		}
	}
	if (first && last > first + 1)
		snprintf(out, size, "%.*s", (int)(last - first - 1), first + 1);
	else
		snprintf(out, size, "%s", name);
	return out;
}

bool media_is_same_size(const char *a, const char *b)
{
	unsigned wa, ha, wb, hb;

	if (strcmp(a, b) == 0)
		return true;
	return media_size_from_name(a, &wa, &ha) == 0 &&
	       media_size_from_name(b, &wb, &hb) == 0 && is_near(wa, wb) &&
	       is_near(ha, hb);
}
