/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * PDF by MuPDF. Its errors are long jumps, so they are caught here, once, and
 * everything that must be dropped afterwards stands in struct pdf.
 */
#include <errno.h>

#include "base/mem.h"
#include "render/worker/page.h"
#include "render/worker/pdf_memory.h"
#include "render/worker/pdf_page.h"

#define STORE_BYTES  (64u << 20)  /* decoded images and fonts kept */
#define MEMORY_BYTES (384u << 20) /* MuPDF as a whole */

struct pdf {
	struct pdf_memory memory;
	fz_alloc_context alloc;
	fz_context *ctx;
	pdf_document *doc;
	struct pdf_band band;
	int page; /* being drawn, from 1; 0: none yet */
};

/* What a document makes MuPDF say is no line of our log. */
static void on_message(void *arg, const char *message)
{
}

static int init(struct pdf *pdf, struct err *err)
{
	pdf->memory.max = MEMORY_BYTES;
	pdf->alloc = pdf_memory_functions(&pdf->memory);
	pdf->ctx = fz_new_context(&pdf->alloc, NULL, STORE_BYTES);
	if (!pdf->ctx)
		return err_set(err, -ENOMEM, "cannot start the PDF engine");
	fz_set_warning_callback(pdf->ctx, on_message, NULL);
	fz_set_error_callback(pdf->ctx, on_message, NULL);
	return 0;
}

static void fini(struct pdf *pdf)
{
	if (pdf->doc)
		fz_drop_document(pdf->ctx, &pdf->doc->super);
	fz_drop_context(pdf->ctx);
	pdf_band_fini(&pdf->band);
}

static pdf_document *open_document(fz_context *ctx, const void *data,
                                   size_t len)
{
	fz_stream *stream = fz_open_memory(ctx, data, len);
	pdf_document *doc = NULL;

	fz_var(doc);
	fz_try(ctx) doc = pdf_open_document_with_stream(ctx, stream);
	fz_always(ctx) fz_drop_stream(ctx, stream);
	fz_catch(ctx) fz_rethrow(ctx);
	return doc;
}

/* Pages of the document, or < 0. */
static int check_document(struct pdf *pdf, const struct page_spec *spec,
                          const struct raster *raster, struct err *err)
{
	unsigned room = spec->max_pages - raster_pages(raster);
	int n_pages;

	if (pdf_needs_password(pdf->ctx, pdf->doc))
		return err_set(err, -EACCES,
		               "the PDF is protected with a password");
	n_pages = pdf_count_pages(pdf->ctx, pdf->doc);
	if (n_pages < 1)
		return err_set(err, -EINVAL, "the PDF has no pages");
	if (raster_sides_for(raster, (unsigned)n_pages) > room)
		return err_set(err, -E2BIG,
		               "the PDF has %d pages; %u may be printed",
		               n_pages, room);
	return n_pages;
}

static int too_much_memory(struct err *err)
{
	return err_set(err, -EFBIG, "the PDF needs too much memory");
}

static int draw_document(struct pdf *pdf, const void *data, size_t len,
                         const struct page_spec *spec, struct raster *raster,
                         struct err *err)
{
	int result = 0;
	int n_pages;

	if (len == 0)
		return err_set(err, -EINVAL, "the PDF is empty");
	pdf->doc = open_document(pdf->ctx, data, len);
	n_pages = check_document(pdf, spec, raster, err);
	if (n_pages < 0)
		return n_pages;
	while (pdf->page < n_pages && result == 0) {
		pdf->page++;
		if (!raster_is_wanted(raster)) {
			raster_skip_page(raster);
			continue;
		}
		result = pdf_page_draw(pdf->ctx, pdf->doc, pdf->page - 1, spec,
		                       raster, &pdf->band, err);
		/* a page with a hole is worse than none */
		if (result == 0 && pdf->memory.refused > 0)
			return too_much_memory(err);
	}
	return result;
}

static int caught(struct pdf *pdf, struct err *err)
{
	const char *message = fz_caught_message(pdf->ctx);

	if (fz_caught(pdf->ctx) == FZ_ERROR_MEMORY)
		return too_much_memory(err);
	if (pdf->page == 0)
		return err_set(err, -EINVAL, "cannot read the PDF: %s",
		               message);
	return err_set(err, -EINVAL, "cannot draw page %d of the PDF: %s",
	               pdf->page, message);
}

int pdf_render(const void *data, size_t len, const struct page_spec *spec,
               struct raster *raster, struct err *err)
{
	struct pdf pdf = {0};
	int result = init(&pdf, err);

	fz_var(result);
	if (result < 0)
		return result;
	fz_try(pdf.ctx) result =
		draw_document(&pdf, data, len, spec, raster, err);
	fz_catch(pdf.ctx) result = caught(&pdf, err);
	fini(&pdf);
	return result;
}
