/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/image_kind.h"

#include <ctype.h>

#include "base/mem.h"

#define HEAD_BYTES 4096 /* in which SVG has to show itself */

static bool begins(const uint8_t *data, size_t len, const char *bytes, size_t n)
{
	return len >= n && memcmp(data, bytes, n) == 0;
}

static bool is_jpeg(const uint8_t *data, size_t len)
{
	return begins(data, len, "\xff\xd8\xff", 3);
}

static bool is_png(const uint8_t *data, size_t len)
{
	return begins(data, len, "\x89PNG\r\n\x1a\n", 8);
}

static bool is_gif(const uint8_t *data, size_t len)
{
	return begins(data, len, "GIF87a", 6) || begins(data, len, "GIF89a", 6);
}

/* Both orders of bytes; 43 is BigTIFF. */
static bool is_tiff(const uint8_t *data, size_t len)
{
	return begins(data, len, "II*\0", 4) || begins(data, len, "MM\0*", 4) ||
	       begins(data, len, "II+\0", 4) || begins(data, len, "MM\0+", 4);
}

static bool is_webp(const uint8_t *data, size_t len)
{
	return len >= 12 && memcmp(data, "RIFF", 4) == 0 &&
	       memcmp(data + 8, "WEBP", 4) == 0;
}

/* As a file, and as the code stream alone (ISO/IEC 15444-1, I.5.1 and A.2). */
static bool is_jp2(const uint8_t *data, size_t len)
{
	return begins(data, len, "\0\0\0\x0cjP  \r\n\x87\n", 12) ||
	       begins(data, len, "\xff\x4f\xff\x51", 4);
}

/* A text may begin with "BM", yet not with zeros where a bitmap has them. */
static bool is_bmp(const uint8_t *data, size_t len)
{
	return len >= 18 && memcmp(data, "BM", 2) == 0 && data[14] >= 12 &&
	       memcmp(data + 15, "\0\0\0", 3) == 0;
}

/* The brand tells pictures from films (ISO/IEC 23008-12, annex B; AV1). */
static bool is_brand(const uint8_t *data, size_t len, const char *brands)
{
	if (len < 12 || memcmp(data + 4, "ftyp", 4) != 0)
		return false;
	for (; *brands; brands += 4)
		if (memcmp(data + 8, brands, 4) == 0)
			return true;
	return false;
}

static bool is_heic(const uint8_t *data, size_t len)
{
	return is_brand(data, len, "heicheixhevchevxheimheismif1msf1");
}

static bool is_avif(const uint8_t *data, size_t len)
{
	return is_brand(data, len, "avifavis");
}

/* Past what may stand before the first element; len if nothing follows. */
static size_t skip_prologue(const char *text, size_t len)
{
	static const struct {
		const char *begin, *end;
	} kinds[] = {{"<?", "?>"}, {"<!--", "-->"}, {"<!", ">"}};
	size_t at = len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	for (;;) {
		const char *end = NULL;

		while (at < len && isspace((unsigned char)text[at]))
			at++;
		for (size_t i = 0; !end && i < ARRAY_LEN(kinds); i++) {
			size_t n = strlen(kinds[i].begin);

			if (len - at < n ||
			    memcmp(text + at, kinds[i].begin, n) != 0)
				continue;
			end = memmem(text + at, len - at, kinds[i].end,
			             strlen(kinds[i].end));
			if (!end)
				return len;
			at = (size_t)(end - text) + strlen(kinds[i].end);
		}
		if (!end)
			return at;
	}
}

/*
 * A document type may hold declarations, whose ends are not its own: then the
 * name of its root says it.
 */
static bool has_svg_type(const char *text, size_t len)
{
	const char *type = memmem(text, len, "<!DOCTYPE", 9);
	size_t left = type ? len - (size_t)(type - text) : 0;

	return left >= 13 && memcmp(type + 9, " svg", 4) == 0;
}

/* With <svg after prologue and comments. */
static bool is_svg(const uint8_t *data, size_t len)
{
	const char *text = (const char *)data;
	size_t head = len < HEAD_BYTES ? len : HEAD_BYTES;
	size_t at = skip_prologue(text, head);

	if (head - at >= 4 && memcmp(text + at, "<svg", 4) == 0)
		return true;
	return has_svg_type(text, head);
}

const struct image_kind *image_kind_of(const void *data, size_t len)
{
	static const struct {
		bool (*is)(const uint8_t *data, size_t len);
		struct image_kind kind;
	} kinds[] = {
		{is_jpeg, {"image/jpeg", image_jpeg_open}},
		{is_png, {"image/png", image_png_open}},
		{is_gif, {"image/gif", image_gif_open}},
		{is_tiff, {"image/tiff", image_tiff_open}},
		{is_webp, {"image/webp", image_webp_open}},
		{is_heic, {"image/heic", image_heif_open}},
		{is_avif, {"image/avif", image_heif_open}},
		{is_jp2, {"image/jp2", image_jp2_open}},
		{is_bmp, {"image/bmp", image_bmp_open}},
		{is_svg, {"image/svg+xml", NULL}},
	};

	for (size_t i = 0; len > 0 && i < ARRAY_LEN(kinds); i++)
		if (kinds[i].is(data, len))
			return &kinds[i].kind;
	return NULL;
}
