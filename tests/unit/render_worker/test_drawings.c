/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Pages that are kept as drawings become the same pixels as pages that are made
 * at once: both ways are gone and compared, dot by dot.
 */
#include <stdlib.h>

#include "image_make.h"
#include "pdf_make.h"
#include "render/worker/page_range.h"
#include "render/worker/text.h"
#include "tests/unit/check_run.h"

#define SIDES_MAX 8

/* Fontconfig, Pango and Cairo keep what they looked up. */
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\nleak:libcairo\nleak:libpango\nleak:libglib\n";
}

/* Prints something into a raster; 0 or what the renderer said. */
typedef int document_fn(struct raster *raster, struct err *err);

struct sides {
	struct decoded page[SIDES_MAX];
	unsigned n;
};

static struct page_spec sheet(void)
{
	struct page_spec spec = {
		.colour = true,
		.dpi = 100,
		.media = "iso_a4_210x297mm",
		.media_width = 21000,
		.media_height = 29700,
		.margin_left = 400,
		.margin_right = 600,
		.margin_top = 500,
		.margin_bottom = 700,
		.max_pages = 10,
		.max_bytes = 1 << 28,
	};

	return spec;
}

static struct buf print_all(const struct page_spec *spec,
                            document_fn *const *documents)
{
	struct sink sink = {0};
	struct raster *raster = raster_new(spec, sink_write, sink_page, &sink);
	struct err err = {0};

	raster_start_documents(raster);
	for (; *documents; documents++)
		ck_assert_msg((*documents)(raster, &err) == 0, "%s", err.text);
	ck_assert_msg(raster_finish(raster, &err) == 0, "%s", err.text);
	ck_assert_uint_eq(raster_pages(raster), sink.n_pages);
	raster_free(raster);
	return sink.bytes;
}

static struct sides decode_all(struct buf data)
{
	struct sides sides = {0};
	size_t at = 4;

	while (at < data.len) {
		ck_assert_uint_lt(sides.n, SIDES_MAX);
		ck_assert(decode_page(&data, PAGE_PWG, &at,
		                      &sides.page[sides.n++]));
	}
	buf_fini(&data);
	return sides;
}

static void sides_fini(struct sides *sides)
{
	for (unsigned i = 0; i < sides->n; i++)
		free(sides->page[i].pixels);
}

/* What is kept; the caller's. */
static struct buf keep(const struct page_spec *spec,
                       document_fn *const *documents)
{
	struct page_spec kept = *spec;

	kept.format = PAGE_DRAWINGS;
	return print_all(&kept, documents);
}

static struct buf kept_file; /* what print_kept() prints */

static int print_kept(struct raster *raster, struct err *err)
{
	return pdf_render(kept_file.data, kept_file.len, raster_spec(raster),
	                  raster, err);
}

static struct sides print_drawings(const struct page_spec *spec,
                                   struct buf drawings)
{
	static document_fn *const documents[] = {print_kept, NULL};
	struct page_spec as_kept = *spec;
	struct buf data;

	as_kept.scaling = SCALING_NONE;
	as_kept.ranges.n = 0;
	kept_file = drawings;
	data = print_all(&as_kept, documents);
	buf_fini(&kept_file);
	return decode_all(data);
}

/* Mean distance of two pages, of 255, and how much ink the first has. */
static double distance(const struct decoded *a, const struct decoded *b,
                       double *ink)
{
	size_t n = (size_t)a->width * a->height;
	double sum = 0, dark = 0;

	ck_assert_uint_eq(a->width, b->width);
	ck_assert_uint_eq(a->height, b->height);
	ck_assert_uint_eq(a->depth, b->depth);
	for (size_t i = 0; i < n * a->depth; i++) {
		sum += abs(a->pixels[i] - b->pixels[i]);
		dark += 255 - a->pixels[i];
	}
	*ink = dark / (double)(n * a->depth);
	return sum / (double)(n * a->depth);
}

/* Of the ink at most `share` lies elsewhere. */
static void check_same(const struct page_spec *spec,
                       document_fn *const *documents, double share)
{
	struct sides at_once = decode_all(print_all(spec, documents));
	struct sides later = print_drawings(spec, keep(spec, documents));

	ck_assert_uint_gt(at_once.n, 0);
	ck_assert_uint_eq(at_once.n, later.n);
	for (unsigned i = 0; i < at_once.n; i++) {
		double ink,
			far = distance(&at_once.page[i], &later.page[i], &ink);

		ck_assert_double_gt(ink, 0.05);
		ck_assert_msg(far <= ink * share,
		              "side %u: %.3f of %.3f differ", i + 1, far, ink);
	}
	sides_fini(&at_once);
	sides_fini(&later);
}

/* ---- documents ---------------------------------------------------------- */

static int print_text(struct raster *raster, struct err *err)
{
	static const char text[] =
		"Dear neighbour,\n\nthe lift is repaired. \xd8\xb4\xd9\x83"
		"\xd8\xb1\xd8\xa7 and \xe8\xac\x9d\xe8\xac\x9d.\n"
		"Yours\n\fSecond page\n";

	return text_render(text, sizeof text - 1, &text_plain,
	                   raster_spec(raster), raster, err);
}

/* Frees the PDF. */
static int print_made(struct buf *pdf, struct raster *raster, struct err *err)
{
	int result = pdf_render(pdf->data, pdf->len, raster_spec(raster),
	                        raster, err);

	buf_fini(pdf);
	return result;
}

/* Turned, cut, with what stands on it only in print. */
static int print_pdf(struct raster *raster, struct err *err)
{
	struct buf pdf = make_page(
		"0 0 400 300",
		"/Rotate 90 /CropBox [50 0 400 300] "
		"/Annots [ << /Type /Annot /Subtype /Square /F 4 "
		"/Rect [300 200 380 280] /AP << /N 5 0 R >> >> ]",
		"1 0 0 rg 60 20 100 80 re f 0 0 1 rg 200 30 40 200 re f");

	return print_made(&pdf, raster, err);
}

static int print_two_page_pdf(struct raster *raster, struct err *err)
{
	static const char *const objects[] = {
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 "
		"/MediaBox [0 0 595 842] /Resources << /Font << /F 7 0 R >> "
		"/XObject << /Look 8 0 R >> >> >>",
		"<< /Type /Page /Parent 2 0 R /Contents [5 0 R 6 0 R] "
		"/Annots [9 0 R 10 0 R] >>",
		"<< /Type /Page /Parent 2 0 R /Contents 6 0 R "
		"/Group << /S /Transparency /CS /DeviceRGB >> >>",
		"<< /Length 40 >>\nstream\n"
		"q 0 .5 0 rg 100 100 200 200 re f        \nendstream",
		"<< /Length 51 >>\nstream\n"
		"Q BT /F 40 Tf 80 600 Td (Kept as a drawing) Tj ET  \n"
		"endstream",
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
		"<< /Type /XObject /Subtype /Form /BBox [0 0 10 10] "
		"/Length 26 >>\nstream\n.8 0 .8 rg 0 0 10 10 re f \nendstream",
		"<< /Type /Annot /Subtype /Stamp /F 4 /Rect [400 400 500 500] "
		"/AP << /N 8 0 R >> >>",
		"<< /Type /Annot /Subtype /Stamp /F 2 /Rect [0 0 90 90] "
		"/AP << /N 8 0 R >> >>",
	};
	struct buf pdf = make_pdf(objects, ARRAY_LEN(objects), "");

	return print_made(&pdf, raster, err);
}

/*
 * Squares that say what they are, white and red, and not how they look; MuPDF
 * draws them. The font is one that is changed before the page is drawn, which
 * takes such looks away.
 */
static int print_mark(struct raster *raster, struct err *err)
{
	struct buf pdf = make_page(
		"0 0 595 842",
		"/Resources << /Font << /F << /Type /Font /Subtype /Type3 "
		"/CharProcs << >> /ToUnicode 5 0 R >> >> >> "
		"/Annots [ << /Type /Annot /Subtype /Square /F 4 "
		"/Rect [50 100 250 700] /C [1] /IC [1] >> "
		"<< /Type /Annot /Subtype /Square /F 4 "
		"/Rect [300 100 500 700] /C [1 0 0] /IC [1 0 0] >> ]",
		"");

	return print_made(&pdf, raster, err);
}

static void shade(unsigned x, unsigned y, uint8_t *c)
{
	c[0] = (uint8_t)(x * 2);
	c[1] = (uint8_t)(y * 3);
	c[2] = (uint8_t)(255 - x);
}

static int print_picture(struct raster *raster, struct err *err)
{
	static const struct image_make make = {
		.width = 120,
		.height = 80,
		.pixel = shade,
		.channels = 3,
		.space = JCS_RGB,
		.orientation = 6,
	};
	struct buf jpeg = image_make_jpeg(&make);
	int result = image_render(jpeg.data, jpeg.len, raster_spec(raster),
	                          raster, err);

	buf_fini(&jpeg);
	return result;
}

static int print_svg(struct raster *raster, struct err *err)
{
	static const char svg[] =
		"<svg xmlns='http://www.w3.org/2000/svg' width='300' "
		"height='200'><circle cx='60' cy='60' r='50' fill='#0a0'/>"
		"<path d='M150 20 L290 180 L150 180 Z' fill='#a0f'/></svg>";

	return image_render(svg, sizeof svg - 1, raster_spec(raster), raster,
	                    err);
}

/* ---- tests --------------------------------------------------------------- */

/* Two engines smooth the edges of letters differently. */
#define OF_LETTERS .35
#define OF_SHAPES  .02

START_TEST(test_text_that_is_kept_prints_as_text)
{
	static document_fn *const documents[] = {print_text, NULL};
	struct page_spec spec = sheet();

	check_same(&spec, documents, OF_LETTERS);
	spec.dpi = 300;
	check_same(&spec, documents, OF_LETTERS / 2);
}
END_TEST

START_TEST(test_pdf_page_is_kept_as_it_is_turned_and_cut)
{
	static document_fn *const documents[] = {print_pdf, NULL};
	struct page_spec spec = sheet();

	check_same(&spec, documents, OF_SHAPES);
	spec.scaling = SCALING_FILL;
	check_same(&spec, documents, OF_SHAPES);
	spec.scaling = SCALING_NONE;
	check_same(&spec, documents, OF_SHAPES);
}
END_TEST

START_TEST(test_annotations_are_kept_as_they_are_printed)
{
	static document_fn *const documents[] = {print_two_page_pdf, NULL};
	struct page_spec spec = sheet();
	struct sides sides = print_drawings(&spec, keep(&spec, documents));
	const struct decoded *page = &sides.page[0];
	size_t stamp = (size_t)page->height * (842 - 450) / 842 * page->width +
	               page->width * 450 / 595;
	size_t hidden = (size_t)page->height * (842 - 45) / 842 * page->width +
	                page->width * 45 / 595;

	ck_assert_uint_eq(sides.n, 2);
	ck_assert_uint_lt(page->pixels[stamp * 3 + 1], 20);
	ck_assert_uint_eq(page->pixels[hidden * 3 + 1], 255);
	sides_fini(&sides);
	check_same(&spec, documents, OF_SHAPES);
}
END_TEST

START_TEST(test_annotation_without_a_look_of_its_own_is_printed_and_kept)
{
	static document_fn *const documents[] = {print_mark, NULL};
	struct page_spec spec = sheet();

	check_same(&spec, documents, OF_SHAPES);
}
END_TEST

START_TEST(test_picture_is_kept_as_pixels)
{
	static document_fn *const documents[] = {print_picture, NULL};
	struct page_spec spec = sheet();

	check_same(&spec, documents, OF_SHAPES);
}
END_TEST

START_TEST(test_line_art_is_kept_as_line_art)
{
	static document_fn *const documents[] = {print_svg, NULL};
	struct page_spec spec = sheet();

	check_same(&spec, documents, OF_SHAPES);
}
END_TEST

START_TEST(test_kinds_that_alternate_keep_their_order)
{
	static document_fn *const documents[] = {print_text,
	                                         print_picture,
	                                         print_two_page_pdf,
	                                         print_svg,
	                                         print_pdf,
	                                         NULL};
	struct page_spec spec = sheet();

	check_same(&spec, documents, OF_LETTERS);
}
END_TEST

START_TEST(test_pages_nobody_asked_for_are_not_kept)
{
	static document_fn *const documents[] = {print_text, print_svg,
	                                         print_two_page_pdf, NULL};
	struct page_spec spec = sheet();
	struct sides sides;

	ck_assert_int_eq(page_range_parse("2-3,5", &spec.ranges, NULL), 0);
	sides = print_drawings(&spec, keep(&spec, documents));
	ck_assert_uint_eq(sides.n, 3);
	sides_fini(&sides);
	check_same(&spec, documents, OF_LETTERS);
}
END_TEST

START_TEST(test_pages_share_a_side_when_they_become_pixels)
{
	static document_fn *const documents[] = {print_picture, print_svg,
	                                         print_two_page_pdf, NULL};
	struct page_spec spec = sheet();

	spec.number_up = 4;
	check_same(&spec, documents, OF_LETTERS / 2);
	spec.number_up = 2;
	check_same(&spec, documents, OF_LETTERS / 2);
}
END_TEST

START_TEST(test_other_resolution_and_gray_can_be_made_of_it)
{
	static document_fn *const documents[] = {print_two_page_pdf, print_svg,
	                                         NULL};
	struct page_spec spec = sheet(), other = sheet();
	struct sides later, at_once;
	double ink;

	other.dpi = 150;
	other.colour = false;
	later = print_drawings(&other, keep(&spec, documents));
	at_once = decode_all(print_all(&other, documents));
	ck_assert_uint_eq(later.n, at_once.n);
	for (unsigned i = 0; i < later.n; i++) {
		double far = distance(&at_once.page[i], &later.page[i], &ink);

		ck_assert_msg(far < ink * OF_LETTERS, "side %u: %.3f of %.3f",
		              i + 1, far, ink);
	}
	sides_fini(&later);
	sides_fini(&at_once);
}
END_TEST

START_TEST(test_drawings_beyond_the_limit_are_told)
{
	struct page_spec spec = sheet();
	struct sink sink = {0};
	struct raster *raster;
	struct err err = {0};

	spec.format = PAGE_DRAWINGS;
	spec.max_bytes = 1000;
	raster = raster_new(&spec, sink_write, sink_page, &sink);
	print_picture(raster, NULL);
	ck_assert_int_lt(raster_finish(raster, &err), 0);
	ck_assert_ptr_nonnull(strstr(err.text, "1000 bytes"));
	ck_assert_uint_eq(sink.bytes.len, 0);
	raster_free(raster);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("drawings");
	TCase *tcase = tcase_create("drawings");

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, test_text_that_is_kept_prints_as_text);
	tcase_add_test(tcase, test_pdf_page_is_kept_as_it_is_turned_and_cut);
	tcase_add_test(tcase, test_annotations_are_kept_as_they_are_printed);
	tcase_add_test(
		tcase,
		test_annotation_without_a_look_of_its_own_is_printed_and_kept);
	tcase_add_test(tcase, test_picture_is_kept_as_pixels);
	tcase_add_test(tcase, test_line_art_is_kept_as_line_art);
	tcase_add_test(tcase, test_kinds_that_alternate_keep_their_order);
	tcase_add_test(tcase, test_pages_nobody_asked_for_are_not_kept);
	tcase_add_test(tcase, test_pages_share_a_side_when_they_become_pixels);
	tcase_add_test(tcase, test_other_resolution_and_gray_can_be_made_of_it);
	tcase_add_test(tcase, test_drawings_beyond_the_limit_are_told);
	suite_add_tcase(suite, tcase);
	return check_run(suite);
}
