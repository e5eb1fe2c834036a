/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Every kind of picture: right way up, in its colours, nothing left out. */
#include <errno.h>

#include "image_check.h"
#include "image_encode.h"
#include "tests/unit/check_run.h"

static const struct encode_tiff plain_tiff = {.compression = COMPRESSION_LZW,
                                              .photometric = PHOTOMETRIC_RGB,
                                              .bits = 8,
                                              .mode = "w"};
static const struct encode_gif plain_gif = {.transparent =
                                                    NO_TRANSPARENT_COLOR};

static void check_upright(struct buf picture)
{
	struct page_spec spec = paper(true);
	struct decoded page = print_page(&spec, picture);

	check_quarters(&page, "RGBK");
	free(page.pixels);
}

START_TEST(test_gif_prints_its_first_picture)
{
	struct encode_gif how = plain_gif;

	check_upright(encode_gif(&how, &high));
	how.interlaced = true;
	check_upright(encode_gif(&how, &high));
	how.film = true;
	check_upright(encode_gif(&how, &high));
	how.interlaced = false;
	check_upright(encode_gif(&how, &high));
}
END_TEST

START_TEST(test_gif_lies_on_its_canvas_on_white)
{
	struct encode_gif how = {.transparent = 1,
	                         .left = 40,
	                         .top = 60,
	                         .canvas_width = 120,
	                         .canvas_height = 180};
	struct page_spec spec = paper(true);
	struct decoded page = print_page(&spec, encode_gif(&how, &high));

	check_pixel(&page, 20, 20, 255, 255, 255);
	check_pixel(&page, 20, 150, 255, 255, 255);
	check_pixel(&page, 60, 70, 255, 0, 0);
	check_pixel(&page, 100, 70, 255, 255, 255); /* green is clear */
	check_pixel(&page, 60, 170, 0, 0, 255);
	check_pixel(&page, 118, 178, 0, 0, 0);
	free(page.pixels);
}
END_TEST

START_TEST(test_gif_beyond_its_canvas_is_seen_whole)
{
	struct encode_gif how = plain_gif;

	how.canvas_width = how.canvas_height = 10;
	check_upright(encode_gif(&how, &high));
}
END_TEST

START_TEST(test_every_kind_of_bmp_prints)
{
	static const struct encode_bmp kinds[] = {
		{24, 0, false, false}, {24, 0, true, false},
		{24, 0, false, true},  {8, 0, false, false},
		{8, 0, false, true},   {4, 0, false, false},
		{32, 0, true, false},  {16, 3, false, false},
		{8, 1, false, false},  {4, 2, false, false},
	};

	check_upright(encode_bmp(&kinds[_i], &high));
}
END_TEST

START_TEST(test_every_kind_of_colour_tiff_prints)
{
	struct encode_tiff kinds[] = {
		plain_tiff, plain_tiff, plain_tiff, plain_tiff,
		plain_tiff, plain_tiff, plain_tiff, plain_tiff,
		plain_tiff, plain_tiff, plain_tiff, plain_tiff,
	};

	kinds[1].mode = "wb";
	kinds[2].mode = "w8";
	kinds[3].tiled = true;
	kinds[4].planar = true;
	kinds[5].bits = 16;
	kinds[6].photometric = PHOTOMETRIC_PALETTE;
	kinds[7].compression = COMPRESSION_ADOBE_DEFLATE;
	kinds[7].mode = "wb";
	kinds[7].bits = 16;
	kinds[8].compression = COMPRESSION_PACKBITS;
	kinds[8].orientation = 1;
	kinds[9].bits = 12;
	kinds[10].bits = 32;
	kinds[11].bits = 32;
	kinds[11].real = true;
	check_upright(encode_tiff(&kinds[_i], &high));
}
END_TEST

START_TEST(test_inks_and_jpeg_in_tiff_print_in_their_colours)
{
	struct encode_tiff tiff = plain_tiff;

	tiff.photometric = PHOTOMETRIC_SEPARATED;
	check_upright(encode_tiff(&tiff, &high));
	tiff.photometric = PHOTOMETRIC_YCBCR;
	tiff.compression = COMPRESSION_JPEG;
	check_upright(encode_tiff(&tiff, &high));
}
END_TEST

START_TEST(test_tiff_with_alpha_prints_on_white)
{
	struct page_spec spec = paper(true);
	struct encode_tiff tiff = plain_tiff;
	struct decoded page;

	tiff.alpha = true; /* the lower half is clear */
	page = print_page(&spec, encode_tiff(&tiff, &high));
	check_pixel(&page, 10, 10, 255, 0, 0);
	check_pixel(&page, 10, 170, 255, 255, 255);
	check_pixel(&page, 110, 170, 255, 255, 255);
	free(page.pixels);
}
END_TEST

/* Black below: MINISWHITE with set bits, or the other way round. */
START_TEST(test_scans_of_one_bit_print_black_on_white)
{
	static const uint16_t codes[] = {COMPRESSION_CCITTFAX4,
	                                 COMPRESSION_CCITTFAX3,
	                                 COMPRESSION_NONE};
	struct page_spec spec = paper(_i & 1);
	struct encode_tiff tiff = plain_tiff;
	struct decoded page;
	bool white_is_0 = _i < 6;

	tiff.bits = 1;
	tiff.compression = codes[_i / 2 % 3];
	tiff.photometric =
		white_is_0 ? PHOTOMETRIC_MINISWHITE : PHOTOMETRIC_MINISBLACK;
	page = print_page(&spec, encode_tiff(&tiff, &high));
	ck_assert_uint_eq(*pixel(&page, 60, 10), white_is_0 ? 255 : 0);
	ck_assert_uint_eq(*pixel(&page, 60, 170), white_is_0 ? 0 : 255);
	free(page.pixels);
}
END_TEST

/* Exif's orientations 6 and 3, in the tag that Exif has from TIFF. */
START_TEST(test_tiff_pages_lie_as_their_tag_says)
{
	struct page_spec spec = paper(true);
	struct encode_tiff tiff = plain_tiff;
	struct decoded page;

	tiff.tiled = _i;
	tiff.orientation = 6;
	page = print_page(&spec, encode_tiff(&tiff, &wide));
	check_quarters(&page, "BRKG");
	free(page.pixels);
	tiff.orientation = 3;
	page = print_page(&spec, encode_tiff(&tiff, &high));
	check_quarters(&page, "KBGR");
	free(page.pixels);
}
END_TEST

/* 204 x 98 dots per inch: half of the lines of a page as high as wide. */
START_TEST(test_fax_pixels_are_as_high_as_declared)
{
	struct page_spec spec = paper(true);
	struct encode_tiff tiff = plain_tiff;
	struct image_make make = high;
	struct decoded page;

	make.width = 120;
	tiff.across = 200;
	tiff.down = 100; /* 120 x 240: 90 x 180 on the paper */
	page = print_page(&spec, encode_tiff(&tiff, &make));
	check_pixel(&page, 10, 90, 255, 255, 255);
	check_pixel(&page, 20, 20, 255, 0, 0);
	check_pixel(&page, 20, 178, 0, 0, 255);
	free(page.pixels);
}
END_TEST

static void only_red(unsigned x, unsigned y, uint8_t *c)
{
	memcpy(c, (const uint8_t[]){255, 0, 0}, 3);
}

static void only_green(unsigned x, unsigned y, uint8_t *c)
{
	memcpy(c, (const uint8_t[]){0, 255, 0}, 3);
}

static void only_blue(unsigned x, unsigned y, uint8_t *c)
{
	memcpy(c, (const uint8_t[]){0, 0, 255}, 3);
}

/* The colour in the middle of each sheet. */
static unsigned print_all(const struct page_spec *spec, struct buf *picture,
                          char *seen, int *result, struct err *err)
{
	struct sink sink = {0};
	struct raster *raster = raster_new(spec, sink_write, NULL, &sink);
	size_t at = 4;
	unsigned n;

	raster_start_documents(raster);
	*result = image_render(picture->data, picture->len, spec, raster, err);
	ck_assert_int_eq(raster_finish(raster, NULL), 0);
	n = raster_pages(raster);
	raster_free(raster);
	for (unsigned i = 0; i < n; i++) {
		struct decoded page;
		const uint8_t *p;

		ck_assert(decode_page(&sink.bytes, spec->format, &at, &page));
		p = pixel(&page, 60, 90);
		*seen++ = p[0] ? 'R' : p[1] ? 'G' : p[2] ? 'B' : 'K';
		free(page.pixels);
	}
	*seen = '\0';
	buf_fini(&sink.bytes);
	buf_fini(picture);
	return n;
}

static struct buf three_pages(bool preview)
{
	struct image_make makes[3] = {high, wide, high};
	struct encode_tiff tiff = plain_tiff;

	makes[0].pixel = only_red;
	makes[1].pixel = only_green;
	makes[2].pixel = only_blue;
	tiff.pages = 3;
	tiff.preview = preview;
	return encode_tiff(&tiff, makes);
}

START_TEST(test_all_pages_of_a_tiff_print_in_order)
{
	struct page_spec spec = paper(true);
	struct buf picture = three_pages(false);
	char seen[16];
	int result;

	print_all(&spec, &picture, seen, &result, NULL);
	ck_assert_int_eq(result, 0);
	ck_assert_str_eq(seen, "RGB");
	picture = three_pages(true);
	print_all(&spec, &picture, seen, &result, NULL);
	ck_assert_str_eq(seen, "GB");
}
END_TEST

START_TEST(test_page_ranges_choose_among_the_pages_of_a_tiff)
{
	struct page_spec spec = paper(true);
	struct buf picture = three_pages(false);
	char seen[16];
	int result;

	spec.ranges.at[0] = (struct page_range){2, 3};
	spec.ranges.n = 1;
	spec.max_pages = 2;
	print_all(&spec, &picture, seen, &result, NULL);
	ck_assert_int_eq(result, 0);
	ck_assert_str_eq(seen, "GB");
}
END_TEST

START_TEST(test_a_tiff_with_too_many_pages_is_refused_before_any)
{
	struct page_spec spec = paper(true);
	struct buf picture = three_pages(false);
	char seen[16];
	struct err err;
	int result;

	spec.max_pages = 2;
	print_all(&spec, &picture, seen, &result, &err);
	ck_assert_int_eq(result, -E2BIG);
	ck_assert_str_eq(
		err.text,
		"the picture has 3 pages; 2 may be printed: name some in the subject, as [pages=1-2]");
	ck_assert_str_eq(seen, "");
}
END_TEST

static void half_clear(unsigned x, unsigned y, uint8_t *c)
{
	high_quarters(x, y, c);
	c[3] = y < 60 ? 255 : 0;
}

START_TEST(test_webp_prints_with_and_without_loss_and_on_white)
{
	struct page_spec spec = paper(true);
	struct image_make make = high;
	struct decoded page;

	check_upright(encode_webp(&high, false, NULL, NULL));
	check_upright(encode_webp(&high, true, NULL, NULL));
	make.channels = 4;
	make.pixel = half_clear;
	page = print_page(&spec, encode_webp(&make, true, NULL, NULL));
	check_pixel(&page, 10, 10, 255, 0, 0);
	check_pixel(&page, 10, 170, 255, 255, 255);
	free(page.pixels);
}
END_TEST

static void large_quarters(unsigned x, unsigned y, uint8_t *c)
{
	rgbk(x >= 400, y >= 600, c);
}

START_TEST(test_a_webp_larger_than_the_paper_shrinks)
{
	struct image_make make = high;

	make.width = 800;
	make.height = 1200;
	make.pixel = large_quarters;
	check_upright(encode_webp(&make, _i, NULL, NULL));
}
END_TEST

START_TEST(test_webp_turns_as_its_exif_says)
{
	static const uint8_t block[] = {'E',  'x',  'i', 'f', 0, 0, 'M', 'M',
	                                0,    42,   0,   0,   0, 8, 0,   1,
	                                0x01, 0x12, 0,   3,   0, 0, 0,   1,
	                                0,    6,    0,   0,   0, 0, 0,   0};
	struct page_spec spec = paper(true);
	struct decoded page;

	/* with and without the name that JPEG puts in front */
	for (unsigned skip = 0; skip <= 6; skip += 6) {
		struct buf exif = {0};

		buf_append(&exif, block + skip, sizeof block - skip);
		page = print_page(&spec, encode_webp(&wide, true, NULL, &exif));
		check_quarters(&page, "BRKG");
		free(page.pixels);
		buf_fini(&exif);
	}
}
END_TEST

START_TEST(test_heic_and_avif_print)
{
	struct page_spec spec = paper(true);
	enum heif_compression_format format =
		_i ? heif_compression_AV1 : heif_compression_HEVC;
	struct decoded page =
		print_page(&spec, encode_heif(&high, format, NULL));
	const uint8_t *blue = pixel(&page, 10, 170);

	/* the way to YCbCr and back costs more than is_near() allows */
	ck_assert_uint_gt(pixel(&page, 10, 10)[0], 220);
	ck_assert_uint_lt(pixel(&page, 10, 10)[1], 40);
	ck_assert_uint_gt(pixel(&page, 110, 10)[1], 220);
	ck_assert_uint_lt(pixel(&page, 110, 10)[0], 40);
	ck_assert_uint_gt(blue[2], 220);
	ck_assert_uint_lt(blue[0], 40);
	ck_assert_uint_lt(pixel(&page, 110, 170)[1], 40);
	free(page.pixels);
}
END_TEST

static Suite *image_kinds_suite(void)
{
	Suite *suite = suite_create("image_kinds");
	TCase *tc = tcase_create("image_kinds");

	tcase_add_test(tc, test_gif_prints_its_first_picture);
	tcase_add_test(tc, test_gif_lies_on_its_canvas_on_white);
	tcase_add_test(tc, test_gif_beyond_its_canvas_is_seen_whole);
	tcase_add_loop_test(tc, test_every_kind_of_bmp_prints, 0, 10);
	tcase_add_loop_test(tc, test_every_kind_of_colour_tiff_prints, 0, 12);
	tcase_add_test(tc, test_inks_and_jpeg_in_tiff_print_in_their_colours);
	tcase_add_test(tc, test_tiff_with_alpha_prints_on_white);
	tcase_add_loop_test(tc, test_scans_of_one_bit_print_black_on_white, 0,
	                    12);
	tcase_add_loop_test(tc, test_tiff_pages_lie_as_their_tag_says, 0, 2);
	tcase_add_test(tc, test_fax_pixels_are_as_high_as_declared);
	tcase_add_test(tc, test_all_pages_of_a_tiff_print_in_order);
	tcase_add_test(tc, test_page_ranges_choose_among_the_pages_of_a_tiff);
	tcase_add_test(tc,
	               test_a_tiff_with_too_many_pages_is_refused_before_any);
	tcase_add_test(tc, test_webp_prints_with_and_without_loss_and_on_white);
	tcase_add_loop_test(tc, test_a_webp_larger_than_the_paper_shrinks, 0,
	                    2);
	tcase_add_test(tc, test_webp_turns_as_its_exif_says);
	tcase_add_loop_test(tc, test_heic_and_avif_print, 0, 2);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return check_run(image_kinds_suite());
}
