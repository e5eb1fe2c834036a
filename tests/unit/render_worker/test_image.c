/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <endian.h>
#include <errno.h>
#include <zlib.h>

#include "image_check.h"
#include "tests/unit/check_run.h"

/*
 * The stored picture RG over BK as it is to be seen, by Exif 2.3 section 4.6.4:
 * 2 to 4 mirrored, turned by half, and both; 5 to 8 are those of a picture
 * that is stored lying.
 */
static const char *const upright[8] = {"RGBK", "GRKB", "KBGR", "BKRG",
                                       "RBGK", "BRKG", "KGBR", "GKRB"};

START_TEST(test_every_exif_orientation_comes_out_upright)
{
	struct page_spec spec = paper(true);
	struct image_make make = _i < 4 ? high : wide;
	struct decoded page;

	make.orientation = (unsigned)_i + 1;
	page = print_page(&spec, image_make_jpeg(&make));
	check_quarters(&page, upright[_i]);
	free(page.pixels);
}
END_TEST

START_TEST(test_wide_scenes_are_turned_left_whatever_exif_says)
{
	const char *s = upright[_i];
	char left[5] = {s[1], s[3], s[0], s[2], '\0'};
	struct page_spec spec = paper(true);
	struct image_make make = _i < 4 ? wide : high;
	struct decoded page;

	make.orientation = (unsigned)_i + 1;
	page = print_page(&spec, image_make_jpeg(&make));
	check_quarters(&page, left);
	free(page.pixels);
}
END_TEST

START_TEST(test_pictures_fill_the_printable_area_in_the_middle)
{
	struct page_spec spec = paper(true);
	struct decoded page;

	spec.media_height =
		2000; /* 120 x 200: 10 lines stay white at each end */
	page = print_page(&spec, image_make_png(&high));
	check_pixel(&page, 0, 9, 255, 255, 255);
	check_pixel(&page, 0, 10, 255, 0, 0);
	check_pixel(&page, 119, 189, 0, 0, 0);
	check_pixel(&page, 119, 190, 255, 255, 255);
	free(page.pixels);
}
END_TEST

START_TEST(test_a_picture_larger_than_the_paper_shrinks)
{
	struct page_spec spec = paper(true);
	struct decoded page;

	spec.dpi = 64; /* 30 x 45 */
	page = print_page(&spec, image_make_jpeg(&high));
	ck_assert_uint_eq(page.width, 30);
	ck_assert_uint_eq(page.height, 45);
	check_pixel(&page, 5, 5, 255, 0, 0);
	check_pixel(&page, 25, 5, 0, 255, 0);
	check_pixel(&page, 5, 40, 0, 0, 255);
	check_pixel(&page, 25, 40, 0, 0, 0);
	free(page.pixels);
}
END_TEST

/* Left half and right half of a PNG of this kind, as printed. */
static void check_png(int type, int bits, unsigned channels, image_pixel_fn *fn,
                      bool interlaced, unsigned left, unsigned right)
{
	struct image_make make = {.width = 80,
	                          .height = 120,
	                          .pixel = fn,
	                          .channels = channels,
	                          .png_type = type,
	                          .png_bits = bits,
	                          .interlaced = interlaced};
	struct page_spec spec = paper(false);
	struct decoded page = print_page(&spec, image_make_png(&make));

	ck_assert_int_le(abs((int)*pixel(&page, 20, 90) - (int)left), 2);
	ck_assert_int_le(abs((int)*pixel(&page, 100, 90) - (int)right), 2);
	free(page.pixels);
}

static void one_bit(unsigned x, unsigned y, uint8_t *c)
{
	c[0] = x >= 40;
}

static void gray_half_clear(unsigned x, unsigned y, uint8_t *c)
{
	c[0] = 0;
	c[1] = x >= 40 ? 128 : 255;
}

static void deep_rgba(unsigned x, unsigned y, uint8_t *c)
{
	static const uint8_t opaque[8] = {128, 0, 128, 0, 128, 0, 255, 255};
	static const uint8_t clear[8] = {0};

	memcpy(c, x < 40 ? opaque : clear, 8);
}

static void gray_steps(unsigned x, unsigned y, uint8_t *c)
{
	c[0] = x < 40 ? 50 : 200;
}

START_TEST(test_every_kind_of_png_prints_on_white)
{
	check_png(PNG_COLOR_TYPE_GRAY, 1, 1, one_bit, _i, 0, 255);
	/* colour 0 is green, colour 1 blue and transparent */
	check_png(PNG_COLOR_TYPE_PALETTE, 1, 1, one_bit, _i, 150, 255);
	check_png(PNG_COLOR_TYPE_GRAY, 8, 1, gray_steps, _i, 50, 200);
	check_png(PNG_COLOR_TYPE_GRAY_ALPHA, 8, 2, gray_half_clear, _i, 0, 127);
	check_png(PNG_COLOR_TYPE_RGB_ALPHA, 16, 4, deep_rgba, _i, 128, 255);
}
END_TEST

static void inks(unsigned x, unsigned y, uint8_t *c)
{
	/* as Adobe stores it: 255 is no ink. Cyan, then black */
	c[0] = x < 40 ? 0 : 255;
	c[1] = 255;
	c[2] = 255;
	c[3] = x < 40 ? 255 : 0;
}

static void inks_plain(unsigned x, unsigned y, uint8_t *c)
{
	inks(x, y, c);
	for (unsigned i = 0; i < 4; i++)
		c[i] = (uint8_t)(255 - c[i]);
}

START_TEST(test_cmyk_jpegs_print_in_their_colours)
{
	struct page_spec spec = paper(true);
	struct image_make make = high;
	struct decoded page;

	make.channels = 4;
	make.space = JCS_CMYK;
	make.pixel = _i ? inks_plain : inks;
	make.no_adobe = _i;
	page = print_page(&spec, image_make_jpeg(&make));
	check_pixel(&page, 20, 90, 0, 255, 255);
	check_pixel(&page, 100, 90, 0, 0, 0);
	free(page.pixels);
	spec = paper(false);
	page = print_page(&spec, image_make_jpeg(&make));
	ck_assert_int_le(abs((int)*pixel(&page, 20, 90) - 178), 3);
	free(page.pixels);
}
END_TEST

START_TEST(test_gray_and_colour_jpegs_print_on_gray_and_colour_printers)
{
	struct image_make make = high;
	struct page_spec spec = paper(true);
	struct decoded page;

	make.channels = 1;
	make.space = JCS_GRAYSCALE;
	make.pixel = gray_steps;
	page = print_page(&spec, image_make_jpeg(&make));
	check_pixel(&page, 20, 90, 50, 50, 50);
	check_pixel(&page, 100, 90, 200, 200, 200);
	free(page.pixels);
	spec = paper(false);
	page = print_page(&spec, image_make_jpeg(&high));
	ck_assert_int_le(abs((int)*pixel(&page, 10, 10) - 76), 3);
	ck_assert_int_le(abs((int)*pixel(&page, 110, 10) - 150), 3);
	free(page.pixels);
}
END_TEST

/* Cut in the middle: the top is there, the bottom is white. */
static void check_cut(struct buf picture, bool bottom_is_white)
{
	struct page_spec spec = paper(true);
	struct decoded page;
	struct err err;

	picture.len = picture.len / 2;
	ck_assert_int_eq(print(&spec, &picture, &page, &err), IMAGE_INCOMPLETE);
	ck_assert_ptr_nonnull(strstr(err.text, "it is cut off"));
	buf_fini(&picture);
	check_pixel(&page, 10, 10, 255, 0, 0);
	if (bottom_is_white)
		check_pixel(&page, 110, 175, 255, 255, 255);
	free(page.pixels);
}

static void noisy_quarters(unsigned x, unsigned y, uint8_t *c)
{
	high_quarters(x, y, c);
	for (unsigned i = 0; i < 3; i++)
		c[i] ^= ((x + 1) * (y + 1) * 2654435761u >> (20 + i)) & 7;
}

START_TEST(test_a_picture_cut_off_prints_what_is_there)
{
	struct image_make make = high;

	make.pixel = noisy_quarters;
	check_cut(image_make_jpeg(&make), true);
	check_cut(image_make_png(&make), true);
	make.progressive = true;
	check_cut(image_make_jpeg(&make), false);
	make.interlaced = true;
	check_cut(image_make_png(&make), false);
}
END_TEST

START_TEST(test_a_picture_cut_anywhere_prints_or_says_why)
{
	struct page_spec spec = paper(true);
	struct image_make make = high;
	struct buf whole CLEANUP(buf_fini) = {0};

	spec.dpi = 64;
	make.progressive = _i & 1;
	make.interlaced = _i & 1;
	make.orientation = _i & 4 ? 6 : 0;
	whole = _i & 2 ? image_make_png(&make) : image_make_jpeg(&make);
	for (size_t len = 0; len < whole.len; len += 1 + len / 64) {
		struct buf part = {0};
		struct decoded page;
		struct err err;
		int result;

		buf_append(&part, whole.data, len);
		result = print(&spec, &part, &page, &err);
		if (result >= 0)
			free(page.pixels);
		if (result != 0)
			ck_assert(err.text[0]);
		buf_fini(&part);
	}
}
END_TEST

/* The head of a picture that declares 65500 x 65500 pixels. */
static struct buf huge_jpeg(void)
{
	struct buf jpeg = image_make_jpeg(&high);
	uint8_t *p = memmem(jpeg.data, jpeg.len, "\xff\xc0", 2);

	p[5] = p[7] = 0xff;
	p[6] = p[8] = 0xdc;
	return jpeg;
}

static struct buf huge_png(unsigned width, unsigned height, bool interlaced)
{
	struct buf png = image_make_png(&high);
	uint8_t *ihdr = (uint8_t *)png.data + 12; /* its name, then its data */
	uint32_t words[2] = {htobe32(width), htobe32(height)};
	uint32_t crc;

	memcpy(ihdr + 4, words, sizeof words);
	ihdr[16] = interlaced;
	crc = htobe32((uint32_t)crc32(0, ihdr, 17));
	memcpy(ihdr + 17, &crc, sizeof crc);
	return png;
}

START_TEST(test_declared_sizes_are_checked_before_memory_is_taken)
{
	check_refused(
		huge_jpeg(), -EFBIG,
		"a picture of 65500 x 65500 pixels is too large; at most 100 million are printed: send it smaller");
	check_refused(
		huge_png(20000, 6000, false), -EFBIG,
		"a picture of 20000 x 6000 pixels is too large; at most 100 million are printed: send it smaller");
	check_refused(
		huge_png(20000, 3000, true), -EFBIG,
		"an interlaced PNG picture of 20000 x 3000 pixels is too large: send it smaller");
}
END_TEST

START_TEST(test_what_is_no_picture_is_refused_with_a_sentence)
{
	struct buf bytes = {0};

	check_refused(bytes, -EINVAL, "it is no picture");
	buf_puts(&bytes, "GIF8a");
	check_refused(bytes, -EINVAL, "it is no picture");
	bytes = (struct buf){0};
	buf_append(&bytes, "\xff\xd8\xff\xd9", 4);
	check_refused(
		bytes, -EINVAL,
		"cannot read the JPEG picture: JPEG datastream contains no image");
	bytes = (struct buf){0};
	buf_append(&bytes, "\x89PNG\r\n\x1a\n", 8);
	check_refused(bytes, -EINVAL,
	              "cannot read the PNG picture: it is cut off");
}
END_TEST

static Suite *image_suite(void)
{
	Suite *suite = suite_create("image");
	TCase *tc = tcase_create("image");

	tcase_add_loop_test(tc, test_every_exif_orientation_comes_out_upright,
	                    0, 8);
	tcase_add_loop_test(tc,
	                    test_wide_scenes_are_turned_left_whatever_exif_says,
	                    0, 8);
	tcase_add_test(tc, test_pictures_fill_the_printable_area_in_the_middle);
	tcase_add_test(tc, test_a_picture_larger_than_the_paper_shrinks);
	tcase_add_loop_test(tc, test_every_kind_of_png_prints_on_white, 0, 2);
	tcase_add_loop_test(tc, test_cmyk_jpegs_print_in_their_colours, 0, 2);
	tcase_add_test(
		tc,
		test_gray_and_colour_jpegs_print_on_gray_and_colour_printers);
	tcase_add_test(tc, test_a_picture_cut_off_prints_what_is_there);
	tcase_add_loop_test(tc, test_a_picture_cut_anywhere_prints_or_says_why,
	                    0, 8);
	tcase_add_test(tc,
	               test_declared_sizes_are_checked_before_memory_is_taken);
	tcase_add_test(tc, test_what_is_no_picture_is_refused_with_a_sentence);
	tcase_set_timeout(tc, 120);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return check_run(image_suite());
}
