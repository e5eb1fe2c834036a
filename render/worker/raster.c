/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The raster writer.
 *
 *   lines in  ->  equal ones counted  ->  mirrored?  ->  encoded  ->  out
 *                                                                      |
 *                                          flipped pages wait in back -'
 *
 * A group is a line that stands 1 to 256 times: a repeat byte and its code. On
 * back sides that run from bottom to top the groups wait, encoded, until the
 * page ends and leave last first; the pixels themselves (100 MB for A4 in
 * colour at 600 dpi) are never held.
 */
#include "render/worker/page.h"

#include <assert.h>
#include <errno.h>

#include "base/buf.h"
#include "base/mem.h"
#include "render/worker/geometry.h"
#include "render/worker/layout.h"
#include "render/worker/raster_header.h"
#include "render/worker/raster_line.h"

#define CHUNK      (256u * 1024) /* handed to write at once, or a bit more */
#define MAX_REPEAT 256           /* what the repeat byte can say */

struct raster {
	struct page_spec spec;
	raster_write_fn *write;
	raster_page_fn *page;
	void *arg;
	unsigned width, height, depth;

	struct layout *layout; /* owned; NULL: a page is a side */

	unsigned pages; /* sides begun */
	bool open;      /* between page_begin and page_end */
	unsigned lines; /* of the open page, in */
	struct geometry_back transform;

	struct raster_line group; /* the group's line: the caller's, or kept */
	unsigned repeat;          /* how often it stands; 0: no group */
	uint8_t *kept;            /* that line, from one call to the next */
	uint8_t *mirrored;        /* room for one line */
	uint8_t *white;           /* one line of it, gray */

	struct buf out;  /* not yet handed to write */
	uint64_t offset; /* handed to write */
	int failed;      /* what write returned; nothing follows a gap */
	struct buf back; /* groups of a flipped page */
	size_t *starts;  /* where in back each of them begins */
	unsigned n_starts;
};

struct raster *raster_new(const struct page_spec *spec, raster_write_fn *write,
                          raster_page_fn *page, void *arg)
{
	struct raster *r = xcalloc(1, sizeof *r);
	size_t line_len;

	assert(geometry_check_spec(spec, NULL) == 0);
	r->spec = *spec;
	r->write = write;
	r->page = page;
	r->arg = arg;
	r->width = geometry_pixels(spec->media_width, spec->dpi);
	r->height = geometry_pixels(spec->media_height, spec->dpi);
	r->depth = spec->colour ? 3 : 1;
	line_len = (size_t)r->width * r->depth;
	r->kept = xmalloc(line_len);
	r->mirrored = xmalloc(line_len);
	r->white = xmalloc(r->width);
	memset(r->white, 0xff, r->width);
	raster_header_put_file(&r->out, spec);
	return r;
}

static int check_bytes(struct raster *r, struct err *err)
{
	if (r->offset + r->out.len + r->back.len <= r->spec.max_bytes)
		return 0;
	return err_set(err, -EFBIG,
	               "the printed pages need more than %llu bytes",
	               (unsigned long long)r->spec.max_bytes);
}

static int drain(struct raster *r, struct err *err)
{
	int result = check_bytes(r, err);

	if (result < 0 || r->out.len == 0)
		return result;
	if (r->failed == 0)
		r->failed = r->write(r->out.data, r->out.len, r->arg);
	if (r->failed < 0)
		return err_errno(err, -r->failed, "cannot write the pages");
	r->offset += r->out.len;
	buf_clear(&r->out);
	return 0;
}

int raster_side_begin(struct raster *r, struct err *err)
{
	assert(!r->open);
	if (r->pages >= r->spec.max_pages)
		return err_set(err, -E2BIG, "there are more than %u pages",
		               r->spec.max_pages);
	r->pages++;
	r->open = true;
	r->lines = 0;
	r->repeat = 0;
	r->transform = geometry_back(&r->spec, r->pages);
	if (r->transform.flip && !r->starts)
		r->starts = xcalloc(r->height, sizeof *r->starts);
	raster_header_put_page(&r->out, &r->spec, r->pages, r->width,
	                       r->height);
	return 0;
}

static void encode_group(struct raster *r, struct buf *out)
{
	struct raster_line line = r->group;
	uint8_t *at;

	if (r->transform.mirror) {
		raster_line_mirror(&line, r->mirrored);
		line.pixels = r->mirrored;
	}
	buf_reserve(out, 1 + raster_line_bound(r->width, r->depth));
	at = (uint8_t *)out->data + out->len;
	at[0] = (uint8_t)(r->repeat - 1);
	out->len += 1 + raster_line_encode(&line, r->depth, at + 1);
}

static int end_group(struct raster *r, struct err *err)
{
	int result = 0;

	if (r->repeat == 0)
		return 0;
	if (r->transform.flip) {
		r->starts[r->n_starts++] = r->back.len;
		encode_group(r, &r->back);
		result = check_bytes(r, err);
	} else {
		encode_group(r, &r->out);
		if (r->out.len >= CHUNK)
			result = drain(r, err);
	}
	r->repeat = 0;
	return result;
}

static bool is_group(const struct raster *r, const struct raster_line *line)
{
	if (r->repeat == 0 || r->repeat == MAX_REPEAT ||
	    line->depth != r->group.depth)
		return false;
	return line->pixels == r->group.pixels ||
	       memcmp(line->pixels, r->group.pixels,
	              (size_t)line->width * line->depth) == 0;
}

/* The group goes on in the next call, when the caller's line is gone. */
static void keep_group(struct raster *r)
{
	if (r->repeat == 0 || r->group.pixels == r->kept)
		return;
	memcpy(r->kept, r->group.pixels, (size_t)r->width * r->group.depth);
	r->group.pixels = r->kept;
}

int raster_side_lines(struct raster *r, struct raster_line line, size_t stride,
                      unsigned n_lines, struct err *err)
{
	int result;

	assert(r->open && n_lines <= r->height - r->lines);
	for (unsigned i = 0; i < n_lines; i++, line.pixels += stride) {
		if (is_group(r, &line)) {
			r->repeat++;
			continue;
		}
		result = end_group(r, err);
		if (result < 0)
			return result;
		r->group = line;
		r->repeat = 1;
	}
	r->lines += n_lines;
	keep_group(r);
	return 0;
}

static int emit_back(struct raster *r, struct err *err)
{
	size_t end = r->back.len;
	int result = 0;

	while (r->n_starts > 0 && result == 0) {
		size_t start = r->starts[--r->n_starts];

		buf_append(&r->out, r->back.data + start, end - start);
		end = start;
		r->back.len = end;
		if (r->out.len >= CHUNK)
			result = drain(r, err);
	}
	r->n_starts = 0;
	buf_clear(&r->back);
	return result;
}

static int complete_page(struct raster *r, struct err *err)
{
	struct raster_line white = {r->white, r->width, 1};
	int result = raster_side_lines(r, white, 0, r->height - r->lines, err);

	if (result == 0)
		result = end_group(r, err);
	if (result == 0)
		result = emit_back(r, err);
	/* a page leaves when it is done: the first prints early */
	if (result == 0)
		result = drain(r, err);
	return result;
}

int raster_side_end(struct raster *r, struct err *err)
{
	int result;

	assert(r->open);
	result = complete_page(r, err);
	r->open = false;
	if (result == 0 && r->page)
		r->page(r->pages, r->offset, r->arg);
	return result;
}

void raster_start_documents(struct raster *r)
{
	assert(!r->open && !r->layout);
	if (r->spec.n_ranges > 0 || r->spec.number_up > 1)
		r->layout = layout_new(&r->spec, r);
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

unsigned raster_pages(const struct raster *r)
{
	return r->pages;
}

int raster_finish(struct raster *r, struct err *err)
{
	int result = r->layout ? layout_finish(r->layout, err) : 0;

	assert(!r->open);
	return result < 0 ? result : drain(r, err);
}

void raster_free(struct raster *r)
{
	if (!r)
		return;
	layout_free(r->layout);
	buf_fini(&r->out);
	buf_fini(&r->back);
	free(r->starts);
	free(r->kept);
	free(r->mirrored);
	free(r->white);
	free(r);
}
