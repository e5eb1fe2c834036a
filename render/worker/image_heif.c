/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * HEIC and AVIF by libheif: the primary picture of the file, which libheif
 * turns and cuts as the file says (ISO/IEC 23008-12, 6.5); their Exif block
 * repeats that and is not looked at.
 */
#include "render/worker/image_reader.h"

#include <errno.h>
#include <malloc.h>
#include <libheif/heif.h>

#include "base/mem.h"
#include "render/worker/image_colour.h"

#define PROFILE_BYTES (8u << 20)

struct heif {
	struct image_reader super; /* first: what others hold */
	struct heif_context *context;
	struct heif_image_handle *handle;
	struct heif_image *image;
	const uint8_t *pixels; /* the image's, RGB or RGBA */
	int stride;
	unsigned lines; /* given */
	struct image_colour *colour;
};

static int damaged(struct heif_error why, struct err *err)
{
	const char *text = why.message ? why.message : "it is damaged";

	if (why.subcode == heif_suberror_Unsupported_codec)
		return err_set(
			err, -EINVAL,
			"cannot read the HEIF picture: there is no decoder for it");
	return err_set(err, -EINVAL, "cannot read the HEIF picture: %.*s",
	               (int)strcspn(text, "\n"), text);
}

static void heif_free(struct image_reader *reader)
{
	struct heif *self = (struct heif *)reader;

	image_colour_free(self->colour);
	heif_image_release(self->image);
	heif_image_handle_release(self->handle);
	heif_context_free(self->context);
	free(self);
}

static struct image_colour *colour_of(struct heif *self, bool alpha)
{
	size_t len = heif_image_handle_get_raw_color_profile_size(self->handle);
	uint8_t *profile CLEANUP(xfree) = NULL;
	struct image_colour_in in = {.channels = 3, .alpha = alpha};

	if (len > 0 && len <= PROFILE_BYTES) {
		profile = xmalloc(len);
		if (heif_image_handle_get_raw_color_profile(self->handle,
		                                            profile)
		            .code == heif_error_Ok) {
			in.profile = profile;
			in.profile_len = len;
		}
	}
	return image_colour_new(&in, self->super.width, self->super.depth);
}

static int start(struct image_reader *reader, unsigned min_width,
                 unsigned min_height, struct err *err)
{
	struct heif *self = (struct heif *)reader;
	bool alpha = heif_image_handle_has_alpha_channel(self->handle);
	struct heif_error why =
		heif_decode_image(self->handle, &self->image,
	                          heif_colorspace_RGB,
	                          alpha ? heif_chroma_interleaved_RGBA
	                                : heif_chroma_interleaved_RGB,
	                          NULL);
	int width, height;

	if (why.code != heif_error_Ok)
		return damaged(why, err);
	self->pixels = heif_image_get_plane_readonly(self->image,
	                                             heif_channel_interleaved,
	                                             &self->stride);
	width = heif_image_get_width(self->image, heif_channel_interleaved);
	height = heif_image_get_height(self->image, heif_channel_interleaved);
	if (!self->pixels || width < 1 || height < 1)
		return err_set(err, -EINVAL, "the picture is empty");
	/* what was decoded may differ from what was declared */
	reader->width = (unsigned)width;
	reader->height = (unsigned)height;
	self->colour = colour_of(self, alpha);
	return 0;
}

static int line(struct image_reader *reader, uint8_t *pixels, struct err *err)
{
	struct heif *self = (struct heif *)reader;

	image_colour_line(self->colour,
	                  self->pixels +
	                          (ptrdiff_t)self->stride * self->lines++,
	                  pixels);
	return 0;
}

static int read_head(struct heif *self, const void *data, size_t len,
                     struct err *err)
{
	struct heif_error why;
	int width, height, result;

	self->context = heif_context_alloc();
	why = heif_context_read_from_memory_without_copy(self->context, data,
	                                                 len, NULL);
	if (why.code == heif_error_Ok)
		why = heif_context_get_primary_image_handle(self->context,
		                                            &self->handle);
	if (why.code != heif_error_Ok)
		return damaged(why, err);
	/* tiles one after the other: threads cost memory, and others wait */
	heif_context_set_max_decoding_threads(self->context, 0);
	/* the decoders start some all the same: 64 MB of addresses for each */
	mallopt(M_ARENA_MAX, 1);
	width = heif_image_handle_get_width(self->handle);
	height = heif_image_handle_get_height(self->handle);
	self->super.width = width > 0 ? (unsigned)width : 0;
	self->super.height = height > 0 ? (unsigned)height : 0;
	result = image_reader_check_size(self->super.width, self->super.height,
	                                 err);
	if (result < 0)
		return result;
	return image_reader_check_held(self->super.width, self->super.height,
	                               "a HEIF", err);
}

int image_heif_open(const void *data, size_t len, bool colour,
                    struct image_reader **out, struct err *err)
{
	struct heif *self = xcalloc(1, sizeof *self);
	int result;

	image_reader_init(&self->super, colour);
	self->super.start = start;
	self->super.line = line;
	self->super.free = heif_free;
	result = read_head(self, data, len, err);
	if (result < 0) {
		heif_free(&self->super);
		return result;
	}
	*out = &self->super;
	return 0;
}
