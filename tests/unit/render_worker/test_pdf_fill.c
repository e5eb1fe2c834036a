/* SPDX-License-Identifier: AGPL-3.0-or-later */

#include "pdf_make.h"
#include "tests/unit/check_run.h"

/*
 * What is painted by copying lines is the same, bit by bit, as what MuPDF
 * paints by itself, which it does where a path is more than one rectangle: the
 * second drawing has an empty one beside each.
 */
#define RESOURCES                                                              \
	"/Resources << /Font << /F << /Type /Font /Subtype /Type1 "            \
	"/BaseFont /Helvetica >> >> /ExtGState << /Half << /ca .5 >> "         \
	"/Darken << /BM /Darken >> >> >>"
#define ROUND_CLIP "100 150 m 190 150 190 290 100 290 c h W n "

static const char *const drawings[] = {
	"1 0 0 rg 20 30 150 200 re f",
	"1 0 0 rg 20.3 30.7 150.4 200.9 re f",
	".9 .8 .7 rg -50 -50 900 900 re f 0 .5 .5 rg 40.5 40.5 120 220 re f "
	"0 0 0 rg 60 60 100.1 150 re f",
	"0 1 0 rg 20.5 20.5 150 200 re f*",
	"0 0 1 rg 170 230 -150.5 -200.5 re f",
	/* clips */
	"q 30.5 40.5 120.2 180.3 re W n 0 0 1 rg 10 10 180 280 re f Q",
	"q 10 10 180 280 re W n q 50.2 60.2 110 110 re W n 0 1 0 rg "
	"0 0 200 300 re f Q 1 0 0 rg 20 200 150 90 re f Q "
	"0 0 1 rg 0 0 200 80 re f",
	"q " ROUND_CLIP "1 0 0 rg 0 0 200 300 re f Q 0 0 1 rg 0 0 150 90 re f",
	"q 10 10 180 280 re W n Q q " ROUND_CLIP "1 0 0 rg 0 0 200 300 re f Q",
	"q 10 10 180 280 re W n Q q BT 7 Tr /F 150 Tf 10 100 Td (W) Tj ET "
	"1 0 0 rg 0 0 200 300 re f Q",
	"q 10 10 180 280 re W n " ROUND_CLIP "1 0 0 rg 0 0 200 300 re f Q",
	/* not straight, not opaque */
	"q 0 1 -1 0 200 0 cm .5 g 20.5 10.5 250 150 re f Q",
	"1 .1 0 1 0 0 cm 1 0 0 rg 20 20 150 200 re f",
	"1 0 0 rg 20 20 150 200 re f /Half gs 0 0 1 rg 50 50 140 200 re f",
	"1 0 0 rg 20 20 150 200 re f /Darken gs 0 1 1 rg 50 50 140 200 re f",
	/* nothing, and more than there is */
	"1 0 0 rg 20 20 0 200 re f 20 20 .2 250 re f 300 20 150 200 re f",
	"1 0 0 rg -1e30 -1e30 2e30 2e30 re f",
};

/* "re f" with an empty rectangle between. */
static char *made_hard(const char *drawing)
{
	struct buf out = {0};
	const char *at;

	while ((at = strstr(drawing, "re f"))) {
		buf_append(&out, drawing, (size_t)(at - drawing));
		buf_puts(&out, "re 0 0 0 0 re f");
		drawing = at + strlen("re f");
	}
	buf_puts(&out, drawing);
	buf_str(&out);
	return out.data;
}

static struct printed print_drawing(const struct page_spec *spec,
                                    const char *drawing)
{
	struct printed p =
		print(spec, make_page("0 0 200 300", RESOURCES, drawing));

	ck_assert_msg(p.result == 0, "%s", p.err.text);
	return p;
}

static void check_same(const struct page_spec *spec, const char *drawing)
{
	char *hard CLEANUP(xfree) = made_hard(drawing);
	struct printed fast = print_drawing(spec, drawing);
	struct printed slow = print_drawing(spec, hard);

	ck_assert_uint_eq(fast.sink.bytes.len, slow.sink.bytes.len);
	ck_assert_mem_eq(fast.sink.bytes.data, slow.sink.bytes.data,
	                 fast.sink.bytes.len);
	buf_fini(&fast.sink.bytes);
	buf_fini(&slow.sink.bytes);
}

START_TEST(test_large_rectangles_are_painted_as_any_other_path)
{
	static const unsigned dpis[] = {72, 110, 300};

	for (size_t i = 0; i < ARRAY_LEN(dpis); i++) {
		struct page_spec spec = paper(true);

		spec.dpi = dpis[i];
		check_same(&spec, drawings[_i]);
		spec.colour = false;
		check_same(&spec, drawings[_i]);
	}
}
END_TEST

START_TEST(test_rectangles_go_over_the_edges_of_bands)
{
	struct page_spec spec = paper(true);

	spec.dpi = 720; /* 18 MB */
	check_same(&spec, ".9 .8 .7 rg 0 0 200 300 re f "
	                  "0 .5 .5 rg 10.3 10.3 180 280 re f");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pdf fill");
	TCase *tc = tcase_create("pdf fill");

	tcase_add_loop_test(tc,
	                    test_large_rectangles_are_painted_as_any_other_path,
	                    0, ARRAY_LEN(drawings));
	tcase_add_test(tc, test_rectangles_go_over_the_edges_of_bands);
	tcase_set_timeout(tc, 120);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
