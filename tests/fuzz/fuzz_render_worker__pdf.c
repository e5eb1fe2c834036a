/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Any bytes as a PDF: its kind, its pages as they are counted for a printer
 * that takes it as it is, and its pages on a stamp of paper; or a sentence.
 *
 * The input is the file; its last byte, which readers pass over, says what the
 * paper is like. What bounds a file's work is its size: the libraries are not
 * built for the fuzzer, and a large one may be slow with good reason. XPS is
 * not drawn: MuPDF goes round for ever in an odd number of coordinates, which
 * ends with its worker (tests/system/test_bombs.py).
 */
#include <string.h>

#include "base/mem.h"
#include "render/worker/geometry.h"
#include "render/worker/pdf.h"
#include "render/worker/pdf_pass.h"
#include "render/worker/pdf_poppler.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerInitialize(int *argc, char ***argv);
const char *__lsan_default_suppressions(void);

#define MOST_BYTES 16384
#define MOST_PAGES 4

/*
 * What Poppler, the only one here in C++, and its fonts lose is theirs: the
 * process ends with the message. Cairo loses the colours of a drawing that a
 * broken glyph of a Type 3 font put an end to.
 */
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\nleak:libpoppler\nleak:libcairo\nleak:libstdc++\n";
}

/* With a document open, Poppler does not look for fonts anew for each. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const char pdf[] =
		"%PDF-1.1\n1 0 obj<</Pages 2 0 R>>endobj 2 0 obj<</Kids[3 0 R]"
		"/Count 1>>endobj 3 0 obj<</Parent 2 0 R/MediaBox[0 0 9 9]>>"
		"endobj trailer<</Root 1 0 R>>";
	static struct pdf_poppler *kept;

	return pdf_poppler_open(pdf, sizeof pdf - 1, NULL, NULL, &kept, NULL);
}

static int on_write(const void *data, size_t len, void *arg)
{
	return 0;
}

/* 40 to 80 x 60 pixels. */
static struct page_spec paper(uint8_t bits)
{
	struct page_spec spec = {
		.colour = bits & 1,
		.dpi = 72,
		.media = "fuzz",
		.media_width = bits & 2 ? 1411 : 2822,
		.media_height = 2117,
		.margin_left = bits & 4 ? 300 : 0,
		.sides = bits & 8 ? SIDES_LONG_EDGE : SIDES_ONE,
		.scaling = bits >> 4 & 3,
		.number_up = bits & 64 ? 4 : 1,
		.max_pages = MOST_PAGES,
		.max_bytes = 1 << 20,
	};

	return spec;
}

static void print(const void *data, size_t len, const struct page_spec *spec,
                  const struct pdf_options *options)
{
	struct raster *raster = raster_new(spec, on_write, NULL, NULL);
	struct err err = {0};
	int r;

	raster_start_documents(raster);
	r = pdf_render_with(data, len, options, raster_spec(raster), raster,
	                    &err);
	if (r > 0 || (r < 0 && !err.text[0]) ||
	    raster_pages(raster) > MOST_PAGES)
		abort();
	raster_finish(raster, NULL);
	raster_free(raster);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const struct pdf_type *type = pdf_type_of(data, len);
	struct page_spec spec;
	struct pdf_options options = {.password = "secret"};

	if (!type || len > MOST_BYTES)
		return 0;
	options.kind = type->kind;
	spec = paper(data[len - 1]);
	if (geometry_check_spec(&spec, NULL) < 0)
		abort();
	pdf_pass_pages(data, len);
	if (type->kind == PDF_KIND_XPS)
		return 0;
	print(data, len, &spec, &options);
	return 0;
}
