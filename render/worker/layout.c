/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/layout.h"

#include <assert.h>
#include <errno.h>

#include "base/mem.h"
#include "render/worker/geometry.h"
#include "render/worker/page_range.h"
#include "render/worker/page_store.h"

#define PAGES_MAX   4
#define GAP         400u /* between pages of a side, 1/100 mm */
#define STRIP_LINES 16   /* of a side, made at once */

struct layout {
	struct raster *raster;      /* borrowed */
	struct page_spec side_spec; /* of the paper */
	struct page_spec spec;      /* of a page */
	unsigned width, height;     /* of a page, pixels */
	unsigned columns, rows;     /* pages on a side */
	bool turned;                /* each page, for its cell */

	unsigned number; /* pages so far, wanted or not */
	bool any_wanted;
	bool next_turned;  /* lies turned to the left */
	bool side_turned;  /* the first page of this side does */
	bool open, wanted; /* the page being written */
	unsigned lines;    /* of it */

	struct page_store pages[PAGES_MAX]; /* of the side being filled */
	unsigned n_pages;
	struct page_cursor
		*cursors[PAGES_MAX]; /* of turned pages, a line each */
};

static void choose_grid(struct layout *layout)
{
	const struct page_spec *side = &layout->side_spec;
	bool tall = side->media_height >= side->media_width;

	layout->columns = layout->rows = 1;
	layout->turned = side->number_up == 2;
	if (side->number_up == 4)
		layout->columns = layout->rows = 2;
	else if (side->number_up == 2 && tall)
		layout->rows = 2;
	else if (side->number_up == 2)
		layout->columns = 2;
}

static unsigned share(unsigned room, unsigned n, unsigned gap)
{
	return n == 1 ? room : (room - gap) / 2;
}

/* The place of page i (from 0) on a side whose printable area is given. */
static struct geometry_box cell(const struct layout *layout,
                                struct geometry_box area, unsigned i)
{
	unsigned gap = geometry_pixels(GAP, layout->side_spec.dpi);
	unsigned column = i % layout->columns, row = i / layout->columns;
	struct geometry_box box;

	if (gap > area.width / 8 || gap > area.height / 8)
		gap = 0; /* a stamp: every pixel counts */
	if (layout->turned && layout->columns == 2)
		column = 1 - column; /* the reader's top is at the right */
	if (layout->side_turned) {
		column = i / layout->rows; /* and here at the left */
		row = layout->rows - 1 - i % layout->rows;
	}
	box.width = share(area.width, layout->columns, gap);
	box.height = share(area.height, layout->rows, gap);
	box.x = area.x + column * (area.width - box.width);
	box.y = area.y + row * (area.height - box.height);
	return box;
}

/* The most pixels to the inch with which a whole paper fits into the box. */
static unsigned shrunk_dpi(const struct layout *layout, struct geometry_box box)
{
	const struct page_spec *side = &layout->side_spec;
	unsigned across = layout->turned ? box.height : box.width;
	unsigned along = layout->turned ? box.width : box.height;
	unsigned dpi = side->dpi;

	while (dpi > 1 && (geometry_pixels(side->media_width, dpi) > across ||
	                   geometry_pixels(side->media_height, dpi) > along))
		dpi--;
	return dpi;
}

static void start_sharing(struct layout *layout)
{
	struct page_spec *spec = &layout->spec;

	spec->dpi =
		shrunk_dpi(layout,
	                   cell(layout,
	                        geometry_printable(&layout->side_spec, 1), 0));
	spec->sides = SIDES_ONE;
	spec->margin_left = spec->margin_right = 0;
	spec->margin_top = spec->margin_bottom = 0;
}

struct layout *layout_new(const struct page_spec *spec, struct raster *raster)
{
	struct layout *layout = xcalloc(1, sizeof *layout);

	layout->raster = raster;
	layout->side_spec = layout->spec = *spec;
	choose_grid(layout);
	if (spec->number_up > 1)
		start_sharing(layout);
	layout->width =
		geometry_pixels(layout->spec.media_width, layout->spec.dpi);
	layout->height =
		geometry_pixels(layout->spec.media_height, layout->spec.dpi);
	for (unsigned i = 0; spec->number_up > 1 && i < spec->number_up; i++) {
		page_store_init(&layout->pages[i], layout->width);
		layout->cursors[i] =
			xcalloc(layout->height, sizeof **layout->cursors);
	}
	return layout;
}

void layout_free(struct layout *layout)
{
	if (!layout)
		return;
	for (unsigned i = 0; i < PAGES_MAX; i++) {
		page_store_fini(&layout->pages[i]);
		free(layout->cursors[i]);
	}
	free(layout);
}

const struct page_spec *layout_spec(const struct layout *layout)
{
	return &layout->spec;
}

static bool shares(const struct layout *layout)
{
	return layout->columns * layout->rows > 1;
}

unsigned layout_number(const struct layout *layout)
{
	return layout->number;
}

bool layout_is_wanted(const struct layout *layout)
{
	return page_range_has(&layout->side_spec.ranges, layout->number + 1);
}

void layout_skip_page(struct layout *layout)
{
	assert(!layout->open && !layout_is_wanted(layout));
	layout->number++;
}

unsigned layout_sides_for(const struct layout *layout, unsigned n)
{
	unsigned per_side = layout->columns * layout->rows;
	unsigned wanted = n == 0 ? 0
	                         : page_range_count(&layout->side_spec.ranges,
	                                            layout->number + 1,
	                                            layout->number + n);

	return (layout->n_pages + wanted + per_side - 1) / per_side;
}

void layout_turn(struct layout *layout)
{
	layout->next_turned = true;
}

int layout_page_begin(struct layout *layout, struct err *err)
{
	int result = 0;

	assert(!layout->open);
	layout->wanted = layout_is_wanted(layout);
	if (layout->wanted && !shares(layout))
		result = raster_side_begin(layout->raster, err);
	else if (layout->wanted && layout->n_pages == 0 &&
	         raster_pages(layout->raster) >= layout->side_spec.max_pages)
		result = err_set(
			err, -E2BIG,
			"there are more than %u pages: name some in the subject, as [pages=1-%u]",
			layout->side_spec.max_pages,
			layout->side_spec.max_pages);
	if (result < 0)
		return result;
	if (layout->wanted && layout->n_pages == 0)
		layout->side_turned = layout->next_turned &&
		                      layout->columns == 2 && layout->rows == 2;
	layout->next_turned = false;
	layout->number++;
	layout->any_wanted |= layout->wanted;
	layout->open = true;
	layout->lines = 0;
	return 0;
}

int layout_page_lines(struct layout *layout, struct raster_line first,
                      size_t stride, unsigned n_lines, struct err *err)
{
	assert(layout->open && n_lines <= layout->height - layout->lines);
	layout->lines += n_lines;
	if (!layout->wanted)
		return 0;
	if (!shares(layout))
		return raster_side_lines(layout->raster, first, stride, n_lines,
		                         err);
	for (; n_lines > 0; n_lines--, first.pixels += stride)
		page_store_add(&layout->pages[layout->n_pages], &first, 1);
	return 0;
}

static void add_white(struct page_store *page, unsigned n)
{
	uint8_t *white CLEANUP(xfree) = xmalloc(page->width);
	struct raster_line line = {white, page->width, 1};

	memset(white, 0xff, page->width);
	if (n > 0)
		page_store_add(page, &line, n);
}

/* One side being made of its pages. */
struct strip {
	uint8_t *pixels; /* STRIP_LINES of the side */
	size_t stride;
	unsigned depth;
	unsigned top, n_lines;
};

/* Where a page lies, in the middle of its cell. */
static struct geometry_box page_box(const struct layout *layout,
                                    struct geometry_box area, unsigned i)
{
	struct geometry_box box = cell(layout, area, i);
	unsigned width = layout->turned ? layout->height : layout->width;
	unsigned height = layout->turned ? layout->width : layout->height;

	box.x += (box.width - width) / 2;
	box.y += (box.height - height) / 2;
	box.width = width;
	box.height = height;
	return box;
}

/* Lines y to y + n of an upright page. */
static void put_lines(const struct page_store *page, unsigned y, unsigned n,
                      uint8_t *at, const struct strip *strip)
{
	for (; n > 0; n--, y++, at += strip->stride) {
		struct page_cursor cursor = page_store_seek(page, y);

		page_cursor_take(&cursor, page->width, at, strip->depth,
		                 strip->depth);
	}
}

/* The next n columns as lines; the last line of the page comes to the left. */
static void put_columns(const struct page_store *page,
                        struct page_cursor *cursors, unsigned n, uint8_t *at,
                        const struct strip *strip)
{
	for (unsigned y = page->n_lines; y-- > 0; at += strip->depth)
		page_cursor_take(&cursors[y], n, at, strip->stride,
		                 strip->depth);
}

static void put_page(struct layout *layout, unsigned i,
                     const struct geometry_box *box, const struct strip *strip)
{
	unsigned end = strip->top + strip->n_lines;
	unsigned from = strip->top > box->y ? strip->top : box->y;
	unsigned to = end < box->y + box->height ? end : box->y + box->height;
	uint8_t *at;

	if (from >= to)
		return;
	at = strip->pixels + (from - strip->top) * strip->stride +
	     (size_t)box->x * strip->depth;
	if (layout->turned)
		put_columns(&layout->pages[i], layout->cursors[i], to - from,
		            at, strip);
	else
		put_lines(&layout->pages[i], from - box->y, to - from, at,
		          strip);
}

static int write_side(struct layout *layout, struct strip *strip,
                      unsigned width, unsigned height, struct err *err)
{
	struct geometry_box area =
		geometry_printable(&layout->side_spec,
	                           raster_pages(layout->raster));
	struct raster_line first = {strip->pixels, width, strip->depth};
	int result = 0;

	for (; strip->top < height && result == 0; strip->top += STRIP_LINES) {
		strip->n_lines = height - strip->top < STRIP_LINES
		                         ? height - strip->top
		                         : STRIP_LINES;
		memset(strip->pixels, 0xff, strip->stride * STRIP_LINES);
		for (unsigned i = 0; i < layout->n_pages; i++) {
			struct geometry_box box = page_box(layout, area, i);

			put_page(layout, i, &box, strip);
		}
		result = raster_side_lines(layout->raster, first, strip->stride,
		                           strip->n_lines, err);
	}
	return result;
}

static bool is_coloured(const struct layout *layout)
{
	bool coloured = false;

	for (unsigned i = 0; i < layout->n_pages; i++)
		coloured |= layout->pages[i].coloured;
	return coloured;
}

static int print_side(struct layout *layout, struct err *err)
{
	const struct page_spec *side = &layout->side_spec;
	unsigned width = geometry_pixels(side->media_width, side->dpi);
	unsigned height = geometry_pixels(side->media_height, side->dpi);
	struct strip strip = {.depth = is_coloured(layout) ? 3 : 1};
	int result = raster_side_begin(layout->raster, err);

	if (result < 0)
		return result;
	strip.stride = (size_t)width * strip.depth;
	strip.pixels = xmalloc(strip.stride * STRIP_LINES);
	for (unsigned i = 0; i < layout->n_pages; i++)
		for (unsigned y = 0; y < layout->height; y++)
			layout->cursors[i][y] =
				page_store_seek(&layout->pages[i], y);
	result = write_side(layout, &strip, width, height, err);
	free(strip.pixels);
	if (result < 0) {
		raster_side_end(layout->raster, NULL);
		return result;
	}
	return raster_side_end(layout->raster, err);
}

static int flush(struct layout *layout, struct err *err)
{
	int result = print_side(layout, err);

	for (unsigned i = 0; i < layout->n_pages; i++)
		page_store_clear(&layout->pages[i]);
	layout->n_pages = 0;
	return result;
}

int layout_page_end(struct layout *layout, struct err *err)
{
	assert(layout->open);
	layout->open = false;
	if (!layout->wanted)
		return 0;
	if (!shares(layout))
		return raster_side_end(layout->raster, err);
	add_white(&layout->pages[layout->n_pages],
	          layout->height - layout->lines);
	if (++layout->n_pages < layout->columns * layout->rows)
		return 0;
	return flush(layout, err);
}

int layout_finish(struct layout *layout, struct err *err)
{
	assert(!layout->open);
	if (layout->number > 0 && !layout->any_wanted)
		return err_set(err, -ENODATA,
		               "there %s only %u page%s, and none of them was "
		               "asked for",
		               layout->number == 1 ? "is" : "are",
		               layout->number, layout->number == 1 ? "" : "s");
	return layout->n_pages > 0 ? flush(layout, err) : 0;
}
