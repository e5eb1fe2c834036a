/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>

#include "cups_reader.h"
#include "raster_decode.h"
#include "render/worker/geometry.h"
#include "render/worker/raster_equal.h"
#include "render/worker/raster_line.h"
#include "spec.h"
#include "tests/unit/check_run.h"

#define PAGES 3

static uint32_t seed;

static uint32_t draw(void)
{
	seed = seed * 1664525 + 1013904223;
	return seed >> 8;
}

/*
 * Pixels with runs of all lengths: each next pixel repeats the last one with
 * `again` chances in 256, and each next line the last one with `lines`.
 */
static uint8_t *draw_page(const struct page_spec *spec, unsigned again,
                          unsigned lines)
{
	unsigned width = geometry_pixels(spec->media_width, spec->dpi);
	unsigned height = geometry_pixels(spec->media_height, spec->dpi);
	unsigned depth = spec->colour ? 3 : 1;
	size_t line_len = (size_t)width * depth;
	uint8_t *page = xmalloc(line_len * height);

	for (unsigned y = 0; y < height; y++) {
		uint8_t *line = page + line_len * y;

		if (y > 0 && draw() % 256 < lines) {
			memcpy(line, line - line_len, line_len);
			continue;
		}
		for (unsigned x = 0; x < width; x++) {
			if (x > 0 && draw() % 256 < again) {
				memcpy(line + x * depth, line + (x - 1) * depth,
				       depth);
				continue;
			}
			for (unsigned i = 0; i < depth; i++)
				line[x * depth + i] =
					(uint8_t)(draw() % 3 * 127);
		}
	}
	return page;
}

/* In pieces of changing height, as bands come. */
static void write_page(struct raster *raster, const struct page_spec *spec,
                       const uint8_t *page)
{
	size_t line_len = raster_width(raster) * (spec->colour ? 3u : 1u);
	unsigned left = raster_height(raster);
	struct err err;

	ck_assert_int_eq(raster_page_begin(raster, &err), 0);
	while (left > 0) {
		unsigned n = 1 + draw() % 7;

		n = n < left ? n : left;
		ck_assert_int_eq(raster_page_lines(raster, page, line_len, n,
		                                   &err),
		                 0);
		page += line_len * n;
		left -= n;
	}
	ck_assert_int_eq(raster_page_end(raster, &err), 0);
}

static struct buf write_pages(const struct page_spec *spec, uint8_t **pages,
                              unsigned n_pages)
{
	struct sink sink = {0};
	struct raster *raster CLEANUP(raster_free) =
		raster_new(spec, sink_write, sink_page, &sink);
	struct err err;

	for (unsigned i = 0; i < n_pages; i++) {
		write_page(raster, spec, pages[i]);
		ck_assert_uint_eq(sink.ends[i], sink.bytes.len);
		ck_assert_uint_eq(raster_pages(raster), i + 1);
	}
	ck_assert_int_eq(raster_finish(raster, &err), 0);
	ck_assert_uint_eq(sink.n_pages, n_pages);
	return sink.bytes;
}

/* The page as it must stand in the file, by the table of PWG 5102.4. */
static uint8_t *transformed(const uint8_t *page, unsigned width,
                            unsigned height, unsigned depth, int cross,
                            int feed)
{
	uint8_t *out = xmalloc((size_t)width * height * depth);

	for (unsigned y = 0; y < height; y++) {
		for (unsigned x = 0; x < width; x++) {
			unsigned to_x = cross < 0 ? width - 1 - x : x;
			unsigned to_y = feed < 0 ? height - 1 - y : y;

			memcpy(out + ((size_t)to_y * width + to_x) * depth,
			       page + ((size_t)y * width + x) * depth, depth);
		}
	}
	return out;
}

static const struct {
	enum page_sides sides;
	enum page_sheet_back back;
	int cross, feed; /* of even pages */
} transforms[] = {
	{SIDES_ONE, SHEET_BACK_ROTATED, 1, 1},
	{SIDES_LONG_EDGE, SHEET_BACK_NORMAL, 1, 1},
	{SIDES_LONG_EDGE, SHEET_BACK_ROTATED, -1, -1},
	{SIDES_LONG_EDGE, SHEET_BACK_FLIPPED, 1, -1},
	{SIDES_LONG_EDGE, SHEET_BACK_MANUAL_TUMBLE, 1, 1},
	{SIDES_SHORT_EDGE, SHEET_BACK_NORMAL, 1, 1},
	{SIDES_SHORT_EDGE, SHEET_BACK_ROTATED, 1, 1},
	{SIDES_SHORT_EDGE, SHEET_BACK_FLIPPED, -1, 1},
	{SIDES_SHORT_EDGE, SHEET_BACK_MANUAL_TUMBLE, -1, -1},
};

static void check_cups_header(const cups_page_header2_t *h,
                              const struct page_spec *spec, int cross, int feed)
{
	unsigned depth = spec->colour ? 3 : 1;

	ck_assert_uint_eq(h->cupsWidth, spec->media_width / 10);
	ck_assert_uint_eq(h->cupsHeight, spec->media_height / 10);
	ck_assert_uint_eq(h->cupsBitsPerPixel, 8 * depth);
	ck_assert_uint_eq(h->cupsBytesPerLine, h->cupsWidth * depth);
	ck_assert_uint_eq(h->cupsColorSpace,
	                  spec->colour ? CUPS_CSPACE_SRGB : CUPS_CSPACE_SW);
	ck_assert_uint_eq(h->cupsNumColors, depth);
	ck_assert_uint_eq(h->HWResolution[0], 254);
	ck_assert_uint_eq(h->HWResolution[1], 254);
	ck_assert_uint_eq(h->Duplex, spec->sides != SIDES_ONE);
	ck_assert_uint_eq(h->Tumble, spec->sides == SIDES_SHORT_EDGE);
	if (spec->format == PAGE_URF)
		return;
	ck_assert_str_eq(h->MediaClass, "PwgRaster");
	ck_assert_str_eq(h->cupsPageSizeName, spec->media);
	ck_assert_int_eq((int)h->cupsInteger[1], cross);
	ck_assert_int_eq((int)h->cupsInteger[2], feed);
}

static void check_cups_page(cups_raster_t *cups, const struct page_spec *spec,
                            const uint8_t *want, int cross, int feed)
{
	cups_page_header2_t h;
	uint8_t *line CLEANUP(xfree) = NULL;

	ck_assert_int_eq(cupsRasterReadHeader2(cups, &h), 1);
	check_cups_header(&h, spec, cross, feed);
	line = xmalloc(h.cupsBytesPerLine);
	for (unsigned y = 0; y < h.cupsHeight; y++) {
		ck_assert_uint_eq(cupsRasterReadPixels(cups, line,
		                                       h.cupsBytesPerLine),
		                  h.cupsBytesPerLine);
		ck_assert_mem_eq(line, want + (size_t)y * h.cupsBytesPerLine,
		                 h.cupsBytesPerLine);
	}
}

/* Both readers see exactly these pages, and nothing behind them. */
static void check_pages(const struct page_spec *spec, unsigned transform,
                        const struct buf *bytes, uint8_t **pages)
{
	struct cups_reader reader = {bytes, 0};
	cups_raster_t *cups =
		cupsRasterOpenIO(cups_reader_read, &reader, CUPS_RASTER_READ);
	cups_page_header2_t h;
	size_t at = decode_file(bytes, spec->format);

	ck_assert_uint_gt(at, 0);
	for (unsigned i = 0; i < PAGES; i++) {
		int cross = i % 2 ? transforms[transform].cross : 1;
		int feed = i % 2 ? transforms[transform].feed : 1;
		struct decoded page;
		uint8_t *want;

		ck_assert(decode_page(bytes, spec->format, &at, &page));
		want = transformed(pages[i], page.width, page.height,
		                   page.depth, cross, feed);
		ck_assert_mem_eq(page.pixels, want,
		                 (size_t)page.width * page.height * page.depth);
		if (spec->format == PAGE_PWG) {
			ck_assert_int_eq(page.cross_feed, cross);
			ck_assert_int_eq(page.feed, feed);
		}
		check_cups_page(cups, spec, want, cross, feed);
		free(want);
		free(page.pixels);
	}
	ck_assert_uint_eq(at, bytes->len);
	ck_assert_int_eq(cupsRasterReadHeader2(cups, &h), 0);
	cupsRasterClose(cups);
}

static void check_spec(const struct page_spec *spec, unsigned transform,
                       unsigned again, unsigned lines)
{
	uint8_t *pages[PAGES];
	struct buf bytes CLEANUP(buf_fini) = {0};

	for (unsigned i = 0; i < PAGES; i++)
		pages[i] = draw_page(spec, again, lines);
	bytes = write_pages(spec, pages, PAGES);
	check_pages(spec, transform, &bytes, pages);
	for (unsigned i = 0; i < PAGES; i++)
		free(pages[i]);
}

START_TEST(test_both_readers_see_the_pixels_for_every_side_and_format)
{
	struct page_spec spec = spec_of(131, 29, _i & 1);

	spec.format = _i & 2 ? PAGE_URF : PAGE_PWG;
	spec.sides = transforms[_i / 4].sides;
	spec.sheet_back = transforms[_i / 4].back;
	check_spec(&spec, (unsigned)_i / 4, 128, 64);
}
END_TEST

START_TEST(test_every_width_to_300_and_every_kind_of_run_reads_back)
{
	static const unsigned agains[] = {0, 40, 128, 230, 255, 256};

	for (unsigned width = 1; width <= 300; width++) {
		struct page_spec spec = spec_of(width, 4, _i & 1);

		for (unsigned i = 0; i < ARRAY_LEN(agains); i++)
			check_spec(&spec, 0, agains[i], 50);
	}
}
END_TEST

START_TEST(test_a_line_repeated_600_times_reads_back_on_both_sides)
{
	struct page_spec spec = spec_of(3, 600, true);

	spec.sides = SIDES_LONG_EDGE;
	spec.sheet_back = SHEET_BACK_ROTATED;
	check_spec(&spec, 2, 100, 256);
	check_spec(&spec, 2, 100, 250);
}
END_TEST

/* Each pixel so often in both directions. */
static uint8_t *enlarged(const uint8_t *page, unsigned width, unsigned height,
                         unsigned depth, unsigned across, unsigned along)
{
	size_t line_len = (size_t)width * across * depth;
	uint8_t *out = xmalloc(line_len * height * along);

	for (unsigned y = 0; y < height * along; y++)
		for (unsigned x = 0; x < width * across; x++)
			memcpy(out + line_len * y + (size_t)x * depth,
			       page + ((size_t)(y / along) * width +
			               x / across) *
			                       depth,
			       depth);
	return out;
}

/* All of the file, heads and dither included. */
START_TEST(test_repeated_pixels_make_the_pages_of_twice_the_dots)
{
	unsigned ink = (unsigned)_i % 3;
	struct page_spec spec = spec_of(131 * 2, 29 * 2, ink == 1);
	struct page_spec same = spec;
	struct buf bytes CLEANUP(buf_fini) = {0};
	struct buf want CLEANUP(buf_fini) = {0};
	uint8_t *pages[PAGES], *large[PAGES];

	spec.ink = same.ink = ink == 2 ? PAGE_INK_BLACK_1 : PAGE_INK_8;
	spec.sides = same.sides = transforms[_i / 3].sides;
	spec.sheet_back = same.sheet_back = transforms[_i / 3].back;
	spec.dpi = 127;
	spec.repeat_across = spec.repeat_along = 2;
	for (unsigned i = 0; i < PAGES; i++) {
		pages[i] = draw_page(&spec, 128, 64);
		large[i] =
			enlarged(pages[i], 131, 29, spec.colour ? 3 : 1, 2, 2);
	}
	bytes = write_pages(&spec, pages, PAGES);
	want = write_pages(&same, large, PAGES);
	ck_assert_uint_eq(bytes.len, want.len);
	ck_assert_mem_eq(bytes.data, want.data, want.len);
	for (unsigned i = 0; i < PAGES; i++) {
		free(pages[i]);
		free(large[i]);
	}
}
END_TEST

START_TEST(test_uneven_dots_have_a_resolution_each_way)
{
	struct page_spec spec = spec_of(131, 29, true);
	uint8_t *page = draw_page(&spec, 128, 64);
	uint8_t *want;
	struct buf bytes CLEANUP(buf_fini) = {0};
	struct decoded got;
	size_t at = 4;

	spec.repeat_across = _i ? 3 : 1;
	spec.repeat_along = _i ? 1 : 3;
	ck_assert_int_eq(geometry_check_spec(&spec, NULL), 0);
	want = enlarged(page, 131, 29, 3, spec.repeat_across,
	                spec.repeat_along);
	bytes = write_pages(&spec, &page, 1);
	ck_assert(decode_page(&bytes, PAGE_PWG, &at, &got));
	ck_assert_uint_eq(at, bytes.len);
	ck_assert_uint_eq(got.width, 131 * spec.repeat_across);
	ck_assert_uint_eq(got.height, 29 * spec.repeat_along);
	ck_assert_uint_eq(decode32((uint8_t *)bytes.data + 4 + 276),
	                  254 * spec.repeat_across);
	ck_assert_uint_eq(decode32((uint8_t *)bytes.data + 4 + 280),
	                  254 * spec.repeat_along);
	ck_assert_mem_eq(got.pixels, want, (size_t)got.width * got.height * 3);
	spec.format = PAGE_URF;
	ck_assert_int_eq(geometry_check_spec(&spec, NULL), -EINVAL);
	free(got.pixels);
	free(want);
	free(page);
}
END_TEST

START_TEST(test_random_bytes_stay_within_the_bound)
{
	unsigned depth = _i & 1 ? 3 : 1;
	uint8_t pixels[600 * 3];
	uint8_t out[2000];

	for (unsigned width = 1; width <= 600; width++) {
		unsigned n_values = 1u << (draw() % 9);

		for (unsigned i = 0; i < width * depth; i++)
			pixels[i] = (uint8_t)(draw() % n_values);
		for (unsigned in = 1; in <= depth; in += 2) {
			struct raster_line line = {pixels, width, in};

			ck_assert_uint_le(raster_line_encode(&line, depth, out),
			                  raster_line_bound(width, depth));
		}
	}
}
END_TEST

START_TEST(test_a_white_a4_line_costs_no_more_than_its_longest_runs)
{
	uint8_t pixels[2480 * 3];
	struct raster_line line = {pixels, 2480, 3};
	uint8_t out[8192];

	memset(pixels, 0xff, sizeof pixels);
	ck_assert_uint_eq(raster_line_encode(&line, 3, out), 20 * 4);
	line.depth = 1;
	ck_assert_uint_eq(raster_line_encode(&line, 3, out), 20 * 4);
	ck_assert_uint_eq(raster_line_encode(&line, 1, out), 20 * 2);
}
END_TEST

START_TEST(test_the_portable_comparison_agrees_with_the_fast_one)
{
	uint8_t a[RASTER_EQUAL], b[RASTER_EQUAL];

	for (unsigned round = 0; round < 10000; round++) {
		unsigned other = 1 + round % 64;

		for (unsigned i = 0; i < RASTER_EQUAL; i++) {
			a[i] = (uint8_t)draw();
			b[i] = draw() % other ? a[i] : (uint8_t)draw();
		}
		ck_assert_uint_eq(raster_equal(a, b), raster_equal_plain(a, b));
	}
}
END_TEST

START_TEST(test_gray_lines_of_a_colour_job_are_its_rgb_lines)
{
	for (unsigned width = 1; width <= 300; width++) {
		struct page_spec spec = spec_of(width, 4, false);
		uint8_t *gray = draw_page(&spec, 40 + width % 200, 50);
		uint8_t *rgb = xmalloc((size_t)width * 4 * 3);
		struct sink sinks[2] = {{{0}}, {{0}}};

		for (unsigned i = 0; i < width * 4 * 3; i++)
			rgb[i] = gray[i / 3];
		spec.colour = true;
		for (unsigned i = 0; i < 2; i++) {
			struct raster *raster =
				raster_new(&spec, sink_write, NULL, &sinks[i]);

			raster_page_begin(raster, NULL);
			if (i == 0)
				raster_page_lines(raster, rgb, width * 3, 4,
				                  NULL);
			else
				raster_page_gray(raster, gray, width, 4, NULL);
			ck_assert_int_eq(raster_page_end(raster, NULL), 0);
			raster_free(raster);
		}
		ck_assert_uint_eq(sinks[0].bytes.len, sinks[1].bytes.len);
		ck_assert_mem_eq(sinks[0].bytes.data, sinks[1].bytes.data,
		                 sinks[0].bytes.len);
		buf_fini(&sinks[0].bytes);
		buf_fini(&sinks[1].bytes);
		free(gray);
		free(rgb);
	}
}
END_TEST

START_TEST(test_missing_lines_are_white)
{
	struct page_spec spec = spec_of(20, 300, false);
	struct sink sink = {0};
	struct raster *raster = raster_new(&spec, sink_write, NULL, &sink);
	uint8_t black[20] = {0};
	struct decoded page;
	struct err err;
	size_t at = 4;

	ck_assert_int_eq(raster_page_begin(raster, &err), 0);
	ck_assert_int_eq(raster_page_lines(raster, black, 20, 1, &err), 0);
	ck_assert_int_eq(raster_page_end(raster, &err), 0);
	ck_assert(decode_page(&sink.bytes, PAGE_PWG, &at, &page));
	for (unsigned i = 0; i < 20 * 300; i++)
		ck_assert_uint_eq(page.pixels[i], i < 20 ? 0 : 255);
	free(page.pixels);
	raster_free(raster);
	buf_fini(&sink.bytes);
}
END_TEST

START_TEST(test_a_job_without_pages_is_nothing)
{
	struct page_spec spec = spec_of(20, 30, false);
	struct sink sink = {0};
	struct raster *raster;

	spec.format = PAGE_URF;
	raster = raster_new(&spec, sink_write, NULL, &sink);
	ck_assert_int_eq(raster_finish(raster, NULL), 0);
	ck_assert_uint_eq(sink.bytes.len, 0);
	raster_free(raster);
	buf_fini(&sink.bytes);
}
END_TEST

START_TEST(test_a_page_too_many_is_refused_with_a_sentence)
{
	struct page_spec spec = spec_of(20, 30, false);
	struct sink sink = {0};
	struct raster *raster;
	struct err err;

	spec.max_pages = 1;
	raster = raster_new(&spec, sink_write, NULL, &sink);
	ck_assert_int_eq(raster_page_begin(raster, &err), 0);
	ck_assert_int_eq(raster_page_end(raster, &err), 0);
	ck_assert_int_eq(raster_page_begin(raster, &err), -E2BIG);
	ck_assert_str_eq(
		err.text,
		"there are more than 1 pages: name some in the subject, as [pages=1-1]");
	ck_assert_int_eq(raster_finish(raster, &err), 0);
	raster_free(raster);
	buf_fini(&sink.bytes);
}
END_TEST

START_TEST(test_no_byte_beyond_max_bytes_is_written)
{
	struct page_spec spec = spec_of(1001, 1000, true);
	struct sink sink = {0};
	uint8_t *page CLEANUP(xfree) = draw_page(&spec, 0, 0);
	struct raster *raster;
	struct err err;
	int result;

	spec.max_bytes = 1000000;
	spec.sides = SIDES_LONG_EDGE;
	spec.sheet_back = SHEET_BACK_FLIPPED;
	raster = raster_new(&spec, sink_write, NULL, &sink);
	if (_i == 1) { /* the page that would be held back */
		ck_assert_int_eq(raster_page_begin(raster, &err), 0);
		ck_assert_int_eq(raster_page_end(raster, &err), 0);
	}
	ck_assert_int_eq(raster_page_begin(raster, &err), 0);
	result = raster_page_lines(raster, page, 1001 * 3, 1000, &err);
	ck_assert_int_eq(result, -EFBIG);
	ck_assert_str_eq(
		err.text,
		"the printed pages need more than 1000000 bytes: send fewer in a mail");
	ck_assert_int_eq(raster_page_end(raster, &err), -EFBIG);
	ck_assert_uint_le(sink.bytes.len, 1000000);
	raster_free(raster);
	buf_fini(&sink.bytes);
}
END_TEST

START_TEST(test_after_a_failed_write_nothing_more_is_written)
{
	struct page_spec spec = spec_of(20, 30, false);
	struct sink sink = {.fail = -ENOSPC};
	struct raster *raster = raster_new(&spec, sink_write, sink_page, &sink);
	struct err err;

	ck_assert_int_eq(raster_page_begin(raster, &err), 0);
	ck_assert_int_eq(raster_page_end(raster, &err), -ENOSPC);
	ck_assert_str_eq(err.text,
	                 "cannot write the pages: No space left on device");
	sink.fail = 0;
	ck_assert_int_eq(raster_page_begin(raster, &err), -ENOSPC);
	ck_assert_str_eq(err.text,
	                 "cannot write the pages: No space left on device");
	ck_assert_int_eq(raster_finish(raster, &err), -ENOSPC);
	ck_assert_uint_eq(sink.bytes.len, 0);
	raster_free(raster);
}
END_TEST

static ssize_t cups_write(void *ctx, unsigned char *data, size_t len)
{
	buf_append(ctx, data, len);
	return (ssize_t)len;
}

START_TEST(test_a_two_sided_a4_header_says_what_libcups_says)
{
	struct page_spec spec = {
		.colour = true,
		.dpi = 300,
		.media = "iso_a4_210x297mm",
		.media_width = 21000,
		.media_height = 29700,
		.sides = SIDES_LONG_EDGE,
		.sheet_back = SHEET_BACK_ROTATED,
		.max_pages = 2,
		.max_bytes = 1 << 20,
	};
	struct sink sink = {0};
	struct raster *raster = raster_new(&spec, sink_write, NULL, &sink);
	struct buf theirs CLEANUP(buf_fini) = {0};
	cups_page_header2_t header;
	cups_raster_t *cups;
	struct err err;

	ck_assert_int_eq(raster_page_begin(raster, &err), 0);
	ck_assert_int_eq(raster_page_end(raster, &err), 0);
	cups = cupsRasterOpenIO(cups_write, &theirs, CUPS_RASTER_WRITE_PWG);
	ck_assert_int_eq(cupsRasterInitPWGHeader(&header,
	                                         pwgMediaForPWG(
							 "iso_a4_210x297mm"),
	                                         "srgb_8", 300, 300,
	                                         "two-sided-long-edge", NULL),
	                 1);
	/* libcups would write it into bytes that PWG 5102.4 reserves */
	memset(header.ImagingBoundingBox, 0, sizeof header.ImagingBoundingBox);
	ck_assert_int_eq(cupsRasterWriteHeader2(cups, &header), 1);
	ck_assert_uint_eq(theirs.len, 4 + 1796);
	for (size_t i = 0; i < theirs.len; i++)
		ck_assert_msg(sink.bytes.data[i] == theirs.data[i],
		              "byte %zu: %02x %02x", i, sink.bytes.data[i],
		              theirs.data[i]);
	cupsRasterClose(cups);
	raster_free(raster);
	buf_fini(&sink.bytes);
}
END_TEST

static Suite *raster_suite(void)
{
	Suite *suite = suite_create("raster");
	TCase *tc = tcase_create("raster");

	tcase_add_loop_test(
		tc, test_both_readers_see_the_pixels_for_every_side_and_format,
		0, 4 * ARRAY_LEN(transforms));
	tcase_add_loop_test(
		tc, test_every_width_to_300_and_every_kind_of_run_reads_back, 0,
		2);
	tcase_add_test(tc,
	               test_a_line_repeated_600_times_reads_back_on_both_sides);
	tcase_add_loop_test(
		tc, test_repeated_pixels_make_the_pages_of_twice_the_dots, 0,
		3 * (int)ARRAY_LEN(transforms));
	tcase_add_loop_test(tc, test_uneven_dots_have_a_resolution_each_way, 0,
	                    2);
	tcase_add_loop_test(tc, test_random_bytes_stay_within_the_bound, 0, 2);
	tcase_add_test(
		tc, test_a_white_a4_line_costs_no_more_than_its_longest_runs);
	tcase_add_test(tc,
	               test_the_portable_comparison_agrees_with_the_fast_one);
	tcase_add_test(tc, test_gray_lines_of_a_colour_job_are_its_rgb_lines);
	tcase_add_test(tc, test_missing_lines_are_white);
	tcase_add_test(tc, test_a_job_without_pages_is_nothing);
	tcase_add_test(tc, test_a_page_too_many_is_refused_with_a_sentence);
	tcase_add_loop_test(tc, test_no_byte_beyond_max_bytes_is_written, 0, 2);
	tcase_add_test(tc, test_after_a_failed_write_nothing_more_is_written);
	tcase_add_test(tc, test_a_two_sided_a4_header_says_what_libcups_says);
	tcase_set_timeout(tc, 120);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return check_run(raster_suite());
}
