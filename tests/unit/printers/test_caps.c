/* SPDX-License-Identifier: AGPL-3.0-or-later */

#include "base/mem.h"

#include "laser.h"
#include "tests/unit/check_run.h"

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

int main(void)
{
	Suite *suite = suite_create("caps");
	TCase *tc = tcase_create("caps");

	tcase_add_test(tc, test_capabilities_are_read);
	tcase_add_loop_test(tc, test_urf_resolutions_are_read_with_care, 0,
	                    (int)ARRAY_LEN(urf_words));
	tcase_add_test(tc, test_urf_names_its_pixels_in_ranges);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
