/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * GIF by giflib: the first picture of the file, on its canvas. Nothing after
 * that picture is read, so a film costs no more than a still.
 */
#include "render/worker/image_reader.h"

#include <errno.h>
#include <gif_lib.h>

#include "base/mem.h"
#include "render/worker/image_colour.h"

#define RGBA 4

struct gif {
	struct image_reader super; /* first: what others hold */
	GifFileType *gif;
	const uint8_t *data; /* not yet read; the caller's */
	size_t left;
	int transparent;    /* index, or NO_TRANSPARENT_COLOR */
	GifImageDesc frame; /* where it lies on the canvas */
	GifColorType palette[256];
	uint8_t *indices;  /* one line of the frame, or all if interlaced */
	unsigned complete; /* lines of an interlaced frame */
	uint8_t *rgba;     /* one line of the canvas */
	unsigned lines;    /* given */
	struct image_colour *colour;
};

static int on_read(GifFileType *gif, GifByteType *out, int len)
{
	struct gif *self = gif->UserData;
	size_t n = (size_t)len < self->left ? (size_t)len : self->left;

	memcpy(out, self->data, n);
	self->data += n;
	self->left -= n;
	return (int)n;
}

static int damaged(struct gif *self, struct err *err)
{
	const char *why = self->gif ? GifErrorString(self->gif->Error) : NULL;

	return err_set(err, -EINVAL, "cannot read the GIF picture: %s",
	               why ? why : "its head is damaged");
}

static void gif_free(struct image_reader *reader)
{
	struct gif *self = (struct gif *)reader;

	if (self->gif)
		DGifCloseFile(self->gif, NULL);
	image_colour_free(self->colour);
	free(self->indices);
	free(self->rgba);
	free(self);
}

/* Which index is clear stands in an extension before the picture. */
static bool read_extension(struct gif *self)
{
	GifByteType *block;
	int code;

	if (DGifGetExtension(self->gif, &code, &block) == GIF_ERROR)
		return false;
	while (block) {
		GraphicsControlBlock control;

		if (code == GRAPHICS_EXT_FUNC_CODE &&
		    DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK)
			self->transparent = control.TransparentColor;
		if (DGifGetExtensionNext(self->gif, &block) == GIF_ERROR)
			return false;
	}
	return true;
}

static bool find_picture(struct gif *self)
{
	GifRecordType type;

	do {
		if (DGifGetRecordType(self->gif, &type) == GIF_ERROR ||
		    type == TERMINATE_RECORD_TYPE)
			return false;
		if (type == EXTENSION_RECORD_TYPE && !read_extension(self))
			return false;
	} while (type != IMAGE_DESC_RECORD_TYPE);
	return DGifGetImageDesc(self->gif) == GIF_OK;
}

/* Indices beyond the palette, and all without one, are black. */
static void copy_palette(struct gif *self)
{
	const ColorMapObject *map = self->frame.ColorMap ? self->frame.ColorMap
	                                                 : self->gif->SColorMap;

	if (map && map->ColorCount <= 256)
		memcpy(self->palette, map->Colors,
		       (size_t)map->ColorCount * sizeof *map->Colors);
}

static unsigned larger(int a, int b)
{
	return (unsigned)(a > b ? a : b);
}

static int read_head(struct gif *self, struct err *err)
{
	self->gif = DGifOpen(self, on_read, NULL);
	if (!self->gif || !find_picture(self))
		return damaged(self, err);
	self->frame = self->gif->Image;
	copy_palette(self);
	/* some say 0 x 0 for the canvas */
	self->super.width =
		larger(self->gif->SWidth, self->frame.Left + self->frame.Width);
	self->super.height = larger(self->gif->SHeight,
	                            self->frame.Top + self->frame.Height);
	if (self->frame.Width < 1 || self->frame.Height < 1)
		return err_set(err, -EINVAL, "the picture is empty");
	return image_reader_check_size(self->super.width, self->super.height,
	                               err);
}

/* With what has come, if any has. */
static int end_early(struct gif *self, bool any, struct err *err)
{
	int result = damaged(self, err);

	self->super.is_cut = any;
	return any ? 0 : result;
}

/*
 * Lines come in four rounds (GIF89a, appendix E). Where a file breaks off, a
 * line that has not come shows the nearest one above that has.
 */
static int read_interlaced(struct gif *self, struct err *err)
{
	static const struct {
		unsigned first, step;
	} rounds[4] = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};
	unsigned height = (unsigned)self->frame.Height;
	size_t len = (size_t)self->frame.Width;

	for (unsigned i = 0; i < ARRAY_LEN(rounds); i++) {
		for (unsigned y = rounds[i].first; y < height;
		     y += rounds[i].step) {
			uint8_t *line = self->indices + len * y;
			unsigned end = rounds[i].first > 0 ? rounds[i].first
			                                   : rounds[i].step;

			if (DGifGetLine(self->gif, line, (int)len) == GIF_ERROR)
				return end_early(self, i + y > 0, err);
			if (self->complete <= y)
				self->complete = y + 1;
			for (unsigned k = 1; k < end && y + k < height; k++)
				memcpy(line + len * k, line, len);
		}
		self->complete = height;
	}
	return 0;
}

static int start(struct image_reader *reader, unsigned min_width,
                 unsigned min_height, struct err *err)
{
	struct gif *self = (struct gif *)reader;
	struct image_colour_in in = {.channels = 3, .alpha = true};
	int result;

	self->rgba = xmalloc((size_t)reader->width * RGBA);
	self->colour = image_colour_new(&in, reader->width, reader->depth);
	if (!self->frame.Interlace) {
		self->indices = xmalloc((size_t)self->frame.Width);
		return 0;
	}
	result = image_reader_check_held(reader->width, reader->height,
	                                 "an interlaced GIF", err);
	if (result < 0)
		return result;
	self->indices =
		xcalloc((size_t)self->frame.Height, (size_t)self->frame.Width);
	return read_interlaced(self, err);
}

static void put_line(struct gif *self, const uint8_t *indices)
{
	uint8_t *out = self->rgba + (size_t)self->frame.Left * RGBA;

	for (int x = 0; x < self->frame.Width; x++, out += RGBA) {
		const GifColorType *c = &self->palette[indices[x]];

		out[0] = c->Red;
		out[1] = c->Green;
		out[2] = c->Blue;
		out[3] = indices[x] == self->transparent ? 0 : 255;
	}
}

/* Line y of the frame; IMAGE_ENDS where there is none. */
static int read_line(struct gif *self, unsigned y, struct err *err)
{
	const uint8_t *indices = self->indices;
	int width = self->frame.Width;

	if (self->frame.Interlace && y < self->complete)
		indices += (size_t)width * y;
	else if (self->frame.Interlace ||
	         DGifGetLine(self->gif, self->indices, width) == GIF_ERROR) {
		damaged(self, err);
		return IMAGE_ENDS;
	}
	put_line(self, indices);
	return 0;
}

static int line(struct image_reader *reader, uint8_t *pixels, struct err *err)
{
	struct gif *self = (struct gif *)reader;
	unsigned top = (unsigned)self->frame.Top;
	unsigned y = self->lines++;
	int result = 0;

	memset(self->rgba, 0, (size_t)reader->width * RGBA);
	if (y >= top && y - top < (unsigned)self->frame.Height)
		result = read_line(self, y - top, err);
	if (result == 0)
		image_colour_line(self->colour, self->rgba, pixels);
	return result;
}

int image_gif_open(const void *data, size_t len, bool colour,
                   struct image_reader **out, struct err *err)
{
	struct gif *self = xcalloc(1, sizeof *self);
	int result;

	image_reader_init(&self->super, colour);
	self->super.start = start;
	self->super.line = line;
	self->super.free = gif_free;
	self->data = data;
	self->left = len;
	self->transparent = NO_TRANSPARENT_COLOR;
	result = read_head(self, err);
	if (result < 0) {
		gif_free(&self->super);
		return result;
	}
	*out = &self->super;
	return 0;
}
