/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/pdf_pass.h"

#include <mupdf/fitz.h>
#include <mupdf/pdf.h>

#include "render/worker/pdf_memory.h"

#define STORE_BYTES  (1u << 20)
#define MEMORY_BYTES (384u << 20)

/* What a document makes MuPDF say is no line of our log. */
static void on_message(void *arg, const char *message)
{
}

/* Throws. A file that had to be repaired is nothing for a printer. */
static int count(fz_context *ctx, pdf_document *doc)
{
	if (pdf_needs_password(ctx, doc) || pdf_was_repaired(ctx, doc))
		return 0;
	return pdf_count_pages(ctx, doc);
}

static int open_and_count(fz_context *ctx, const void *data, size_t len)
{
	fz_stream *stream = NULL;
	pdf_document *doc = NULL;
	int n = 0;

	fz_var(stream);
	fz_var(doc);
	fz_var(n);
	fz_try(ctx)
	{
		stream = fz_open_memory(ctx, data, len);
		doc = pdf_open_document_with_stream(ctx, stream);
		n = count(ctx, doc);
	}
	fz_always(ctx)
	{
		pdf_drop_document(ctx, doc);
		fz_drop_stream(ctx, stream);
	}
	fz_catch(ctx) n = 0;
	return n > 0 ? n : 0;
}

unsigned pdf_pass_pages(const void *data, size_t len)
{
	struct pdf_memory memory = {.max = MEMORY_BYTES};
	fz_alloc_context alloc = pdf_memory_functions(&memory);
	fz_context *ctx = fz_new_context(&alloc, NULL, STORE_BYTES);
	int n;

	if (!ctx)
		return 0;
	fz_set_warning_callback(ctx, on_message, NULL);
	fz_set_error_callback(ctx, on_message, NULL);
	n = open_and_count(ctx, data, len);
	fz_drop_context(ctx);
	return (unsigned)n;
}
