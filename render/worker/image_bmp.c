/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Windows and OS/2 bitmaps. The file is in memory, and its lines have one
 * length, so they are read from the top although they are stored from the
 * bottom; only run lengths have to be unrolled first.
 */
#include "render/worker/image_reader.h"

#include <endian.h>
#include <errno.h>

#include "base/mem.h"
#include "render/worker/image_bmp_head.h"
#include "render/worker/image_colour.h"
#include "render/worker/little_endian.h"

#define RGBA 4

struct bmp {
	struct image_reader super; /* first: what others hold */
	struct image_bmp_head head;
	const uint8_t *data; /* the caller's */
	size_t len;
	uint8_t *indices; /* all of them, where there were run lengths */
	uint8_t *rgba;    /* one line */
	unsigned lines;   /* given */
	struct image_colour *colour;
};

static void bmp_free(struct image_reader *reader)
{
	struct bmp *self = (struct bmp *)reader;

	image_colour_free(self->colour);
	free(self->indices);
	free(self->rgba);
	free(self);
}

static bool has_runs(const struct bmp *self)
{
	return self->head.code == IMAGE_BMP_RLE8 ||
	       self->head.code == IMAGE_BMP_RLE4;
}

static size_t line_len(const struct bmp *self)
{
	return ((size_t)self->super.width * self->head.bits + 31) / 32 * 4;
}

/* Some programs name a mask for alpha and then leave all of it at 0. */
static bool has_alpha(const struct bmp *self)
{
	uint32_t mask = self->head.masks[3].mask;
	uint32_t pixel;

	if (self->head.bits != 32)
		return mask != 0;
	for (size_t at = self->head.pixels; at + 4 <= self->len; at += 4) {
		memcpy(&pixel, self->data + at, sizeof pixel);
		if (le32toh(pixel) & mask)
			return true;
	}
	return false;
}

/* Of the last line, which some programs do not fill up. */
static size_t least_len(const struct bmp *self)
{
	return ((size_t)self->super.width * self->head.bits + 7) / 8;
}

static int cut_off(struct err *err)
{
	return err_set(err, -EINVAL,
	               "cannot read the BMP picture: it is cut off");
}

static void check_lines(struct bmp *self, struct err *err)
{
	size_t needed =
		line_len(self) * (self->super.height - 1) + least_len(self);

	self->super.is_cut = self->len - self->head.pixels < needed;
	if (self->super.is_cut)
		cut_off(err);
}

static int start(struct image_reader *reader, unsigned min_width,
                 unsigned min_height, struct err *err)
{
	struct bmp *self = (struct bmp *)reader;
	struct image_colour_in in = {.channels = 3, .alpha = true};
	int result;

	self->rgba = xmalloc((size_t)reader->width * RGBA);
	self->colour = image_colour_new(&in, reader->width, reader->depth);
	if (!has_alpha(self))
		self->head.masks[3].max = 0;
	if (!has_runs(self)) {
		check_lines(self, err);
		return 0;
	}
	result = image_reader_check_held(reader->width, reader->height,
	                                 "a compressed BMP", err);
	if (result < 0)
		return result;
	self->indices = xcalloc(reader->height, reader->width);
	image_bmp_runs(&self->head, self->data + self->head.pixels,
	               self->len - self->head.pixels, self->indices);
	return 0;
}

static void put_index(const struct bmp *self, unsigned index, uint8_t *out)
{
	memcpy(out, self->head.palette[index], 3);
	out[3] = 255;
}

static void put_masked(const struct bmp *self, uint32_t pixel, uint8_t *out)
{
	for (unsigned c = 0; c < RGBA; c++) {
		const struct image_bmp_mask *m = &self->head.masks[c];
		uint64_t value = (pixel & m->mask) >> m->shift;

		out[c] = m->max ? (uint8_t)(value * 255 / m->max)
		                : (c == 3 ? 255 : 0);
	}
}

static void put_pixel(const struct bmp *self, const uint8_t *line, unsigned x,
                      uint8_t *out)
{
	const uint8_t *p = line + (size_t)x * self->head.bits / 8;

	switch (self->head.bits) {
	case 1: put_index(self, *p >> (7 - x % 8) & 1, out); break;
	case 4: put_index(self, x % 2 ? *p & 15 : *p >> 4, out); break;
	case 8: put_index(self, *p, out); break;
	case 16: put_masked(self, get_le16(p), out); break;
	case 24:
		out[0] = p[2];
		out[1] = p[1];
		out[2] = p[0];
		out[3] = 255;
		break;
	default: put_masked(self, get_le32(p), out);
	}
}

/* A line of a file that was cut off is white. */
static void read_line(struct bmp *self, unsigned y)
{
	size_t stored = self->head.top_down ? y : self->super.height - 1 - y;
	size_t at = self->head.pixels + stored * line_len(self);

	if (at > self->len || self->len - at < least_len(self)) {
		memset(self->rgba, 0, (size_t)self->super.width * RGBA);
		return;
	}
	for (unsigned x = 0; x < self->super.width; x++)
		put_pixel(self, self->data + at, x,
		          self->rgba + (size_t)x * RGBA);
}

static int line(struct image_reader *reader, uint8_t *pixels, struct err *err)
{
	struct bmp *self = (struct bmp *)reader;
	unsigned y = self->lines++;

	if (self->indices) {
		const uint8_t *indices =
			self->indices + (size_t)y * reader->width;

		for (unsigned x = 0; x < reader->width; x++)
			put_index(self, indices[x],
			          self->rgba + (size_t)x * RGBA);
	} else {
		read_line(self, y);
	}
	image_colour_line(self->colour, self->rgba, pixels);
	return 0;
}

static int read_head(struct bmp *self, struct err *err)
{
	size_t least;
	int result =
		image_bmp_head_read(self->data, self->len, &self->head, err);

	if (result < 0)
		return result;
	self->super.width = self->head.width;
	self->super.height = self->head.height;
	result = image_reader_check_size(self->head.width, self->head.height,
	                                 err);
	if (result < 0)
		return result;
	least = has_runs(self) ? 2 : least_len(self);
	if (self->head.pixels > self->len ||
	    self->len - self->head.pixels < least)
		return cut_off(err);
	return 0;
}

int image_bmp_open(const void *data, size_t len, bool colour,
                   struct image_reader **out, struct err *err)
{
	struct bmp *self = xcalloc(1, sizeof *self);
	int result;

	image_reader_init(&self->super, colour);
	self->super.start = start;
	self->super.line = line;
	self->super.free = bmp_free;
	self->data = data;
	self->len = len;
	result = read_head(self, err);
	if (result < 0) {
		bmp_free(&self->super);
		return result;
	}
	*out = &self->super;
	return 0;
}
