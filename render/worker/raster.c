/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The raster: what every document draws into, whatever the printer takes.
 *
 *   pages  ->  layout, where ranges or shared sides are asked for  ->  sides
 *   sides  ->  counted, missing lines filled  ->  the format's writer
 *          ->  output
 *
 * After a failure the writer is asked nothing more; the failure is repeated.
 */
#include "render/worker/page.h"

#include <assert.h>
#include <errno.h>

#include "base/mem.h"
#include "render/worker/geometry.h"
#include "render/worker/layout.h"
#include "render/worker/output.h"
#include "render/worker/page_range.h"
#include "render/worker/raster_side.h"
#include "render/worker/writer_drawings.h"

struct raster {
	struct page_spec spec;
	const struct writer_format *format;
	struct writer *writer;
	struct output out;
	raster_page_fn *page;
	unsigned width, height, depth;

	struct layout *layout; /* owned; NULL: a page is a side */

	unsigned pages;  /* sides begun */
	unsigned wanted; /* those of them that were asked for */
	bool open;       /* between page_begin and page_end */
	bool is_dropped; /* the open one: nobody asked for it */
	bool is_cut;     /* a page was, since somebody asked */
	unsigned lines;  /* of the open page, in */
	uint8_t *white;  /* one line of it, gray */
	struct err why;  /* code 0: all is well */
};

struct raster *raster_new(const struct page_spec *spec, raster_write_fn *write,
                          raster_page_fn *page, void *arg)
{
	struct raster *r = xcalloc(1, sizeof *r);

	assert(geometry_check_spec(spec, NULL) == 0);
	r->spec = *spec;
	r->page = page;
	r->out.write = write;
	r->out.arg = arg;
	r->out.max_bytes = spec->max_bytes;
	r->width = geometry_pixels(spec->media_width, spec->dpi);
	r->height = geometry_pixels(spec->media_height, spec->dpi);
	r->depth = spec->colour ? 3 : 1;
	r->white = xmalloc(r->width);
	memset(r->white, 0xff, r->width);
	r->format = writer_format_of(spec->format);
	r->writer = r->format->new (&r->spec, r->width, r->height, &r->out);
	return r;
}

/* The first failure stays. */
static int fail(struct raster *r, const struct err *why, struct err *err)
{
	if (r->why.code == 0)
		r->why = *why;
	return err_set(err, r->why.code, "%s", r->why.text);
}

int raster_side_begin(struct raster *r, struct err *err)
{
	struct err why = r->why;
	int result = why.code;

	assert(!r->open);
	if (result == 0 && r->pages >= r->spec.max_pages)
		return err_set(
			err, -E2BIG,
			"there are more than %u pages: name some in the subject, as [pages=1-%u]",
			r->spec.max_pages, r->spec.max_pages);
	r->is_dropped = !page_range_has(&r->spec.side_ranges, r->pages + 1);
	if (result == 0 && !r->is_dropped)
		result = r->format->begin(r->writer, r->wanted + 1, &why);
	if (result < 0)
		return fail(r, &why, err);
	r->pages++;
	r->wanted += !r->is_dropped;
	r->open = true;
	r->lines = 0;
	return 0;
}

int raster_side_lines(struct raster *r, struct raster_line first, size_t stride,
                      unsigned n_lines, struct err *err)
{
	struct err why = r->why;
	int result = why.code;

	assert(r->open && n_lines <= r->height - r->lines);
	if (result == 0 && n_lines > 0 && !r->is_dropped)
		result = r->format->lines(r->writer, &first, stride, n_lines,
		                          &why);
	if (result < 0)
		return fail(r, &why, err);
	r->lines += n_lines;
	return 0;
}

static int complete_page(struct raster *r, struct err *err)
{
	struct raster_line white = {r->white, r->width, 1};
	struct err why = {0};
	int result = raster_side_lines(r, white, 0, r->height - r->lines, err);

	if (result < 0)
		return result;
	if (!r->is_dropped)
		result = r->format->end(r->writer, &why);
	/* a page leaves when it is done: the first prints early */
	if (result == 0 && !r->format->is_whole)
		result = output_drain(&r->out, &why);
	return result < 0 ? fail(r, &why, err) : 0;
}

int raster_side_end(struct raster *r, struct err *err)
{
	int result;

	assert(r->open);
	result = complete_page(r, err);
	r->open = false;
	if (result == 0 && r->page && !r->format->is_whole)
		r->page(r->pages, r->out.offset, r->out.arg);
	return result;
}

void raster_start_documents(struct raster *r)
{
	struct page_spec spec = r->spec;

	assert(!r->open && !r->layout);
	if (spec.ranges.n == 0 && spec.number_up <= 1)
		return;
	/* drawings share a side when they become pixels */
	if (spec.format == PAGE_DRAWINGS && spec.number_up > 1) {
		spec.number_up = 1;
		spec.margin_left = spec.margin_right = 0;
		spec.margin_top = spec.margin_bottom = 0;
	}
	r->layout = layout_new(&spec, r);
}

const struct page_spec *raster_spec(const struct raster *r)
{
	return r->layout ? layout_spec(r->layout) : &r->spec;
}

bool raster_is_wanted(const struct raster *r)
{
	return !r->layout || layout_is_wanted(r->layout);
}

void raster_skip_page(struct raster *r)
{
	assert(r->layout);
	layout_skip_page(r->layout);
}

unsigned raster_sides_for(const struct raster *r, unsigned n)
{
	return r->layout ? layout_sides_for(r->layout, n) : n;
}

int raster_check_pages(const struct raster *r, const char *what, unsigned n,
                       bool or_more, struct err *err)
{
	unsigned room = r->spec.max_pages - r->pages;
	unsigned may = room * (r->spec.number_up > 1 ? r->spec.number_up : 1);
	const char *least = or_more ? "at least " : "";

	if (raster_sides_for(r, n) <= room)
		return 0;
	if (room == 0)
		return err_set(
			err, -E2BIG,
			"%s has %s%u pages; none may be printed behind the %u before it: send it alone",
			what, least, n, r->pages);
	return err_set(
		err, -E2BIG,
		"%s has %s%u pages; %u may be printed: name some in the subject, as [pages=1-%u]",
		what, least, n, may, may);
}

struct geometry_place raster_place(struct raster *r,
                                   const struct page_spec *spec,
                                   const struct geometry_source *source)
{
	struct geometry_place place =
		geometry_place(spec, r->pages + 1, source);

	if (place.turn)
		raster_turn(r);
	if (r->spec.scaling == SCALING_NONE && geometry_is_cut(&place))
		raster_cut(r);
	return place;
}

void raster_cut(struct raster *r)
{
	r->is_cut = true;
}

bool raster_take_cut(struct raster *r)
{
	bool is_cut = r->is_cut;

	r->is_cut = false;
	return is_cut;
}

void raster_turn(struct raster *r)
{
	if (r->layout)
		layout_turn(r->layout);
}

int raster_page_begin(struct raster *r, struct err *err)
{
	return r->layout ? layout_page_begin(r->layout, err)
	                 : raster_side_begin(r, err);
}

static int take_lines(struct raster *r, struct raster_line first, size_t stride,
                      unsigned n_lines, struct err *err)
{
	return r->layout ? layout_page_lines(r->layout, first, stride, n_lines,
	                                     err)
	                 : raster_side_lines(r, first, stride, n_lines, err);
}

int raster_page_lines(struct raster *r, const uint8_t *pixels, size_t stride,
                      unsigned n_lines, struct err *err)
{
	struct raster_line first = {pixels, raster_width(r), r->depth};

	return take_lines(r, first, stride, n_lines, err);
}

int raster_page_gray(struct raster *r, const uint8_t *pixels, size_t stride,
                     unsigned n_lines, struct err *err)
{
	struct raster_line first = {pixels, raster_width(r), 1};

	return take_lines(r, first, stride, n_lines, err);
}

int raster_page_end(struct raster *r, struct err *err)
{
	return r->layout ? layout_page_end(r->layout, err)
	                 : raster_side_end(r, err);
}

bool raster_keeps_drawings(const struct raster *r)
{
	return r->spec.format == PAGE_DRAWINGS;
}

cairo_t *raster_page_cairo(struct raster *r)
{
	if (!raster_keeps_drawings(r) || !r->open)
		return NULL;
	return writer_drawings_cairo(r->writer);
}

void raster_page_is_in_pdf(struct raster *r)
{
	if (r->open)
		writer_drawings_page_is_in_pdf(r->writer);
}

void raster_take_pdf(struct raster *r, struct buf *pdf)
{
	writer_drawings_take_pdf(r->writer, pdf);
}

unsigned raster_width(const struct raster *r)
{
	const struct page_spec *spec = raster_spec(r);

	return geometry_pixels(spec->media_width, spec->dpi);
}

unsigned raster_height(const struct raster *r)
{
	const struct page_spec *spec = raster_spec(r);

	return geometry_pixels(spec->media_height, spec->dpi);
}

unsigned raster_document_pages(const struct raster *r)
{
	return r->layout ? layout_number(r->layout) : r->pages;
}

unsigned raster_pages(const struct raster *r)
{
	return r->pages;
}

int raster_finish(struct raster *r, struct err *err)
{
	struct err why = r->why;
	int result = why.code;

	if (result == 0 && r->layout)
		result = layout_finish(r->layout, &why);
	assert(!r->open);
	if (result == 0)
		result = r->format->finish(r->writer, r->wanted, &why);
	if (r->pages == 0)
		buf_clear(&r->out.buf); /* no page, no file */
	if (result == 0)
		result = output_drain(&r->out, &why);
	if (result < 0)
		return fail(r, &why, err);
	for (unsigned i = 1; r->page && r->format->is_whole && i <= r->pages;
	     i++)
		r->page(i, r->out.offset, r->out.arg);
	return 0;
}

void raster_free(struct raster *r)
{
	if (!r)
		return;
	layout_free(r->layout);
	r->format->free(r->writer);
	output_fini(&r->out);
	free(r->white);
	free(r);
}
