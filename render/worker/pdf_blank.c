/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/pdf_blank.h"

#include <mupdf/fitz.h>
#include <mupdf/pdf.h>

#include "render/worker/pdf_memory.h"
#include "render/worker/pdf_page.h"

#define MEMORY_BYTES (64u << 20) /* a page that needs more is not blank */

/* What is wrong with it is said by whoever prints it. */
static void on_message(void *arg, const char *message)
{
}

static bool has_marks(fz_context *ctx, pdf_document *doc)
{
	fz_rect marks = fz_empty_rect;
	fz_page *page = fz_load_page(ctx, &doc->super, 0);
	fz_device *dev = NULL;

	fz_var(dev);
	fz_try(ctx)
	{
		dev = fz_new_bbox_device(ctx, &marks);
		pdf_page_run(ctx, page, dev, fz_identity);
		fz_close_device(ctx, dev);
	}
	fz_always(ctx)
	{
		fz_drop_device(ctx, dev);
		fz_drop_page(ctx, page);
	}
	fz_catch(ctx) fz_rethrow(ctx);
	return !fz_is_empty_rect(marks);
}

static bool is_blank(fz_context *ctx, const void *data, size_t len)
{
	fz_stream *stream = NULL;
	pdf_document *doc = NULL;
	bool blank = false;

	fz_var(stream);
	fz_var(doc);
	fz_var(blank);
	fz_try(ctx)
	{
		stream = fz_open_memory(ctx, data, len);
		doc = pdf_open_document_with_stream(ctx, stream);
		blank = pdf_count_pages(ctx, doc) == 1 && !has_marks(ctx, doc);
	}
	fz_always(ctx)
	{
		pdf_drop_document(ctx, doc);
		fz_drop_stream(ctx, stream);
	}
	fz_catch(ctx) blank = false;
	return blank;
}

bool pdf_is_blank(const void *data, size_t len)
{
	struct pdf_memory memory = {.max = MEMORY_BYTES};
	fz_context *ctx = pdf_memory_context(&memory);
	bool blank;

	if (!ctx)
		return false;
	fz_set_warning_callback(ctx, on_message, NULL);
	fz_set_error_callback(ctx, on_message, NULL);
	blank = is_blank(ctx, data, len);
	fz_drop_context(ctx);
	return blank;
}
