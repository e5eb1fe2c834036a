/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/pdf_mend.h"

#include <string.h>

#include "base/mem.h"
#include "render/worker/image_reader.h"

#define MENDED_MAX 8 /* of a page; more are left out */

bool pdf_mend_is_cut(fz_context *ctx, fz_image *image, size_t *to_search)
{
	fz_compressed_buffer *packed = fz_compressed_image_buffer(ctx, image);

	if (!packed || packed->params.type != FZ_IMAGE_JPEG ||
	    packed->buffer->len > *to_search)
		return false;
	*to_search -= packed->buffer->len;
	return !memmem(packed->buffer->data, packed->buffer->len, "\xff\xd9",
	               2);
}

/* The lines that are there, from the top. */
static void read_lines(struct image_reader *reader, fz_pixmap *pixmap)
{
	unsigned char *line = pixmap->samples;

	for (unsigned y = 0; y < reader->height; y++, line += pixmap->stride) {
		if (image_reader_line(reader, line, NULL) == 0)
			continue;
		memset(line, 0xff, (size_t)reader->width * 3);
		return;
	}
}

/* NULL: nothing of it can be read, or held. */
static struct image_reader *start_reader(fz_context *ctx, fz_image *image)
{
	const fz_compressed_buffer *packed =
		fz_compressed_image_buffer(ctx, image);
	struct image_reader *reader CLEANUP(image_reader_free) = NULL;

	if (image_jpeg_open(packed->buffer->data, packed->buffer->len, true,
	                    &reader, NULL) < 0 ||
	    image_reader_check_held(reader->width, reader->height, "a picture",
	                            NULL) < 0)
		return NULL;
	reader->inks = image->use_decode && image->decode[0] > image->decode[1]
	                       ? IMAGE_INKS_LIGHT
	                       : IMAGE_INKS_DARK;
	if (image_reader_start(reader, reader->width, reader->height, NULL) < 0)
		return NULL;
	return TAKE(reader);
}

/* Throws; NULL: it is left out. */
static fz_image *mend(fz_context *ctx, fz_image *image)
{
	struct image_reader *reader = start_reader(ctx, image);
	fz_pixmap *pixmap = NULL;
	fz_image *mended = NULL;

	if (!reader)
		return NULL;
	fz_var(pixmap);
	fz_try(ctx)
	{
		pixmap = fz_new_pixmap(ctx, fz_device_rgb(ctx),
		                       (int)reader->width, (int)reader->height,
		                       NULL, 0);
		fz_clear_pixmap_with_value(ctx, pixmap, 0xff);
		read_lines(reader, pixmap);
		mended = fz_new_image_from_pixmap(ctx, pixmap, image->mask);
	}
	fz_always(ctx)
	{
		fz_drop_pixmap(ctx, pixmap);
		image_reader_free(reader);
	}
	fz_catch(ctx) fz_rethrow(ctx);
	return mended;
}

/* What the reader makes of it is what the page means. */
static bool is_understood(fz_context *ctx, const fz_image *image)
{
	fz_colorspace *space = image->colorspace;

	return !image->use_colorkey &&
	       (fz_colorspace_is_cmyk(ctx, space) ||
	        (!image->use_decode && (fz_colorspace_is_rgb(ctx, space) ||
	                                fz_colorspace_is_gray(ctx, space))));
}

/* Whether mend->last and mend->mended are about this one. */
static bool has_mended(fz_context *ctx, struct pdf_mend *mended,
                       fz_image *image)
{
	if (mended->last == image)
		return true;
	if (!is_understood(ctx, image) ||
	    !pdf_mend_is_cut(ctx, image, &mended->to_search))
		return false;
	fz_drop_image(ctx, mended->last);
	fz_drop_image(ctx, mended->mended);
	mended->mended = NULL;
	mended->last = fz_keep_image(ctx, image);
	if (mended->n++ < MENDED_MAX)
		mended->mended = mend(ctx, image);
	return true;
}

static void on_fill_image(fz_context *ctx, fz_device *dev, fz_image *image,
                          fz_matrix ctm, float alpha, fz_color_params params)
{
	struct pdf_mend *mended = fz_user_context(ctx);

	if (has_mended(ctx, mended, image))
		image = mended->mended;
	if (image)
		mended->fill_image(ctx, dev, image, ctm, alpha, params);
}

void pdf_mend_take_over(fz_context *ctx, fz_device *dev, struct pdf_mend *mend)
{
	fz_set_user_context(ctx, mend);
	mend->to_search = PDF_MEND_SEARCH_BYTES;
	mend->fill_image = dev->fill_image;
	dev->fill_image = on_fill_image;
}

void pdf_mend_fini(fz_context *ctx, struct pdf_mend *mend)
{
	fz_drop_image(ctx, mend->last);
	fz_drop_image(ctx, mend->mended);
	*mend = (struct pdf_mend){0};
}
