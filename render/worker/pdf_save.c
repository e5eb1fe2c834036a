/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/pdf_save.h"

void pdf_save(fz_context *ctx, pdf_document *doc, struct buf *out)
{
	pdf_write_options options = pdf_default_write_options;
	fz_buffer *file = fz_new_buffer(ctx, 64 * 1024);
	fz_output *output = NULL;
	unsigned char *data;
	size_t len;

	options.do_compress = 1;
	options.do_compress_images = 1;
	options.do_compress_fonts = 1;
	fz_var(output);
	fz_try(ctx)
	{
		output = fz_new_output_with_buffer(ctx, file);
		pdf_write_document(ctx, doc, output, &options);
		fz_close_output(ctx, output);
		len = fz_buffer_storage(ctx, file, &data);
		buf_append(out, data, len);
	}
	fz_always(ctx)
	{
		fz_drop_output(ctx, output);
		fz_drop_buffer(ctx, file);
	}
	fz_catch(ctx) fz_rethrow(ctx);
}
