/* SPDX-License-Identifier: AGPL-3.0-or-later */

#include "cups_reader.h"
#include "raster_decode.h"
#include "render/worker/dither.h"
#include "tests/unit/check_run.h"

#define WIDTH  203 /* not a multiple of 8 */
#define HEIGHT 160

static bool is_black(const uint8_t *bits, unsigned x)
{
	return bits[x / 8] >> (7 - x % 8) & 1;
}

/* Of an even area, how many pixels of a thousand are black. */
static unsigned darkness(uint8_t gray)
{
	struct dither *d = dither_new(WIDTH);
	uint8_t line[WIDTH], bits[(WIDTH + 7) / 8];
	unsigned black = 0;

	memset(line, gray, sizeof line);
	dither_begin(d);
	for (unsigned y = 0; y < HEIGHT; y++) {
		dither_line(d, line, bits, true);
		for (unsigned x = 0; x < WIDTH; x++)
			black += is_black(bits, x);
	}
	dither_free(d);
	return black * 1000 / (WIDTH * HEIGHT);
}

START_TEST(test_the_mean_of_an_area_is_its_gray)
{
	for (unsigned gray = 0; gray <= 255; gray++) {
		unsigned want = (255 - gray) * 1000 / 255;
		unsigned have = darkness((uint8_t)gray);

		ck_assert_msg(have + 12 >= want && have <= want + 12,
		              "gray %u: %u of 1000 black, not %u", gray, have,
		              want);
	}
}
END_TEST

START_TEST(test_black_and_white_stay_as_they_are)
{
	struct dither *d = dither_new(WIDTH);
	uint8_t line[WIDTH], bits[(WIDTH + 7) / 8];

	dither_begin(d);
	for (unsigned y = 0; y < 20; y++) {
		for (unsigned x = 0; x < WIDTH; x++)
			line[x] = (uint8_t)(x < 50    ? 0
			                    : x < 60  ? 120
			                    : x < 150 ? 255
			                              : 0);
		dither_line(d, line, bits, true);
		for (unsigned x = 0; x < WIDTH; x++)
			if (line[x] == 0 || line[x] == 255)
				ck_assert(is_black(bits, x) == (line[x] == 0));
	}
	dither_free(d);
}
END_TEST

START_TEST(test_bits_behind_the_last_pixel_are_white)
{
	struct dither *d = dither_new(3);
	uint8_t black[3] = {0}, gray[3] = {100, 0, 1};
	uint8_t bits;

	dither_begin(d);
	dither_line(d, black, &bits, true);
	ck_assert_uint_eq(bits, 0xe0);
	dither_line(d, black, &bits, false);
	ck_assert_uint_eq(bits, 0x1f);
	dither_line(d, gray, &bits, true);
	ck_assert_uint_eq(bits & 0x7f, 0x60);
	dither_line(d, gray, &bits, false);
	ck_assert_uint_eq(bits & 0x7f, 0x1f);
	dither_free(d);
}
END_TEST

/* Neighbours of mid gray differ: no stripes, no lumps. */
START_TEST(test_mid_gray_has_no_long_runs)
{
	struct dither *d = dither_new(WIDTH);
	uint8_t line[WIDTH], bits[(WIDTH + 7) / 8];

	memset(line, 128, sizeof line);
	dither_begin(d);
	for (unsigned y = 0; y < HEIGHT; y++) {
		unsigned run = 0;

		dither_line(d, line, bits, true);
		for (unsigned x = 1; x < WIDTH; x++) {
			run = is_black(bits, x) == is_black(bits, x - 1)
			              ? run + 1
			              : 0;
			ck_assert_uint_lt(run, 5);
		}
	}
	dither_free(d);
}
END_TEST

START_TEST(test_a_new_page_begins_as_the_first_did)
{
	struct dither *d = dither_new(WIDTH);
	uint8_t line[WIDTH], first[(WIDTH + 7) / 8], again[(WIDTH + 7) / 8];

	for (unsigned x = 0; x < WIDTH; x++)
		line[x] = (uint8_t)x;
	dither_begin(d);
	dither_line(d, line, first, true);
	dither_line(d, line, again, true);
	ck_assert_mem_ne(first, again, sizeof first);
	dither_begin(d);
	dither_line(d, line, again, true);
	ck_assert_mem_eq(first, again, sizeof first);
	dither_free(d);
}
END_TEST

/* ---- in PWG raster ------------------------------------------------------ */

static const struct {
	enum page_ink ink;
	unsigned space; /* cups_cspace_t */
	uint8_t black;  /* all pixels of a byte */
} inks[] = {
	{PAGE_INK_BLACK_1, CUPS_CSPACE_K, 0xff},
	{PAGE_INK_SGRAY_1, CUPS_CSPACE_SW, 0x00},
};

/* The left third black, the rest gray, in two pages, the second turned. */
static struct buf write_pages(const struct page_spec *spec)
{
	struct sink sink = {0};
	struct raster *raster = raster_new(spec, sink_write, NULL, &sink);
	uint8_t line[240];

	memset(line, 0, 80);
	memset(line + 80, 200, 160);
	for (unsigned page = 0; page < 2; page++) {
		ck_assert_int_eq(raster_page_begin(raster, NULL), 0);
		ck_assert_int_eq(raster_page_lines(raster, line, 0, 60, NULL),
		                 0);
		ck_assert_int_eq(raster_page_end(raster, NULL), 0);
	}
	ck_assert_int_eq(raster_finish(raster, NULL), 0);
	raster_free(raster);
	return sink.bytes;
}

static unsigned count_black(const uint8_t *bytes, size_t n, uint8_t black)
{
	unsigned count = 0;

	for (size_t i = 0; i < n; i++)
		count += (unsigned)__builtin_popcount(
			(uint8_t)(bytes[i] ^ ~black));
	return count;
}

static void check_page(cups_raster_t *cups, unsigned ink, bool is_turned)
{
	cups_page_header2_t h;
	uint8_t line[30];
	unsigned gray = 0;

	ck_assert_int_eq(cupsRasterReadHeader2(cups, &h), 1);
	ck_assert_uint_eq(h.cupsBitsPerPixel, 1);
	ck_assert_uint_eq(h.cupsBitsPerColor, 1);
	ck_assert_uint_eq(h.cupsBytesPerLine, 30);
	ck_assert_uint_eq(h.cupsWidth, 240);
	ck_assert_uint_eq(h.cupsHeight, 100);
	ck_assert_uint_eq(h.cupsColorSpace, inks[ink].space);
	for (unsigned y = 0; y < 100; y++) {
		bool is_white = is_turned ? y < 40 : y >= 60;
		const uint8_t *black = is_turned ? line + 20 : line;
		const uint8_t *rest = is_turned ? line : line + 10;

		ck_assert_uint_eq(cupsRasterReadPixels(cups, line, 30), 30);
		ck_assert_uint_eq(count_black(black, 10, inks[ink].black),
		                  is_white ? 0 : 80);
		gray += count_black(rest, 20, inks[ink].black);
	}
	/* 200 of 255 is 21.6 % black of 60 lines of 160 */
	ck_assert_uint_gt(gray, 2000);
	ck_assert_uint_lt(gray, 2140);
}

START_TEST(test_libcups_reads_pages_of_one_bit_on_both_sides)
{
	struct page_spec spec = {
		.ink = inks[_i].ink,
		.dpi = 254,
		.media = "custom_test",
		.media_width = 2400,
		.media_height = 1000,
		.sides = SIDES_LONG_EDGE,
		.sheet_back = SHEET_BACK_ROTATED,
		.max_pages = 2,
		.max_bytes = 1 << 20,
	};
	struct buf bytes CLEANUP(buf_fini) = write_pages(&spec);
	struct cups_reader reader = {&bytes, 0};
	cups_raster_t *cups =
		cupsRasterOpenIO(cups_reader_read, &reader, CUPS_RASTER_READ);

	check_page(cups, (unsigned)_i, false);
	check_page(cups, (unsigned)_i, true);
	ck_assert_uint_eq(reader.at, bytes.len);
	cupsRasterClose(cups);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("dither");
	TCase *tc = tcase_create("dither");

	tcase_add_test(tc, test_the_mean_of_an_area_is_its_gray);
	tcase_add_test(tc, test_black_and_white_stay_as_they_are);
	tcase_add_test(tc, test_bits_behind_the_last_pixel_are_white);
	tcase_add_test(tc, test_mid_gray_has_no_long_runs);
	tcase_add_test(tc, test_a_new_page_begins_as_the_first_did);
	tcase_add_loop_test(tc,
	                    test_libcups_reads_pages_of_one_bit_on_both_sides,
	                    0, (int)ARRAY_LEN(inks));
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
