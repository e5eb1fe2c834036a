/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Pages that wait for a printer, as one PDF. Each page says how it comes, and
 * neighbours that come alike are one piece:
 *
 *   cairo     text and line art are drawn into a PDF of Cairo's
 *   pdf       pages of a PDF are lifted out of it by whoever reads it
 *   lines     what has only pixels becomes a PDF of strips
 *   finish    the pieces are joined in the order of their pages
 */
#include "render/worker/writer_drawings.h"

#include <errno.h>

#include <cairo-pdf.h>

#include "base/mem.h"
#include "render/worker/pdf_join.h"

#define POINTS_PER_INCH 72.0

enum piece_kind {
	PIECE_NONE,
	PIECE_CAIRO,
	PIECE_PDF,
	PIECE_LINES,
};

struct drawings {
	struct writer super;
	struct buf *pieces; /* the last one grows, or is to come */
	size_t n_pieces;
	enum piece_kind open;   /* the last one; NONE: it is complete */
	enum piece_kind page;   /* as what the page comes; NONE: not known */
	unsigned n_pages;       /* in the open piece */
	cairo_surface_t *sheet; /* of CAIRO */
	cairo_t *cr;
	struct writer *strips; /* of LINES */
	struct output strips_out;
};

static struct writer *drawings_new(const struct page_spec *spec, unsigned width,
                                   unsigned height, struct output *out)
{
	struct drawings *self = xcalloc(1, sizeof *self);

	writer_init(&self->super, spec, width, height, out);
	return &self->super;
}

static struct buf *last(struct drawings *self)
{
	return &self->pieces[self->n_pieces - 1];
}

static int put_strips(const void *data, size_t len, void *arg)
{
	buf_append(last(arg), data, len);
	return 0;
}

static cairo_status_t put_sheet(void *arg, const unsigned char *data,
                                unsigned len)
{
	buf_append(last(arg), data, len);
	return CAIRO_STATUS_SUCCESS;
}

static double points(const struct drawings *self, unsigned pixels)
{
	return pixels * POINTS_PER_INCH / self->super.spec->dpi;
}

static void open_sheet(struct drawings *self)
{
	double scale = points(self, 1);

	self->sheet =
		cairo_pdf_surface_create_for_stream(put_sheet, self,
	                                            points(self,
	                                                   self->super.width),
	                                            points(self,
	                                                   self->super.height));
	self->cr = cairo_create(self->sheet);
	cairo_scale(self->cr, scale, scale);
}

static void open_strips(struct drawings *self)
{
	self->strips_out = (struct output){
		.max_bytes = self->super.out->max_bytes,
		.write = put_strips,
		.arg = self,
	};
	self->strips = writer_pdf.new(self->super.spec, self->super.width,
	                              self->super.height, &self->strips_out);
}

static int close_sheet(struct drawings *self, struct err *err)
{
	cairo_status_t status;

	cairo_destroy(TAKE(self->cr));
	cairo_surface_finish(self->sheet);
	status = cairo_surface_status(self->sheet);
	cairo_surface_destroy(TAKE(self->sheet));
	if (status != CAIRO_STATUS_SUCCESS)
		return err_set(err, -EIO, "the pages cannot be drawn: %s",
		               cairo_status_to_string(status));
	return 0;
}

static int close_strips(struct drawings *self, struct err *err)
{
	int r = writer_pdf.finish(self->strips, self->n_pages, err);

	if (r == 0)
		r = output_drain(&self->strips_out, err);
	writer_pdf.free(TAKE(self->strips));
	output_fini(&self->strips_out);
	return r;
}

static int close_piece(struct drawings *self, struct err *err)
{
	enum piece_kind open = self->open;

	self->open = PIECE_NONE;
	switch (open) {
	case PIECE_NONE: break;
	case PIECE_CAIRO: return close_sheet(self, err);
	case PIECE_LINES: return close_strips(self, err);
	case PIECE_PDF:
		return err_set(err, -EINVAL, "pages of a PDF are missing");
	}
	return 0;
}

/* The page comes so: go on with the open piece, or begin another. */
static int choose(struct drawings *self, enum piece_kind kind, struct err *err)
{
	int r;

	if (self->page != PIECE_NONE)
		return 0;
	self->page = kind;
	if (self->open == kind)
		return 0;
	r = close_piece(self, err);
	if (r < 0)
		return r;
	self->pieces = xrealloc(self->pieces,
	                        (self->n_pieces + 1) * sizeof *self->pieces);
	self->pieces[self->n_pieces++] = (struct buf){0};
	self->n_pages = 0;
	self->open = kind;
	if (kind == PIECE_CAIRO)
		open_sheet(self);
	else if (kind == PIECE_LINES)
		open_strips(self);
	return 0;
}

cairo_t *writer_drawings_cairo(struct writer *writer)
{
	struct drawings *self = (struct drawings *)writer;

	if (choose(self, PIECE_CAIRO, NULL) < 0)
		return NULL;
	return self->cr;
}

void writer_drawings_page_is_in_pdf(struct writer *writer)
{
	struct drawings *self = (struct drawings *)writer;

	if (choose(self, PIECE_PDF, NULL) < 0)
		self->page = PIECE_NONE;
}

void writer_drawings_take_pdf(struct writer *writer, struct buf *pdf)
{
	struct drawings *self = (struct drawings *)writer;

	if (self->open != PIECE_PDF)
		return; /* the page that it was for never began */
	*last(self) = *pdf;
	*pdf = (struct buf){0};
	self->open = PIECE_NONE;
}

static int drawings_begin(struct writer *writer, unsigned page, struct err *err)
{
	struct drawings *self = (struct drawings *)writer;

	self->page = PIECE_NONE;
	return 0;
}

/* Of a page that is drawn, lines are the white that fills it up. */
static int drawings_lines(struct writer *writer,
                          const struct raster_line *first, size_t stride,
                          unsigned n_lines, struct err *err)
{
	struct drawings *self = (struct drawings *)writer;
	bool is_first = self->page == PIECE_NONE;
	int r = choose(self, PIECE_LINES, err);

	if (r < 0 || self->page != PIECE_LINES)
		return r;
	if (is_first)
		r = writer_pdf.begin(self->strips, self->n_pages + 1, err);
	return r < 0 ? r
	             : writer_pdf.lines(self->strips, first, stride, n_lines,
	                                err);
}

static uint64_t bytes_of(const struct drawings *self)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < self->n_pieces; i++)
		sum += self->pieces[i].len;
	return sum;
}

static int drawings_end(struct writer *writer, struct err *err)
{
	struct drawings *self = (struct drawings *)writer;
	int r = 0;

	self->n_pages++;
	if (self->page == PIECE_CAIRO) {
		cairo_show_page(self->cr);
		cairo_identity_matrix(self->cr);
		cairo_scale(self->cr, points(self, 1), points(self, 1));
	} else if (self->page == PIECE_LINES) {
		r = writer_pdf.end(self->strips, err);
	}
	return r < 0 ? r : output_check(writer->out, bytes_of(self), err);
}

static int drawings_finish(struct writer *writer, unsigned pages,
                           struct err *err)
{
	struct drawings *self = (struct drawings *)writer;
	int r = close_piece(self, err);

	if (r == 0 && self->n_pieces > 0)
		r = pdf_join(self->pieces, self->n_pieces, &writer->out->buf,
		             err);
	return r;
}

static void drawings_free(struct writer *writer)
{
	struct drawings *self = (struct drawings *)writer;

	if (self->cr)
		close_sheet(self, NULL);
	if (self->strips)
		writer_pdf.free(self->strips);
	output_fini(&self->strips_out);
	for (size_t i = 0; i < self->n_pieces; i++)
		buf_fini(&self->pieces[i]);
	free(self->pieces);
	free(self);
}

const struct writer_format writer_drawings = {
	.is_whole = true,
	.new = drawings_new,
	.begin = drawings_begin,
	.lines = drawings_lines,
	.end = drawings_end,
	.finish = drawings_finish,
	.free = drawings_free,
};
