/* SPDX-License-Identifier: AGPL-3.0-or-later */

#include "pdf_make.h"
#include "tests/unit/check_run.h"

/*
 * An enlarged picture looks as MuPDF's own, which it is behind a clip of two
 * rectangles. The pictures are 80 x 100 pixels and alike on no two sides.
 */
#define WIDTH  80
#define HEIGHT 100
#define CLIP   "0 0 200 300 re 0 0 0 0 re W n "

static const struct {
	const char *place; /* of the unit square */
	bool gray;
} places[] = {
	{"120 0 0 150 20 60 cm", false},
	{"120 0 0 150 20 60 cm", true},
	{"95.3 0 0 101.2 33.7 70.1 cm", false},
	{"159 0 0 190 -40.5 200 cm", false}, /* over the edges */
	{"300 0 0 350 -20.5 -20 cm", false}, /* more than twice its size */
	{"60 0 0 80 20 60 cm", false},       /* less than its size */
	{"-120 0 0 150 180 60 cm", false},   /* mirrored */
	{"0 120 -150 0 180 60 cm", false},   /* turned */
	{"q 10.5 10.5 150 150 re W n 120 0 0 150 20 60 cm", false},
	{"q 20.3 60.4 99.9 149.3 re W n 120 0 0 150 20 60 cm", false},
	{"q 24 64 104 128 re W n 120 0 0 150 20 60 cm", true},
	{"q 0 9 200 88 re W n 41.7 80.2 60 90 re W n 120 0 0 150 20 60 cm",
         false},
};

static void put_pixels(struct buf *out, bool gray)
{
	for (unsigned y = 0; y < HEIGHT; y++) {
		for (unsigned x = 0; x < WIDTH; x++) {
			buf_printf(out, "%02x", x * 3);
			if (!gray)
				buf_printf(out, "%02x%02x", y * 2,
				           (x / 8 + y / 10) % 2 * 200);
		}
	}
}

static struct decoded print_picture(const struct page_spec *spec,
                                    const char *clip, const char *place,
                                    bool gray)
{
	struct buf content CLEANUP(buf_fini) = {0};
	struct decoded page;
	struct printed p;
	size_t at = 4;

	buf_printf(&content, "%s %s BI /W %u /H %u /BPC 8 /CS %s /F /AHx ID ",
	           clip, place, WIDTH, HEIGHT, gray ? "/G" : "/RGB");
	put_pixels(&content, gray);
	buf_puts(&content, "> EI");
	p = print(spec, make_page("0 0 200 300", "", buf_str(&content)));
	ck_assert_msg(p.result == 0, "%s", p.err.text);
	ck_assert(decode_page(&p.sink.bytes, spec->format, &at, &page));
	buf_fini(&p.sink.bytes);
	return page;
}

START_TEST(test_enlarged_pictures_look_as_before)
{
	for (unsigned dpi = 72; dpi <= 108; dpi += 18) {
		struct page_spec spec = paper(!places[_i].gray);
		struct decoded fast, slow;
		unsigned ink = 0, n_other = 0;

		spec.dpi = dpi;
		fast = print_picture(&spec, "", places[_i].place,
		                     places[_i].gray);
		slow = print_picture(&spec, CLIP, places[_i].place,
		                     places[_i].gray);
		for (size_t i = 0;
		     i < (size_t)fast.width * fast.height * fast.depth; i++) {
			n_other += abs(fast.pixels[i] - slow.pixels[i]) > 2;
			ink += fast.pixels[i] != 255;
		}
		ck_assert_uint_eq(n_other, 0);
		ck_assert_uint_gt(ink, 3000);
		free(fast.pixels);
		free(slow.pixels);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pdf enlarge");
	TCase *tc = tcase_create("pdf enlarge");

	tcase_add_loop_test(tc, test_enlarged_pictures_look_as_before, 0,
	                    ARRAY_LEN(places));
	tcase_set_timeout(tc, 120);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
