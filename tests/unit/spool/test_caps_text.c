/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/mem.h"
#include "spool/caps_text.h"
#include "tests/unit/check_run.h"

static struct printer_caps full(void)
{
	struct printer_caps caps = {
		.make_and_model = "Maker Model=9 (\xc3\xbc)",
		.uuid = "urn:uuid:01234567-89ab-cdef-0123-456789abcdef",
		.firmware = "1.2, boot 7",
		.formats = CAPS_PWG | CAPS_URF | CAPS_PDF,
		.operations = CAPS_CREATE_JOB | CAPS_SEND_DOCUMENT,
		.pwg_pixels = CAPS_SGRAY_8 | CAPS_SRGB_8,
		.pwg_resolutions = {{300, 600}, 2},
		.pwg_sheet_back = SHEET_BACK_MANUAL_TUMBLE,
		.has_urf_details = true,
		.urf_pixels = CAPS_SGRAY_8,
		.urf_resolutions = {{300}, 1},
		.urf_sheet_back = SHEET_BACK_ROTATED,
		.has_urf_duplex = true,
		.resolutions = {{150, 300, 1200}, 3},
		.sides = 7,
		.has_colour = true,
		.colour_modes = CAPS_MODE_COLOUR | CAPS_MODE_MONOCHROME,
		.scalings = CAPS_SCALING_FILL,
		.has_gzip = true,
		.copies_max = 99,
		.has_many_documents = true,
		.media_default = "iso_a4_210x297mm",
		.n_media_supported = 2,
		.margin_left = 423,
		.margin_right = 424,
		.margin_top = 425,
		.margin_bottom = 426,
		.is_borderless = true,
		.default_edges = {427, 428, 429, 430},
	};

	snprintf(caps.media_supported[0], CAPS_NAME_MAX, "iso_a4_210x297mm");
	snprintf(caps.media_supported[1], CAPS_NAME_MAX, "na_letter_8.5x11in");
	return caps;
}

START_TEST(test_every_field_comes_back)
{
	struct printer_caps caps = full(), got;
	char *text CLEANUP(xfree) = caps_to_text(&caps);
	char *again CLEANUP(xfree) = NULL;

	ck_assert_int_eq(caps_from_text(text, &got, NULL), 0);
	again = caps_to_text(&got);
	ck_assert_str_eq(text, again);

	ck_assert_str_eq(got.make_and_model, caps.make_and_model);
	ck_assert_str_eq(got.uuid, caps.uuid);
	ck_assert_str_eq(got.firmware, caps.firmware);
	ck_assert_uint_eq(got.formats, caps.formats);
	ck_assert_uint_eq(got.operations, caps.operations);
	ck_assert_uint_eq(got.pwg_pixels, caps.pwg_pixels);
	ck_assert_uint_eq(got.colour_modes, caps.colour_modes);
	ck_assert_uint_eq(got.scalings, caps.scalings);
	ck_assert(got.is_borderless);
	ck_assert_uint_eq(got.pwg_resolutions.n, 2);
	ck_assert_uint_eq(got.pwg_resolutions.dpi[1], 600);
	ck_assert_int_eq(got.pwg_sheet_back, SHEET_BACK_MANUAL_TUMBLE);
	ck_assert(got.has_urf_details);
	ck_assert_uint_eq(got.urf_pixels, CAPS_SGRAY_8);
	ck_assert_uint_eq(got.urf_resolutions.dpi[0], 300);
	ck_assert_int_eq(got.urf_sheet_back, SHEET_BACK_ROTATED);
	ck_assert(got.has_urf_duplex);
	ck_assert_uint_eq(got.resolutions.dpi[2], 1200);
	ck_assert_uint_eq(got.sides, 7);
	ck_assert(got.has_colour);
	ck_assert(got.has_gzip);
	ck_assert_int_eq(got.copies_max, 99);
	ck_assert(got.has_many_documents);
	ck_assert_str_eq(got.media_default, "iso_a4_210x297mm");
	ck_assert_uint_eq(got.n_media_supported, 2);
	ck_assert_str_eq(got.media_supported[1], "na_letter_8.5x11in");
	ck_assert_uint_eq(got.margin_left, 423);
	ck_assert_uint_eq(got.margin_right, 424);
	ck_assert_uint_eq(got.margin_top, 425);
	ck_assert_uint_eq(got.margin_bottom, 426);
	ck_assert_uint_eq(got.default_edges.left, 427);
	ck_assert_uint_eq(got.default_edges.right, 428);
	ck_assert_uint_eq(got.default_edges.top, 429);
	ck_assert_uint_eq(got.default_edges.bottom, 430);
}
END_TEST

START_TEST(test_sets_are_words_that_an_operator_can_read)
{
	struct printer_caps caps = full();
	char *text CLEANUP(xfree) = caps_to_text(&caps);

	ck_assert_ptr_nonnull(strstr(
		text,
		"\nformats=image/pwg-raster,image/urf,application/pdf\n"));
	ck_assert_ptr_nonnull(
		strstr(text, "\noperations=Create-Job,Send-Document\n"));
	ck_assert_ptr_nonnull(strstr(text, "\npwg-pixels=sgray_8,srgb_8\n"));
	ck_assert_ptr_nonnull(strstr(
		text,
		"\nsides=one-sided,two-sided-long-edge,two-sided-short-edge\n"));
}
END_TEST

START_TEST(test_nothing_said_is_one_copy_and_no_colour)
{
	struct printer_caps none = {0}, got;
	char *text CLEANUP(xfree) = caps_to_text(&none);

	ck_assert_int_eq(caps_from_text(text, &got, NULL), 0);
	ck_assert_int_eq(got.copies_max, 1);
	ck_assert(!got.has_colour);
	ck_assert_int_eq(caps_from_text("", &got, NULL), 0);
	ck_assert_int_eq(got.copies_max, 1);
}
END_TEST

START_TEST(test_a_name_cannot_forge_a_line)
{
	struct printer_caps caps = {0}, got;
	char *text CLEANUP(xfree) = NULL;

	snprintf(caps.make_and_model, sizeof caps.make_and_model, "%s",
	         "X\ncolour=yes\r\x7f");
	text = caps_to_text(&caps);
	ck_assert_int_eq(caps_from_text(text, &got, NULL), 0);
	ck_assert(!got.has_colour);
	ck_assert_str_eq(got.make_and_model, "X colour=yes  ");
}
END_TEST

START_TEST(test_an_unknown_key_is_left_out)
{
	struct printer_caps got;

	ck_assert_int_eq(caps_from_text("stapler=7\ncolour=yes\n", &got, NULL),
	                 0);
	ck_assert(got.has_colour);
}
END_TEST

static const char *const broken[] = {
	"colour",
	"colour=maybe",
	"margin-left=-1",
	"margin-left=",
	"margin-left=3x",
	"margin-left=99999999999999999999",
	"formats=7",
	"formats=image/urf,",
	"formats=image/urf,,image/jpeg",
	"sides=three-sided",
	"copies-max=0",
	"pwg-dpi=300,,600",
	"pwg-dpi=300,",
	"pwg-dpi=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17",
	"pwg-sheet-back=upside-down",
	"media-default=0123456789012345678901234567890123456789012345678901234567890123",
};

START_TEST(test_a_line_that_is_none_is_refused)
{
	struct printer_caps got = {.copies_max = 5};
	struct err err = {0};

	ck_assert_int_eq(caps_from_text(broken[_i], &got, &err), -EINVAL);
	ck_assert_str_ne(err.text, "");
	ck_assert_int_eq(got.copies_max, 5);
}
END_TEST

START_TEST(test_too_many_media_are_refused)
{
	struct printer_caps got;
	struct buf text CLEANUP(buf_fini) = {0};

	for (int i = 0; i < CAPS_MEDIA_MAX; i++)
		buf_puts(&text, "media=iso_a4_210x297mm\n");
	ck_assert_int_eq(caps_from_text(buf_str(&text), &got, NULL), 0);
	buf_puts(&text, "media=iso_a4_210x297mm\n");
	ck_assert_int_eq(caps_from_text(buf_str(&text), &got, NULL), -EINVAL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("caps_text");
	TCase *tc = tcase_create("caps_text");

	tcase_add_test(tc, test_every_field_comes_back);
	tcase_add_test(tc, test_sets_are_words_that_an_operator_can_read);
	tcase_add_test(tc, test_nothing_said_is_one_copy_and_no_colour);
	tcase_add_test(tc, test_a_name_cannot_forge_a_line);
	tcase_add_test(tc, test_an_unknown_key_is_left_out);
	tcase_add_loop_test(tc, test_a_line_that_is_none_is_refused, 0,
	                    (int)ARRAY_LEN(broken));
	tcase_add_test(tc, test_too_many_media_are_refused);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
