/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <math.h>

#include "base/mem.h"
#include "render/worker/image_axis.h"
#include "render/worker/image_exif.h"
#include "render/worker/image_scale.h"
#include "render/worker/image_turn.h"
#include "render/worker/image_weigh.h"
#include "tests/unit/check_run.h"

typedef void image_pixel_fn(unsigned x, unsigned y, uint8_t *value);

START_TEST(test_a_broken_exif_block_means_upright)
{
	uint8_t tiff[40];
	uint32_t seed = 1;

	for (unsigned round = 0; round < 20000; round++) {
		size_t len = round % (sizeof tiff + 1);
		uint8_t *copy = xmalloc(len);
		unsigned orientation;

		for (size_t i = 0; i < sizeof tiff; i++) {
			seed = seed * 1664525 + 1013904223;
			tiff[i] =
				(uint8_t)(seed >> 24) & (seed & 256 ? 3 : 255);
		}
		memcpy(tiff, round & 1 ? "II*\0" : "MM\0*", 4);
		memcpy(copy, tiff, len);
		orientation = image_exif_orientation(copy, len);
		ck_assert_uint_ge(orientation, 1);
		ck_assert_uint_le(orientation, 8);
		free(copy);
	}
	ck_assert_uint_eq(image_exif_orientation((const uint8_t *)"", 0), 1);
}
END_TEST

START_TEST(test_the_weights_of_every_result_add_up_to_one)
{
	static const unsigned sizes[] = {1,  2,   3,   5,   7,    16,
	                                 99, 100, 101, 640, 1999, 6550};

	for (unsigned a = 0; a < ARRAY_LEN(sizes); a++) {
		struct image_axis axis;
		unsigned n_out = sizes[(unsigned)_i];

		image_axis_init(&axis, sizes[a], n_out);
		for (unsigned i = 0; i < n_out; i++) {
			uint32_t sum = 0;

			ck_assert_uint_le(axis.first[i], axis.last[i]);
			ck_assert_uint_lt(axis.last[i], sizes[a]);
			for (unsigned k = axis.first[i]; k <= axis.last[i]; k++)
				sum += axis.weights[i][k - axis.first[i]];
			ck_assert_uint_eq(sum, IMAGE_ONE);
		}
		image_axis_fini(&axis);
	}
}
END_TEST

struct lines {
	uint8_t data[64 * 64 * 3];
	size_t len;
};

static int on_line(const uint8_t *line, void *arg)
{
	struct lines *lines = arg;

	memcpy(lines->data + lines->len, line, 16);
	lines->len += 16;
	return 0;
}

/* A square of n x n gray pixels to 16 x 16. */
static void scale_square(unsigned n, image_pixel_fn *fn, struct lines *out)
{
	struct image_scale *scale =
		image_scale_new((struct image_size){n, n},
	                        (struct image_size){16, 16}, 1, on_line, out);
	uint8_t line[64] = {0};

	out->len = 0;
	for (unsigned y = 0; y < n; y++) {
		for (unsigned x = 0; x < n; x++)
			fn(x, y, line + x);
		ck_assert_int_eq(image_scale_line(scale, line), 0);
	}
	ck_assert_uint_eq(out->len, 256);
	image_scale_free(scale);
}

static void white(unsigned x, unsigned y, uint8_t *c)
{
	*c = 255;
}

static void checkers(unsigned x, unsigned y, uint8_t *c)
{
	*c = (x + y) % 2 ? 255 : 0;
}

static void slope(unsigned x, unsigned y, uint8_t *c)
{
	*c = (uint8_t)(x * 8 + y * 4);
}

START_TEST(test_scaling_keeps_white_means_and_slopes)
{
	struct lines out;

	for (unsigned n = 1; n <= 64; n++) {
		scale_square(n, white, &out);
		for (unsigned i = 0; i < 256; i++)
			ck_assert_uint_eq(out.data[i], 255);
		scale_square(n, slope, &out);
		for (unsigned i = 1; i < 256; i++)
			ck_assert(i % 16 == 0 || n > 16 ||
			          out.data[i] >= out.data[i - 1]);
	}
	scale_square(32, checkers, &out);
	for (unsigned i = 0; i < 256; i++)
		ck_assert_uint_eq(out.data[i], 128);
	scale_square(16, slope, &out);
	for (unsigned i = 0; i < 256; i++)
		ck_assert_uint_eq(out.data[i], i % 16 * 8 + i / 16 * 4);
}
END_TEST

static int on_colour_line(const uint8_t *line, void *arg)
{
	struct lines *lines = arg;

	memcpy(lines->data + lines->len, line, 45);
	lines->len += 45;
	return 0;
}

static uint8_t noise(unsigned x, unsigned y, unsigned c)
{
	uint32_t seed = (x * 71 + y * 1013 + c * 7919 + 1) * 2654435761u;

	return c == 2 ? 255 : (uint8_t)(seed >> 24);
}

/* n x n pixels of three colours to 15 x 9. */
static void scale_noise(unsigned n, struct lines *out)
{
	struct image_scale *scale = image_scale_new((struct image_size){n, n},
	                                            (struct image_size){15, 9},
	                                            3, on_colour_line, out);
	uint8_t line[80 * 3];

	out->len = 0;
	for (unsigned y = 0; y < n; y++) {
		for (unsigned i = 0; i < n * 3; i++)
			line[i] = noise(i / 3, y, i % 3);
		ck_assert_int_eq(image_scale_line(scale, line), 0);
	}
	ck_assert_uint_eq(out->len, 9 * 45);
	image_scale_free(scale);
}

/* The mean of what a pixel covers, by floating point and no shortcut. */
static double mean_of(unsigned n, unsigned to_x, unsigned to_y, unsigned c)
{
	double sum = 0, all = 0;

	for (unsigned y = to_y * n / 9; y * 9 < (to_y + 1) * n; y++) {
		for (unsigned x = to_x * n / 15; x * 15 < (to_x + 1) * n; x++) {
			double left = fmax((double)to_x * n / 15, x);
			double right = fmin((to_x + 1.0) * n / 15, x + 1.0);
			double top = fmax((double)to_y * n / 9, y);
			double end = fmin((to_y + 1.0) * n / 9, y + 1.0);

			sum += noise(x, y, c) * (right - left) * (end - top);
			all += (right - left) * (end - top);
		}
	}
	return sum / all;
}

START_TEST(test_every_colour_of_a_smaller_picture_is_the_mean)
{
	struct lines out;

	/* two to six sources across */
	for (unsigned n = 16; n <= 79; n += 7) {
		scale_noise(n, &out);
		for (unsigned i = 0; i < out.len; i++) {
			double want = mean_of(n, i % 45 / 3, i / 45, i % 3);

			ck_assert(fabs(out.data[i] - want) < 2);
			if (i % 3 == 2)
				ck_assert_uint_eq(out.data[i], 255);
		}
	}
}
END_TEST

START_TEST(test_a_picture_that_grows_keeps_its_white)
{
	struct lines out;

	for (unsigned n = 1; n <= 15; n++) {
		scale_noise(n, &out);
		for (unsigned i = 2; i < out.len; i += 3)
			ck_assert_uint_eq(out.data[i], 255);
	}
}
END_TEST

START_TEST(test_pairs_are_weighed_as_one_by_one)
{
	uint32_t seed = 1;

	for (unsigned round = 0; round < 1000; round++) {
		image_pair a, b, quick, plain;

		for (unsigned i = 0; i < 8; i++) {
			seed = seed * 1664525 + 1013904223;
			a[i] = (uint16_t)(seed >> 16);
			seed = seed * 1664525 + 1013904223;
			b[i] = (uint16_t)(seed >> 16);
		}
		quick = image_weigh(a, b);
		plain = image_weigh_plain(a, b);
		ck_assert_mem_eq(&quick, &plain, sizeof quick);
	}
}
END_TEST

/* What stands at a place after the turn, found without a shortcut. */
static const uint8_t *pixel_at(const struct image_pixels *in,
                               const struct image_turn *turn, unsigned x,
                               unsigned y)
{
	unsigned width = turn->swap ? in->height : in->width;
	unsigned height = turn->swap ? in->width : in->height;
	unsigned a = turn->flip_x ? width - 1 - x : x;
	unsigned b = turn->flip_y ? height - 1 - y : y;
	unsigned from_x = turn->swap ? b : a, from_y = turn->swap ? a : b;

	return in->data + ((size_t)from_y * in->width + from_x) * in->depth;
}

static void check_turn(const struct image_pixels *in, unsigned orientation)
{
	struct image_turn turn = image_turn_of(orientation, false);
	unsigned width = turn.swap ? in->height : in->width;
	unsigned height = turn.swap ? in->width : in->height;
	size_t len = (size_t)width * in->depth;
	uint8_t *out = xmalloc(len * height);
	unsigned half = height / 2;

	image_turn_lines(in, &turn, half, height - half, out + half * len);
	image_turn_lines(in, &turn, 0, half, out);
	for (unsigned i = 0; i < width * height; i++)
		ck_assert_mem_eq(out + (size_t)i * in->depth,
		                 pixel_at(in, &turn, i % width, i / width),
		                 in->depth);
	free(out);
}

START_TEST(test_every_pixel_is_found_after_a_turn)
{
	for (unsigned depth = 1; depth <= 3; depth += 2) {
		for (unsigned height = 1; height <= 23; height++) {
			size_t len = (size_t)11 * height * depth;
			struct image_pixels in = {xmalloc(len + 1), 11, height,
			                          depth};

			for (size_t i = 0; i < len; i++)
				in.data[i] = noise((unsigned)i, 0, 0);
			for (unsigned o = 1; o <= 8; o++)
				check_turn(&in, o);
			free(in.data);
		}
	}
}
END_TEST

static Suite *image_scale_suite(void)
{
	Suite *suite = suite_create("image_scale");
	TCase *tc = tcase_create("image_scale");

	tcase_add_loop_test(tc, test_the_weights_of_every_result_add_up_to_one,
	                    0, 12);
	tcase_add_test(tc, test_scaling_keeps_white_means_and_slopes);
	tcase_add_test(tc, test_every_colour_of_a_smaller_picture_is_the_mean);
	tcase_add_test(tc, test_a_picture_that_grows_keeps_its_white);
	tcase_add_test(tc, test_pairs_are_weighed_as_one_by_one);
	tcase_add_test(tc, test_every_pixel_is_found_after_a_turn);
	tcase_add_test(tc, test_a_broken_exif_block_means_upright);
	tcase_set_timeout(tc, 120);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return check_run(image_scale_suite());
}
