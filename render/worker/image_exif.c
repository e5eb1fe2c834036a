/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/image_exif.h"

#include <stdbool.h>

#include "base/mem.h"

#define TAG_ORIENTATION 0x0112
#define TYPE_SHORT      3
#define ENTRY_LEN       12
#define UPRIGHT         1

/* Bytes of the block; reads beyond its end give 0. */
struct tiff {
	const uint8_t *data;
	size_t len;
	bool big_endian;
};

static unsigned get16(const struct tiff *tiff, size_t at)
{
	if (tiff->len < 2 || at > tiff->len - 2)
		return 0;
	if (tiff->big_endian)
		return tiff->data[at] * 256u + tiff->data[at + 1];
	return tiff->data[at + 1] * 256u + tiff->data[at];
}

static size_t get32(const struct tiff *tiff, size_t at)
{
	size_t first = get16(tiff, at);
	size_t second = get16(tiff, at + 2);

	return tiff->big_endian ? first << 16 | second : second << 16 | first;
}

unsigned image_exif_orientation(const uint8_t *data, size_t len)
{
	struct tiff tiff = {data, len, false};
	size_t directory;
	unsigned n;

	if (len < 8 || (memcmp(data, "II", 2) && memcmp(data, "MM", 2)))
		return UPRIGHT;
	tiff.big_endian = data[0] == 'M';
	directory = get32(&tiff, 4);
	n = get16(&tiff, directory);
	for (unsigned i = 0; i < n; i++) {
		size_t entry = directory + 2 + (size_t)i * ENTRY_LEN;
		unsigned value;

		if (get16(&tiff, entry) != TAG_ORIENTATION)
			continue;
		value = get16(&tiff, entry + 8);
		if (get16(&tiff, entry + 2) == TYPE_SHORT && value >= 1 &&
		    value <= 8)
			return value;
	}
	return UPRIGHT;
}
