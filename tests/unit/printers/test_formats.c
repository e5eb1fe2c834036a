/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>

#include "base/mem.h"
#include "printers/formats.h"

#include "laser.h"
#include "tests/unit/check_run.h"

/* Pixels of CMYK, or that make no square: the next format is taken. */
START_TEST(test_pwg_raster_that_is_not_ours_is_not_sent)
{
	static const char *const formats[] = {"image/pwg-raster",
	                                      "application/pdf"};
	static const char *const cmyk[] = {"cmyk_8"};
	static const int across[] = {700}, along[] = {300};
	struct print_wish wish = {0};
	struct print_format f;
	struct printer_caps caps;
	ipp_t *ipp = ippNew();

	add(ipp, IPP_TAG_MIMETYPE, "document-format-supported", 2, formats);
	if (_i == 0)
		add(ipp, IPP_TAG_KEYWORD, "pwg-raster-document-type-supported",
		    1, cmyk);
	else
		ippAddResolutions(ipp, IPP_TAG_PRINTER,
		                  "pwg-raster-document-resolution-supported", 1,
		                  IPP_RES_PER_INCH, across, along);
	printer_caps_from_ipp(ipp, &caps);
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert_str_eq(f.mime, "application/pdf");
	ippDelete(ipp);
}
END_TEST

static const struct {
	int across[3], along[3], n;
	unsigned dpi, repeat_across, repeat_along;
	const char *words;
} uneven[] = {
	{{600}, {300}, 1, 300, 2, 1, " 600x300dpi "},
	{{1200, 600}, {600, 300}, 2, 600, 2, 1, " 1200x600dpi "},
	{{500, 300}, {300, 1200}, 2, 300, 1, 4, " 300x1200dpi "},
	{{600, 1200, 600}, {300, 600, 600}, 3, 600, 1, 1, " 600dpi "},
};

START_TEST(test_uneven_dots_are_pixels_that_are_repeated)
{
	static const char *const formats[] = {"image/pwg-raster"};
	struct print_wish wish = {0};
	struct print_format f;
	struct printer_caps caps;
	char text[PRINT_FORMAT_TEXT];
	ipp_t *ipp = ippNew();

	add(ipp, IPP_TAG_MIMETYPE, "document-format-supported", 1, formats);
	ippAddResolutions(ipp, IPP_TAG_PRINTER,
	                  "pwg-raster-document-resolution-supported",
	                  uneven[_i].n, IPP_RES_PER_INCH, uneven[_i].across,
	                  uneven[_i].along);
	printer_caps_from_ipp(ipp, &caps);
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert_int_eq(f.kind, PRINT_PWG);
	ck_assert_uint_eq(f.dpi, uneven[_i].dpi);
	ck_assert_uint_eq(f.repeat_across, uneven[_i].repeat_across);
	ck_assert_uint_eq(f.repeat_along, uneven[_i].repeat_along);
	print_format_to_text(&f, text);
	ck_assert_ptr_nonnull(strstr(text, uneven[_i].words));
	ippDelete(ipp);
}
END_TEST

START_TEST(test_gray_is_told_as_rgb_where_there_is_nothing_else)
{
	struct printer_caps caps = {.formats = CAPS_PWG,
	                            .pwg_pixels = CAPS_SRGB_8,
	                            .has_colour = true};
	struct print_wish wish = {.colour = false};
	struct print_format f;

	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert(!f.colour);
	ck_assert_int_eq(f.ink, PRINT_INK_SRGB_8);
	ck_assert_str_eq(print_format_pixels(&f), "srgb_8");
	wish.colour = true;
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert(f.colour);
	ck_assert_int_eq(f.ink, PRINT_INK_8);
}
END_TEST

START_TEST(test_pages_are_not_scaled_once_more)
{
	static const char *const known[] = {"auto", "fit", "fill", "none"};
	static const char *const modes[] = {"monochrome"};
	struct print_wish wish = {.format = "application/pdf"};
	struct print_format f;
	struct printer_caps caps;
	ipp_t *ipp = laser();

	printer_caps_from_ipp(ipp, &caps);
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert_ptr_null(f.scaling);
	ck_assert(!f.tells_colour);
	add(ipp, IPP_TAG_KEYWORD, "print-scaling-supported", 4, known);
	add(ipp, IPP_TAG_KEYWORD, "print-color-mode-supported", 1, modes);
	printer_caps_from_ipp(ipp, &caps);
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert_str_eq(f.scaling, "none");
	ck_assert(f.tells_colour);
	wish.format = "image/jpeg";
	wish.colour = true;
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert_str_eq(f.scaling, "fill");
	ck_assert(!f.tells_colour);
	wish.format = "image/urf";
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert_ptr_null(f.scaling);
	ippDelete(ipp);
}
END_TEST

START_TEST(test_pictures_have_one_side)
{
	struct printer_caps caps = laser_caps();
	struct print_wish wish = {.format = "image/jpeg",
	                          .sides = PRINT_TWO_SIDED_LONG};
	struct print_format f;

	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert_int_eq(f.sides, PRINT_ONE_SIDED);
}
END_TEST

START_TEST(test_urf_is_preferred)
{
	struct printer_caps caps = laser_caps();
	struct print_wish wish = {.media = "iso_a4_210x297mm", .colour = true};
	struct print_format f;

	wish.sides = PRINT_TWO_SIDED_LONG;
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert_str_eq(f.mime, "image/urf");
	ck_assert_uint_eq(f.dpi, 300);
	ck_assert(f.colour);
	ck_assert_uint_eq(f.media_width, 21000);
	ck_assert_uint_eq(f.media_height, 29700);
	ck_assert_uint_eq(f.margin_left, 500);
	ck_assert_uint_eq(f.margin_top, PRINT_MARGIN_DEFAULT);
	ck_assert_int_eq(f.sides, PRINT_TWO_SIDED_LONG);
	ck_assert_int_eq(f.sheet_back, SHEET_BACK_ROTATED);
}
END_TEST

START_TEST(test_urf_without_details_is_not_used)
{
	struct printer_caps caps = laser_caps();
	struct print_wish wish = {.dpi = 300};
	struct print_format f;

	caps.has_urf_details = false;
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert_str_eq(f.mime, "image/pwg-raster");
	ck_assert_uint_eq(f.dpi, 600);
	ck_assert(!f.colour);
	ck_assert_int_eq(f.sheet_back, SHEET_BACK_FLIPPED);
	ck_assert_str_eq(f.media, "na_letter_8.5x11in");
}
END_TEST

START_TEST(test_format_can_be_wished_for)
{
	struct printer_caps caps = laser_caps();
	struct print_wish wish = {.format = "application/pdf"};
	struct print_format f;
	struct err err;

	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert_int_eq(f.kind, PRINT_PDF);
	caps.formats &= ~(unsigned)CAPS_PDF;
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, &err), -ENOTSUP);
	ck_assert_str_eq(err.text,
	                 "the printer does not take 'application/pdf'");
	wish.format = "text/html";
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, &err), -EINVAL);
}
END_TEST

START_TEST(test_formats_have_words_for_people)
{
	ck_assert_str_eq(print_format_from_word("pcl"),
	                 "application/vnd.hp-PCL");
	ck_assert_str_eq(print_format_from_word("urf"), "image/urf");
	ck_assert_ptr_null(print_format_from_word("pdf-as-is"));
	ck_assert_ptr_null(print_format_from_word(""));
}
END_TEST

START_TEST(test_printer_without_any_format_is_refused_in_words)
{
	struct printer_caps caps = {.formats = CAPS_TEXT | CAPS_PNG};
	struct print_wish wish = {0};
	struct print_format f;
	struct err err;

	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, &err), -ENOTSUP);
	ck_assert_str_eq(err.text,
	                 "the printer takes none of the formats that can be "
	                 "made: PWG raster, URF, PCLm, PDF, PCL, PostScript "
	                 "and JPEG");
}
END_TEST

/* What printers of different kinds say, and what they get. */
static const struct {
	unsigned formats, pwg_pixels;
	bool has_colour;
	const char *mime, *pixels;
	unsigned dpi;
} kinds[] = {
	{CAPS_PWG | CAPS_PDF, CAPS_BLACK_1, false, "image/pwg-raster",
         "black_1", 600},
	{CAPS_PWG, CAPS_SGRAY_1, false, "image/pwg-raster", "sgray_1", 600},
	{CAPS_PWG, CAPS_BLACK_1 | CAPS_SGRAY_1, false, "image/pwg-raster",
         "black_1", 600},
	{CAPS_PWG, CAPS_BLACK_1 | CAPS_SGRAY_8, false, "image/pwg-raster",
         "sgray_8", 600},
	{CAPS_PWG, CAPS_BLACK_1 | CAPS_SRGB_8, true, "image/pwg-raster",
         "srgb_8", 600},
	{CAPS_PCLM | CAPS_PDF | CAPS_PCL, 0, true, "application/PCLm", "srgb_8",
         600},
	{CAPS_PDF | CAPS_POSTSCRIPT, 0, true, "application/pdf", "srgb_8", 600},
	{CAPS_PCLXL | CAPS_PCL, 0, true, "application/vnd.hp-PCLXL", "srgb_8",
         600},
	{CAPS_PCLXL | CAPS_PCL, 0, false, "application/vnd.hp-PCLXL", "sgray_8",
         600},
	{CAPS_POSTSCRIPT | CAPS_PCL, 0, false, "application/postscript",
         "sgray_8", 600},
	{CAPS_PCL | CAPS_JPEG, 0, true, "application/vnd.hp-PCL", "sgray_8",
         600},
	{CAPS_JPEG | CAPS_PNG, 0, true, "image/jpeg", "srgb_8", 600},
};

START_TEST(test_the_printers_own_list_decides)
{
	struct printer_caps caps = {
		.formats = kinds[_i].formats,
		.pwg_pixels = kinds[_i].pwg_pixels,
		.has_colour = kinds[_i].has_colour,
		.resolutions = {.dpi = {360, 600, 720}, .n = 3},
	};
	struct print_wish wish = {.colour = true, .dpi = 600};
	struct print_format f;

	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert_str_eq(f.mime, kinds[_i].mime);
	ck_assert_str_eq(print_format_pixels(&f), kinds[_i].pixels);
	ck_assert_uint_eq(f.dpi, kinds[_i].dpi);
	ck_assert_int_eq(f.sheet_back, SHEET_BACK_NORMAL);
}
END_TEST

START_TEST(test_pcl_keeps_off_the_edges_and_knows_few_resolutions)
{
	struct printer_caps caps = {
		.formats = CAPS_PCL,
		.margin_left = 300,
		.margin_top = 300,
		.resolutions = {.dpi = {300, 360, 1200}, .n = 3},
	};
	struct print_wish wish = {.dpi = 360};
	struct print_format f;

	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert_uint_eq(f.dpi, 300);
	ck_assert_uint_eq(f.margin_left, 635);
	ck_assert_uint_eq(f.margin_right, 635);
	ck_assert_uint_eq(f.margin_top, 300);
	caps.resolutions.n = 0;
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert_uint_eq(f.dpi, 300);
}
END_TEST

START_TEST(test_pclm_goes_as_its_attributes_say)
{
	static const int dpi[] = {300, 600};
	static const char *const formats[] = {"application/PCLm"};
	struct printer_caps caps;
	struct print_wish wish = {.sides = PRINT_TWO_SIDED_LONG};
	struct print_format f;
	ipp_attribute_t *attr;
	ipp_t *ipp = ippNew();

	add(ipp, IPP_TAG_MIMETYPE, "document-format-supported", 1, formats);
	ippAddResolutions(ipp, IPP_TAG_PRINTER,
	                  "pclm-source-resolution-supported", 2,
	                  IPP_RES_PER_INCH, dpi, dpi);
	ippAddInteger(ipp, IPP_TAG_PRINTER, IPP_TAG_INTEGER,
	              "pclm-strip-height-preferred", 32);
	ippAddString(ipp, IPP_TAG_PRINTER, IPP_TAG_KEYWORD,
	             "pclm-raster-back-side", NULL, "rotated");
	printer_caps_from_ipp(ipp, &caps);
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert_int_eq(f.kind, PRINT_PCLM);
	ck_assert_uint_eq(f.strip_height, 32);
	ck_assert_uint_eq(f.dpi, 300);
	ck_assert_int_eq(f.sheet_back, SHEET_BACK_ROTATED);
	attr = ippFindAttribute(ipp, "pclm-strip-height-preferred",
	                        IPP_TAG_INTEGER);
	ippSetInteger(ipp, &attr, 0, -7);
	printer_caps_from_ipp(ipp, &caps);
	ck_assert_uint_eq(caps.pclm_strip_height, 0);
	ippDelete(ipp);
}
END_TEST

START_TEST(test_packing_is_for_what_is_not_packed)
{
	struct printer_caps caps = laser_caps();
	struct print_wish wish = {0};
	struct print_format f;

	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert(!f.has_gzip);
	caps.has_gzip = true;
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert(f.has_gzip);
	wish.format = "application/pdf";
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert(!f.has_gzip);
}
END_TEST

/* ---- some pages of a job ------------------------------------------------ */

static const int64_t page_ends[] = {104, 250, 300, 1000};

static const struct {
	enum print_format_kind kind;
	enum print_sides sides;
	unsigned first, last;
	int status;
	unsigned from; /* where it begins in the end */
	int64_t head, begin, end;
} cuts[] = {
	{PRINT_PWG, PRINT_ONE_SIDED, 1, 4, 0, 1, 4, 4, 1000},
	{PRINT_PWG, PRINT_ONE_SIDED, 2, 3, 0, 2, 4, 104, 300},
	{PRINT_URF, PRINT_ONE_SIDED, 4, 4, 0, 4, 12, 300, 1000},
	{PRINT_URF, PRINT_ONE_SIDED, 1, 1, 0, 1, 12, 12, 104},
	{PRINT_PWG, PRINT_TWO_SIDED_LONG, 2, 2, 0, 1, 4, 4, 250},
	{PRINT_PWG, PRINT_TWO_SIDED_SHORT, 4, 4, 0, 3, 4, 250, 1000},
	{PRINT_PWG, PRINT_ONE_SIDED, 0, 2, -EINVAL, 0, 0, 0, 0},
	{PRINT_PWG, PRINT_ONE_SIDED, 3, 2, -EINVAL, 0, 0, 0, 0},
	{PRINT_PWG, PRINT_ONE_SIDED, 3, 5, -EINVAL, 0, 0, 0, 0},
	{PRINT_JPEG, PRINT_ONE_SIDED, 2, 2, 0, 2, 0, 104, 250},
	{PRINT_JPEG, PRINT_ONE_SIDED, 1, 1, 0, 1, 0, 0, 104},
	{PRINT_PDF, PRINT_ONE_SIDED, 1, 1, -ENOTSUP, 0, 0, 0, 0},
};

START_TEST(test_pages_can_be_cut_out)
{
	struct print_cut cut = {.first = cuts[_i].first, .last = cuts[_i].last};
	struct err err;

	ck_assert_int_eq(print_format_cut(cuts[_i].kind, cuts[_i].sides,
	                                  page_ends, 4, &cut, &err),
	                 cuts[_i].status);
	ck_assert(print_format_has_cut(cuts[_i].kind) ==
	          (cuts[_i].status != -ENOTSUP));
	if (cuts[_i].status < 0)
		return;
	ck_assert_uint_eq(cut.first, cuts[_i].from);
	ck_assert_int_eq(cut.head_end, cuts[_i].head);
	ck_assert_int_eq(cut.begin, cuts[_i].begin);
	ck_assert_int_eq(cut.end, cuts[_i].end);
}
END_TEST

START_TEST(test_two_sided_becomes_one_sided_where_it_must)
{
	struct printer_caps caps = laser_caps();
	struct print_wish wish = {.sides = PRINT_TWO_SIDED_SHORT};
	struct print_format f;

	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert_int_eq(f.sides, PRINT_ONE_SIDED);
}
END_TEST

START_TEST(test_too_high_a_resolution_becomes_the_best)
{
	struct printer_caps caps = laser_caps();
	struct print_wish wish = {.dpi = 2400};
	struct print_format f;

	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert_uint_eq(f.dpi, 600);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("formats");
	TCase *tc = tcase_create("formats");

	tcase_add_loop_test(tc, test_pwg_raster_that_is_not_ours_is_not_sent, 0,
	                    2);
	tcase_add_loop_test(tc, test_uneven_dots_are_pixels_that_are_repeated,
	                    0, (int)ARRAY_LEN(uneven));
	tcase_add_test(tc,
	               test_gray_is_told_as_rgb_where_there_is_nothing_else);
	tcase_add_test(tc, test_pages_are_not_scaled_once_more);
	tcase_add_test(tc, test_pictures_have_one_side);
	tcase_add_test(tc, test_urf_is_preferred);
	tcase_add_test(tc, test_urf_without_details_is_not_used);
	tcase_add_test(tc, test_format_can_be_wished_for);
	tcase_add_test(tc, test_formats_have_words_for_people);
	tcase_add_test(tc, test_printer_without_any_format_is_refused_in_words);
	tcase_add_loop_test(tc, test_the_printers_own_list_decides, 0,
	                    (int)ARRAY_LEN(kinds));
	tcase_add_test(tc,
	               test_pcl_keeps_off_the_edges_and_knows_few_resolutions);
	tcase_add_test(tc, test_pclm_goes_as_its_attributes_say);
	tcase_add_test(tc, test_packing_is_for_what_is_not_packed);
	tcase_add_loop_test(tc, test_pages_can_be_cut_out, 0,
	                    (int)ARRAY_LEN(cuts));
	tcase_add_test(tc, test_two_sided_becomes_one_sided_where_it_must);
	tcase_add_test(tc, test_too_high_a_resolution_becomes_the_best);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
