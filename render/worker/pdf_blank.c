/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/pdf_blank.h"

#include <stdint.h>

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

/* What is asked of an open document; throws as MuPDF does. */
typedef size_t question_fn(fz_context *ctx, pdf_document *doc);

static size_t is_blank(fz_context *ctx, pdf_document *doc)
{
	return pdf_count_pages(ctx, doc) == 1 && !has_marks(ctx, doc);
}

static size_t letters_of(fz_stext_page *text)
{
	size_t n = 0;

	for (fz_stext_block *b = text->first_block; b; b = b->next)
		for (fz_stext_line *l = b->type == FZ_STEXT_BLOCK_TEXT
		                                ? b->u.t.first_line
		                                : NULL;
		     l; l = l->next)
			for (fz_stext_char *c = l->first_char; c; c = c->next)
				n += c->c > ' ' && c->c != 0xa0;
	return n;
}

static size_t count_letters(fz_context *ctx, pdf_document *doc)
{
	int n_pages = pdf_count_pages(ctx, doc);
	size_t n = 0;

	for (int i = 0; i < n_pages; i++) {
		fz_stext_page *text =
			fz_new_stext_page_from_page_number(ctx, &doc->super, i,
		                                           NULL);

		n += letters_of(text);
		fz_drop_stext_page(ctx, text);
	}
	return n;
}

static size_t answer(fz_context *ctx, const void *data, size_t len,
                     question_fn *question, size_t unreadable)
{
	fz_stream *stream = NULL;
	pdf_document *doc = NULL;
	size_t result = unreadable;

	fz_var(stream);
	fz_var(doc);
	fz_var(result);
	fz_try(ctx)
	{
		stream = fz_open_memory(ctx, data, len);
		doc = pdf_open_document_with_stream(ctx, stream);
		result = question(ctx, doc);
	}
	fz_always(ctx)
	{
		pdf_drop_document(ctx, doc);
		fz_drop_stream(ctx, stream);
	}
	fz_catch(ctx) result = unreadable;
	return result;
}

/* `unreadable`: the answer where there is none. */
static size_t ask(const void *data, size_t len, question_fn *question,
                  size_t unreadable)
{
	struct pdf_memory memory = {.max = MEMORY_BYTES};
	fz_context *ctx = pdf_memory_context(&memory);
	size_t result;

	if (!ctx)
		return unreadable;
	fz_set_warning_callback(ctx, on_message, NULL);
	fz_set_error_callback(ctx, on_message, NULL);
	result = answer(ctx, data, len, question, unreadable);
	fz_drop_context(ctx);
	return result;
}

bool pdf_is_blank(const void *data, size_t len)
{
	return ask(data, len, is_blank, false);
}

size_t pdf_letters(const void *data, size_t len)
{
	return ask(data, len, count_letters, SIZE_MAX);
}
