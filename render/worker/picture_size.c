/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/picture_size.h"

#include <stdint.h>

#include "base/mem.h"
#include "render/worker/little_endian.h"

static unsigned big(const uint8_t *p, int n)
{
	unsigned value = 0;

	for (int i = 0; i < n; i++)
		value = value << 8 | p[i];
	return value;
}

/* The frame header of a JPEG (ITU-T T.81 B.2.2), behind other segments. */
static bool jpeg_size(const uint8_t *p, size_t len, unsigned *width,
                      unsigned *height)
{
	size_t at = 2;

	while (at + 9 <= len && p[at] == 0xff) {
		uint8_t marker = p[at + 1];
		bool is_frame = marker >= 0xc0 && marker <= 0xcf &&
		                marker != 0xc4 && marker != 0xc8 &&
		                marker != 0xcc;

		if (is_frame) {
			*height = big(p + at + 5, 2);
			*width = big(p + at + 7, 2);
			return true;
		}
		at += marker == 0xff ? 1 : 2 + big(p + at + 2, 2);
	}
	return false;
}

bool picture_size(const void *data, size_t len, unsigned *width,
                  unsigned *height)
{
	const uint8_t *p = data;

	if (len < 26)
		return false;
	if (memcmp(p, "\x89PNG\r\n\x1a\n", 8) == 0) {
		*width = big(p + 16, 4);
		*height = big(p + 20, 4);
		return true;
	}
	if (memcmp(p, "GIF8", 4) == 0) {
		*width = get_le16(p + 6);
		*height = get_le16(p + 8);
		return true;
	}
	if (memcmp(p, "BM", 2) == 0 && get_le32(p + 14) >= 40) {
		*width = get_le32(p + 18);
		*height = get_le32(p + 22);
		return true;
	}
	return memcmp(p, "\xff\xd8\xff", 3) == 0 &&
	       jpeg_size(p, len, width, height);
}
