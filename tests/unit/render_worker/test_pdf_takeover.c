/* SPDX-License-Identifier: AGPL-3.0-or-later */

#include "pdf_make.h"
#include "render/worker/pdf.h"
#include "tests/unit/check_run.h"

/*
 * A page that MuPDF began and Poppler ends, because it took too long: all of it
 * is there, each line by one of them. How long that is stands in the options;
 * the page is such that a band of it takes many times as much as the test says.
 */
#define SHADINGS   20
#define NEVER      1e9
#define AT_ONCE    1e-9
#define AFTER_BAND 0.02

/* 720 dpi: three bands. Both engines know how, and do not quite agree. */
static struct buf make_slow_page(void)
{
	struct buf content CLEANUP(buf_fini) = {0};

	for (unsigned i = 0; i < SHADINGS; i++)
		buf_puts(&content, "/S sh ");
	buf_puts(&content, "1 0 0 RG 9 w 10 10 m 190 290 l S "
	                   "0 0 1 rg 20 150 m 90 290 120 10 180 150 c f");
	return make_page("0 0 200 300",
	                 "/Resources << /Shading << /S << /ShadingType 2 "
	                 "/ColorSpace /DeviceRGB /Coords [0 0 200 300] "
	                 "/Function << /FunctionType 2 /Domain [0 1] "
	                 "/C0 [1 1 0] /C1 [0 1 1] /N 1 >> >> >> >>",
	                 buf_str(&content));
}

static struct decoded print_within(double seconds)
{
	const struct pdf_options options = {.kind = PDF_KIND_PDF,
	                                    .page_seconds = seconds};
	struct buf pdf CLEANUP(buf_fini) = make_slow_page();
	struct page_spec spec = paper(true);
	struct sink sink = {0};
	struct decoded page;
	struct raster *raster;
	struct err err = {0};
	size_t at = 4;

	spec.dpi = 720;
	raster = raster_new(&spec, sink_write, sink_page, &sink);
	ck_assert_msg(pdf_render_with(pdf.data, pdf.len, &options, &spec,
	                              raster, &err) == 0,
	              "%s", err.text);
	ck_assert_int_eq(raster_finish(raster, NULL), 0);
	raster_free(raster);
	ck_assert_uint_eq(sink.n_pages, 1);
	ck_assert(decode_page(&sink.bytes, spec.format, &at, &page));
	ck_assert_uint_eq(at, sink.bytes.len);
	buf_fini(&sink.bytes);
	return page;
}

/* Whether the lines show the same to the eye. */
static bool is_same_line(const struct decoded *a, const struct decoded *b,
                         unsigned y)
{
	size_t len = (size_t)a->width * a->depth;
	const uint8_t *p = a->pixels + y * len, *q = b->pixels + y * len;

	for (size_t i = 0; i < len; i++)
		if (abs(p[i] - q[i]) > 1)
			return false;
	return true;
}

/* From `first` on, as far as both show the same. */
static unsigned same_until(const struct decoded *a, const struct decoded *b,
                           unsigned first)
{
	unsigned y = first;

	ck_assert_uint_eq(a->height, b->height);
	ck_assert_uint_eq(a->width, b->width);
	while (y < a->height && is_same_line(a, b, y))
		y++;
	return y;
}

START_TEST(test_a_slow_page_goes_on_where_the_first_engine_was_stopped)
{
	struct decoded first = print_within(NEVER);
	struct decoded second = print_within(AT_ONCE);
	struct decoded both = print_within(AFTER_BAND);
	unsigned seam = same_until(&both, &first, 0);

	ck_assert_uint_lt(same_until(&first, &second, 0), seam);
	ck_assert_uint_gt(seam, first.height / 4);
	ck_assert_uint_lt(seam, first.height);
	ck_assert_uint_eq(same_until(&both, &second, seam), first.height);
	free(first.pixels);
	free(second.pixels);
	free(both.pixels);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pdf_takeover");
	TCase *tcase = tcase_create("pdf_takeover");

	tcase_add_test(
		tcase,
		test_a_slow_page_goes_on_where_the_first_engine_was_stopped);
	tcase_set_timeout(tcase, 120);
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
