/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/raster_header.h"

#include "base/mem.h"
#include "render/worker/geometry.h"

#define PWG_HEADER 1796
#define URF_HEADER 32

/*
 * Offsets of PWG 5102.4 section 4.3. What is not named stays 0, NumCopies too:
 * copies are asked for by IPP, and never twice.
 */
enum pwg_field {
	PWG_CLASS = 0,
	PWG_DUPLEX = 272,
	PWG_RESOLUTION = 276, /* two */
	PWG_PAGE_SIZE = 352,  /* two, in points */
	PWG_TUMBLE = 368,
	PWG_WIDTH = 372,
	PWG_HEIGHT = 376,
	PWG_BITS_PER_COLOR = 384,
	PWG_BITS_PER_PIXEL = 388,
	PWG_BYTES_PER_LINE = 392,
	PWG_COLOR_SPACE = 400,
	PWG_COLORS = 420,
	PWG_CROSS_FEED = 456,
	PWG_FEED = 460,
	PWG_ALTERNATE_PRIMARY = 480,
	PWG_SIZE_NAME = 1732,
};

enum pwg_color_space {
	PWG_BLACK = 3,
	PWG_SGRAY = 18,
	PWG_SRGB = 19,
};

/* image/urf: bytes of the page header, and the values they take. */
enum urf_field {
	URF_BITS_PER_PIXEL = 0,
	URF_COLOR_SPACE = 1, /* 0 sgray, 1 srgb */
	URF_DUPLEX = 2,
	URF_QUALITY = 3,
	URF_WIDTH = 12,
	URF_HEIGHT = 16,
	URF_RESOLUTION = 20,
};

enum urf_duplex {
	URF_ONE_SIDED = 1,
	URF_SHORT_EDGE = 2,
	URF_LONG_EDGE = 3,
};

#define URF_QUALITY_NORMAL 4

static void put32(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 24);
	at[1] = (uint8_t)(value >> 16);
	at[2] = (uint8_t)(value >> 8);
	at[3] = (uint8_t)value;
}

/* Cut off, as libcups does: printers have seen nothing else for years. */
static uint32_t points(unsigned length)
{
	return length * 72 / 2540;
}

void raster_header_put_file(struct buf *out, const struct page_spec *spec)
{
	if (spec->format == PAGE_PWG)
		buf_append(out, "RaS2", 4);
	else /* the page count 0 is "unknown": pages leave before the last */
		buf_append(out, "UNIRAST\0\0\0\0\0", 12);
}

static enum pwg_color_space pwg_color_space(const struct page_spec *spec)
{
	if (page_depth(spec) == 3)
		return PWG_SRGB;
	return spec->ink == PAGE_INK_BLACK_1 ? PWG_BLACK : PWG_SGRAY;
}

static void put_pwg(struct buf *out, const struct page_spec *spec,
                    unsigned page, unsigned width, unsigned height)
{
	struct geometry_back back = geometry_back(spec, page);
	uint8_t h[PWG_HEADER] = {0};
	unsigned colours = page_depth(spec);
	unsigned bits = page_is_dithered(spec) ? 1 : 8;

	memcpy(h + PWG_CLASS, "PwgRaster", 10);
	put32(h + PWG_DUPLEX, spec->sides != SIDES_ONE);
	put32(h + PWG_TUMBLE, spec->sides == SIDES_SHORT_EDGE);
	put32(h + PWG_RESOLUTION, spec->dpi * page_across(spec));
	put32(h + PWG_RESOLUTION + 4, spec->dpi * page_along(spec));
	put32(h + PWG_PAGE_SIZE, points(spec->media_width));
	put32(h + PWG_PAGE_SIZE + 4, points(spec->media_height));
	put32(h + PWG_WIDTH, width);
	put32(h + PWG_HEIGHT, height);
	put32(h + PWG_BITS_PER_COLOR, bits);
	put32(h + PWG_BITS_PER_PIXEL, bits * colours);
	put32(h + PWG_BYTES_PER_LINE, (width * colours * bits + 7) / 8);
	put32(h + PWG_COLOR_SPACE, pwg_color_space(spec));
	put32(h + PWG_COLORS, colours);
	put32(h + PWG_CROSS_FEED, back.mirror ? UINT32_MAX : 1);
	put32(h + PWG_FEED, back.flip ? UINT32_MAX : 1);
	put32(h + PWG_ALTERNATE_PRIMARY, 0xffffff);
	memcpy(h + PWG_SIZE_NAME, spec->media,
	       strnlen(spec->media, sizeof spec->media - 1));
	buf_append(out, h, sizeof h);
}

static uint8_t urf_duplex(enum page_sides sides)
{
	switch (sides) {
	case SIDES_ONE: return URF_ONE_SIDED;
	case SIDES_LONG_EDGE: return URF_LONG_EDGE;
	case SIDES_SHORT_EDGE: return URF_SHORT_EDGE;
	}
	abort();
}

static void put_urf(struct buf *out, const struct page_spec *spec,
                    unsigned width, unsigned height)
{
	uint8_t h[URF_HEADER] = {0};

	h[URF_BITS_PER_PIXEL] = (uint8_t)(page_depth(spec) * 8);
	h[URF_COLOR_SPACE] = page_depth(spec) == 3;
	h[URF_DUPLEX] = urf_duplex(spec->sides);
	h[URF_QUALITY] = URF_QUALITY_NORMAL;
	put32(h + URF_WIDTH, width);
	put32(h + URF_HEIGHT, height);
	put32(h + URF_RESOLUTION, spec->dpi);
	buf_append(out, h, sizeof h);
}

void raster_header_put_page(struct buf *out, const struct page_spec *spec,
                            unsigned page, unsigned width, unsigned height)
{
	if (spec->format == PAGE_PWG)
		put_pwg(out, spec, page, width, height);
	else
		put_urf(out, spec, width, height);
}
