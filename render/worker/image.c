/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A picture fills the printable area; the pages of a TIFF file one each.
 *
 *   reader --lines--> scale --lines--> page             as it is stored
 *   reader --lines--> scale --> memory --> turn --> scale --> page
 *
 * Only a picture that has to be turned is held, and not larger than it prints.
 */
#include <errno.h>

#include "base/mem.h"
#include "render/worker/geometry.h"
#include "render/worker/image_kind.h"
#include "render/worker/image_page.h"
#include "render/worker/image_reader.h"
#include "render/worker/image_scale.h"
#include "render/worker/image_turn.h"
#include "render/worker/page.h"
#include "render/worker/raster_line.h"
#include "render/worker/svg.h"

#define TURN_LINES      64 /* turned at once; see copy_columns() */
#define PIXELS_PER_INCH 96 /* at 100 %, as CSS has it */

/* One page of a picture, from its lines to those of the paper. */
struct picture {
	struct image_reader *reader;
	struct geometry_place place; /* on the paper */
	struct image_turn turn;      /* from how it is stored */
	struct image_page *page;
	struct err *err;
};

/* Lines in memory, from the top down. */
struct memory_sink {
	struct image_pixels pixels;
	unsigned lines;
};

static int on_memory_line(const uint8_t *line, void *arg)
{
	struct memory_sink *sink = arg;
	size_t len = (size_t)sink->pixels.width * sink->pixels.depth;

	memcpy(sink->pixels.data + len * sink->lines++, line, len);
	return 0;
}

/* What of a picture of this size is to be seen. */
static struct geometry_box seen_of(const struct geometry_place *place,
                                   struct image_size in)
{
	double across = (double)in.width / place->width;
	double along = (double)in.height / place->height;
	struct geometry_box seen = {
		.x = (unsigned)(place->left * across),
		.y = (unsigned)(place->top * along),
		.width = (unsigned)(place->box.width * across + 0.5),
		.height = (unsigned)(place->box.height * along + 0.5),
	};

	seen.width += seen.width == 0;
	seen.height += seen.height == 0;
	return seen;
}

static struct image_size size_of(const struct geometry_box *box)
{
	return (struct image_size){box->width, box->height};
}

/*
 * All lines of the reader, as far as they are seen, into scale. Those that a
 * damaged file still has are used; what the rest of the page looks like is the
 * caller's.
 */
static int read_lines(struct image_reader *reader, bool mirror,
                      const struct geometry_box *seen,
                      struct image_scale *scale, struct err *err)
{
	size_t len = (size_t)reader->width * reader->depth;
	uint8_t *line CLEANUP(xfree) = xmalloc(len);
	uint8_t *mirrored CLEANUP(xfree) = xmalloc(len);
	const uint8_t *from =
		(mirror ? mirrored : line) + (size_t)seen->x * reader->depth;
	struct raster_line stored = {line, reader->width, reader->depth};

	for (unsigned y = 0; y < seen->y + seen->height; y++) {
		int result = image_reader_line(reader, line, err);

		if (result != 0)
			return result == IMAGE_ENDS ? 0 : result;
		if (y < seen->y)
			continue;
		if (mirror)
			raster_line_mirror(&stored, mirrored);
		result = image_scale_line(scale, from);
		if (result < 0)
			return result;
	}
	return 0;
}

static int print_straight(struct picture *picture)
{
	struct image_reader *reader = picture->reader;
	struct image_size in = {reader->width, reader->height};
	struct geometry_box seen = seen_of(&picture->place, in);
	struct image_scale *scale CLEANUP(image_scale_free) =
		image_scale_new(size_of(&seen), size_of(&picture->place.box),
	                        reader->depth, image_page_line, picture->page);

	return read_lines(reader, picture->turn.flip_x, &seen, scale,
	                  picture->err);
}

static unsigned smaller(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static int print_turned_lines(struct picture *picture,
                              const struct image_pixels *pixels)
{
	const struct image_turn *turn = &picture->turn;
	struct image_size in = {
		turn->swap ? pixels->height : pixels->width,
		turn->swap ? pixels->width : pixels->height,
	};
	struct geometry_box seen = seen_of(&picture->place, in);
	unsigned end = seen.y + seen.height;
	size_t len = (size_t)in.width * pixels->depth;
	uint8_t *lines CLEANUP(xfree) = xmalloc(len * TURN_LINES);
	const uint8_t *from = lines + (size_t)seen.x * pixels->depth;
	struct image_scale *scale CLEANUP(image_scale_free) =
		image_scale_new(size_of(&seen), size_of(&picture->place.box),
	                        pixels->depth, image_page_line, picture->page);

	for (unsigned y = seen.y; y < end; y += TURN_LINES) {
		unsigned n = smaller(TURN_LINES, end - y);

		image_turn_lines(pixels, turn, y, n, lines);
		for (unsigned i = 0; i < n; i++) {
			int result = image_scale_line(scale, from + len * i);

			if (result < 0)
				return result;
		}
	}
	return 0;
}

static int print_turned(struct picture *picture, struct image_size most)
{
	struct image_reader *reader = picture->reader;
	struct image_size in = {reader->width, reader->height};
	struct geometry_box all = {0, 0, in.width, in.height};
	struct image_size held = {smaller(in.width, most.width),
	                          smaller(in.height, most.height)};
	size_t len = (size_t)held.width * held.height * reader->depth;
	uint8_t *data CLEANUP(xfree) = xmalloc_large(len + 1);
	struct memory_sink sink = {{data, held.width, held.height,
	                            reader->depth},
	                           0};
	struct image_scale *scale CLEANUP(image_scale_free) =
		image_scale_new(in, held, reader->depth, on_memory_line, &sink);
	size_t got;
	int result;

	result = read_lines(reader, false, &all, scale, picture->err);
	if (result < 0 || sink.lines == 0)
		return result;
	/* what a damaged file does not have is white */
	got = (size_t)held.width * sink.lines * reader->depth;
	memset(data + got, 0xff, len - got);
	return print_turned_lines(picture, &sink.pixels);
}

static int print_lines(struct picture *picture)
{
	const struct geometry_place *place = &picture->place;
	bool swap = picture->turn.swap;
	struct image_size most = {swap ? place->height : place->width,
	                          swap ? place->width : place->height};
	int result = image_reader_start(picture->reader, most.width,
	                                most.height, picture->err);

	if (result < 0)
		return result;
	if (swap || picture->turn.flip_y)
		return print_turned(picture, most);
	return print_straight(picture);
}

/* What the reader's page is like, and where it goes. */
static int print_page(struct image_reader *reader, const struct page_spec *spec,
                      struct raster *raster, struct err *err)
{
	bool swapped = reader->orientation >= 5;
	double width = reader->width;
	double height = reader->height * reader->stretch;
	struct geometry_source source = {
		.width = swapped ? height : width,
		.height = swapped ? width : height,
		.natural = (double)spec->dpi / PIXELS_PER_INCH,
		.picture = true,
	};
	struct geometry_place place = raster_place(raster, spec, &source);
	struct image_page *page CLEANUP(image_page_free) =
		image_page_new(raster, &place.box, reader->depth, err);
	struct picture picture = {
		.reader = reader,
		.place = place,
		.turn = image_turn_of(reader->orientation, place.turn),
		.page = page,
		.err = err,
	};

	return image_page_end(page, print_lines(&picture));
}

static int print_pages(struct image_reader *reader,
                       const struct page_spec *spec, struct raster *raster,
                       struct err *err)
{
	int result = 0;

	for (unsigned n = 0; result == 0 && n < reader->n_pages; n++) {
		if (n > 0)
			result = image_reader_turn_page(reader, err);
		if (result == 0 && !raster_is_wanted(raster))
			raster_skip_page(raster);
		else if (result == 0)
			result = print_page(reader, spec, raster, err);
	}
	return result;
}

/* What the administrator allows, beside what this program can. */
static int check_pixels(const struct image_reader *reader,
                        const struct page_spec *spec, struct err *err)
{
	uint64_t pixels = (uint64_t)reader->width * reader->height;

	if (spec->max_pixels == 0 || pixels <= spec->max_pixels)
		return 0;
	return err_set(
		err, -EINVAL,
		"a picture of %u x %u pixels is too large; at most %u are printed here: send it smaller",
		reader->width, reader->height, spec->max_pixels);
}

int image_render(const void *data, size_t len, const struct page_spec *spec,
                 struct raster *raster, struct err *err)
{
	struct image_reader *reader CLEANUP(image_reader_free) = NULL;
	const struct image_kind *kind = image_kind_of(data, len);
	struct err unheard;
	int result;

	err = err ? err : &unheard;
	if (!kind)
		return err_set(err, -EINVAL, "it is no picture");
	if (!kind->open)
		return svg_render(data, len, spec, raster, err);
	result = kind->open(data, len, spec->colour, &reader, err);
	if (result == 0)
		result = check_pixels(reader, spec, err);
	if (result == 0)
		result = raster_check_pages(raster, "the picture",
		                            reader->n_pages, false, err);
	if (result == 0)
		result = print_pages(reader, spec, raster, err);
	return result == 0 && reader->is_cut ? IMAGE_INCOMPLETE : result;
}
