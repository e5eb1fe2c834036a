/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The formats whose readers exist here only: PCL 5e, PCL XL; and what every
 * format owes to the raster in front of it. tests/system/test_formats.py shows
 * the others to readers of other people.
 */
#include <errno.h>

#include "pcl_decode.h"
#include "pclxl_decode.h"
#include "raster_decode.h"
#include "render/worker/ascii85.h"
#include "render/worker/dither.h"
#include "render/worker/packbits.h"
#include "tests/unit/check_run.h"

#define DPI 300

static uint32_t seed;

static uint32_t draw(void)
{
	seed = seed * 1664525 + 1013904223;
	return seed >> 8;
}

static struct page_spec spec_of(enum page_format format, bool colour)
{
	return (struct page_spec){
		.format = format,
		.colour = colour,
		.dpi = DPI,
		.media = "custom_test",
		.media_width = 5080,  /* 600 pixels */
		.media_height = 2603, /* 307 pixels */
		.max_pages = 100,
		.max_bytes = 1 << 30,
	};
}

/* White with some lines of grays, runs and noise in it. */
static uint8_t *draw_page(unsigned width, unsigned height, unsigned depth)
{
	size_t len = (size_t)width * depth;
	uint8_t *page = xmalloc(len * height);

	memset(page, 0xff, len * height);
	for (unsigned y = height / 5; y < height; y++) {
		uint8_t *line = page + y * len;
		unsigned kind = draw() % 4;

		if (kind == 1)
			memcpy(line, line - len, len);
		for (size_t x = 0; kind > 1 && x < len; x++)
			line[x] = (uint8_t)(kind == 2 ? draw() : x / 37 * 50);
	}
	return page;
}

static struct buf write_pages(const struct page_spec *spec, uint8_t *page,
                              unsigned n_pages)
{
	struct sink sink = {0};
	struct raster *raster = raster_new(spec, sink_write, sink_page, &sink);
	size_t line_len = raster_width(raster) * (spec->colour ? 3u : 1u);

	for (unsigned i = 0; i < n_pages; i++) {
		unsigned done = 0;

		ck_assert_int_eq(raster_page_begin(raster, NULL), 0);
		while (done < raster_height(raster)) {
			unsigned n = 1 + draw() % 9;
			unsigned left = raster_height(raster) - done;

			n = n < left ? n : left;
			ck_assert_int_eq(raster_page_lines(
						 raster, page + done * line_len,
						 line_len, n, NULL),
			                 0);
			done += n;
		}
		ck_assert_int_eq(raster_page_end(raster, NULL), 0);
	}
	ck_assert_int_eq(raster_finish(raster, NULL), 0);
	ck_assert_uint_eq(sink.n_pages, n_pages);
	raster_free(raster);
	return sink.bytes;
}

/* ---- PCL 5e ------------------------------------------------------------- */

/* Paper of inches: 75 dots on either side are not the logical page's. */
#define WIDTH  600
#define HEIGHT 307
#define CROP   75
#define LOGIC  (WIDTH - 2 * CROP)

static void check_pcl_page(const struct pcl_page *have, const uint8_t *page)
{
	struct dither *d = dither_new(LOGIC);
	uint8_t bits[(LOGIC + 7) / 8];

	dither_begin(d);
	for (unsigned y = 0; y < have->height; y++) {
		dither_line(d, page + (size_t)y * WIDTH + CROP, bits, true);
		ck_assert_mem_eq(have->bits + y * sizeof bits, bits,
		                 sizeof bits);
	}
	dither_free(d);
}

START_TEST(test_pcl_reads_back_dithered)
{
	struct page_spec spec = spec_of(PAGE_PCL, false);
	uint8_t *page = draw_page(WIDTH, HEIGHT, 1);
	struct buf bytes CLEANUP(buf_fini) = {0};
	struct pcl_decoded pcl = {.line_len = (LOGIC + 7) / 8,
	                          .max_height = HEIGHT};

	spec.sides = SIDES_SHORT_EDGE;
	bytes = write_pages(&spec, page, 2);
	ck_assert(pcl_decode(&bytes, &pcl));
	ck_assert_uint_eq(pcl.n_pages, 2);
	ck_assert_int_eq(pcl.dpi, DPI);
	ck_assert_int_eq(pcl.units, DPI);
	ck_assert_int_eq(pcl.duplex, 2);
	ck_assert_int_eq(pcl.copies, 0); /* asked for by IPP, not here */
	check_pcl_page(&pcl.pages[0], page);
	check_pcl_page(&pcl.pages[1], page);
	/* white lines at the end need not be skipped, others are all there */
	ck_assert_uint_gt(pcl.pages[0].height, HEIGHT / 2);
	pcl_decoded_fini(&pcl);
	free(page);
}
END_TEST

static const struct {
	unsigned width, height;
	int pcl, xl; /* -1: custom */
} papers[] = {
	{21000, 29700, 26, 2},  {21590, 27940, 2, 0},  {29700, 42000, 27, 5},
	{14800, 21000, 25, 16}, {11000, 22000, 90, 9}, {5080, 2603, 101, -1},
};

/* A white page on each paper: only its number matters. */
START_TEST(test_paper_has_its_number)
{
	struct page_spec spec = spec_of(PAGE_PCL, false);
	struct buf bytes CLEANUP(buf_fini) = {0};
	struct buf xl_bytes CLEANUP(buf_fini) = {0};
	struct pcl_decoded pcl = {.line_len = 4096, .max_height = 8192};
	struct xl_decoded xl = {.depth = 1};
	uint8_t *page;

	spec.dpi = 75;
	spec.media_width = papers[_i].width;
	spec.media_height = papers[_i].height;
	xl.width = spec.media_width * 75 / 2540;
	xl.height = spec.media_height * 75 / 2540;
	page = xmalloc((size_t)xl.width * xl.height);
	memset(page, 0xff, (size_t)xl.width * xl.height);
	bytes = write_pages(&spec, page, 1);
	ck_assert(pcl_decode(&bytes, &pcl));
	ck_assert_int_eq(pcl.paper, papers[_i].pcl);
	ck_assert_int_eq(pcl.duplex, 0);
	spec.format = PAGE_PCLXL;
	xl_bytes = write_pages(&spec, page, 1);
	ck_assert(xl_decode(&xl_bytes, &xl));
	ck_assert_int_eq(xl.media, papers[_i].xl);
	if (xl.media < 0)
		ck_assert_float_eq(xl.custom_width, 508);
	pcl_decoded_fini(&pcl);
	xl_decoded_fini(&xl);
	free(page);
}
END_TEST

/* ---- PCL XL ------------------------------------------------------------- */

START_TEST(test_pclxl_reads_back_pixel_by_pixel)
{
	unsigned depth = _i ? 3 : 1;
	struct page_spec spec = spec_of(PAGE_PCLXL, _i);
	uint8_t *page = draw_page(WIDTH, HEIGHT, depth);
	struct buf bytes CLEANUP(buf_fini) = {0};
	struct xl_decoded xl = {.width = WIDTH,
	                        .height = HEIGHT,
	                        .depth = depth};

	spec.sides = SIDES_LONG_EDGE;
	bytes = write_pages(&spec, page, 2);
	ck_assert(xl_decode(&bytes, &xl));
	ck_assert_uint_eq(xl.n_pages, 2);
	ck_assert_uint_eq(xl.dpi, DPI);
	ck_assert_int_eq(xl.duplex, 1);
	ck_assert_int_eq(xl.side[0], 0);
	ck_assert_int_eq(xl.side[1], 1);
	for (unsigned i = 0; i < 2; i++)
		ck_assert_mem_eq(xl.pages[i], page,
		                 (size_t)WIDTH * HEIGHT * depth);
	xl_decoded_fini(&xl);
	free(page);
}
END_TEST

/* Black text in a colour job: the strip stays gray until colour comes. */
START_TEST(test_gray_and_colour_lines_share_a_page)
{
	struct page_spec spec = spec_of(PAGE_PCLXL, true);
	struct sink sink = {0};
	struct raster *raster = raster_new(&spec, sink_write, NULL, &sink);
	struct xl_decoded xl = {.width = WIDTH, .height = HEIGHT, .depth = 3};
	uint8_t gray[WIDTH], rgb[WIDTH * 3];

	for (unsigned x = 0; x < WIDTH; x++) {
		gray[x] = (uint8_t)x;
		memcpy(rgb + 3 * x, (uint8_t[]){200, (uint8_t)x, 7}, 3);
	}
	raster_page_begin(raster, NULL);
	for (unsigned y = 0; y < 300; y++) {
		if (y % 100 == 70)
			raster_page_lines(raster, rgb, sizeof rgb, 1, NULL);
		else
			raster_page_gray(raster, gray, sizeof gray, 1, NULL);
	}
	ck_assert_int_eq(raster_page_end(raster, NULL), 0);
	ck_assert_int_eq(raster_finish(raster, NULL), 0);
	ck_assert(xl_decode(&sink.bytes, &xl));
	for (unsigned y = 0; y < HEIGHT; y++) {
		for (unsigned x = 0; x < WIDTH; x++) {
			const uint8_t *p = xl.pages[0] + (y * WIDTH + x) * 3;

			if (y % 100 == 70)
				ck_assert_mem_eq(p, rgb + 3 * x, 3);
			else
				ck_assert(p[0] == (y < 300 ? gray[x] : 255) &&
				          p[1] == p[0] && p[2] == p[0]);
		}
	}
	xl_decoded_fini(&xl);
	raster_free(raster);
	buf_fini(&sink.bytes);
}
END_TEST

/* ---- codes -------------------------------------------------------------- */

/* By the definition, from TIFF 6.0 section 9. */
static size_t unpack(const uint8_t *in, size_t len, uint8_t *out)
{
	size_t n = 0;

	for (size_t i = 0; i < len;) {
		unsigned c = in[i++];

		ck_assert_uint_ne(c, 128);
		for (unsigned k = c < 128 ? c + 1 : 257 - c; k > 0; k--)
			out[n++] = in[c < 128 ? i++ : i];
		i += c > 128;
	}
	return n;
}

START_TEST(test_packbits_reads_back_within_its_bound)
{
	static const unsigned agains[] = {0, 60, 128, 200, 250, 256};
	uint8_t in[700], out[800], back[800];

	for (unsigned round = 0; round < 6000; round++) {
		unsigned again = agains[round % ARRAY_LEN(agains)];
		size_t len = draw() % sizeof in, n;

		for (size_t i = 0; i < len; i++)
			in[i] = i && draw() % 256 < again ? in[i - 1]
			                                  : (uint8_t)draw();
		n = packbits_encode(in, len, out);
		ck_assert_uint_le(n, packbits_bound(len));
		ck_assert_uint_eq(unpack(out, n, back), len);
		ck_assert_mem_eq(back, in, len);
	}
}
END_TEST

static const struct {
	const char *in;
	size_t len;
	const char *out;
} ascii85s[] = {
	{"", 0, "\n~>\n"},
	{"Man ", 4, "\n 9jqo^\n~>\n"},
	{"\0\0\0\0", 4, "\n z\n~>\n"},
	{"\0\0", 2, "\n !!!\n~>\n"},
	{"\xff\xff\xff\xff.", 5, "\n s8W-!/c\n~>\n"},
};

START_TEST(test_ascii85_is_as_the_filter_reads_it)
{
	struct buf out CLEANUP(buf_fini) = {0};

	ascii85_put(&out, ascii85s[_i].in, ascii85s[_i].len);
	ck_assert_str_eq(buf_str(&out), ascii85s[_i].out);
}
END_TEST

/* ---- every format ------------------------------------------------------- */

static const enum page_format all[] = {
	PAGE_PWG,   PAGE_URF,        PAGE_PCLM, PAGE_PDF,
	PAGE_PCLXL, PAGE_POSTSCRIPT, PAGE_PCL,  PAGE_JPEG,
};

START_TEST(test_a_page_of_any_format_stays_within_its_bytes)
{
	struct page_spec spec = spec_of(all[_i], all[_i] != PAGE_PCL);
	unsigned depth = spec.colour ? 3 : 1;
	struct sink sink = {0};
	struct raster *raster;
	struct err err = {0};
	uint8_t *page = draw_page(WIDTH, HEIGHT, depth);
	int result;

	spec.max_bytes = 5000;
	spec.sides = SIDES_LONG_EDGE;
	spec.sheet_back = SHEET_BACK_FLIPPED;
	raster = raster_new(&spec, sink_write, sink_page, &sink);
	ck_assert_int_eq(raster_page_begin(raster, &err), 0);
	raster_page_lines(raster, page, (size_t)WIDTH * depth, HEIGHT, NULL);
	result = raster_page_end(raster, NULL);
	result = result < 0 ? result : raster_finish(raster, NULL);
	ck_assert_int_eq(result, -EFBIG);
	ck_assert_int_eq(raster_finish(raster, &err), -EFBIG);
	ck_assert_str_eq(
		err.text,
		"the printed pages need more than 5000 bytes: send fewer in a mail");
	ck_assert_uint_le(sink.bytes.len, 5000);
	ck_assert_uint_eq(sink.n_pages, 0);
	raster_free(raster);
	buf_fini(&sink.bytes);
	free(page);
}
END_TEST

START_TEST(test_a_failed_write_of_any_format_is_told_ever_after)
{
	struct page_spec spec = spec_of(all[_i], false);
	struct sink sink = {.fail = -EPIPE};
	struct raster *raster = raster_new(&spec, sink_write, sink_page, &sink);
	int result;

	ck_assert_int_eq(raster_page_begin(raster, NULL), 0);
	result = raster_page_end(raster, NULL);
	result = result < 0 ? result : raster_finish(raster, NULL);
	ck_assert_int_eq(result, -EPIPE);
	sink.fail = 0;
	ck_assert_int_eq(raster_finish(raster, NULL), -EPIPE);
	ck_assert_uint_eq(sink.bytes.len, 0);
	ck_assert_uint_eq(sink.n_pages, 0);
	raster_free(raster);
}
END_TEST

START_TEST(test_a_white_page_of_any_format_is_small)
{
	struct page_spec spec = spec_of(all[_i], all[_i] != PAGE_PCL);
	struct sink sink = {0};
	struct raster *raster = raster_new(&spec, sink_write, sink_page, &sink);

	ck_assert_int_eq(raster_page_begin(raster, NULL), 0);
	ck_assert_int_eq(raster_page_end(raster, NULL), 0);
	ck_assert_int_eq(raster_finish(raster, NULL), 0);
	ck_assert_uint_eq(sink.n_pages, 1);
	ck_assert_uint_eq(sink.ends[0] <= sink.bytes.len, 1);
	ck_assert_uint_lt(sink.bytes.len, 9000);
	raster_free(raster);
	buf_fini(&sink.bytes);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("writer");
	TCase *tc = tcase_create("writer");
	int n = (int)ARRAY_LEN(all);

	tcase_add_test(tc, test_pcl_reads_back_dithered);
	tcase_add_loop_test(tc, test_paper_has_its_number, 0,
	                    (int)ARRAY_LEN(papers));
	tcase_add_loop_test(tc, test_pclxl_reads_back_pixel_by_pixel, 0, 2);
	tcase_add_test(tc, test_gray_and_colour_lines_share_a_page);
	tcase_add_test(tc, test_packbits_reads_back_within_its_bound);
	tcase_add_loop_test(tc, test_ascii85_is_as_the_filter_reads_it, 0,
	                    (int)ARRAY_LEN(ascii85s));
	tcase_add_loop_test(tc,
	                    test_a_page_of_any_format_stays_within_its_bytes, 0,
	                    n);
	tcase_add_loop_test(
		tc, test_a_failed_write_of_any_format_is_told_ever_after, 0, n);
	tcase_add_loop_test(tc, test_a_white_page_of_any_format_is_small, 0, n);
	tcase_set_timeout(tc, 120);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
