/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A picture fills the printable area.
 *
 *   reader --lines--> scale --lines--> page             as it is stored
 *   reader --lines--> scale --> memory --> turn --> scale --> page
 *
 * Only a picture that has to be turned is held, and not larger than it prints.
 */
#include <errno.h>

#include "base/mem.h"
#include "render/worker/geometry.h"
#include "render/worker/image_reader.h"
#include "render/worker/image_scale.h"
#include "render/worker/image_turn.h"
#include "render/worker/page.h"
#include "render/worker/raster_line.h"

#define TURN_LINES      16 /* turned at once; see copy_columns() */
#define PIXELS_PER_INCH 96 /* at 100 %, as CSS has it */

/* Where lines that are ready go: the page, which begins with the first one. */
struct image_page {
	struct raster *raster;
	const struct geometry_place *place;
	const struct geometry_box *box; /* of place */
	unsigned depth;
	bool begun;
	uint8_t *line; /* of the raster, white beside the picture */
	struct err *err;
};

static int begin_page(struct image_page *page)
{
	int result = raster_page_begin(page->raster, page->err);

	if (result < 0)
		return result;
	page->begun = true;
	/* white above the picture: line holds nothing else yet */
	return raster_page_lines(page->raster, page->line, 0, page->box->y,
	                         page->err);
}

static int on_page_line(const uint8_t *line, void *arg)
{
	struct image_page *page = arg;
	int result = page->begun ? 0 : begin_page(page);

	if (result < 0)
		return result;
	memcpy(page->line + (size_t)page->box->x * page->depth, line,
	       (size_t)page->box->width * page->depth);
	return raster_page_lines(page->raster, page->line, 0, 1, page->err);
}

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

static int print_straight(struct image_reader *reader, bool mirror,
                          struct image_page *page)
{
	struct image_size in = {reader->width, reader->height};
	struct geometry_box seen = seen_of(page->place, in);
	struct image_scale *scale CLEANUP(image_scale_free) =
		image_scale_new(size_of(&seen), size_of(page->box),
	                        reader->depth, on_page_line, page);

	return read_lines(reader, mirror, &seen, scale, page->err);
}

static unsigned smaller(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static int print_turned_lines(const struct image_pixels *pixels,
                              const struct image_turn *turn,
                              struct image_page *page)
{
	struct image_size in = {
		turn->swap ? pixels->height : pixels->width,
		turn->swap ? pixels->width : pixels->height,
	};
	struct geometry_box seen = seen_of(page->place, in);
	unsigned end = seen.y + seen.height;
	size_t len = (size_t)in.width * pixels->depth;
	uint8_t *lines CLEANUP(xfree) = xmalloc(len * TURN_LINES);
	const uint8_t *from = lines + (size_t)seen.x * pixels->depth;
	struct image_scale *scale CLEANUP(image_scale_free) =
		image_scale_new(size_of(&seen), size_of(page->box),
	                        pixels->depth, on_page_line, page);

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

static int print_turned(struct image_reader *reader,
                        const struct image_turn *turn, struct image_size most,
                        struct image_page *page)
{
	struct image_size in = {reader->width, reader->height};
	struct geometry_box all = {0, 0, in.width, in.height};
	struct image_size held = {smaller(in.width, most.width),
	                          smaller(in.height, most.height)};
	size_t len = (size_t)held.width * held.height * reader->depth;
	uint8_t *data CLEANUP(xfree) = xmalloc(len);
	struct memory_sink sink = {{data, held.width, held.height,
	                            reader->depth},
	                           0};
	struct image_scale *scale CLEANUP(image_scale_free) =
		image_scale_new(in, held, reader->depth, on_memory_line, &sink);
	int result;

	memset(data, 0xff, len);
	result = read_lines(reader, false, &all, scale, page->err);
	if (result < 0 || sink.lines == 0)
		return result;
	return print_turned_lines(&sink.pixels, turn, page);
}

static int print_picture(struct image_reader *reader,
                         const struct image_turn *turn, struct image_page *page)
{
	struct image_size most = {
		turn->swap ? page->place->height : page->place->width,
		turn->swap ? page->place->width : page->place->height,
	};
	int result =
		image_reader_start(reader, most.width, most.height, page->err);

	if (result == 0 && (turn->swap || turn->flip_y))
		result = print_turned(reader, turn, most, page);
	else if (result == 0)
		result = print_straight(reader, turn->flip_x, page);
	if (!page->begun) /* the reader has said why */
		return result < 0 ? result : -EINVAL;
	if (result < 0) {
		raster_page_end(page->raster, NULL);
		return result;
	}
	return raster_page_end(page->raster, page->err);
}

static int open_reader(const void *data, size_t len, bool colour,
                       struct image_reader **out, struct err *err)
{
	if (len >= 3 && memcmp(data, "\xff\xd8\xff", 3) == 0)
		return image_jpeg_open(data, len, colour, out, err);
	if (len >= 8 && memcmp(data, "\x89PNG\r\n\x1a\n", 8) == 0)
		return image_png_open(data, len, colour, out, err);
	return err_set(err, -EINVAL, "the picture is neither JPEG nor PNG");
}

int image_render(const void *data, size_t len, const struct page_spec *spec,
                 struct raster *raster, struct err *err)
{
	struct image_reader *reader CLEANUP(image_reader_free) = NULL;
	uint8_t *line CLEANUP(xfree) = NULL;
	struct err unheard;
	struct geometry_source source = {.picture = true};
	struct geometry_place place;
	struct image_turn turn;
	struct image_page page = {
		.raster = raster,
		.place = &place,
		.box = &place.box,
		.depth = spec->colour ? 3 : 1,
		.err = err ? err : &unheard,
	};
	bool swapped;
	int result = open_reader(data, len, spec->colour, &reader, page.err);

	if (result < 0)
		return result;
	swapped = reader->orientation >= 5;
	source.width = swapped ? reader->height : reader->width;
	source.height = swapped ? reader->width : reader->height;
	source.natural = (double)spec->dpi / PIXELS_PER_INCH;
	place = geometry_place(spec, raster_pages(raster) + 1, &source);
	turn = image_turn_of(reader->orientation, place.turn);
	page.line = line = xmalloc((size_t)raster_width(raster) * page.depth);
	memset(line, 0xff, (size_t)raster_width(raster) * page.depth);
	return print_picture(reader, &turn, &page);
}
