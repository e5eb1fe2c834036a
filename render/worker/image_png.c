/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * PNG by libpng. Whatever the file holds comes as gray or RGB of 8 bits, with
 * alpha where there is any. Errors are long jumps, as in image_jpeg.c.
 */
#include "render/worker/image_reader.h"

#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <png.h>

#include "base/mem.h"
#include "render/worker/image_colour.h"
#include "render/worker/image_exif.h"

#define CHUNK_BYTES (1u << 20)
#define READ_BYTES  512 /* at once: what a cut costs at most */

struct png {
	struct image_reader super; /* first: what others hold */
	png_structp png;
	png_infop info;
	const uint8_t *data; /* not yet read; the caller's */
	size_t left;
	char message[128]; /* why we jumped */
	bool interlaced;
	struct image_colour_in in;
	struct image_colour *colour;
	uint8_t *stored; /* one line, or all of them if interlaced */
	unsigned lines;  /* given */
};

static void on_error(png_structp png, png_const_charp message)
{
	struct png *self = png_get_error_ptr(png);

	snprintf(self->message, sizeof self->message, "%s", message);
	longjmp(png_jmpbuf(png), 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
}

static void on_read(png_structp png, png_bytep out, size_t len)
{
	struct png *self = png_get_io_ptr(png);

	if (len > self->left)
		png_error(png, "it is cut off");
	memcpy(out, self->data, len);
	self->data += len;
	self->left -= len;
}

static int damaged(struct png *self, struct err *err)
{
	return err_set(err, -EINVAL, "cannot read the PNG picture: %s",
	               self->message);
}

static void png_free_reader(struct image_reader *reader)
{
	struct png *self = (struct png *)reader;

	png_destroy_read_struct(&self->png, &self->info, NULL);
	image_colour_free(self->colour);
	free(self->stored);
	free(self);
}

static size_t stored_len(const struct png *self)
{
	return (size_t)self->super.width *
	       (self->in.channels + (self->in.alpha ? 1 : 0));
}

/*
 * Gray stays gray, so that a profile for gray fits it. Interlaced files get
 * alpha in any case: it says which pixels have come.
 */
static void set_transformations(struct png *self)
{
	int type = png_get_color_type(self->png, self->info);
	png_charp name;
	png_bytep profile;
	png_uint_32 profile_len;
	int method;

	png_set_expand(self->png);
	png_set_scale_16(self->png);
	self->in.channels = type & PNG_COLOR_MASK_COLOR ? 3 : 1;
	self->in.alpha = self->interlaced || type & PNG_COLOR_MASK_ALPHA ||
	                 png_get_valid(self->png, self->info, PNG_INFO_tRNS);
	if (self->in.alpha)
		png_set_add_alpha(self->png, 0xff, PNG_FILLER_AFTER);
	if (png_get_iCCP(self->png, self->info, &name, &method, &profile,
	                 &profile_len)) {
		self->in.profile = profile;
		self->in.profile_len = profile_len;
	}
}

/*
 * All passes into one buffer, each pixel over those that later passes bring. A
 * file that breaks off leaves a coarse picture, or white (alpha 0) where
 * nothing came.
 */
static int read_interlaced(struct png *self, int passes, struct err *err)
{
	size_t line_len = stored_len(self);
	volatile bool any = false;

	if (setjmp(png_jmpbuf(self->png))) {
		int result = damaged(self, err);

		self->super.is_cut = any;
		return any ? 0 : result;
	}
	for (int pass = 0; pass < passes; pass++) {
		for (unsigned y = 0; y < self->super.height; y++) {
			png_read_row(self->png, NULL,
			             self->stored + line_len * y);
			any = true;
		}
	}
	return 0;
}

static int start(struct image_reader *reader, unsigned min_width,
                 unsigned min_height, struct err *err)
{
	struct png *self = (struct png *)reader;
	int passes, result;

	if (setjmp(png_jmpbuf(self->png)))
		return damaged(self, err);
	self->interlaced = png_get_interlace_type(self->png, self->info) !=
	                   PNG_INTERLACE_NONE;
	set_transformations(self);
	passes = png_set_interlace_handling(self->png);
	png_start_read_image(self->png);
	self->colour =
		image_colour_new(&self->in, reader->width, reader->depth);
	if (!self->interlaced) {
		self->stored = xmalloc(stored_len(self));
		return 0;
	}
	result = image_reader_check_held(reader->width, reader->height,
	                                 "an interlaced PNG", err);
	if (result < 0)
		return result;
	self->stored = xcalloc(reader->height, stored_len(self));
	return read_interlaced(self, passes, err);
}

static int read_row(struct png *self, struct err *err)
{
	if (setjmp(png_jmpbuf(self->png))) {
		damaged(self, err);
		return IMAGE_ENDS;
	}
	png_read_row(self->png, self->stored, NULL);
	return 0;
}

static int line(struct image_reader *reader, uint8_t *pixels, struct err *err)
{
	struct png *self = (struct png *)reader;
	const uint8_t *stored = self->stored;
	int result = self->interlaced ? 0 : read_row(self, err);

	if (result != 0)
		return result;
	if (self->interlaced)
		stored += stored_len(self) * self->lines++;
	image_colour_line(self->colour, stored, pixels);
	return 0;
}

/*
 * Nothing but pixels and their colours is kept, so nothing else is inflated; of
 * a profile no more than CHUNK_BYTES.
 */
static void refuse_side_dishes(png_structp png)
{
	static const png_byte chunks[] = "tEXt\0zTXt\0iTXt\0sPLT";

	png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, chunks, 4);
	png_set_user_limits(png, IMAGE_MAX_SIDE, IMAGE_MAX_SIDE);
	png_set_chunk_malloc_max(png, CHUNK_BYTES);
}

static int read_head(struct png *self, struct err *err)
{
	png_uint_32 len = 0;
	png_bytep exif = NULL;

	self->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, self,
	                                   on_error, on_warning);
	self->info = png_create_info_struct(self->png);
	if (setjmp(png_jmpbuf(self->png)))
		return damaged(self, err);
	refuse_side_dishes(self->png);
	png_set_read_fn(self->png, self, on_read);
	png_set_compression_buffer_size(self->png, READ_BYTES);
	png_read_info(self->png, self->info);
	self->super.width = png_get_image_width(self->png, self->info);
	self->super.height = png_get_image_height(self->png, self->info);
	if (png_get_eXIf_1(self->png, self->info, &len, &exif))
		self->super.orientation = image_exif_orientation(exif, len);
	return image_reader_check_size(self->super.width, self->super.height,
	                               err);
}

int image_png_open(const void *data, size_t len, bool colour,
                   struct image_reader **out, struct err *err)
{
	struct png *self = xcalloc(1, sizeof *self);
	int result;

	image_reader_init(&self->super, colour);
	self->super.start = start;
	self->super.line = line;
	self->super.free = png_free_reader;
	self->data = data;
	self->left = len;
	result = read_head(self, err);
	if (result < 0) {
		png_free_reader(&self->super);
		return result;
	}
	*out = &self->super;
	return 0;
}
