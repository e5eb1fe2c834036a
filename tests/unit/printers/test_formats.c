/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <check.h>
#include <errno.h>
#include <stdio.h>

#include "base/mem.h"
#include "printers/formats.h"
#include "printers/media.h"

static void add(ipp_t *ipp, ipp_tag_t tag, const char *name, int n,
                const char *const *values)
{
	ippAddStrings(ipp, IPP_TAG_PRINTER, tag, name, n, NULL, values);
}

/* A colour laser with both rasters, as it would say. */
static ipp_t *laser(void)
{
	static const char *const formats[] = {"application/octet-stream",
	                                      "application/pdf",
	                                      "image/pwg-raster", "image/urf",
	                                      "image/jpeg"};
	static const char *const urf[] = {"W8", "SRGB24", "RS300-600", "DM3",
	                                  "V1.4"};
	static const char *const pixels[] = {"black_1", "sgray_8", "srgb_8",
	                                     "srgb_16"};
	static const char *const sides[] = {"one-sided", "two-sided-long-edge"};
	static const char *const media[] = {"iso_a4_210x297mm",
	                                    "na_letter_8.5x11in",
	                                    "../../etc/passwd"};
	static const int margins[] = {0, 340, 500, 99999, -4};
	static const int dpi[] = {600, 1200};
	ipp_t *ipp = ippNew();

	add(ipp, IPP_TAG_MIMETYPE, "document-format-supported", 5, formats);
	add(ipp, IPP_TAG_KEYWORD, "urf-supported", 5, urf);
	add(ipp, IPP_TAG_KEYWORD, "pwg-raster-document-type-supported", 4,
	    pixels);
	add(ipp, IPP_TAG_KEYWORD, "sides-supported", 2, sides);
	add(ipp, IPP_TAG_KEYWORD, "media-supported", 3, media);
	ippAddString(ipp, IPP_TAG_PRINTER, IPP_TAG_KEYWORD, "media-default",
	             NULL, "na_letter_8.5x11in");
	ippAddString(ipp, IPP_TAG_PRINTER, IPP_TAG_KEYWORD,
	             "pwg-raster-document-sheet-back", NULL, "flipped");
	ippAddIntegers(ipp, IPP_TAG_PRINTER, IPP_TAG_INTEGER,
	               "media-left-margin-supported", 5, margins);
	ippAddResolutions(ipp, IPP_TAG_PRINTER,
	                  "pwg-raster-document-resolution-supported", 2,
	                  IPP_RES_PER_INCH, dpi, dpi);
	ippAddBoolean(ipp, IPP_TAG_PRINTER, "color-supported", 1);
	ippAddRange(ipp, IPP_TAG_PRINTER, "copies-supported", 1, 99);
	return ipp;
}

static struct printer_caps laser_caps(void)
{
	struct printer_caps caps;
	ipp_t *ipp = laser();

	printer_caps_from_ipp(ipp, &caps);
	ippDelete(ipp);
	return caps;
}

START_TEST(test_capabilities_are_read)
{
	struct printer_caps caps = laser_caps();

	ck_assert_uint_eq(caps.formats,
	                  CAPS_PDF | CAPS_PWG | CAPS_URF | CAPS_JPEG);
	ck_assert(caps.has_urf_details);
	ck_assert_uint_eq(caps.urf_pixels, CAPS_SGRAY_8 | CAPS_SRGB_8);
	ck_assert_uint_eq(caps.urf_resolutions.n, 2);
	ck_assert_uint_eq(caps.urf_resolutions.dpi[1], 600);
	ck_assert_int_eq(caps.urf_sheet_back, SHEET_BACK_ROTATED);
	ck_assert_int_eq(caps.pwg_sheet_back, SHEET_BACK_FLIPPED);
	ck_assert_uint_eq(caps.n_media_supported, 2);
	ck_assert_uint_eq(caps.margin_left, 500);
	ck_assert_uint_eq(caps.margin_top, 0);
	ck_assert_int_eq(caps.copies_max, 99);
}
END_TEST

static const struct {
	const char *word;
	unsigned n;
	unsigned first;
} urf_words[] = {
	{"RS300-600", 2, 300}, {"RS600", 1, 600},
	{"RS", 0, 0},          {"RS-600", 0, 0},
	{"RS99999", 0, 0},     {"RS600-", 1, 600},
	{"RS600-300", 2, 300}, {"RS18446744073709551617", 0, 0},
	{"RSabc", 0, 0},       {"RS300-300-300", 1, 300},
};

START_TEST(test_urf_resolutions_are_read_with_care)
{
	struct printer_caps caps;
	ipp_t *ipp = ippNew();

	ippAddString(ipp, IPP_TAG_PRINTER, IPP_TAG_KEYWORD, "urf-supported",
	             NULL, urf_words[_i].word);
	printer_caps_from_ipp(ipp, &caps);
	ippDelete(ipp);
	ck_assert_uint_eq(caps.urf_resolutions.n, urf_words[_i].n);
	ck_assert_uint_eq(caps.urf_resolutions.dpi[0], urf_words[_i].first);
	ck_assert(!caps.has_urf_details);
}
END_TEST

/* Ranges of bits, as printers of 16 bits have them. */
START_TEST(test_urf_names_its_pixels_in_ranges)
{
	static const char *const ranges[] = {"V1.4", "W8-16", "SRGB24-48",
	                                     "ADOBERGB24-48", "RS600"};
	static const char *const deep[] = {"W16", "SRGB48", "DEVW8", "RS600"};
	struct printer_caps caps;
	ipp_t *ipp = ippNew(), *other = ippNew();

	add(ipp, IPP_TAG_KEYWORD, "urf-supported", 5, ranges);
	printer_caps_from_ipp(ipp, &caps);
	ck_assert_uint_eq(caps.urf_pixels, CAPS_SGRAY_8 | CAPS_SRGB_8);
	ck_assert(caps.has_urf_details);
	add(other, IPP_TAG_KEYWORD, "urf-supported", 4, deep);
	printer_caps_from_ipp(other, &caps);
	ck_assert_uint_eq(caps.urf_pixels, 0);
	ippDelete(ipp);
	ippDelete(other);
}
END_TEST

/* Pixels of CMYK, or longer than broad: the next format is taken. */
START_TEST(test_pwg_raster_that_is_not_ours_is_not_sent)
{
	static const char *const formats[] = {"image/pwg-raster",
	                                      "application/pdf"};
	static const char *const cmyk[] = {"cmyk_8"};
	static const int across[] = {600}, along[] = {300};
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

/* What covers the paper, where all four edges may be printed. */
START_TEST(test_edges_are_asked_away_for_what_covers_the_paper)
{
	static const char *const names[] = {"media-right-margin-supported",
	                                    "media-top-margin-supported",
	                                    "media-bottom-margin-supported"};
	static const int margins[] = {0, 340};
	struct print_wish wish = {.fills = true};
	struct print_format f;
	struct printer_caps caps;
	ipp_t *ipp = laser(); /* has such a left one */

	printer_caps_from_ipp(ipp, &caps);
	ck_assert(!caps.is_borderless);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		ippAddIntegers(ipp, IPP_TAG_PRINTER, IPP_TAG_INTEGER, names[i],
		               2, margins);
	printer_caps_from_ipp(ipp, &caps);
	ck_assert(caps.is_borderless);
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert(f.is_borderless);
	wish.fills = false;
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert(!f.is_borderless);
	ck_assert_uint_eq(f.margin_top, 340);
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

START_TEST(test_paper_the_printer_does_not_take_is_refused_in_words)
{
	struct printer_caps caps = laser_caps();
	struct print_wish wish = {.media = "iso_a3_297x420mm"};
	struct print_format f;
	struct err err;

	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, &err), -ENOTSUP);
	ck_assert_str_eq(err.text, "the printer takes no A3 paper");
	snprintf(wish.media, sizeof wish.media, "a napkin");
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, &err), -EINVAL);
}
END_TEST

START_TEST(test_printers_own_name_of_a_size_is_used)
{
	struct printer_caps caps = laser_caps();
	struct print_wish wish = {.media = "custom_mine_210x297mm"};
	struct print_format f;

	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert_str_eq(f.media, "iso_a4_210x297mm");
}
END_TEST

START_TEST(test_custom_range_takes_sizes_between)
{
	struct printer_caps caps = laser_caps();
	struct print_wish wish = {.media = "iso_a5_148x210mm"};
	struct print_format f;

	snprintf(caps.media_supported[0], CAPS_NAME_MAX, "custom_min_76x127mm");
	snprintf(caps.media_supported[1], CAPS_NAME_MAX,
	         "custom_max_216x356mm");
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	snprintf(wish.media, sizeof wish.media, "iso_a3_297x420mm");
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), -ENOTSUP);
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

static const struct {
	const char *name;
	unsigned width, height; /* 0: no such name */
	const char *title;
} papers[] = {
	{"iso_a4_210x297mm", 21000, 29700, "A4"},
	{"iso_a3_297x420mm", 29700, 42000, "A3"},
	{"iso_a5_148x210mm", 14800, 21000, "A5"},
	{"na_letter_8.5x11in", 21590, 27940, "Letter"},
	{"na_legal_8.5x14in", 21590, 35560, "Legal"},
	{"na_index-4x6_4x6in", 10160, 15240, "4x6"},
	{"na_number-10_4.125x9.5in", 10477, 24130, "No. 10 envelope"},
	{"om_folio_210x330mm", 21000, 33000, "folio"},
	{"custom_x_100.5x200.25mm", 10050, 20025, "x"},
	{"iso_a4", 0, 0, "iso_a4"},
	{"a_b_0x5mm", 0, 0, "b"},
	{"a_b_-1x5mm", 0, 0, "b"},
	{"a_b_5x5cm", 0, 0, "b"},
	{"a_b_99999999x5mm", 0, 0, "b"},
	{"a_b_5x5mm;rm", 0, 0, "b"},
	{"", 0, 0, ""},
};

START_TEST(test_paper_is_read_from_its_name)
{
	unsigned w = 0, h = 0;
	char title[64];
	int status = media_size_from_name(papers[_i].name, &w, &h);

	ck_assert_int_eq(status, papers[_i].width ? 0 : -EINVAL);
	ck_assert_uint_eq(w, papers[_i].width);
	ck_assert_uint_eq(h, papers[_i].height);
	ck_assert_str_eq(media_title(papers[_i].name, title, sizeof title),
	                 papers[_i].title);
	if (w && media_name_from_size(w, h))
		ck_assert_str_eq(media_name_from_size(w, h), papers[_i].name);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("formats");
	TCase *tc = tcase_create("formats");
	SRunner *runner;
	int n_failed;

	tcase_add_test(tc, test_capabilities_are_read);
	tcase_add_loop_test(tc, test_urf_resolutions_are_read_with_care, 0,
	                    (int)ARRAY_LEN(urf_words));
	tcase_add_test(tc, test_urf_names_its_pixels_in_ranges);
	tcase_add_loop_test(tc, test_pwg_raster_that_is_not_ours_is_not_sent, 0,
	                    2);
	tcase_add_test(tc,
	               test_gray_is_told_as_rgb_where_there_is_nothing_else);
	tcase_add_test(tc, test_pictures_have_one_side);
	tcase_add_test(tc, test_edges_are_asked_away_for_what_covers_the_paper);
	tcase_add_test(tc, test_pages_are_not_scaled_once_more);
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
	tcase_add_test(
		tc, test_paper_the_printer_does_not_take_is_refused_in_words);
	tcase_add_test(tc, test_printers_own_name_of_a_size_is_used);
	tcase_add_test(tc, test_custom_range_takes_sizes_between);
	tcase_add_test(tc, test_two_sided_becomes_one_sided_where_it_must);
	tcase_add_test(tc, test_too_high_a_resolution_becomes_the_best);
	tcase_add_loop_test(tc, test_paper_is_read_from_its_name, 0,
	                    (int)ARRAY_LEN(papers));
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? 1 : 0;
}
