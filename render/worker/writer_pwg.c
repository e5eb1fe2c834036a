/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * PWG raster (PWG 5102.4) and image/urf.
 *
 *   lines in  ->  equal ones counted  ->  mirrored?  ->  encoded  ->  out
 *                                                                      |
 *                                          flipped pages wait in back -'
 *
 * A group is a line that stands 1 to 256 times: a repeat byte and its code. On
 * back sides that run from bottom to top the groups wait, encoded, until the
 * page ends and leave last first; the pixels themselves (100 MB for A4 in
 * colour at 600 dpi) are never held.
 *
 * Where the printer has only black and white, lines are dithered as they come;
 * their code then counts bytes of eight pixels instead of pixels.
 */
#include "render/worker/writer.h"

#include "base/mem.h"
#include "render/worker/dither.h"
#include "render/worker/geometry.h"
#include "render/worker/raster_header.h"

#define MAX_REPEAT 256 /* what the repeat byte can say */

struct pwg {
	struct writer super;
	unsigned code_width; /* what the run-length code counts in a line */
	struct geometry_back transform;

	struct raster_line group; /* the group's line: the caller's, or kept */
	unsigned repeat;          /* how often it stands; 0: no group */
	uint8_t *kept;            /* that line, from one call to the next */
	uint8_t *mirrored;        /* room for one line */
	uint8_t *wide;            /* a line of repeated pixels, or NULL */

	struct dither *dither; /* NULL: 8 bits */
	uint8_t *packed;       /* room for one line of 1 bit */

	struct buf back; /* groups of a flipped page */
	size_t *starts;  /* where in back each of them begins */
	unsigned n_starts;
};

static struct writer *pwg_new(const struct page_spec *spec, unsigned width,
                              unsigned height, struct output *out)
{
	struct pwg *self = xcalloc(1, sizeof *self);
	size_t line_len;

	width *= page_across(spec);
	writer_init(&self->super, spec, width, height * page_along(spec), out);
	line_len = (size_t)width * self->super.depth;
	self->kept = xmalloc(line_len);
	self->mirrored = xmalloc(line_len);
	self->code_width = width;
	if (page_across(spec) > 1)
		self->wide = xmalloc(line_len);
	if (page_is_dithered(spec)) {
		self->code_width = (width + 7) / 8;
		self->packed = xmalloc(self->code_width);
		self->dither = dither_new(width);
	}
	raster_header_put_file(&out->buf, spec);
	return &self->super;
}

static int pwg_begin(struct writer *writer, unsigned page, struct err *err)
{
	struct pwg *self = (struct pwg *)writer;

	self->repeat = 0;
	self->transform = geometry_back(writer->spec, page);
	if (self->transform.flip && !self->starts)
		self->starts = xcalloc(writer->height, sizeof *self->starts);
	if (self->dither)
		dither_begin(self->dither);
	raster_header_put_page(&writer->out->buf, writer->spec, page,
	                       writer->width, writer->height);
	return 0;
}

static void encode_group(struct pwg *self, struct buf *out)
{
	unsigned depth = self->super.depth;
	struct raster_line line = self->group;
	uint8_t *at;

	if (self->transform.mirror && !self->dither) {
		raster_line_mirror(&line, self->mirrored);
		line.pixels = self->mirrored;
	}
	buf_reserve(out, 1 + raster_line_bound(self->code_width, depth));
	at = (uint8_t *)out->data + out->len;
	at[0] = (uint8_t)(self->repeat - 1);
	out->len += 1 + raster_line_encode(&line, depth, at + 1);
}

static int end_group(struct pwg *self, struct err *err)
{
	struct output *out = self->super.out;
	int result;

	if (self->repeat == 0)
		return 0;
	if (self->transform.flip) {
		self->starts[self->n_starts++] = self->back.len;
		encode_group(self, &self->back);
		result = output_check(out, self->back.len, err);
	} else {
		encode_group(self, &out->buf);
		result = output_flow(out, err);
	}
	self->repeat = 0;
	return result;
}

static bool is_group(const struct pwg *self, const struct raster_line *line)
{
	if (self->repeat == 0 || self->repeat == MAX_REPEAT ||
	    line->depth != self->group.depth)
		return false;
	return line->pixels == self->group.pixels ||
	       memcmp(line->pixels, self->group.pixels,
	              (size_t)line->width * line->depth) == 0;
}

/* The group goes on in the next call, when the caller's line is gone. */
static void keep_group(struct pwg *self)
{
	if (self->repeat == 0 || self->group.pixels == self->kept)
		return;
	memcpy(self->kept, self->group.pixels,
	       (size_t)self->group.width * self->group.depth);
	self->group.pixels = self->kept;
}

static int take_line(struct pwg *self, const struct raster_line *line,
                     struct err *err)
{
	int result;

	if (is_group(self, line)) {
		self->repeat++;
		return 0;
	}
	result = end_group(self, err);
	self->group = *line;
	self->repeat = 1;
	return result;
}

/* Mirrored before it is dithered: eight pixels are one byte afterwards. */
static int take_dithered(struct pwg *self, struct raster_line line,
                         struct err *err)
{
	bool ones = self->super.spec->ink == PAGE_INK_BLACK_1;
	int result;

	if (self->transform.mirror) {
		raster_line_mirror(&line, self->mirrored);
		line.pixels = self->mirrored;
	}
	dither_line(self->dither, line.pixels, self->packed, ones);
	line = (struct raster_line){self->packed, self->code_width, 1};
	result = take_line(self, &line, err);
	keep_group(self);
	return result;
}

/* Each pixel so often; the line is lost with the next one. */
static void widen(const struct pwg *self, struct raster_line *line)
{
	unsigned across = page_across(self->super.spec);
	uint8_t *out = self->wide;

	for (unsigned x = 0; x < line->width; x++)
		for (unsigned i = 0; i < across; i++, out += line->depth)
			memcpy(out, line->pixels + (size_t)x * line->depth,
			       line->depth);
	line->pixels = self->wide;
	line->width *= across;
}

static int take_repeated(struct pwg *self, struct raster_line line,
                         struct err *err)
{
	int result = 0;

	if (self->wide)
		widen(self, &line);
	for (unsigned i = page_along(self->super.spec); i > 0 && result == 0;
	     i--)
		result = self->dither ? take_dithered(self, line, err)
		                      : take_line(self, &line, err);
	if (self->wide)
		keep_group(self);
	return result;
}

static int pwg_lines(struct writer *writer, const struct raster_line *first,
                     size_t stride, unsigned n_lines, struct err *err)
{
	struct pwg *self = (struct pwg *)writer;
	struct raster_line line = *first;
	int result = 0;

	for (; n_lines > 0 && result == 0; n_lines--, line.pixels += stride)
		result = take_repeated(self, line, err);
	keep_group(self);
	return result;
}

static int emit_back(struct pwg *self, struct err *err)
{
	struct output *out = self->super.out;
	size_t end = self->back.len;
	int result = 0;

	while (self->n_starts > 0 && result == 0) {
		size_t start = self->starts[--self->n_starts];

		buf_append(&out->buf, self->back.data + start, end - start);
		end = start;
		self->back.len = end;
		result = output_flow(out, err);
	}
	buf_clear(&self->back);
	return result;
}

static int pwg_end(struct writer *writer, struct err *err)
{
	struct pwg *self = (struct pwg *)writer;
	int result = end_group(self, err);

	return result < 0 ? result : emit_back(self, err);
}

/* Pages stand alone: there is nothing behind the last. */
static int pwg_finish(struct writer *writer, unsigned pages, struct err *err)
{
	return 0;
}

static void pwg_free(struct writer *writer)
{
	struct pwg *self = (struct pwg *)writer;

	buf_fini(&self->back);
	dither_free(self->dither);
	free(self->starts);
	free(self->wide);
	free(self->packed);
	free(self->kept);
	free(self->mirrored);
	free(self);
}

const struct writer_format writer_pwg = {
	.new = pwg_new,
	.begin = pwg_begin,
	.lines = pwg_lines,
	.end = pwg_end,
	.finish = pwg_finish,
	.free = pwg_free,
};
