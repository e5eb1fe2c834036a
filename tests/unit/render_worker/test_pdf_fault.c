/* SPDX-License-Identifier: AGPL-3.0-or-later */

#include "pdf_make.h"
#include "render/worker/pdf.h"
#include "tests/unit/check_run.h"

#define INK     "1 0 0 rg 0 0 20 20 re f "
#define PICTURE "q 99 0 0 99 9 9 cm /I Do Q"

static struct pdf_faults faults_of(struct buf pdf)
{
	struct pdf_faults faults = {0};
	const struct pdf_options options = {.kind = PDF_KIND_PDF,
	                                    .faults = &faults};
	struct page_spec spec = paper(true);
	struct sink sink = {0};
	struct raster *raster = raster_new(&spec, sink_write, sink_page, &sink);
	struct err err = {0};

	ck_assert_msg(pdf_render_with(pdf.data, pdf.len, &options, &spec,
	                              raster, &err) == 0,
	              "%s", err.text);
	ck_assert_int_eq(raster_finish(raster, NULL), 0);
	ck_assert_uint_gt(raster_pages(raster), 0);
	raster_free(raster);
	buf_fini(&sink.bytes);
	buf_fini(&pdf);
	return faults;
}

static void check_sentence(const struct pdf_faults *faults, const char *wanted)
{
	struct buf found CLEANUP(buf_fini) = {0};

	pdf_faults_put(faults, &found);
	ck_assert_str_eq(buf_str(&found), wanted);
}

/* Everything that is cut, garbled or not there, by both engines. */
static const struct {
	const char *resources, *content, *sentence;
} damages[] = {
	{"", INK, ""},
	{"", INK "foo ) > bar", ""},
	{"", INK "BI /W 2 /H 2 /CS /G /BPC 8 ID abcd EI", ""},
	{"", INK "BI /W 2 /H 90 /CS /G /BPC 8 /F /AHx ID 00FF00> EI",
         "a picture on page 1 is damaged and not printed as a whole"},
	{"", INK "BI /W 8 /H 8 /CS /G /BPC 8 /F /DCT ID junk EI",
         "a picture on page 1 is damaged and not printed as a whole"},
	{"",
         "1 1 0 0 k 0 0 9 9 re f BI /W 8 /H 8 /CS /G /BPC 8 /F /DCT ID "
         "junk EI",
         "a picture on page 1 is damaged and not printed as a whole"},
	{"", INK PICTURE, "page 1 is damaged: something on it may be missing"},
	{"", "1 1 0 0 k 0 0 9 9 re f " PICTURE,
         "page 1 is damaged: something on it may be missing"},
	{"/Shading << /S << /ShadingType 9 /ColorSpace /DeviceRGB >> >>",
         INK "/S sh", "page 1 is damaged: something on it may be missing"},
	{"/Font << /F << /Type /Font /Subtype /Type0 /BaseFont /A "
         "/Encoding /Identity-H /DescendantFonts [9 0 R] >> >>",
         "BT /F 20 Tf 20 20 Td (A) Tj ET",
         "a font on page 1 cannot be read: letters may be wrong or missing"},
	{"", "1 1 0 0 k 0 0 9 9 re f BT /F 20 Tf 20 20 Td (A) Tj ET",
         "a font on page 1 cannot be read: letters may be wrong or missing"},
	{"", "/Pattern cs /P scn 0 0 9 9 re f",
         "page 1 is damaged: something on it may be missing"},
	{"", "1 1 0 0 k 0 0 9 9 re f /Pattern cs /P scn 0 0 9 9 re f",
         "page 1 is damaged: something on it may be missing"},
	{"/Font << /F << /Type /Font /Subtype /TrueType /BaseFont /A "
         "/FontDescriptor << /Type /FontDescriptor /FontName /A /Flags 4 "
         "/FontFile2 4 0 R >> >> >>",
         "BT /F 20 Tf 20 20 Td (A) Tj ET",
         "a font on page 1 cannot be read: letters may be wrong or missing"},
	{"/Font << /F << /Type /Font /Subtype /TrueType /BaseFont /A "
         "/FontDescriptor << /Type /FontDescriptor /FontName /A /Flags 4 "
         "/FontFile2 4 0 R >> >> >>",
         "1 1 0 0 k BT /F 20 Tf 20 20 Td (A) Tj ET",
         "a font on page 1 cannot be read: letters may be wrong or missing"},
};

START_TEST(test_what_an_engine_leaves_out_is_a_sentence)
{
	char *words = xasprintf("/Resources << %s >>", damages[_i].resources);
	struct pdf_faults faults =
		faults_of(make_page("0 0 200 300", words, damages[_i].content));

	check_sentence(&faults, damages[_i].sentence);
	free(words);
}
END_TEST

/* Equal words about two pages are two words, and a sound page has none. */
START_TEST(test_each_damaged_page_is_named)
{
	static const char *const objects[] = {
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R 4 0 R 3 0 R 4 0 R 4 0 R] "
		"/Count 5 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] "
		"/Contents 5 0 R >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] "
		"/Contents 6 0 R >>",
		"<< /Length 8 >>\nstream\n0 g 0 g \nendstream",
		"<< /Length 56 >>\nstream\n"
		"BI /W 2 /H 90 /CS /G /BPC 8 /F /AHx ID 00FF00FF0000> EI \n"
		"endstream",
	};
	struct pdf_faults faults =
		faults_of(make_pdf(objects, ARRAY_LEN(objects), ""));

	check_sentence(&faults, "pictures on pages 2, 4 and 5 are damaged and "
	                        "not printed as a whole");
}
END_TEST

START_TEST(test_of_many_damaged_pages_the_first_are_named)
{
	struct pdf_faults faults = {0};

	for (unsigned page = 1; page <= 9; page++) {
		pdf_faults_add(&faults, PDF_FAULT_CONTENT);
		pdf_faults_end_page(&faults, page);
	}
	pdf_faults_add(&faults, PDF_FAULT_FONT);
	pdf_faults_end_page(&faults, 12);
	pdf_faults_add(&faults, PDF_FAULT_PICTURE);
	pdf_faults_forget(&faults);
	pdf_faults_end_page(&faults, 13);
	check_sentence(
		&faults,
		"a font on page 12 cannot be read: letters may be wrong or "
		"missing; pages 1, 2, 3, 4 and 5 more are damaged: "
		"something on them may be missing");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pdf_fault");
	TCase *tc = tcase_create("pdf_fault");

	tcase_add_loop_test(tc, test_what_an_engine_leaves_out_is_a_sentence, 0,
	                    (int)ARRAY_LEN(damages));
	tcase_add_test(tc, test_each_damaged_page_is_named);
	tcase_add_test(tc, test_of_many_damaged_pages_the_first_are_named);
	suite_add_tcase(suite, tc);
	return check_run(suite);
}
