/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * TIFF by libtiff, all pages. The list of pages is ours and is read first, so
 * that libtiff goes to no directory whose size has not been looked at. Pages
 * come line by line (image_tiff_line.h) or, where they are tiles, planes or of
 * rare colours, in bands as high as a strip or a tile.
 */
#include "render/worker/image_reader.h"

#include <errno.h>
#include <stdio.h>
#include <tiffio.h>

#include "base/mem.h"
#include "render/worker/image_colour.h"
#include "render/worker/image_tiff_line.h"
#include "render/worker/image_tiff_list.h"

#define LEAST_STRETCH 0.2 /* beyond them a resolution is not to be believed */
#define MOST_STRETCH  5.0

struct tiff {
	struct image_reader super; /* first: what others hold */
	const uint8_t *data;       /* the caller's */
	size_t len;
	size_t at; /* libtiff reads the head here; the rest is mapped */
	struct image_tiff_list list;
	unsigned page; /* of the list */
	TIFF *tiff;
	char message[128]; /* what libtiff said last */

	/* of the page */
	struct image_tiff_line *source; /* NULL: it comes in bands */
	TIFFRGBAImage rgba;
	bool has_rgba;
	uint32_t *band;
	unsigned band_height;
	struct image_colour *colour;
	uint8_t *stored; /* one line */
	unsigned lines;  /* given */
};

static tmsize_t on_read(thandle_t handle, void *out, tmsize_t len)
{
	struct tiff *self = handle;
	size_t left = self->at < self->len ? self->len - self->at : 0;
	size_t n = (size_t)len < left ? (size_t)len : left;

	memcpy(out, self->data + self->at, n);
	self->at += n;
	return (tmsize_t)n;
}

static tmsize_t on_write(thandle_t handle, void *data, tmsize_t len)
{
	return 0;
}

static toff_t on_seek(thandle_t handle, toff_t offset, int whence)
{
	struct tiff *self = handle;

	if (whence == SEEK_CUR)
		offset += self->at;
	else if (whence == SEEK_END)
		offset += self->len;
	self->at = offset;
	return offset;
}

static int on_close(thandle_t handle)
{
	return 0;
}

static toff_t on_size(thandle_t handle)
{
	return ((struct tiff *)handle)->len;
}

/* libtiff only reads what it calls mapped. */
static int on_map(thandle_t handle, void **base, toff_t *size)
{
	struct tiff *self = handle;

	*base = (void *)(uintptr_t)self->data;
	*size = self->len;
	return 1;
}

static void on_unmap(thandle_t handle, void *base, toff_t size)
{
}

static void on_error(thandle_t handle, const char *where, const char *format,
                     va_list args)
{
	struct tiff *self = handle;

	if (self)
		vsnprintf(self->message, sizeof self->message, format, args);
}

static int damaged(struct tiff *self, struct err *err)
{
	return err_set(err, -EINVAL, "cannot read page %u of the TIFF file: %s",
	               self->page + 1,
	               self->message[0] ? self->message : "it is damaged");
}

static void leave_page(struct tiff *self)
{
	image_tiff_line_free(TAKE(self->source));
	if (self->has_rgba)
		TIFFRGBAImageEnd(&self->rgba);
	self->has_rgba = false;
	image_colour_free(TAKE(self->colour));
	free(TAKE(self->band));
	free(TAKE(self->stored));
	self->lines = 0;
}

static void tiff_free(struct image_reader *reader)
{
	struct tiff *self = (struct tiff *)reader;

	leave_page(self);
	if (self->tiff)
		TIFFClose(self->tiff);
	image_tiff_list_fini(&self->list);
	free(self);
}

static double stretch_of(TIFF *tiff)
{
	float across = 0, down = 0;

	if (!TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &across) ||
	    !TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &down) ||
	    !(across >= down * LEAST_STRETCH) ||
	    !(across <= down * MOST_STRETCH) || !(down > 0))
		return 1;
	return (double)across / (double)down;
}

/* Look at the page; nothing of it is decoded yet. */
static int enter_page(struct tiff *self, struct err *err)
{
	const struct image_tiff_page *page = &self->list.pages[self->page];
	uint32_t width = 0, height = 0;
	uint16_t orientation = 1;
	int result = image_reader_check_size(page->width, page->height, err);

	if (result < 0)
		return err_wrap(err, result, "page %u of the TIFF file",
		                self->page + 1);
	if (!TIFFSetSubDirectory(self->tiff, page->at))
		return damaged(self, err);
	TIFFGetField(self->tiff, TIFFTAG_IMAGEWIDTH, &width);
	TIFFGetField(self->tiff, TIFFTAG_IMAGELENGTH, &height);
	if (width != page->width || height != page->height)
		return err_set(err, -EINVAL,
		               "page %u of the TIFF file has two sizes",
		               self->page + 1);
	TIFFGetFieldDefaulted(self->tiff, TIFFTAG_ORIENTATION, &orientation);
	self->super.width = width;
	self->super.height = height;
	self->super.orientation =
		orientation >= 1 && orientation <= 8 ? orientation : 1;
	self->super.stretch = stretch_of(self->tiff);
	return 0;
}

/* As high as what is decoded at once. */
static unsigned band_height(TIFF *tiff, unsigned height)
{
	uint32_t lines = height;

	TIFFGetFieldDefaulted(tiff,
	                      TIFFIsTiled(tiff) ? TIFFTAG_TILELENGTH
	                                        : TIFFTAG_ROWSPERSTRIP,
	                      &lines);
	return lines > 0 && lines < height ? lines : height;
}

static int start_bands(struct tiff *self, struct err *err)
{
	unsigned width = self->super.width;
	char message[1024];
	int result;

	self->band_height = band_height(self->tiff, self->super.height);
	result = image_reader_check_held(width, self->band_height,
	                                 "an unusual TIFF", err);
	if (result < 0)
		return result;
	if (!TIFFRGBAImageBegin(&self->rgba, self->tiff, 1, message)) {
		snprintf(self->message, sizeof self->message, "%s", message);
		return damaged(self, err);
	}
	self->has_rgba = true;
	/* the same on both sides: lines come as they are stored */
	self->rgba.orientation = ORIENTATION_TOPLEFT;
	self->rgba.req_orientation = ORIENTATION_TOPLEFT;
	self->band =
		xcalloc((size_t)width * self->band_height, sizeof *self->band);
	return 0;
}

static int start(struct image_reader *reader, unsigned min_width,
                 unsigned min_height, struct err *err)
{
	struct tiff *self = (struct tiff *)reader;
	struct image_colour_in in;
	uint32_t profile_len = 0;
	void *profile = NULL;
	int result = 0;

	self->source = image_tiff_line_new(self->tiff, reader->width, &in);
	if (!self->source) {
		in = (struct image_colour_in){.channels = 3};
		result = start_bands(self, err);
	}
	if (result < 0)
		return result;
	if (TIFFGetField(self->tiff, TIFFTAG_ICCPROFILE, &profile_len,
	                 &profile)) {
		in.profile = profile;
		in.profile_len = profile_len;
	}
	self->stored =
		xmalloc((size_t)reader->width * (in.channels + in.alpha));
	self->colour = image_colour_new(&in, reader->width, reader->depth);
	return 0;
}

static unsigned smaller(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Colours in a band are multiplied with their alpha: the rest is white. */
static void put_band_line(const uint32_t *in, unsigned width, uint8_t *out)
{
	for (unsigned x = 0; x < width; x++) {
		unsigned paper = 255 - TIFFGetA(in[x]);

		*out++ = (uint8_t)smaller(TIFFGetR(in[x]) + paper, 255);
		*out++ = (uint8_t)smaller(TIFFGetG(in[x]) + paper, 255);
		*out++ = (uint8_t)smaller(TIFFGetB(in[x]) + paper, 255);
	}
}

static bool read_band(struct tiff *self, unsigned y)
{
	unsigned width = self->super.width;

	if (y % self->band_height != 0)
		return true;
	self->rgba.row_offset = (int)y;
	return TIFFRGBAImageGet(&self->rgba, self->band, width,
	                        smaller(self->band_height,
	                                self->super.height - y));
}

static int line(struct image_reader *reader, uint8_t *pixels, struct err *err)
{
	struct tiff *self = (struct tiff *)reader;
	unsigned y = self->lines++;
	bool ok = self->source
	                  ? image_tiff_line_read(self->source, y, self->stored)
	                  : read_band(self, y);

	if (!ok) {
		damaged(self, err);
		return IMAGE_ENDS;
	}
	if (!self->source)
		put_band_line(self->band + (size_t)reader->width *
		                                   (y % self->band_height),
		              reader->width, self->stored);
	image_colour_line(self->colour, self->stored, pixels);
	return 0;
}

static int turn_page(struct image_reader *reader, struct err *err)
{
	struct tiff *self = (struct tiff *)reader;

	leave_page(self);
	self->page++;
	self->message[0] = '\0';
	return enter_page(self, err);
}

/* "h": the first directory is not read before we say so. */
static int read_head(struct tiff *self, struct err *err)
{
	int result =
		image_tiff_list_read(self->data, self->len, &self->list, err);

	if (result < 0)
		return result;
	self->super.n_pages = self->list.n_pages;
	TIFFSetErrorHandler(NULL);
	TIFFSetErrorHandlerExt(on_error);
	TIFFSetWarningHandler(NULL);
	self->tiff =
		TIFFClientOpen("mail", "rh", self, on_read, on_write, on_seek,
	                       on_close, on_size, on_map, on_unmap);
	if (!self->tiff)
		return damaged(self, err);
	return enter_page(self, err);
}

int image_tiff_open(const void *data, size_t len, bool colour,
                    struct image_reader **out, struct err *err)
{
	struct tiff *self = xcalloc(1, sizeof *self);
	int result;

	image_reader_init(&self->super, colour);
	self->super.start = start;
	self->super.line = line;
	self->super.turn_page = turn_page;
	self->super.free = tiff_free;
	self->data = data;
	self->len = len;
	result = read_head(self, err);
	if (result < 0) {
		tiff_free(&self->super);
		return result;
	}
	*out = &self->super;
	return 0;
}
