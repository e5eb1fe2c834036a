/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * PCLm (Wi-Fi Peer-to-Peer Services Print, PCLm 1.0): a PDF file that a small
 * printer can print while it comes. A page names all its strips, from the top
 * down, before the first of them follows; each strip is an image of the same
 * height, but for the last, and after it stands what draws it.
 *
 *   begin       page, contents
 *   strip full  turned for back sides, Flate, out
 *
 * A back side that runs from bottom to top waits, compressed, until its last
 * strip has come, which then leaves first.
 */
#include "render/worker/writer.h"

#include <stdio.h>

#include "base/mem.h"
#include "render/worker/flate.h"
#include "render/worker/geometry.h"
#include "render/worker/pdf_out.h"
#include "render/worker/strip.h"

#define STRIP_LINES 16u /* what every printer takes */

struct pclm {
	struct writer super;
	struct pdf_out file;
	struct strip strip;
	struct flate *flate;
	unsigned strip_lines, n_strips;
	unsigned first;  /* object number of the page's first strip */
	unsigned n_done; /* strips of the page that have come */
	struct geometry_back transform;
	struct buf *codes;  /* of a page's strips, in the order of the file */
	struct buf white;   /* the code of a white strip, once it is known */
	uint64_t n_waiting; /* bytes in them */
};

static struct writer *pclm_new(const struct page_spec *spec, unsigned width,
                               unsigned height, struct output *out)
{
	struct pclm *self = xcalloc(1, sizeof *self);

	writer_init(&self->super, spec, width, height, out);
	self->strip_lines =
		spec->strip_height ? spec->strip_height : STRIP_LINES;
	self->n_strips = (height + self->strip_lines - 1) / self->strip_lines;
	self->codes = xcalloc(self->n_strips, sizeof *self->codes);
	strip_init(&self->strip, width, self->super.depth, self->strip_lines,
	           false);
	self->flate = flate_new();
	pdf_out_init(&self->file, out, "%PDF-1.7\n%PCLm 1.0\n");
	return &self->super;
}

static double points(const struct pclm *self, unsigned pixels)
{
	return pixels * 72.0 / self->super.spec->dpi;
}

/* Lines of strip i of the file; the last may be shorter. */
static unsigned lines_of(const struct pclm *self, unsigned i)
{
	unsigned left = self->super.height - i * self->strip_lines;

	return left < self->strip_lines ? left : self->strip_lines;
}

static void put_page(struct pclm *self, unsigned page, unsigned contents)
{
	struct buf *buf = &self->super.out->buf;

	pdf_out_open(&self->file, page);
	buf_printf(buf,
	           "<<\n/Type /Page\n/Parent 2 0 R\n"
	           "/MediaBox [0 0 %.2f %.2f]\n/Contents [%u 0 R]\n"
	           "/Resources <<\n/XObject <<\n",
	           points(self, self->super.width),
	           points(self, self->super.height), contents);
	for (unsigned i = 0; i < self->n_strips; i++)
		buf_printf(buf, "/Image%u %u 0 R\n", i, self->first + 2 * i);
	buf_puts(buf, ">>\n>>\n>>\n");
	pdf_out_close(&self->file);
	pdf_out_add_page(&self->file, page);
}

static void put_contents(struct pclm *self, unsigned contents)
{
	struct buf text CLEANUP(buf_fini) = {0};
	unsigned below = self->super.height;

	buf_printf(&text, "%.6f 0 0 %.6f 0 0 cm\n", points(self, 1),
	           points(self, 1));
	for (unsigned i = 0; i < self->n_strips; i++) {
		below -= lines_of(self, i);
		buf_printf(&text, "q\n%u 0 0 %u 0 %u cm\n/Image%u Do\nQ\n",
		           self->super.width, lines_of(self, i), below, i);
	}
	pdf_out_stream(&self->file, contents, "", text.data, text.len);
}

/* Which strip of the file comes as the k-th of the page. */
static unsigned place_of(const struct pclm *self, unsigned k)
{
	return self->transform.flip ? self->n_strips - 1 - k : k;
}

static void begin_strip(struct pclm *self)
{
	if (self->n_done < self->n_strips)
		strip_begin(&self->strip, 0,
		            lines_of(self, place_of(self, self->n_done)));
}

static int pclm_begin(struct writer *writer, unsigned page, struct err *err)
{
	struct pclm *self = (struct pclm *)writer;
	unsigned object = pdf_out_reserve(&self->file);
	unsigned contents = pdf_out_reserve(&self->file);

	self->transform = geometry_back(writer->spec, page);
	self->n_done = 0;
	self->n_waiting = 0;
	self->first = self->file.n_objects + 1;
	for (unsigned i = 0; i < 2 * self->n_strips; i++)
		pdf_out_reserve(&self->file);
	put_page(self, object, contents);
	put_contents(self, contents);
	begin_strip(self);
	return 0;
}

static int put_strip(struct pclm *self, unsigned i, struct err *err)
{
	static const char draw[] = "q /image Do Q\n";
	struct buf *code = &self->codes[i];
	unsigned n = self->first + 2 * i;
	char dict[256];

	snprintf(dict, sizeof dict,
	         "\n/Width %u\n/Height %u\n/ColorSpace /%s\n"
	         "/BitsPerComponent 8\n/Subtype /Image\n/Type /XObject\n"
	         "/Filter /FlateDecode\n",
	         self->super.width, lines_of(self, i),
	         self->super.depth == 3 ? "DeviceRGB" : "DeviceGray");
	pdf_out_stream(&self->file, n, dict, code->data, code->len);
	pdf_out_stream(&self->file, n + 1, "", draw, sizeof draw - 1);
	buf_fini(code);
	return output_flow(self->super.out, err);
}

/* Most strips of most pages are white, and all of these alike. */
static void encode(struct pclm *self, struct buf *code)
{
	const struct strip *s = &self->strip;
	bool is_white = s->n_lines == self->strip_lines && strip_is_white(s);

	if (!is_white) {
		flate_put(self->flate, s->pixels, strip_bytes(s), code);
		return;
	}
	if (self->white.len == 0)
		flate_put(self->flate, s->pixels, strip_bytes(s), &self->white);
	buf_append(code, self->white.data, self->white.len);
}

static int end_strip(struct pclm *self, struct err *err)
{
	unsigned i = place_of(self, self->n_done++);

	strip_turn(&self->strip, self->transform.mirror, self->transform.flip);
	encode(self, &self->codes[i]);
	begin_strip(self);
	if (!self->transform.flip)
		return put_strip(self, i, err);
	self->n_waiting += self->codes[i].len;
	return output_check(self->super.out, self->n_waiting, err);
}

static int pclm_lines(struct writer *writer, const struct raster_line *first,
                      size_t stride, unsigned n_lines, struct err *err)
{
	struct pclm *self = (struct pclm *)writer;
	struct raster_line line = *first;
	int result = 0;

	for (; n_lines > 0 && result == 0; n_lines--, line.pixels += stride)
		if (strip_add(&self->strip, &line))
			result = end_strip(self, err);
	return result;
}

static int pclm_end(struct writer *writer, struct err *err)
{
	struct pclm *self = (struct pclm *)writer;
	int result = 0;

	for (unsigned i = 0; self->transform.flip && i < self->n_strips; i++) {
		result = put_strip(self, i, err);
		if (result < 0)
			break;
	}
	return result;
}

static int pclm_finish(struct writer *writer, unsigned pages, struct err *err)
{
	struct pclm *self = (struct pclm *)writer;

	pdf_out_finish(&self->file, "");
	return 0;
}

static void pclm_free(struct writer *writer)
{
	struct pclm *self = (struct pclm *)writer;

	for (unsigned i = 0; i < self->n_strips; i++)
		buf_fini(&self->codes[i]);
	free(self->codes);
	buf_fini(&self->white);
	pdf_out_fini(&self->file);
	strip_fini(&self->strip);
	flate_free(self->flate);
	free(self);
}

const struct writer_format writer_pclm = {
	.new = pclm_new,
	.begin = pclm_begin,
	.lines = pclm_lines,
	.end = pclm_end,
	.finish = pclm_finish,
	.free = pclm_free,
};
