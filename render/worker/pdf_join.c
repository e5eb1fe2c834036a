/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/pdf_join.h"

#include <errno.h>

#include "render/worker/pdf_memory.h"
#include "render/worker/pdf_save.h"

#define MEMORY_BYTES (384u << 20)

/* What is shared by pages of one PDF stays shared. */
static void add_pages(fz_context *ctx, pdf_document *to, const struct buf *pdf)
{
	fz_stream *stream =
		fz_open_memory(ctx, (const unsigned char *)pdf->data, pdf->len);
	pdf_document *from = NULL;
	pdf_graft_map *map = NULL;

	fz_var(from);
	fz_var(map);
	fz_try(ctx)
	{
		from = pdf_open_document_with_stream(ctx, stream);
		map = pdf_new_graft_map(ctx, to);
		for (int i = 0; i < pdf_count_pages(ctx, from); i++)
			pdf_graft_mapped_page(ctx, map, -1, from, i);
	}
	fz_always(ctx)
	{
		pdf_drop_graft_map(ctx, map);
		pdf_drop_document(ctx, from);
		fz_drop_stream(ctx, stream);
	}
	fz_catch(ctx) fz_rethrow(ctx);
}

static void join(fz_context *ctx, const struct buf *pdfs, size_t n,
                 struct buf *out)
{
	pdf_document *whole = pdf_create_document(ctx);

	fz_try(ctx)
	{
		for (size_t i = 0; i < n; i++)
			add_pages(ctx, whole, &pdfs[i]);
		pdf_save(ctx, whole, out);
	}
	fz_always(ctx) pdf_drop_document(ctx, whole);
	fz_catch(ctx) fz_rethrow(ctx);
}

int pdf_join(const struct buf *pdfs, size_t n, struct buf *out, struct err *err)
{
	struct pdf_memory memory = {.max = MEMORY_BYTES};
	fz_context *ctx;
	int r = 0;

	if (n == 1) {
		buf_append(out, pdfs[0].data, pdfs[0].len);
		return 0;
	}
	ctx = pdf_memory_context(&memory);
	if (!ctx)
		return err_set(err, -ENOMEM, "cannot start the PDF engine");
	fz_var(r);
	fz_try(ctx) join(ctx, pdfs, n, out);
	fz_catch(ctx) r =
		err_set(err,
	                fz_caught(ctx) == FZ_ERROR_MEMORY ? -EFBIG : -EINVAL,
	                "the pages cannot be joined: %s",
	                fz_caught_message(ctx));
	fz_drop_context(ctx);
	return r;
}
