/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>

#include "image_make.h"
#include "pdf_make.h"
#include "render/worker/page_range.h"
#include "tests/unit/check_run.h"

/* A job in the making, and the sides that came out. */
struct job {
	struct page_spec spec;
	struct sink sink;
	struct raster *raster;
	struct decoded sides[8];
	unsigned n_sides;
};

static void start(struct job *job, const struct page_spec *spec)
{
	*job = (struct job){.spec = *spec};
	job->raster = raster_new(&job->spec, sink_write, sink_page, &job->sink);
	raster_start_documents(job->raster);
}

static void finish(struct job *job)
{
	struct err err = {0};
	size_t at = 4;

	ck_assert_msg(raster_finish(job->raster, &err) == 0, "%s", err.text);
	while (at < job->sink.bytes.len) {
		ck_assert_uint_lt(job->n_sides, ARRAY_LEN(job->sides));
		ck_assert(decode_page(&job->sink.bytes, job->spec.format, &at,
		                      &job->sides[job->n_sides++]));
	}
	ck_assert_uint_eq(job->n_sides, raster_pages(job->raster));
	ck_assert_uint_eq(job->n_sides, job->sink.n_pages);
}

static void end(struct job *job)
{
	for (unsigned i = 0; i < job->n_sides; i++)
		free(job->sides[i].pixels);
	raster_free(job->raster);
	buf_fini(&job->sink.bytes);
}

/* Bytes of a page as a producer would draw it; free(). */
static uint8_t *new_page(const struct job *job, unsigned depth, uint8_t gray)
{
	size_t n = (size_t)raster_width(job->raster) *
	           raster_height(job->raster) * depth;
	uint8_t *pixels = xmalloc(n);

	memset(pixels, gray, n);
	return pixels;
}

static int give_page(struct job *job, const uint8_t *pixels, unsigned depth,
                     struct err *err)
{
	unsigned lines = raster_height(job->raster);
	size_t stride = (size_t)raster_width(job->raster) * depth;
	int result = raster_page_begin(job->raster, err);

	if (result < 0)
		return result;
	result = depth == 1 ? raster_page_gray(job->raster, pixels, stride,
	                                       lines, err)
	                    : raster_page_lines(job->raster, pixels, stride,
	                                        lines, err);
	ck_assert_int_eq(result, 0);
	return raster_page_end(job->raster, err);
}

/* Page n is gray * n all over. */
static void give_pages(struct job *job, unsigned n, unsigned gray)
{
	for (unsigned i = 1; i <= n; i++) {
		uint8_t *pixels = new_page(job, 1, (uint8_t)(i * gray));

		ck_assert_int_eq(give_page(job, pixels, 1, NULL), 0);
		free(pixels);
	}
}

static unsigned gray_at(const struct decoded *side, unsigned x, unsigned y)
{
	return side->pixels[((size_t)y * side->width + x) * side->depth];
}

static struct page_spec ranges(const char *text)
{
	struct page_spec spec = paper(false);

	ck_assert_int_eq(page_range_parse(text, &spec.ranges, NULL), 0);
	return spec;
}

START_TEST(test_only_the_pages_in_the_ranges_are_printed)
{
	struct page_spec spec = ranges("5,2-3");
	struct job job;

	start(&job, &spec);
	give_pages(&job, 6, 20);
	finish(&job);
	ck_assert_uint_eq(job.n_sides, 3);
	ck_assert_uint_eq(gray_at(&job.sides[0], 9, 9), 40);
	ck_assert_uint_eq(gray_at(&job.sides[1], 9, 9), 60);
	ck_assert_uint_eq(gray_at(&job.sides[2], 9, 9), 100);
	end(&job);
}
END_TEST

START_TEST(test_what_stands_in_front_of_the_documents_has_no_number)
{
	struct page_spec spec = ranges("2");
	struct sink sink = {0};
	struct raster *raster = raster_new(&spec, sink_write, NULL, &sink);

	for (unsigned i = 0; i < 3; i++) {
		ck_assert(raster_is_wanted(raster) == (i != 1));
		ck_assert_int_eq(raster_page_begin(raster, NULL), 0);
		ck_assert_int_eq(raster_page_end(raster, NULL), 0);
		if (i == 0)
			raster_start_documents(raster);
	}
	ck_assert_uint_eq(raster_pages(raster), 2);
	ck_assert_int_eq(raster_finish(raster, NULL), 0);
	raster_free(raster);
	buf_fini(&sink.bytes);
}
END_TEST

START_TEST(test_ranges_beyond_the_last_page_are_a_sentence)
{
	struct page_spec spec = ranges("7-9");
	struct err err;
	struct job job;

	start(&job, &spec);
	give_pages(&job, 3, 20);
	ck_assert_int_eq(raster_finish(job.raster, &err), -ENODATA);
	ck_assert_str_eq(err.text, "there are only 3 pages, and none of them "
	                           "was asked for");
	end(&job);
}
END_TEST

static const struct {
	const char *text, *pages; /* of the first ten; NULL: refused */
} range_words[] = {
	{"1", "1........."},
	{"1-5,8", "12345..8.."},
	{"8,1-5", "12345..8.."},
	{"3-", "..34567890"},
	{"2-4,3-6", ".23456...."},
	{"9999999999999999999", ".........."},
	{"", NULL},
	{"0", NULL},
	{"5-3", NULL},
	{"-3", NULL},
	{"1,,2", NULL},
	{"1,", NULL},
	{"1 2", NULL},
	{"1-2-3", NULL},
	{"a", NULL},
};

START_TEST(test_range_words_are_read)
{
	struct page_spec spec = paper(false);
	int r = page_range_parse(range_words[_i].text, &spec.ranges, NULL);

	ck_assert_int_eq(r, range_words[_i].pages ? 0 : -EINVAL);
	for (unsigned n = 1; r == 0 && n <= 10; n++)
		ck_assert(page_range_has(&spec.ranges, n) ==
		          (range_words[_i].pages[n - 1] != '.'));
}
END_TEST

START_TEST(test_two_pages_share_a_side_turned_to_the_right)
{
	struct page_spec spec = paper(false);
	uint8_t *page;
	struct job job;
	unsigned w;

	spec.number_up = 2;
	start(&job, &spec);
	ck_assert_uint_eq(raster_spec(job.raster)->media_width, 7056);
	w = raster_width(job.raster);
	page = new_page(&job, 1, 200);
	for (unsigned y = 0; y < 20; y++) /* its upper left corner */
		memset(page + (size_t)y * w, 0, 10);
	ck_assert_int_eq(give_page(&job, page, 1, NULL), 0);
	memset(page, 100, (size_t)w * 20);
	ck_assert_int_eq(give_page(&job, page, 1, NULL), 0);
	ck_assert_int_eq(give_page(&job, page, 1, NULL), 0);
	finish(&job);
	free(page);

	ck_assert_uint_eq(job.n_sides, 2);
	/* the corner is at the upper right: 20 wide, 10 high */
	ck_assert_uint_eq(gray_at(&job.sides[0], 195, 7), 0);
	ck_assert_uint_eq(gray_at(&job.sides[0], 182, 7), 0);
	ck_assert_uint_eq(gray_at(&job.sides[0], 170, 7), 200);
	ck_assert_uint_eq(gray_at(&job.sides[0], 195, 20), 200);
	/* the second page: all of its top is at the right of the lower half */
	ck_assert_uint_eq(gray_at(&job.sides[0], 195, 165), 100);
	ck_assert_uint_eq(gray_at(&job.sides[0], 195, 285), 100);
	ck_assert_uint_eq(gray_at(&job.sides[0], 100, 285), 200);
	ck_assert_uint_eq(gray_at(&job.sides[0], 100, 150), 255);
	/* the third is alone */
	ck_assert_uint_eq(gray_at(&job.sides[1], 195, 70), 100);
	ck_assert_uint_eq(gray_at(&job.sides[1], 100, 220), 255);
	end(&job);
}
END_TEST

START_TEST(test_four_pages_stand_in_reading_order)
{
	struct page_spec spec = paper(false);
	struct job job;

	spec.number_up = 4;
	spec.margin_left = 706; /* 20 pixels */
	start(&job, &spec);
	give_pages(&job, 5, 40);
	finish(&job);
	ck_assert_uint_eq(job.n_sides, 2);
	ck_assert_uint_eq(gray_at(&job.sides[0], 65, 75), 40);
	ck_assert_uint_eq(gray_at(&job.sides[0], 155, 75), 80);
	ck_assert_uint_eq(gray_at(&job.sides[0], 65, 225), 120);
	ck_assert_uint_eq(gray_at(&job.sides[0], 155, 225), 160);
	ck_assert_uint_eq(gray_at(&job.sides[1], 65, 75), 200);
	ck_assert_uint_eq(gray_at(&job.sides[1], 155, 75), 255);
	for (unsigned y = 0; y < 300; y++)
		ck_assert_uint_eq(gray_at(&job.sides[0], 19, y), 255);
	end(&job);
}
END_TEST

START_TEST(test_four_wide_pages_stand_in_the_order_of_who_turns_the_side)
{
	struct page_spec spec = paper(false);
	struct job job;

	spec.number_up = 4;
	start(&job, &spec);
	raster_turn(job.raster);
	give_pages(&job, 5, 40);
	finish(&job);
	ck_assert_uint_eq(job.n_sides, 2);
	ck_assert_uint_eq(gray_at(&job.sides[0], 55, 225), 40);
	ck_assert_uint_eq(gray_at(&job.sides[0], 55, 75), 80);
	ck_assert_uint_eq(gray_at(&job.sides[0], 155, 225), 120);
	ck_assert_uint_eq(gray_at(&job.sides[0], 155, 75), 160);
	/* the fifth is upright, and so is its side */
	ck_assert_uint_eq(gray_at(&job.sides[1], 55, 75), 200);
	ck_assert_uint_eq(gray_at(&job.sides[1], 55, 225), 255);
	end(&job);
}
END_TEST

/* Pixels survive the store and the turn, gray lines between coloured ones. */
START_TEST(test_shared_sides_keep_every_pixel)
{
	struct page_spec spec = paper(true);
	unsigned w, h;
	struct job job;
	uint8_t *page;

	spec.number_up = 2;
	start(&job, &spec);
	w = raster_width(job.raster);
	h = raster_height(job.raster);
	page = new_page(&job, 3, 255);
	for (size_t i = 0; i < (size_t)w * h * 3; i++)
		page[i] = (uint8_t)(i * i / 7 >> (i / 300 % 6));
	ck_assert_int_eq(raster_page_begin(job.raster, NULL), 0);
	for (unsigned y = 0; y < h; y++) {
		const uint8_t *line = page + (size_t)y * w * 3;

		ck_assert_int_eq(y % 3 ? raster_page_lines(job.raster, line, 0,
		                                           1, NULL)
		                       : raster_page_gray(job.raster, line, 0,
		                                          1, NULL),
		                 0);
	}
	ck_assert_int_eq(raster_page_end(job.raster, NULL), 0);
	finish(&job);

	unsigned left = (200 - h) / 2;
	unsigned top = ((300 - 11) / 2 - w) / 2;
	for (unsigned y = 0; y < h; y++) {
		for (unsigned x = 0; x < w; x++) {
			const uint8_t *is =
				job.sides[0].pixels +
				((size_t)(top + x) * 200 + left + (h - 1 - y)) *
					3;
			const uint8_t *line = page + (size_t)y * w * 3;

			for (unsigned k = 0; k < 3; k++)
				ck_assert_uint_eq(is[k], y % 3 ? line[x * 3 + k]
				                               : line[x]);
		}
	}
	free(page);
	end(&job);
}
END_TEST

START_TEST(test_the_limit_counts_sides)
{
	struct page_spec spec = paper(false);
	struct err err;
	struct job job;

	spec.number_up = 4;
	spec.max_pages = 2;
	start(&job, &spec);
	ck_assert_uint_eq(raster_sides_for(job.raster, 9), 3);
	give_pages(&job, 3, 20);
	ck_assert_uint_eq(raster_sides_for(job.raster, 1), 1);
	ck_assert_uint_eq(raster_sides_for(job.raster, 2), 2);
	give_pages(&job, 5, 20);
	ck_assert_int_eq(raster_page_begin(job.raster, &err), -E2BIG);
	finish(&job);
	end(&job);
}
END_TEST

static void print_pdf(struct job *job, struct buf pdf)
{
	struct err err = {0};
	int r = pdf_render(pdf.data, pdf.len, raster_spec(job->raster),
	                   job->raster, &err);

	ck_assert_msg(r == 0, "%s", err.text);
	buf_fini(&pdf);
}

START_TEST(test_documents_shrink_onto_a_shared_side)
{
	struct page_spec spec = paper(true);
	struct job job;

	spec.number_up = 4;
	start(&job, &spec);
	print_pdf(&job,
	          make_page("0 0 200 300", "", "1 0 0 rg 0 0 100 300 re f"));
	print_pdf(&job,
	          make_page("0 0 200 300", "", "0 0 1 rg 0 0 100 300 re f"));
	finish(&job);
	ck_assert_uint_eq(job.n_sides, 1);
	/* red to the left in the left half, blue to the left in the right */
	ck_assert_uint_eq(gray_at(&job.sides[0], 30, 70), 255);
	ck_assert_uint_eq(job.sides[0].pixels[(70 * 200 + 30) * 3 + 2], 0);
	ck_assert_uint_eq(job.sides[0].pixels[(70 * 200 + 75) * 3 + 2], 255);
	ck_assert_uint_eq(gray_at(&job.sides[0], 130, 70), 0);
	ck_assert_uint_eq(job.sides[0].pixels[(70 * 200 + 130) * 3 + 2], 255);
	ck_assert_uint_eq(gray_at(&job.sides[0], 175, 70), 255);
	end(&job);
}
END_TEST

/* All ink of the one side that the job has: left, top, right, bottom. */
static void check_ink(struct job *job, unsigned left, unsigned top,
                      unsigned right, unsigned bottom)
{
	unsigned box[4] = {UINT32_MAX, UINT32_MAX, 0, 0};
	const struct decoded *side = job->sides;

	finish(job);
	ck_assert_uint_eq(job->n_sides, 1);
	for (unsigned y = 0; y < side->height; y++) {
		for (unsigned x = 0; x < side->width; x++) {
			if (gray_at(side, x, y) > 127)
				continue;
			box[0] = x < box[0] ? x : box[0];
			box[1] = y < box[1] ? y : box[1];
			box[2] = x >= box[2] ? x + 1 : box[2];
			box[3] = y >= box[3] ? y + 1 : box[3];
		}
	}
	ck_assert_msg(box[0] == left && box[1] == top && box[2] == right &&
	                      box[3] == bottom,
	              "ink in %u %u %u %u", box[0], box[1], box[2], box[3]);
	end(job);
}

/* 200 x 300 points, of which the left and right 20 are out of reach. */
static void start_scaled(struct job *job, enum page_scaling scaling)
{
	struct page_spec spec = paper(false);

	spec.scaling = scaling;
	spec.margin_left = spec.margin_right = 706; /* 21 pixels */
	start(job, &spec);
}

#define BLACK "0 0 1000 1000 re f"

START_TEST(test_fit_enlarges_a_document_to_the_printable_area)
{
	struct job job;

	start_scaled(&job, SCALING_FIT);
	print_pdf(&job, make_page("0 0 79 100", "", BLACK));
	check_ink(&job, 21, 50, 179, 250);
}
END_TEST

START_TEST(test_fill_covers_the_paper_and_cuts_what_hangs_over)
{
	struct job job;

	start_scaled(&job, SCALING_FILL);
	/* three times as large: 50 of 100 points across are cut, both sides */
	print_pdf(&job, make_page("0 0 100 100", "", "40 0 20 100 re f"));
	check_ink(&job, 70, 0, 130, 300);
}
END_TEST

START_TEST(test_none_keeps_the_size_and_cuts_in_the_middle)
{
	struct job job;

	start_scaled(&job, SCALING_NONE);
	print_pdf(&job, make_page("0 0 300 400", "",
	                          "60 60 10 280 re f 240 60 10 280 re f"));
	/* 50 points are cut from each side */
	check_ink(&job, 10, 10, 200, 290);
}
END_TEST

/* Black but for the columns 0 to 9 and lines 0 to 9. */
static void mostly_black(unsigned x, unsigned y, uint8_t *channels)
{
	channels[0] = x < 10 || y < 10 ? 255 : 0;
}

static void print_picture(struct job *job, unsigned width, unsigned height)
{
	const struct image_make make = {
		.width = width,
		.height = height,
		.pixel = mostly_black,
		.channels = 1,
		.png_type = PNG_COLOR_TYPE_GRAY,
		.png_bits = 8,
	};
	struct buf png CLEANUP(buf_fini) = image_make_png(&make);
	struct err err = {0};
	int r = image_render(png.data, png.len, raster_spec(job->raster),
	                     job->raster, &err);

	ck_assert_msg(r == 0, "%s", err.text);
}

START_TEST(test_a_picture_fills_the_paper_and_keeps_its_middle)
{
	struct job job;

	start_scaled(&job, SCALING_FILL);
	print_picture(&job, 160, 120);
	/* turned: 225 x 300, the first columns at the bottom, the first lines
	 * at the left; 12 of their 19 pixels are cut */
	check_ink(&job, 7, 0, 200, 281);
}
END_TEST

START_TEST(test_a_picture_at_100_percent_has_96_pixels_to_the_inch)
{
	struct job job;

	start_scaled(&job, SCALING_NONE);
	print_picture(&job, 120, 160);
	/* 90 x 120 in the middle of 158 x 300 */
	check_ink(&job, 21 + 34 + 8, 90 + 8, 21 + 34 + 90, 210);
}
END_TEST

START_TEST(test_no_picture_is_cut_unless_it_is_to_fill)
{
	struct job job;

	start_scaled(&job, SCALING_NONE);
	print_picture(&job, 1580, 2000);
	/* a tenth of its size: 158 x 200, the white edges one pixel wide */
	check_ink(&job, 22, 51, 179, 250);
}
END_TEST

static Suite *layout_suite(void)
{
	Suite *suite = suite_create("layout");
	TCase *tc = tcase_create("layout");

	tcase_add_test(tc, test_only_the_pages_in_the_ranges_are_printed);
	tcase_add_test(
		tc, test_what_stands_in_front_of_the_documents_has_no_number);
	tcase_add_test(tc, test_ranges_beyond_the_last_page_are_a_sentence);
	tcase_add_loop_test(tc, test_range_words_are_read, 0,
	                    ARRAY_LEN(range_words));
	tcase_add_test(tc, test_two_pages_share_a_side_turned_to_the_right);
	tcase_add_test(tc, test_four_pages_stand_in_reading_order);
	tcase_add_test(
		tc,
		test_four_wide_pages_stand_in_the_order_of_who_turns_the_side);
	tcase_add_test(tc, test_shared_sides_keep_every_pixel);
	tcase_add_test(tc, test_the_limit_counts_sides);
	tcase_add_test(tc, test_documents_shrink_onto_a_shared_side);
	tcase_add_test(tc, test_fit_enlarges_a_document_to_the_printable_area);
	tcase_add_test(tc, test_fill_covers_the_paper_and_cuts_what_hangs_over);
	tcase_add_test(tc, test_none_keeps_the_size_and_cuts_in_the_middle);
	tcase_add_test(tc, test_a_picture_fills_the_paper_and_keeps_its_middle);
	tcase_add_test(tc,
	               test_a_picture_at_100_percent_has_96_pixels_to_the_inch);
	tcase_add_test(tc, test_no_picture_is_cut_unless_it_is_to_fill);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return check_run(layout_suite());
}
