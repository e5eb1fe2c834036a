/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Printers leave attributes out, or fill them in their own way. */
#include "base/mem.h"
#include "printers/formats.h"

#include "laser.h"
#include "tests/unit/check_run.h"

#define A4     "iso_a4_210x297mm"
#define LETTER "na_letter_8.5x11in"
#define PHOTO  "na_index-4x6_4x6in"
#define LABEL  "om_62x100_62x100mm"

static void add_one(ipp_t *ipp, ipp_tag_t tag, const char *name,
                    const char *value)
{
	if (value)
		add(ipp, tag, name, 1, &value);
}

static struct printer_caps caps_of(ipp_t *ipp)
{
	struct printer_caps caps;

	printer_caps_from_ipp(ipp, &caps);
	ippDelete(ipp);
	return caps;
}

static const struct {
	const char *preset, *ready;
	const char *supported[3];
	const char *paper;
} defaults[] = {
	{LETTER, A4, {A4, LETTER}, LETTER},
	{NULL, PHOTO, {"na_5x7_5x7in", PHOTO}, PHOTO},
	{"choose-by-size", PHOTO, {"na_5x7_5x7in", PHOTO}, PHOTO},
	{NULL, NULL, {PHOTO, "na_5x7_5x7in"}, PHOTO},
	{LETTER, A4, {A4}, A4}, /* its own list lacks it */
	{NULL, NULL, {LETTER, A4}, A4},
	{NULL, NULL, {NULL}, A4},
	{NULL,
         NULL,
         {"custom_min_12x12mm", "custom_max_62x999mm", LABEL},
         LABEL},
	{"roll_max_62x999mm",
         LABEL,
         {"roll_min_9x9mm", "roll_max_62x999mm"},
         LABEL},
	{"na-letter", NULL, {"iso-a4", "na-letter"}, "na-letter"},
};

/* A4 does not go into a printer of photographs. */
START_TEST(test_pages_go_on_paper_that_there_is)
{
	struct print_wish wish = {.format = "application/pdf"};
	struct print_format f;
	struct printer_caps caps;
	ipp_t *ipp = ippNew();

	add_one(ipp, IPP_TAG_MIMETYPE, "document-format-supported",
	        "application/pdf");
	add_one(ipp, IPP_TAG_KEYWORD, "media-default", defaults[_i].preset);
	add_one(ipp, IPP_TAG_KEYWORD, "media-ready", defaults[_i].ready);
	for (int n = 3; n > 0; n--)
		if (defaults[_i].supported[n - 1]) {
			add(ipp, IPP_TAG_KEYWORD, "media-supported", n,
			    defaults[_i].supported);
			break;
		}
	caps = caps_of(ipp);
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert_str_eq(f.media, defaults[_i].paper);
}
END_TEST

START_TEST(test_the_end_of_a_range_is_no_paper)
{
	static const char *const range[] = {"roll_min_76x127mm",
	                                    "roll_max_216x356mm"};
	struct print_wish wish = {.media = "na_legal_8.5x14in",
	                          .format = "application/pdf"};
	struct printer_caps caps;
	struct print_format f;
	ipp_t *ipp = laser();

	ippDeleteAttribute(ipp, ippFindAttribute(ipp, "media-supported",
	                                         IPP_TAG_ZERO));
	add(ipp, IPP_TAG_KEYWORD, "media-supported", 2, range);
	caps = caps_of(ipp);
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert_str_eq(f.media, wish.media);
}
END_TEST

static void add_margin(ipp_t *ipp, const char *name, int margin)
{
	ippDeleteAttribute(ipp, ippFindAttribute(ipp, name, IPP_TAG_ZERO));
	ippAddInteger(ipp, IPP_TAG_PRINTER, IPP_TAG_INTEGER, name, margin);
}

/* Labels and photographs: what has no edges loses none. */
START_TEST(test_edges_of_nothing_but_0_are_printed)
{
	struct print_wish wish = {0};
	struct print_format f;
	struct printer_caps caps;
	ipp_t *ipp = laser();

	add_margin(ipp, "media-left-margin-supported", 0);
	add_margin(ipp, "media-right-margin-supported", 0);
	add_margin(ipp, "media-top-margin-supported", 0);
	printer_caps_from_ipp(ipp, &caps);
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert_uint_eq(f.margin_left, PRINT_MARGIN_DEFAULT);
	add_margin(ipp, "media-bottom-margin-supported", 0);
	caps = caps_of(ipp);
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert_uint_eq(f.margin_left, 0);
	ck_assert_uint_eq(f.margin_bottom, 0);
}
END_TEST

/* media-col-default: paper of that size with a margin on each edge. */
static void add_usual(ipp_t *ipp, int width, int height, const int margins[4])
{
	static const char *const names[] = {"media-left-margin",
	                                    "media-right-margin",
	                                    "media-top-margin",
	                                    "media-bottom-margin"};
	ipp_t *col = ippNew(), *size = ippNew();

	ippAddInteger(size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "x-dimension",
	              width);
	ippAddInteger(size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "y-dimension",
	              height);
	ippAddCollection(col, IPP_TAG_ZERO, "media-size", size);
	for (int i = 0; i < 4; i++)
		ippAddInteger(col, IPP_TAG_ZERO, IPP_TAG_INTEGER, names[i],
		              margins[i]);
	ippDeleteAttribute(ipp, ippFindAttribute(ipp, "media-col-default",
	                                         IPP_TAG_ZERO));
	ippAddCollection(ipp, IPP_TAG_PRINTER, "media-col-default", col);
	ippDelete(size);
	ippDelete(col);
}

static const struct {
	int width, height;
	int margins[4];
	const char *media;
	unsigned left, bottom;
} usual[] = {
	{21590, 27940, {300, 300, 300, 310}, "", 300, 310},
	{21590, 27940, {300, 300, 300, 310}, LETTER, 300, 310},
	{21590, 27940, {300, 300, 300, 310}, A4, 500, 1270},
	{21000, 29700, {300, 300, 300, 310}, LETTER, 500, 1270}, /* of another
                                                                  */
	{21590, 27940, {0, 0, 0, 0}, LETTER, 500, 1270}, /* a picture's */
	{21590, 27940, {-1, 900, 0, 99999}, LETTER, 500, 1270},
};

/* A printer of envelopes names the edges that those lose, too. */
START_TEST(test_the_usual_paper_loses_its_own_edges)
{
	struct print_wish wish = {0};
	struct print_format f;
	struct printer_caps caps;
	ipp_t *ipp = laser();

	add_margin(ipp, "media-bottom-margin-supported", 1270);
	add_usual(ipp, usual[_i].width, usual[_i].height, usual[_i].margins);
	caps = caps_of(ipp);
	snprintf(wish.media, sizeof wish.media, "%s", usual[_i].media);
	ck_assert_int_eq(print_format_choose(&caps, &wish, &f, NULL), 0);
	ck_assert_uint_eq(f.margin_left, usual[_i].left);
	ck_assert_uint_eq(f.margin_bottom, usual[_i].bottom);
}
END_TEST

static const struct {
	int value;
	ipp_res_t units;
	unsigned dpi; /* 0: not taken */
} resolutions[] = {
	{600, IPP_RES_PER_INCH, 600},    {236, IPP_RES_PER_CM, 600},
	{118, IPP_RES_PER_CM, 300},      {472, IPP_RES_PER_CM, 1200},
	{142, IPP_RES_PER_CM, 360},      {80, IPP_RES_PER_CM, 203},
	{1200, IPP_RES_PER_INCH, 1200},  {2400, IPP_RES_PER_INCH, 0},
	{945, IPP_RES_PER_CM, 0},        {0, IPP_RES_PER_INCH, 0},
	{2147483647, IPP_RES_PER_CM, 0},
};

START_TEST(test_resolutions_are_those_that_are_meant)
{
	struct printer_caps caps;
	ipp_t *ipp = ippNew();

	ippAddResolution(ipp, IPP_TAG_PRINTER, "printer-resolution-supported",
	                 resolutions[_i].units, resolutions[_i].value,
	                 resolutions[_i].value);
	caps = caps_of(ipp);
	ck_assert_uint_eq(caps.resolutions.n, resolutions[_i].dpi != 0);
	ck_assert_uint_eq(caps.resolutions.dpi[0], resolutions[_i].dpi);
}
END_TEST

START_TEST(test_resolutions_may_come_as_words)
{
	static const char *const words[] = {
		"600dpi", "300x300dpi", "600x300dpi", "dpi", "150", "99999dpi",
	};
	struct printer_caps caps;
	ipp_t *ipp = ippNew();

	add(ipp, IPP_TAG_KEYWORD, "pclm-source-resolution-supported", 6, words);
	caps = caps_of(ipp);
	ck_assert_uint_eq(caps.pclm_resolutions.n, 2);
	ck_assert_uint_eq(caps.pclm_resolutions.dpi[0], 300);
	ck_assert_uint_eq(caps.pclm_resolutions.dpi[1], 600);
}
END_TEST

START_TEST(test_urf_may_come_as_one_value)
{
	struct printer_caps caps;
	ipp_t *ipp = ippNew();

	add_one(ipp, IPP_TAG_TEXT, "urf-supported",
	        "V1.4,CP1,W8,SRGB24,RS300-600,DM4");
	caps = caps_of(ipp);
	ck_assert(caps.has_urf_details);
	ck_assert_uint_eq(caps.urf_resolutions.n, 2);
	ck_assert_int_eq(caps.urf_sheet_back, SHEET_BACK_MANUAL_TUMBLE);
}
END_TEST

START_TEST(test_back_sides_of_urf_are_those_of_pwg_where_it_is_silent)
{
	static const char *const urf[] = {"W8", "RS300"};
	struct printer_caps caps;
	ipp_t *ipp = ippNew();

	add(ipp, IPP_TAG_KEYWORD, "urf-supported", 2, urf);
	add_one(ipp, IPP_TAG_KEYWORD, "pwg-raster-document-sheet-back",
	        "rotated");
	caps = caps_of(ipp);
	ck_assert(caps.has_urf_details);
	ck_assert_int_eq(caps.urf_sheet_back, SHEET_BACK_ROTATED);
}
END_TEST

START_TEST(test_colour_shows_in_the_modes_where_nothing_else_says_it)
{
	static const char *const modes[] = {"auto", "color", "monochrome"};
	struct printer_caps caps;
	ipp_t *ipp = ippNew();

	add(ipp, IPP_TAG_KEYWORD, "print-color-mode-supported", 3, modes);
	printer_caps_from_ipp(ipp, &caps);
	ck_assert(caps.has_colour);
	ippAddBoolean(ipp, IPP_TAG_PRINTER, "color-supported", 0);
	caps = caps_of(ipp);
	ck_assert(!caps.has_colour);
}
END_TEST

START_TEST(test_attributes_without_a_value_say_nothing)
{
	struct printer_caps caps;
	ipp_t *ipp = ippNew();

	add_one(ipp, IPP_TAG_MIMETYPE, "document-format-supported",
	        "image/pwg-raster");
	ippAddOutOfBand(ipp, IPP_TAG_PRINTER, IPP_TAG_NOVALUE,
	                "pwg-raster-document-type-supported");
	ippAddOutOfBand(ipp, IPP_TAG_PRINTER, IPP_TAG_UNKNOWN,
	                "pwg-raster-document-resolution-supported");
	caps = caps_of(ipp);
	ck_assert_uint_eq(caps.formats, CAPS_PWG);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("firmware");
	TCase *tc = tcase_create("firmware");

	tcase_add_loop_test(tc, test_pages_go_on_paper_that_there_is, 0,
	                    (int)ARRAY_LEN(defaults));
	tcase_add_test(tc, test_the_end_of_a_range_is_no_paper);
	tcase_add_test(tc, test_edges_of_nothing_but_0_are_printed);
	tcase_add_loop_test(tc, test_the_usual_paper_loses_its_own_edges, 0,
	                    (int)ARRAY_LEN(usual));
	tcase_add_loop_test(tc, test_resolutions_are_those_that_are_meant, 0,
	                    (int)ARRAY_LEN(resolutions));
	tcase_add_test(tc, test_resolutions_may_come_as_words);
	tcase_add_test(tc, test_urf_may_come_as_one_value);
	tcase_add_test(
		tc, test_back_sides_of_urf_are_those_of_pwg_where_it_is_silent);
	tcase_add_test(
		tc, test_colour_shows_in_the_modes_where_nothing_else_says_it);
	tcase_add_test(tc, test_attributes_without_a_value_say_nothing);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
