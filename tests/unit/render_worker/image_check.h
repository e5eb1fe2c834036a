/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_UNIT_RENDER_WORKER_IMAGE_CHECK_H
#define TESTS_UNIT_RENDER_WORKER_IMAGE_CHECK_H

#include <check.h>

#include "image_make.h"
#include "raster_decode.h"

/* Pictures printed on a small sheet, and what is to be seen on it. */

/* 120 x 180 pixels, nothing kept free. */
static inline struct page_spec paper(bool colour)
{
	struct page_spec spec = {
		.colour = colour,
		.dpi = 254,
		.media = "custom_test",
		.media_width = 1200,
		.media_height = 1800,
		.max_pages = 10,
		.max_bytes = 1 << 30,
	};

	return spec;
}

static inline int print(const struct page_spec *spec, const struct buf *picture,
                        struct decoded *page, struct err *err)
{
	struct sink sink = {0};
	struct raster *raster = raster_new(spec, sink_write, NULL, &sink);
	int result =
		image_render(picture->data, picture->len, spec, raster, err);
	size_t at = 4;

	ck_assert_int_eq(raster_finish(raster, NULL), 0);
	ck_assert_uint_eq(raster_pages(raster), result >= 0);
	if (result >= 0)
		ck_assert(decode_page(&sink.bytes, spec->format, &at, page));
	raster_free(raster);
	buf_fini(&sink.bytes);
	return result;
}

static inline struct decoded print_page(const struct page_spec *spec,
                                        struct buf picture)
{
	struct decoded page;
	struct err err;

	ck_assert_msg(print(spec, &picture, &page, &err) == 0, "%s", err.text);
	buf_fini(&picture);
	return page;
}

static inline void check_refused(struct buf picture, int result,
                                 const char *sentence)
{
	struct page_spec spec = paper(true);
	struct decoded page;
	struct err err;

	ck_assert_int_eq(print(&spec, &picture, &page, &err), result);
	ck_assert_str_eq(err.text, sentence);
	buf_fini(&picture);
}

static inline bool is_near(const uint8_t *p, unsigned r, unsigned g, unsigned b)
{
	return abs((int)p[0] - (int)r) <= 12 && abs((int)p[1] - (int)g) <= 12 &&
	       abs((int)p[2] - (int)b) <= 12;
}

static inline const uint8_t *pixel(const struct decoded *page, unsigned x,
                                   unsigned y)
{
	return page->pixels + ((size_t)y * page->width + x) * page->depth;
}

static inline void check_pixel(const struct decoded *page, unsigned x,
                               unsigned y, unsigned r, unsigned g, unsigned b)
{
	const uint8_t *p = pixel(page, x, y);

	ck_assert_msg(is_near(p, r, g, b), "pixel %u,%u is %u %u %u", x, y,
	              p[0], p[1], p[2]);
}

/* R G over B K, as seen: which colour is in that quarter of the page? */
static inline char quarter(const struct decoded *page, unsigned right,
                           unsigned below)
{
	const uint8_t *p = pixel(page, right ? 110 : 10, below ? 170 : 10);

	if (is_near(p, 255, 0, 0))
		return 'R';
	if (is_near(p, 0, 255, 0))
		return 'G';
	if (is_near(p, 0, 0, 255))
		return 'B';
	return is_near(p, 0, 0, 0) ? 'K' : '?';
}

static inline void check_quarters(const struct decoded *page, const char *seen)
{
	char found[5] = {quarter(page, 0, 0), quarter(page, 1, 0),
	                 quarter(page, 0, 1), quarter(page, 1, 1), '\0'};

	ck_assert_str_eq(found, seen);
}

static inline void rgbk(bool right, bool below, uint8_t *c)
{
	c[0] = !right && !below ? 255 : 0;
	c[1] = right && !below ? 255 : 0;
	c[2] = !right && below ? 255 : 0;
}

static inline void high_quarters(unsigned x, unsigned y, uint8_t *c)
{
	rgbk(x >= 40, y >= 60, c);
}

static inline void wide_quarters(unsigned x, unsigned y, uint8_t *c)
{
	rgbk(x >= 60, y >= 40, c);
}

static const struct image_make high = {.width = 80,
                                       .height = 120,
                                       .pixel = high_quarters,
                                       .channels = 3,
                                       .space = JCS_RGB,
                                       .png_type = PNG_COLOR_TYPE_RGB,
                                       .png_bits = 8};
static const struct image_make wide = {.width = 120,
                                       .height = 80,
                                       .pixel = wide_quarters,
                                       .channels = 3,
                                       .space = JCS_RGB,
                                       .png_type = PNG_COLOR_TYPE_RGB,
                                       .png_bits = 8};

#endif
