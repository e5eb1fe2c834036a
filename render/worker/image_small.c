/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/image_small.h"

#include <errno.h>

#include "base/mem.h"
#include "render/worker/image_kind.h"
#include "render/worker/image_scale.h"

#define DEPTH 3

/* Lines in memory, from the top down. */
struct memory {
	struct image_pixels pixels;
	unsigned lines;
};

static int on_line(const uint8_t *line, void *arg)
{
	struct memory *memory = arg;
	size_t len = (size_t)memory->pixels.width * DEPTH;

	memcpy(memory->pixels.data + len * memory->lines++, line, len);
	return 0;
}

static struct image_size size_in(unsigned side,
                                 const struct image_reader *reader)
{
	double width = reader->width, height = reader->height * reader->stretch;
	double scale = side / (width > height ? width : height);
	struct image_size size = {(unsigned)(width * scale + .5),
	                          (unsigned)(height * scale + .5)};

	size.width += size.width == 0;
	size.height += size.height == 0;
	return size;
}

static struct image_pixels new_pixels(unsigned width, unsigned height)
{
	size_t len = (size_t)width * height * DEPTH;
	struct image_pixels pixels = {xmalloc(len + 1), width, height, DEPTH};

	memset(pixels.data, 0xff, len);
	return pixels;
}

static int read_all(struct image_reader *reader, struct memory *memory,
                    struct err *err)
{
	struct image_size in = {reader->width, reader->height};
	struct image_size out = {memory->pixels.width, memory->pixels.height};
	struct image_scale *scale CLEANUP(image_scale_free) =
		image_scale_new(in, out, DEPTH, on_line, memory);
	uint8_t *line CLEANUP(xfree) = xmalloc((size_t)in.width * DEPTH);
	int r = 0;

	for (unsigned y = 0; r == 0 && y < in.height; y++) {
		r = image_reader_line(reader, line, err);
		if (r == 0)
			r = image_scale_line(scale, line);
	}
	return r == IMAGE_ENDS ? 0 : r;
}

static struct image_pixels turned(const struct image_pixels *in,
                                  unsigned orientation)
{
	struct image_turn turn = image_turn_of(orientation, false);
	struct image_pixels out =
		new_pixels(turn.swap ? in->height : in->width,
	                   turn.swap ? in->width : in->height);

	image_turn_lines(in, &turn, 0, out.height, out.data);
	return out;
}

int image_small(const void *data, size_t len, unsigned side,
                unsigned max_pixels, struct image_pixels *out, struct err *err)
{
	struct image_reader *reader CLEANUP(image_reader_free) = NULL;
	const struct image_kind *kind = image_kind_of(data, len);
	struct memory memory = {0};
	struct image_size size;
	int r;

	if (!kind || !kind->open)
		return err_set(err, -EINVAL, "it is no picture of pixels");
	r = kind->open(data, len, true, &reader, err);
	if (r == 0 && max_pixels > 0 &&
	    (uint64_t)reader->width * reader->height > max_pixels)
		r = err_set(err, -EFBIG, "it has too many pixels");
	if (r < 0)
		return r;
	size = size_in(side, reader);
	r = image_reader_start(reader, size.width, size.height, err);
	if (r < 0)
		return r;
	memory.pixels = new_pixels(size.width, size.height);
	r = read_all(reader, &memory, err);
	if (r == 0)
		*out = turned(&memory.pixels, reader->orientation);
	free(memory.pixels.data);
	return r;
}
