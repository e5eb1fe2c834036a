/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * PDF of strips, for printers that take nothing better: no fonts, no
 * transparency, nothing an interpreter could get wrong.
 *
 *   strip full  ->  white: left out; photo: JPEG; else Flate  ->  an object
 *   page end    ->  what draws them, the page
 *   finish      ->  page tree, catalogue, cross references
 *
 * Back sides are the printer's affair: it knows what a PDF page is.
 */
#include "render/worker/writer.h"

#include <stdio.h>

#include "base/mem.h"
#include "render/worker/pdf_out.h"
#include "render/worker/strip_code.h"

#define STRIP_LINES 128u

struct pdf {
	struct writer super;
	struct pdf_out file;
	struct strip strip;
	struct flate *flate;
	struct buf code;    /* of one strip */
	struct buf images;  /* the page's resources, as text */
	struct buf drawing; /* what puts them in their places */
};

static struct writer *pdf_new(const struct page_spec *spec, unsigned width,
                              unsigned height, struct output *out)
{
	struct pdf *self = xcalloc(1, sizeof *self);

	writer_init(&self->super, spec, width, height, out);
	strip_init(&self->strip, width, self->super.depth, STRIP_LINES, true);
	self->flate = flate_new();
	pdf_out_init(&self->file, out, "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n");
	return &self->super;
}

static double points(const struct pdf *self, unsigned pixels)
{
	return pixels * 72.0 / self->super.spec->dpi;
}

static int pdf_begin(struct writer *writer, unsigned page, struct err *err)
{
	struct pdf *self = (struct pdf *)writer;

	buf_clear(&self->images);
	buf_clear(&self->drawing);
	buf_printf(&self->drawing, "%.6f 0 0 %.6f 0 0 cm\n", points(self, 1),
	           points(self, 1));
	strip_begin_in(&self->strip, 0, self->super.height);
	return 0;
}

static int put_strip(void *arg, struct err *err)
{
	struct pdf *self = arg;
	const struct strip *s = &self->strip;
	enum strip_code code = strip_encode(s, self->flate, &self->code);
	unsigned bottom = s->top + s->n_lines;
	char dict[256];
	unsigned n;

	if (code == STRIP_WHITE)
		return 0;
	n = pdf_out_reserve(&self->file);
	snprintf(dict, sizeof dict,
	         "/Type/XObject/Subtype/Image/Width %u/Height %u"
	         "/ColorSpace/%s/BitsPerComponent 8/Filter/%s",
	         s->width, s->n_lines, s->now == 3 ? "DeviceRGB" : "DeviceGray",
	         strip_filter(code));
	pdf_out_stream(&self->file, n, dict, self->code.data, self->code.len);
	buf_printf(&self->images, "/I%u %u 0 R", n, n);
	buf_printf(&self->drawing, "q %u 0 0 %u 0 %u cm /I%u Do Q\n", s->width,
	           s->n_lines, self->super.height - bottom, n);
	return output_flow(self->super.out, err);
}

static int pdf_lines(struct writer *writer, const struct raster_line *first,
                     size_t stride, unsigned n_lines, struct err *err)
{
	struct pdf *self = (struct pdf *)writer;

	return strip_add_lines(&self->strip, self->super.height, first, stride,
	                       n_lines, put_strip, self, err);
}

static int pdf_end(struct writer *writer, struct err *err)
{
	struct pdf *self = (struct pdf *)writer;
	struct buf *buf = &writer->out->buf;
	unsigned drawing = pdf_out_reserve(&self->file);
	unsigned page = pdf_out_reserve(&self->file);

	pdf_out_stream(&self->file, drawing, "", self->drawing.data,
	               self->drawing.len);
	pdf_out_open(&self->file, page);
	buf_printf(buf,
	           "<</Type/Page/Parent 2 0 R/MediaBox[0 0 %.2f %.2f]"
	           "/Contents %u 0 R/Resources<</ProcSet[/PDF/ImageB/ImageC]"
	           "/XObject<<%s>>>>>>\n",
	           points(self, writer->width), points(self, writer->height),
	           drawing, buf_str(&self->images));
	pdf_out_close(&self->file);
	pdf_out_add_page(&self->file, page);
	return 0;
}

static const char *preferences(enum page_sides sides)
{
	switch (sides) {
	case SIDES_ONE: break;
	case SIDES_LONG_EDGE:
		return "/ViewerPreferences<</PrintScaling/None"
		       "/Duplex/DuplexFlipLongEdge>>";
	case SIDES_SHORT_EDGE:
		return "/ViewerPreferences<</PrintScaling/None"
		       "/Duplex/DuplexFlipShortEdge>>";
	}
	return "/ViewerPreferences<</PrintScaling/None>>";
}

static int pdf_finish(struct writer *writer, unsigned pages, struct err *err)
{
	struct pdf *self = (struct pdf *)writer;

	pdf_out_finish(&self->file, preferences(writer->spec->sides));
	return 0;
}

static void pdf_free(struct writer *writer)
{
	struct pdf *self = (struct pdf *)writer;

	pdf_out_fini(&self->file);
	strip_fini(&self->strip);
	flate_free(self->flate);
	buf_fini(&self->code);
	buf_fini(&self->images);
	buf_fini(&self->drawing);
	free(self);
}

const struct writer_format writer_pdf = {
	.new = pdf_new,
	.begin = pdf_begin,
	.lines = pdf_lines,
	.end = pdf_end,
	.finish = pdf_finish,
	.free = pdf_free,
};
