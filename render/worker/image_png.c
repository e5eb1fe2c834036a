/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * PNG by libpng. Whatever the file holds comes as RGBA of 8 bits and is laid on
 * white paper here. Errors are long jumps, as in image_jpeg.c.
 */
#include "render/worker/image_reader.h"

#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <png.h>

#include "base/mem.h"
#include "render/worker/image_exif.h"

#define CHUNK_BYTES       (1u << 20)
#define READ_BYTES        512 /* at once: what a cut costs at most */
#define RGBA              4
/* Interlaced files are read as a whole: 200 MB of RGBA. */
#define INTERLACED_PIXELS (IMAGE_MAX_PIXELS / 2)

struct png {
	struct image_reader super; /* first: what others hold */
	png_structp png;
	png_infop info;
	const uint8_t *data; /* not yet read; the caller's */
	size_t left;
	char message[128]; /* why we jumped */
	bool interlaced;
	uint8_t *rgba;  /* one line, or all of them if interlaced */
	unsigned lines; /* given */
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
	free(self->rgba);
	free(self);
}

/* Whatever it is, make it RGBA. */
static void set_transformations(png_structp png)
{
	png_set_expand(png);
	png_set_scale_16(png);
	png_set_gray_to_rgb(png);
	png_set_add_alpha(png, 0xff, PNG_FILLER_AFTER);
}

/*
 * All passes into one buffer, each pixel over those that later passes bring. A
 * file that breaks off leaves a coarse picture, or white (alpha 0) where
 * nothing came.
 */
static int read_interlaced(struct png *self, int passes, struct err *err)
{
	size_t line_len = (size_t)self->super.width * RGBA;
	volatile bool any = false;

	if (setjmp(png_jmpbuf(self->png)))
		return any ? 0 : damaged(self, err);
	for (int pass = 0; pass < passes; pass++) {
		for (unsigned y = 0; y < self->super.height; y++) {
			png_read_row(self->png, NULL,
			             self->rgba + line_len * y);
			any = true;
		}
	}
	return 0;
}

static int start(struct image_reader *reader, unsigned min_width,
                 unsigned min_height, struct err *err)
{
	struct png *self = (struct png *)reader;
	size_t line_len = (size_t)reader->width * RGBA;
	int passes;

	if (setjmp(png_jmpbuf(self->png)))
		return damaged(self, err);
	set_transformations(self->png);
	passes = png_set_interlace_handling(self->png);
	png_start_read_image(self->png);
	if (png_get_interlace_type(self->png, self->info) ==
	    PNG_INTERLACE_NONE) {
		self->rgba = xmalloc(line_len);
		return 0;
	}
	if ((uint64_t)reader->width * reader->height > INTERLACED_PIXELS)
		return err_set(
			err, -EFBIG,
			"an interlaced PNG picture of %u x %u pixels is too large",
			reader->width, reader->height);
	self->interlaced = true;
	self->rgba = xcalloc(reader->height, line_len);
	return read_interlaced(self, passes, err);
}

static unsigned on_white(unsigned value, unsigned alpha)
{
	return (value * alpha + 255 * (255 - alpha) + 127) / 255;
}

static void convert_line(const struct png *self, const uint8_t *in,
                         uint8_t *out)
{
	for (unsigned x = 0; x < self->super.width; x++, in += RGBA) {
		unsigned r = on_white(in[0], in[3]);
		unsigned g = on_white(in[1], in[3]);
		unsigned b = on_white(in[2], in[3]);

		if (self->super.depth == 3) {
			*out++ = (uint8_t)r;
			*out++ = (uint8_t)g;
			*out++ = (uint8_t)b;
		} else {
			*out++ = (uint8_t)((r * 77 + g * 150 + b * 29) >> 8);
		}
	}
}

static int read_row(struct png *self, struct err *err)
{
	if (setjmp(png_jmpbuf(self->png))) {
		damaged(self, err);
		return IMAGE_ENDS;
	}
	png_read_row(self->png, self->rgba, NULL);
	return 0;
}

static int line(struct image_reader *reader, uint8_t *pixels, struct err *err)
{
	struct png *self = (struct png *)reader;
	size_t line_len = (size_t)reader->width * RGBA;
	int result = self->interlaced ? 0 : read_row(self, err);

	if (result != 0)
		return result;
	if (self->interlaced)
		convert_line(self, self->rgba + line_len * self->lines++,
		             pixels);
	else
		convert_line(self, self->rgba, pixels);
	return 0;
}

/* Nothing that is not pixels is kept, so nothing of it is inflated either. */
static void refuse_side_dishes(png_structp png)
{
	static const png_byte chunks[] = "tEXt\0zTXt\0iTXt\0iCCP\0sPLT";

	png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, chunks, 5);
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
	self->super.orientation = 1;
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

	self->super.start = start;
	self->super.line = line;
	self->super.free = png_free_reader;
	self->super.depth = colour ? 3 : 1;
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
