/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Profiles in pictures: what they say is what is printed. */
#include <errno.h>
#include <fcntl.h>

#include "base/fs.h"
#include "image_check.h"
#include "image_encode.h"
#include "render/worker/image_colour.h"
#include "tests/unit/check_run.h"

/* Of Debian's libgs-common: coated paper, as most printers' proofs are made. */
#define INKS "/usr/share/color/icc/ghostscript/default_cmyk.icc"

static struct buf save(cmsHPROFILE profile)
{
	cmsUInt32Number len = 0;
	struct buf out = {0};

	cmsSaveProfileToMem(profile, NULL, &len);
	buf_reserve(&out, len);
	cmsSaveProfileToMem(profile, out.data, &len);
	out.len = len;
	cmsCloseProfile(profile);
	return out;
}

/* The picture high, in a file of every kind that carries a profile. */
static struct buf with_profile(int kind, const struct buf *profile)
{
	struct encode_tiff tiff = {.compression = COMPRESSION_LZW,
	                           .photometric = PHOTOMETRIC_RGB,
	                           .bits = 8,
	                           .mode = "w",
	                           .profile = *profile};
	struct image_make make = high;

	make.profile = profile;
	switch (kind) {
	case 0: return image_make_png(&make);
	case 1: make.interlaced = true; return image_make_png(&make);
	case 2: return image_make_jpeg(&make);
	case 3: return encode_tiff(&tiff, &make);
	case 4: tiff.tiled = true; return encode_tiff(&tiff, &make);
	case 5: tiff.bits = 16; return encode_tiff(&tiff, &make);
	case 6: return encode_webp(&make, true, profile, NULL);
	default: return encode_heif(&make, heif_compression_HEVC, profile);
	}
}

START_TEST(test_colours_are_those_of_the_profile)
{
	struct page_spec spec = paper(true);
	struct buf profile = encode_swapped_profile();
	struct decoded page = print_page(&spec, with_profile(_i, &profile));
	const uint8_t *left = pixel(&page, 10, 10);
	const uint8_t *right = pixel(&page, 110, 10);

	ck_assert(left[1] > 220 && left[0] < 45 && left[2] < 45);
	ck_assert(right[0] > 220 && right[1] < 45 && right[2] < 45);
	ck_assert_uint_gt(pixel(&page, 10, 170)[2], 220);
	free(page.pixels);
	buf_fini(&profile);
}
END_TEST

START_TEST(test_gray_printers_see_the_profile_too)
{
	struct page_spec spec = paper(false);
	struct buf profile = encode_swapped_profile();
	struct decoded page = print_page(&spec, with_profile(_i, &profile));

	/* red, which is green: 150 of 256 parts of white */
	ck_assert_int_le(abs((int)*pixel(&page, 10, 10) - 150), 12);
	ck_assert_int_le(abs((int)*pixel(&page, 110, 10) - 76), 12);
	free(page.pixels);
	buf_fini(&profile);
}
END_TEST

static void steps(unsigned x, unsigned y, uint8_t *c)
{
	c[0] = c[1] = c[2] = (uint8_t)(x < 40 ? 50 : 200);
}

static void gray_steps(unsigned x, unsigned y, uint8_t *c)
{
	c[0] = x < 40 ? 50 : 200;
}

/* A gray picture of gamma 1: 50 of 255 of the light is 122 in sRGB. */
START_TEST(test_profiles_for_gray_are_followed)
{
	cmsToneCurve *linear = cmsBuildGamma(NULL, 1);
	struct buf profile = save(cmsCreateGrayProfile(cmsD50_xyY(), linear));
	struct image_make make = high;
	struct page_spec spec = paper(_i & 1);
	struct decoded page;

	cmsFreeToneCurve(linear);
	make.channels = 1;
	make.pixel = gray_steps;
	make.space = JCS_GRAYSCALE;
	make.png_type = PNG_COLOR_TYPE_GRAY;
	make.profile = &profile;
	make.width = 80;
	page = print_page(&spec, _i & 2 ? image_make_png(&make)
	                                : image_make_jpeg(&make));
	ck_assert_int_le(abs((int)*pixel(&page, 20, 90) - 122), 4);
	ck_assert_int_le(abs((int)*pixel(&page, 100, 90) - 229), 4);
	free(page.pixels);
	buf_fini(&profile);
}
END_TEST

START_TEST(test_srgb_by_profile_is_printed_as_it_is)
{
	struct buf profile = save(cmsCreate_sRGBProfile());
	struct page_spec spec = paper(true);
	struct image_make make = high;
	struct decoded page;

	make.pixel = steps;
	make.profile = &profile;
	page = print_page(&spec, image_make_png(&make));
	ck_assert_uint_eq(*pixel(&page, 20, 90), 50);
	ck_assert_uint_eq(*pixel(&page, 100, 90), 200);
	free(page.pixels);
	buf_fini(&profile);
}
END_TEST

/* The primaries of sRGB, the first of them off, and a curve of its kind. */
static bool is_other(double off, double gamma)
{
	cmsCIExyY white = {.3127, .3290, 1};
	cmsCIExyYTRIPLE primaries = {{.64 + off, .33, 1},
	                             {.30, .60, 1},
	                             {.15, .06, 1}};
	cmsFloat64Number numbers[] = {gamma, 1 / 1.055, .055 / 1.055, 1 / 12.92,
	                              .04045};
	cmsToneCurve *curve = cmsBuildParametricToneCurve(NULL, 4, numbers);
	cmsToneCurve *curves[] = {curve, curve, curve};
	struct buf profile =
		save(cmsCreateRGBProfile(&white, &primaries, curves));
	struct image_colour_in in = {.channels = 3,
	                             .profile = profile.data,
	                             .profile_len = profile.len};
	struct image_colour *colour = image_colour_new(&in, 1, 3);
	bool has = image_colour_has_profile(colour);

	image_colour_free(colour);
	buf_fini(&profile);
	cmsFreeToneCurve(curve);
	return has;
}

START_TEST(test_what_is_nearly_srgb_is_not_it)
{
	ck_assert(!is_other(0, 2.4));
	ck_assert(is_other(.01, 2.4));
	ck_assert(is_other(-.03, 2.4));
	ck_assert(is_other(0, 2.6));
	ck_assert(is_other(0, 2.2));
}
END_TEST

START_TEST(test_a_profile_that_makes_no_sense_is_passed_over)
{
	struct page_spec spec = paper(true);
	struct buf profile = {0};
	struct decoded page;

	for (unsigned i = 0; i < 400; i++)
		put_le(&profile, i * 2654435761u, 4);
	page = print_page(&spec, with_profile(3, &profile));
	check_quarters(&page, "RGBK");
	free(page.pixels);
	page = print_page(&spec, with_profile(6, &profile));
	check_quarters(&page, "RGBK");
	free(page.pixels);
	buf_fini(&profile);
}
END_TEST

/* As exporters write that fill in the numbers later, and never do. */
START_TEST(test_a_profile_without_light_is_passed_over)
{
	struct page_spec spec = paper(true);
	struct buf swapped = encode_swapped_profile();
	cmsHPROFILE profile =
		cmsOpenProfileFromMem(swapped.data,
	                              (cmsUInt32Number)swapped.len);
	const cmsCIEXYZ dark = {0, 0, 0};
	struct decoded page;

	cmsWriteTag(profile, cmsSigRedColorantTag, &dark);
	cmsWriteTag(profile, cmsSigGreenColorantTag, &dark);
	cmsWriteTag(profile, cmsSigBlueColorantTag, &dark);
	buf_fini(&swapped);
	swapped = save(profile);
	page = print_page(&spec, with_profile(_i, &swapped));
	check_quarters(&page, "RGBK");
	free(page.pixels);
	buf_fini(&swapped);
}
END_TEST

/* Cyan alone, as Adobe stores it in a JPEG, and as a TIFF has it. */
static void cyan_light(unsigned x, unsigned y, uint8_t *c)
{
	memcpy(c, (const uint8_t[]){0, 255, 255, 255}, 4);
}

static void cyan_rgb(unsigned x, unsigned y, uint8_t *c)
{
	memcpy(c, (const uint8_t[]){0, 255, 255}, 3);
}

static struct buf cyan(const struct buf *profile, bool tiff)
{
	struct encode_tiff how = {.compression = COMPRESSION_LZW,
	                          .photometric = PHOTOMETRIC_SEPARATED,
	                          .bits = 8,
	                          .mode = "w",
	                          .profile = *profile};
	struct image_make make = high;

	make.pixel = cyan_rgb; /* the encoder makes inks of it */
	if (tiff)
		return encode_tiff(&how, &make);
	make.channels = 4;
	make.space = JCS_CMYK;
	make.pixel = cyan_light;
	make.profile = profile;
	return image_make_jpeg(&make);
}

START_TEST(test_inks_print_as_their_profile_mixes_them)
{
	struct page_spec spec = paper(true);
	struct buf profile = {0};
	struct decoded page;
	const uint8_t *p;
	char *data;
	size_t len;

	ck_assert_int_eq(fs_read_file(AT_FDCWD, INKS, 8 << 20, &data, &len,
	                              NULL),
	                 0);
	buf_append(&profile, data, len);
	free(data);
	page = print_page(&spec, cyan(&profile, _i));
	/* real cyan is darker and bluer than light without red */
	p = pixel(&page, 60, 90);
	ck_assert_uint_lt(p[0], 60);
	ck_assert(p[1] > 120 && p[1] < 210);
	ck_assert(p[2] > 190 && p[2] > p[1] + 20);
	free(page.pixels);
	buf_fini(&profile);
}
END_TEST

static Suite *image_colour_suite(void)
{
	Suite *suite = suite_create("image_colour");
	TCase *tc = tcase_create("image_colour");

	tcase_add_loop_test(tc, test_colours_are_those_of_the_profile, 0, 8);
	tcase_add_loop_test(tc, test_gray_printers_see_the_profile_too, 0, 8);
	tcase_add_loop_test(tc, test_profiles_for_gray_are_followed, 0, 4);
	tcase_add_test(tc, test_srgb_by_profile_is_printed_as_it_is);
	tcase_add_test(tc, test_what_is_nearly_srgb_is_not_it);
	tcase_add_test(tc, test_a_profile_that_makes_no_sense_is_passed_over);
	tcase_add_loop_test(tc, test_a_profile_without_light_is_passed_over, 2,
	                    4);
	tcase_add_loop_test(tc, test_inks_print_as_their_profile_mixes_them, 0,
	                    2);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return check_run(image_colour_suite());
}
