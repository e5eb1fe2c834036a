/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_UNIT_RENDER_WORKER_PDF_MAKE_H
#define TESTS_UNIT_RENDER_WORKER_PDF_MAKE_H

#include <check.h>

#include "raster_decode.h"

/* Small PDFs for the tests, and their way through the renderer. */

/* At 72 dpi a pixel is a point. 200 x 300 points of paper. */
static inline struct page_spec paper(bool colour)
{
	struct page_spec spec = {
		.colour = colour,
		.dpi = 72,
		.media = "custom_test",
		.media_width = 7056,
		.media_height = 10584,
		.max_pages = 10,
		.max_bytes = 1 << 30,
	};

	return spec;
}

/* Objects 1 to n, as they stand between "n 0 obj" and "endobj". */
static inline struct buf make_pdf(const char *const *objects, unsigned n,
                                  const char *trailer)
{
	struct buf pdf = {0};
	size_t offsets[16];
	size_t xref;

	buf_puts(&pdf, "%PDF-1.7\n");
	for (unsigned i = 0; i < n; i++) {
		offsets[i] = pdf.len;
		buf_printf(&pdf, "%u 0 obj\n%s\nendobj\n", i + 1, objects[i]);
	}
	xref = pdf.len;
	buf_printf(&pdf, "xref\n0 %u\n0000000000 65535 f \n", n + 1);
	for (unsigned i = 0; i < n; i++)
		buf_printf(&pdf, "%010zu 00000 n \n", offsets[i]);
	buf_printf(
		&pdf,
		"trailer\n<< /Size %u /Root 1 0 R %s >>\nstartxref\n%zu\n%%%%EOF\n",
		n + 1, trailer, xref);
	return pdf;
}

/* One page: its box, what else its dictionary says, and what it draws. */
static inline struct buf make_page(const char *box, const char *more,
                                   const char *content)
{
	char *page = xasprintf("<< /Type /Page /Parent 2 0 R /Contents 4 0 R "
	                       "/MediaBox [%s] %s >>",
	                       box, more);
	char *stream = xasprintf("<< /Length %zu >>\nstream\n%s\nendstream",
	                         strlen(content), content);
	const char *const objects[] =
		{"<< /Type /Catalog /Pages 2 0 R >>",
	         "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page, stream};
	struct buf pdf = make_pdf(objects, ARRAY_LEN(objects), "");

	free(page);
	free(stream);
	return pdf;
}

struct printed {
	int result;
	struct err err;
	struct sink sink;
	unsigned pages;
};

static inline struct printed print(const struct page_spec *spec, struct buf pdf)
{
	struct printed p = {0};
	struct raster *raster =
		raster_new(spec, sink_write, sink_page, &p.sink);

	p.result = pdf_render(pdf.data, pdf.len, spec, raster, &p.err);
	ck_assert_int_eq(raster_finish(raster, NULL), 0);
	p.pages = raster_pages(raster);
	ck_assert_uint_eq(p.pages, p.sink.n_pages);
	raster_free(raster);
	buf_fini(&pdf);
	return p;
}

#endif
