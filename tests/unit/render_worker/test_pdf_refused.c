/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>

#include "pdf_make.h"
#include "render/worker/pdf_memory.h"
#include "render/worker/pdf_poppler.h"
#include "tests/unit/check_run.h"

static void check_refused(const struct page_spec *spec, struct buf pdf,
                          int result, const char *sentence)
{
	struct printed p = print(spec, pdf);

	ck_assert_int_eq(p.result, result);
	ck_assert_str_eq(p.err.text, sentence);
	ck_assert_uint_eq(p.pages, 0);
	buf_fini(&p.sink.bytes);
}

static struct buf make_protected(void)
{
	static const char *const objects[] = {
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] >>",
		"<< /Filter /Standard /V 1 /R 2 /P -4 "
		"/O (0123456789abcdef0123456789abcdef) "
		"/U (0123456789abcdef0123456789abcdef) >>",
	};

	return make_pdf(objects, ARRAY_LEN(objects),
	                "/Encrypt 4 0 R /ID [(a) (a)]");
}

START_TEST(test_a_protected_pdf_asks_for_its_password_in_words)
{
	struct page_spec spec = paper(false);

	check_refused(&spec, make_protected(), -EACCES,
	              "it is protected by a password");
}
END_TEST

START_TEST(test_a_wrong_password_does_not_break_the_second_engine)
{
	struct buf pdf CLEANUP(buf_fini) = make_protected();
	struct pdf_poppler *poppler = NULL;
	struct err err = {0};

	ck_assert_int_eq(pdf_poppler_open(pdf.data, pdf.len, "wrong", NULL,
	                                  &poppler, &err),
	                 -EACCES);
	ck_assert_str_eq(err.text, "it is protected by a password");
	ck_assert_ptr_null(poppler);
}
END_TEST

START_TEST(test_too_many_pages_are_refused_before_the_first)
{
	static const char *const objects[] = {
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R 3 0 R 3 0 R] /Count 3 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] >>",
	};
	struct page_spec spec = paper(false);

	spec.max_pages = 2;
	check_refused(
		&spec, make_pdf(objects, 3, ""), -E2BIG,
		"the PDF has 3 pages; 2 may be printed: name some in the subject, as [pages=1-2]");
}
END_TEST

START_TEST(test_a_million_claimed_pages_are_refused)
{
	static const char *const objects[] = {
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1000000 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] >>",
	};
	struct page_spec spec = paper(false);

	check_refused(
		&spec, make_pdf(objects, 3, ""), -E2BIG,
		"the PDF has 1000000 pages; 10 may be printed: name some in the subject, as [pages=1-10]");
}
END_TEST

START_TEST(test_what_is_no_pdf_is_refused_with_a_sentence)
{
	static const char *const objects[] = {
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [] /Count 0 >>",
	};
	struct page_spec spec = paper(false);
	struct buf bytes = {0};

	check_refused(&spec, make_pdf(objects, 2, ""), -EINVAL,
	              "the PDF has no pages");
	buf_puts(&bytes, "%PDF-1.4\nthis is none");
	check_refused(&spec, bytes, -EINVAL,
	              "cannot read the PDF: no objects found");
	bytes = (struct buf){0};
	check_refused(&spec, bytes, -EINVAL, "the PDF is empty");
}
END_TEST

START_TEST(test_a_pdf_cut_anywhere_prints_or_says_why)
{
	struct page_spec spec = paper(false);
	struct buf whole CLEANUP(buf_fini) =
		make_page("0 0 200 300", "", "0 g 20 250 50 30 re f");

	for (size_t len = 0; len < whole.len; len++) {
		struct buf part = {0};
		struct printed p;

		buf_append(&part, whole.data, len);
		p = print(&spec, part);
		ck_assert(p.result == 0 || p.err.text[0]);
		ck_assert(p.result <= 0);
		buf_fini(&p.sink.bytes);
	}
}
END_TEST

START_TEST(test_an_image_beyond_all_memory_is_refused)
{
	static const char *const objects[] = {
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] "
		"/Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>",
		"<< /Length 28 >>\nstream\n200 0 0 300 0 0 cm /I Do    \nendstream",
		/* JBIG2: a segment that says its page is 65000 x 65000 */
		"<< /Type /XObject /Subtype /Image /Width 65000 /Height 65000 "
		"/ColorSpace /DeviceGray /BitsPerComponent 1 "
		"/Filter [/ASCIIHexDecode /JBIG2Decode] /Length 61 >>\n"
		"stream\n00000000300001000000130000FDE80000FDE8"
		"0000000000000000000000>\nendstream",
	};
	struct page_spec spec = paper(false);
	struct printed p = print(&spec, make_pdf(objects, 5, ""));

	ck_assert_str_eq(
		p.err.text,
		"the PDF needs too much memory: more than 384 MB; send less of it at a time");
	ck_assert_int_eq(p.result, -EFBIG);
	buf_fini(&p.sink.bytes);
}
END_TEST

START_TEST(test_memory_has_a_ceiling_and_comes_back)
{
	struct pdf_memory memory = {0, 1000000};
	fz_alloc_context f = pdf_memory_functions(&memory);
	void *a = f.malloc(f.user, 600000);
	void *b;

	ck_assert_ptr_nonnull(a);
	ck_assert_ptr_null(f.malloc(f.user, 600000));
	ck_assert_uint_eq(memory.refused, 600000);
	ck_assert_ptr_null(f.malloc(f.user, SIZE_MAX / 2));
	ck_assert_ptr_null(f.realloc(f.user, a, 1200000));
	a = f.realloc(f.user, a, 100000);
	b = f.malloc(f.user, 600000);
	ck_assert_ptr_nonnull(b);
	ck_assert_uint_eq(memory.refused, 1200000);
	b = f.realloc(f.user, b, 500000);
	ck_assert_uint_eq(memory.refused, 1200000);
	f.free(f.user, a);
	f.free(f.user, b);
	f.free(f.user, NULL);
	ck_assert_uint_eq(memory.used, 0);
}
END_TEST

static Suite *pdf_refused_suite(void)
{
	Suite *suite = suite_create("pdf_refused");
	TCase *tc = tcase_create("pdf_refused");

	tcase_add_test(tc, test_a_protected_pdf_asks_for_its_password_in_words);
	tcase_add_test(tc,
	               test_a_wrong_password_does_not_break_the_second_engine);
	tcase_add_test(tc, test_too_many_pages_are_refused_before_the_first);
	tcase_add_test(tc, test_a_million_claimed_pages_are_refused);
	tcase_add_test(tc, test_what_is_no_pdf_is_refused_with_a_sentence);
	tcase_add_test(tc, test_a_pdf_cut_anywhere_prints_or_says_why);
	tcase_add_test(tc, test_an_image_beyond_all_memory_is_refused);
	tcase_add_test(tc, test_memory_has_a_ceiling_and_comes_back);
	tcase_set_timeout(tc, 120);
	suite_add_tcase(suite, tc);
	return suite;
}

int main(void)
{
	return check_run(pdf_refused_suite());
}
