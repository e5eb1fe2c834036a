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

#define TURN_LINES 16 /* turned at once; see copy_columns() */

/* Where lines that are ready go: the page, which begins with the first one. */
struct image_page {
	struct raster *raster;
	const struct geometry_box *box;
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

/*
 * All lines of the reader into scale. Those that a damaged file still has are
 * used; what the rest of the page looks like is the caller's.
 */
static int read_lines(struct image_reader *reader, bool mirror,
                      struct image_scale *scale, struct err *err)
{
	size_t len = (size_t)reader->width * reader->depth;
	uint8_t *line CLEANUP(xfree) = xmalloc(len);
	uint8_t *mirrored CLEANUP(xfree) = xmalloc(len);
	struct raster_line stored = {line, reader->width, reader->depth};

	for (unsigned y = 0; y < reader->height; y++) {
		int result = image_reader_line(reader, line, err);

		if (result != 0)
			return result == IMAGE_ENDS ? 0 : result;
		if (mirror)
			raster_line_mirror(&stored, mirrored);
		result = image_scale_line(scale, mirror ? mirrored : line);
		if (result < 0)
			return result;
	}
	return 0;
}

static int print_straight(struct image_reader *reader, bool mirror,
                          struct image_page *page)
{
	struct image_size in = {reader->width, reader->height};
	struct image_size out = {page->box->width, page->box->height};
	struct image_scale *scale CLEANUP(image_scale_free) =
		image_scale_new(in, out, reader->depth, on_page_line, page);

	return read_lines(reader, mirror, scale, page->err);
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
	struct image_size out = {page->box->width, page->box->height};
	size_t len = (size_t)in.width * pixels->depth;
	uint8_t *lines CLEANUP(xfree) = xmalloc(len * TURN_LINES);
	struct image_scale *scale CLEANUP(image_scale_free) =
		image_scale_new(in, out, pixels->depth, on_page_line, page);

	for (unsigned y = 0; y < in.height; y += TURN_LINES) {
		unsigned n = smaller(TURN_LINES, in.height - y);

		image_turn_lines(pixels, turn, y, n, lines);
		for (unsigned i = 0; i < n; i++) {
			int result = image_scale_line(scale, lines + len * i);

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
	result = read_lines(reader, false, scale, page->err);
	if (result < 0 || sink.lines == 0)
		return result;
	return print_turned_lines(&sink.pixels, turn, page);
}

static int print_picture(struct image_reader *reader,
                         const struct image_turn *turn, struct image_page *page)
{
	struct image_size most = {
		turn->swap ? page->box->height : page->box->width,
		turn->swap ? page->box->width : page->box->height,
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
	struct geometry_box area =
		geometry_printable(spec, raster_pages(raster) + 1);
	struct geometry_place place;
	struct image_turn turn;
	struct image_page page = {
		.raster = raster,
		.box = &place.box,
		.depth = spec->colour ? 3 : 1,
		.err = err ? err : &unheard,
	};
	bool swapped;
	int result = open_reader(data, len, spec->colour, &reader, page.err);

	if (result < 0)
		return result;
	swapped = reader->orientation >= 5;
	place = geometry_place(&area, swapped ? reader->height : reader->width,
	                       swapped ? reader->width : reader->height, 0,
	                       area.width + area.height);
	turn = image_turn_of(reader->orientation, place.turn);
	page.line = line = xmalloc((size_t)raster_width(raster) * page.depth);
	memset(line, 0xff, (size_t)raster_width(raster) * page.depth);
	return print_picture(reader, &turn, &page);
}
