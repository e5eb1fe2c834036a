/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * PostScript, level 3, as 7-bit text, which passes every channel that a
 * PostScript printer ever had.
 *
 *   strip full  ->  white: left out; photo: JPEG; else Flate  ->  ASCII85
 *
 * Both sides are asked for once: asking on each page would begin a new sheet.
 * What a back side needs is the printer's affair.
 */
#include "render/worker/writer.h"

#include "base/mem.h"
#include "render/worker/ascii85.h"
#include "render/worker/strip_code.h"

#define STRIP_LINES 128u

struct ps {
	struct writer super;
	struct strip strip;
	struct flate *flate;
	struct buf code; /* of one strip */
};

/*
 * width height bottom filter S: a strip of gray or colour, by its space; its
 * data follows in the file. flushfile reads it to its end, whatever of it the
 * inner filter left. A level 2 printer would print pages of text: it gets one
 * sentence instead.
 */
static const char prologue[] =
	"%%%%BeginProlog\n"
	"/languagelevel where {pop languagelevel}{1} ifelse 3 lt {\n"
	" /Helvetica findfont 12 scalefont setfont 72 720 moveto\n"
	" (This printer needs another format: it knows no PostScript level 3.)"
	" show showpage stop\n"
	"} if\n"
	"/S {/F exch def /Y exch def /H exch def /W exch def\n"
	" /A currentfile /ASCII85Decode filter def\n"
	" gsave 0 Y translate W H scale\n"
	" <</ImageType 1/Width W/Height H/BitsPerComponent 8\n"
	"  /ImageMatrix[W 0 0 H neg 0 H]\n"
	"  /Decode C 1 eq {[0 1]}{[0 1 0 1 0 1]} ifelse\n"
	"  /DataSource A F filter>> image\n"
	" grestore A flushfile} bind def\n"
	"/G {/C 1 def /DeviceGray setcolorspace} bind def\n"
	"/K {/C 3 def /DeviceRGB setcolorspace} bind def\n"
	"%%%%EndProlog\n"
	"%%%%BeginSetup\n"
	"<</PageSize[%.2f %.2f]/Duplex %s/Tumble %s/ImagingBBox null>>"
	" setpagedevice\n"
	"%%%%EndSetup\n";

static double points(unsigned length)
{
	return length * 72.0 / 2540;
}

static void put_head(const struct page_spec *spec, struct buf *buf)
{
	double width = points(spec->media_width);
	double height = points(spec->media_height);

	buf_printf(buf,
	           "%%!PS-Adobe-3.0\n%%%%LanguageLevel: 3\n"
	           "%%%%DocumentData: Clean7Bit\n%%%%Pages: (atend)\n"
	           "%%%%BoundingBox: 0 0 %.0f %.0f\n%%%%EndComments\n",
	           width, height);
	buf_printf(buf, prologue, width, height,
	           spec->sides == SIDES_ONE ? "false" : "true",
	           spec->sides == SIDES_SHORT_EDGE ? "true" : "false");
}

static struct writer *ps_new(const struct page_spec *spec, unsigned width,
                             unsigned height, struct output *out)
{
	struct ps *self = xcalloc(1, sizeof *self);

	writer_init(&self->super, spec, width, height, out);
	strip_init(&self->strip, width, self->super.depth, STRIP_LINES, true);
	self->flate = flate_new();
	put_head(spec, &out->buf);
	return &self->super;
}

/* Pixels were cut off at the bottom: the top edges meet. */
static int ps_begin(struct writer *writer, unsigned page, struct err *err)
{
	struct ps *self = (struct ps *)writer;
	const struct page_spec *spec = writer->spec;
	double scale = 72.0 / spec->dpi;

	buf_printf(&writer->out->buf,
	           "%%%%Page: %u %u\nsave\n0 %.4f translate\n"
	           "%.6f dup scale\n",
	           page, page,
	           points(spec->media_height) - writer->height * scale, scale);
	strip_begin_in(&self->strip, 0, self->super.height);
	return 0;
}

static int put_strip(void *arg, struct err *err)
{
	struct ps *self = arg;
	const struct strip *s = &self->strip;
	enum strip_code code = strip_encode(s, self->flate, &self->code);
	struct buf *buf = &self->super.out->buf;

	if (code == STRIP_WHITE)
		return 0;
	buf_printf(buf, "%s %u %u %u /%s S", s->now == 3 ? "K" : "G", s->width,
	           s->n_lines, self->super.height - s->top - s->n_lines,
	           strip_filter(code));
	ascii85_put(buf, self->code.data, self->code.len);
	return output_flow(self->super.out, err);
}

static int ps_lines(struct writer *writer, const struct raster_line *first,
                    size_t stride, unsigned n_lines, struct err *err)
{
	struct ps *self = (struct ps *)writer;

	return strip_add_lines(&self->strip, self->super.height, first, stride,
	                       n_lines, put_strip, self, err);
}

static int ps_end(struct writer *writer, struct err *err)
{
	buf_puts(&writer->out->buf, "restore showpage\n");
	return 0;
}

static int ps_finish(struct writer *writer, unsigned pages, struct err *err)
{
	buf_printf(&writer->out->buf, "%%%%Trailer\n%%%%Pages: %u\n%%%%EOF\n",
	           pages);
	return 0;
}

static void ps_free(struct writer *writer)
{
	struct ps *self = (struct ps *)writer;

	strip_fini(&self->strip);
	flate_free(self->flate);
	buf_fini(&self->code);
	free(self);
}

const struct writer_format writer_ps = {
	.new = ps_new,
	.begin = ps_begin,
	.lines = ps_lines,
	.end = ps_end,
	.finish = ps_finish,
	.free = ps_free,
};
