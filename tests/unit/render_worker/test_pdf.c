/* SPDX-License-Identifier: AGPL-3.0-or-later */

#include "pdf_make.h"
#include "tests/unit/check_run.h"

/* The one page that pdf makes. */
static struct decoded print_page(const struct page_spec *spec, struct buf pdf)
{
	struct printed p = print(spec, pdf);
	struct decoded page;
	size_t at = 4;

	ck_assert_msg(p.result == 0, "%s", p.err.text);
	ck_assert_uint_eq(p.pages, 1);
	ck_assert(decode_page(&p.sink.bytes, spec->format, &at, &page));
	ck_assert_uint_eq(at, p.sink.bytes.len);
	buf_fini(&p.sink.bytes);
	return page;
}

static const uint8_t *pixel(const struct decoded *page, unsigned x, unsigned y)
{
	return page->pixels + ((size_t)y * page->width + x) * page->depth;
}

static void check_pixel(const struct decoded *page, unsigned x, unsigned y,
                        unsigned r, unsigned g, unsigned b)
{
	const uint8_t *p = pixel(page, x, y);

	ck_assert_msg(abs((int)p[0] - (int)r) <= 2 &&
	                      abs((int)p[1] - (int)g) <= 2 &&
	                      abs((int)p[2] - (int)b) <= 2,
	              "pixel %u,%u is %u %u %u, not %u %u %u", x, y, p[0], p[1],
	              p[2], r, g, b);
}

/* All pixels that are not white lie in this box, and touch its edges. */
static void check_ink(const struct decoded *page, unsigned left, unsigned top,
                      unsigned right, unsigned bottom)
{
	unsigned box[4] = {UINT32_MAX, UINT32_MAX, 0, 0};

	for (unsigned y = 0; y < page->height; y++) {
		for (unsigned x = 0; x < page->width; x++) {
			if (*pixel(page, x, y) == 255)
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
}

START_TEST(test_a_page_of_the_papers_size_prints_at_100_percent)
{
	struct page_spec spec = paper(false);
	struct decoded page =
		print_page(&spec, make_page("0 0 200 300", "",
	                                    "0 g 20 250 50 30 re f"));

	ck_assert_uint_eq(page.width, 200);
	ck_assert_uint_eq(page.height, 300);
	check_ink(&page, 20, 20, 70, 50);
	ck_assert_uint_eq(*pixel(&page, 30, 30), 0);
	free(page.pixels);
}
END_TEST

START_TEST(test_a_small_page_is_centred_and_not_enlarged)
{
	struct page_spec spec = paper(false);
	struct decoded page =
		print_page(&spec, make_page("10 10 110 60", "",
	                                    "0 g 0 0 1000 1000 re f"));

	check_ink(&page, 50, 125, 150, 175);
	free(page.pixels);
}
END_TEST

START_TEST(test_a_large_page_shrinks_into_the_printable_area)
{
	struct page_spec spec = paper(false);
	struct decoded page;

	spec.margin_left = spec.margin_right = 353; /* 10 points */
	spec.margin_top = 706;
	page = print_page(&spec, make_page("0 0 2000 2000", "",
	                                   "0 g -100 -100 9999 9999 re f"));
	/* printable: 11 to 189 across, 21 to 300 down */
	check_ink(&page, 11, 71, 189, 249);
	free(page.pixels);
}
END_TEST

START_TEST(test_a_wide_page_is_turned_left)
{
	struct page_spec spec = paper(false);
	struct decoded page =
		print_page(&spec,
	                   make_page("0 0 300 200", "", "0 g 0 0 40 20 re f"));

	/* the lower left corner is at the lower right */
	check_ink(&page, 180, 260, 200, 300);
	free(page.pixels);
}
END_TEST

START_TEST(test_a_rotated_page_prints_as_it_is_shown)
{
	struct page_spec spec = paper(false);
	struct decoded page =
		print_page(&spec, make_page("0 0 300 200", "/Rotate 90",
	                                    "0 g 0 0 40 20 re f"));

	/* a quarter to the right: the lower left corner is at the upper left */
	check_ink(&page, 0, 0, 20, 40);
	free(page.pixels);
}
END_TEST

START_TEST(test_bands_meet_without_a_seam)
{
	struct page_spec spec = paper(true);
	struct decoded page;

	spec.dpi = 720;
	page = print_page(&spec, make_page("0 0 200 300", "",
	                                   "1 0 0 rg 50 0 100 300 re f "
	                                   "0 0 1 RG 4 w 0 0 m 200 300 l S"));
	ck_assert_uint_eq(page.width, 2000);
	for (unsigned y = 0; y < 3000; y += 1) {
		check_pixel(&page, 10 + (y >= 1500) * 1980, y, 255, 255, 255);
		check_pixel(&page, y < 1500 ? 510 : 1490, y, 255, 0, 0);
		check_pixel(&page, y < 2999 ? 1999 - y * 2 / 3 : 0, y, 0, 0,
		            255);
	}
	free(page.pixels);
}
END_TEST

START_TEST(test_colours_arrive_and_gray_jobs_get_their_lightness)
{
	struct page_spec spec = paper(true);
	const char *draw = "1 0 0 rg 0 0 100 300 re f "
			   "0 0 1 rg 100 0 100 300 re f";
	struct decoded page =
		print_page(&spec, make_page("0 0 200 300", "", draw));

	check_pixel(&page, 50, 150, 255, 0, 0);
	check_pixel(&page, 150, 150, 0, 0, 255);
	free(page.pixels);
	spec = paper(false);
	page = print_page(&spec, make_page("0 0 200 300", "", draw));
	ck_assert_int_le(abs((int)*pixel(&page, 50, 150) - 76), 2);
	ck_assert_int_le(abs((int)*pixel(&page, 150, 150) - 28), 2);
	free(page.pixels);
}
END_TEST

#define GROUP "/Group << /S /Transparency /I true /CS /DeviceRGB >> "

START_TEST(test_an_idle_page_group_changes_no_colour)
{
	struct page_spec spec = paper(true);
	struct decoded page = print_page(
		&spec,
		make_page("0 0 200 300",
	                  GROUP
	                  "/Resources << /ExtGState << /H << /ca 0.5 >> >> >>",
	                  "1 0 0 rg 0 0 100 300 re f "
	                  "/H gs 0 1 0 rg 50 0 100 300 re f"));

	check_pixel(&page, 20, 150, 255, 0, 0);
	check_pixel(&page, 75, 150, 128, 128, 0);
	check_pixel(&page, 120, 150, 128, 255, 128);
	check_pixel(&page, 180, 150, 255, 255, 255);
	free(page.pixels);
}
END_TEST

START_TEST(test_blending_still_works)
{
	struct page_spec spec = paper(true);
	struct decoded page = print_page(
		&spec,
		make_page(
			"0 0 200 300",
			GROUP
			"/Resources << /ExtGState << /M << /BM /Multiply >> >> >>",
			"1 1 0 rg 0 0 100 300 re f "
			"/M gs 0 1 1 rg 50 0 100 300 re f"));

	check_pixel(&page, 20, 150, 255, 255, 0);
	check_pixel(&page, 75, 150, 0, 255, 0);
	check_pixel(&page, 120, 150, 0, 255, 255);
	free(page.pixels);
}
END_TEST

START_TEST(test_black_ink_alone_prints_pure_black)
{
	struct page_spec spec = paper(true);
	struct decoded page =
		print_page(&spec, make_page("0 0 200 300", "",
	                                    "0 0 0 1 k 0 0 100 300 re f "
	                                    "0 0 0 0.5 k 100 0 50 300 re f"));

	check_pixel(&page, 50, 150, 0, 0, 0);
	check_pixel(&page, 120, 150, 128, 128, 128);
	check_pixel(&page, 180, 150, 255, 255, 255);
	free(page.pixels);
}
END_TEST

/* Each draws something red around (100, 150), beside something black. */
static const char *const red_things[] = {
	"1 0 0 rg 50 50 100 200 re f",
	"1 0 0 RG 100 w 100 50 m 100 250 l S",
	"0 1 1 0 k 50 50 100 200 re f",
	"/S sh",
	"/F 1000 Tf BT -50 0 Td (a) Tj ET",
	"q 100 0 0 200 50 50 cm "
	"BI /W 1 /H 1 /CS /RGB /BPC 8 /F /AHx ID FF0000> EI Q",
	"q 1 0 0 rg 100 0 0 200 50 50 cm "
	"BI /W 1 /H 1 /IM true /BPC 1 /F /AHx ID 00> EI Q",
};

START_TEST(test_everything_that_can_be_red_comes_out_red)
{
	char *content = xasprintf("%s 0 g 0 0 10 300 re f", red_things[_i]);
	char *stream = xasprintf("<< /Length %zu >>\nstream\n%s\nendstream",
	                         strlen(content), content);
	const char *const objects[] = {
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] "
		"/Contents 4 0 R /Resources << /Font << /F 5 0 R >> "
		"/Shading << /S << /ShadingType 2 /ColorSpace /DeviceRGB "
		"/Coords [0 0 200 0] /Extend [true true] /Function "
		"<< /FunctionType 2 /Domain [0 1] /N 1 /C0 [1 0 0] "
		"/C1 [1 0 0] >> >> >> >> >>",
		stream,
		/* a glyph with a colour of its own */
		"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] "
		"/FontMatrix [1 0 0 1 0 0] /FirstChar 97 /LastChar 97 "
		"/Widths [1] /Encoding << /Differences [97 /a] >> "
		"/CharProcs << /a 6 0 R >> /Resources << >> >>",
		"<< /Length 31 >>\nstream\n1 0 d0 1 0 0 rg 0 0 1 1 re f   \n"
		"endstream",
	};
	struct page_spec spec = paper(true);
	struct decoded page =
		print_page(&spec, make_pdf(objects, ARRAY_LEN(objects), ""));
	const uint8_t *p = pixel(&page, 100, 150);

	/* MuPDF's red of CMYK is a darker one */
	ck_assert_msg(p[0] > 200 && p[1] < 50 && p[2] < 50, "%u %u %u", p[0],
	              p[1], p[2]);
	check_pixel(&page, 5, 150, 0, 0, 0);
	free(page.pixels);
	free(content);
	free(stream);
}
END_TEST

/* A stamp 10 points wide and 20 high. */
#define STAMP(left, right, flags)                                              \
	"<< /Type /Annot /Subtype /Stamp /Rect [" #left " 0 " #right " 20] "   \
	"/F " #flags " /AP << /N 5 0 R >> >> "

START_TEST(test_annotations_appear_as_printed_not_as_shown)
{
	static const char *const objects[] = {
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] "
		"/Annots [" STAMP(0, 10, 4) STAMP(20, 30, 0)
			STAMP(50, 60, 6) "] >>",
		"<< >>",
		("<< /Type /XObject /Subtype /Form /BBox [0 0 20 20] "
	         "/Length 18 >>\nstream\n0 g 0 0 20 20 re f\nendstream"),
	};
	struct page_spec spec = paper(false);
	struct decoded page =
		print_page(&spec, make_pdf(objects, ARRAY_LEN(objects), ""));

	/* only the first: 4 is Print, 2 is Hidden */
	check_ink(&page, 0, 280, 10, 300);
	free(page.pixels);
}
END_TEST

/* By the engine for inks, which is wanted in colour, and by the other. */
START_TEST(test_a_page_does_not_blend_with_the_paper)
{
	struct page_spec spec = paper(_i);
	struct decoded page = print_page(
		&spec,
		make_page("0 0 200 300",
	                  "/Group << /S /Transparency /CS /DeviceCMYK >> "
	                  "/Resources << /ExtGState << /G << /BM /Difference "
	                  ">> >> >>",
	                  "/G gs 0 1 1 0 k 50 100 100 100 re f"));
	const uint8_t *red = pixel(&page, 100, 150);

	ck_assert_uint_eq(*pixel(&page, 10, 150), 255);
	if (spec.colour)
		ck_assert_msg(red[0] > 200 && red[1] < 60 && red[2] < 60,
		              "%u %u %u", red[0], red[1], red[2]);
	else
		ck_assert_uint_lt(*red, 110);
	free(page.pixels);
}
END_TEST

/* The catalog names a page instead of a tree of them. */
START_TEST(test_pages_that_only_the_second_engine_finds_are_printed)
{
	static const char *const objects[] = {
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Page /MediaBox [0 0 200 300] /Contents 3 0 R >>",
		"<< /Length 24 >>\nstream\n0 g 50 100 100 100 re f \nendstream",
	};
	struct page_spec spec = paper(false);
	struct decoded page = print_page(&spec, make_pdf(objects, 3, ""));

	check_ink(&page, 50, 100, 150, 200);
	free(page.pixels);
}
END_TEST

START_TEST(test_a_page_without_end_still_fits_the_paper)
{
	struct page_spec spec = paper(false);
	struct decoded page =
		print_page(&spec,
	                   make_page("0 0 400000 600000", "",
	                             "0 g 0 0 999999999 999999999 re f"));

	check_ink(&page, 0, 0, 200, 300);
	free(page.pixels);
}
END_TEST

START_TEST(test_every_second_page_knows_its_margins)
{
	static const char *const objects[] = {
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>",
		("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 2000 3000] "
	         "/Contents 4 0 R >>"),
		"<< /Length 22 >>\nstream\n0 g 0 0 2000 3000 re f\nendstream",
	};
	struct page_spec spec = paper(false);
	struct decoded page;
	struct printed p;
	size_t at = 4;

	spec.sides = SIDES_LONG_EDGE;
	spec.sheet_back = SHEET_BACK_ROTATED;
	spec.margin_top = 1411; /* 40 points: leaves 173 x 260, centred */
	p = print(&spec, make_pdf(objects, 4, ""));
	ck_assert_int_eq(p.result, 0);
	for (unsigned i = 0; i < 2; i++) {
		/* in the file the back is rotated: both clear the same edge */
		ck_assert(decode_page(&p.sink.bytes, PAGE_PWG, &at, &page));
		check_ink(&page, i == 0 ? 13 : 14, 40, i == 0 ? 186 : 187, 300);
		free(page.pixels);
	}
	buf_fini(&p.sink.bytes);
}
END_TEST

static Suite *pdf_suite(void)
{
	Suite *suite = suite_create("pdf");
	TCase *tc = tcase_create("pdf");

	tcase_add_test(tc,
	               test_a_page_of_the_papers_size_prints_at_100_percent);
	tcase_add_test(tc, test_a_small_page_is_centred_and_not_enlarged);
	tcase_add_test(tc, test_a_large_page_shrinks_into_the_printable_area);
	tcase_add_test(tc, test_a_wide_page_is_turned_left);
	tcase_add_test(tc, test_a_rotated_page_prints_as_it_is_shown);
	tcase_add_test(tc, test_bands_meet_without_a_seam);
	tcase_add_test(tc,
	               test_colours_arrive_and_gray_jobs_get_their_lightness);
	tcase_add_test(tc, test_an_idle_page_group_changes_no_colour);
	tcase_add_test(tc, test_blending_still_works);
	tcase_add_test(tc, test_black_ink_alone_prints_pure_black);
	tcase_add_loop_test(tc, test_everything_that_can_be_red_comes_out_red,
	                    0, ARRAY_LEN(red_things));
	tcase_add_test(tc, test_annotations_appear_as_printed_not_as_shown);
	tcase_add_loop_test(tc, test_a_page_does_not_blend_with_the_paper, 0,
	                    2);
	tcase_add_test(
		tc, test_pages_that_only_the_second_engine_finds_are_printed);
	tcase_add_test(tc, test_a_page_without_end_still_fits_the_paper);
	tcase_add_test(tc, test_every_second_page_knows_its_margins);
	tcase_set_timeout(tc, 120);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return check_run(pdf_suite());
}
