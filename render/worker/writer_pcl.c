/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * PCL 5e: black and white raster graphics, dithered, for the printers that
 * know nothing else (PCL 5 Printer Language Technical Reference, chapters 4, 5
 * and 15).
 *
 *   white lines  ->  counted, skipped by Y offset
 *   others       ->  method 2 (run lengths) or 3 (what changed), the shorter
 *
 * Raster begins at the edge of the logical page, a quarter of an inch inside
 * the sheet (71 of 300 dots on metric paper): what is left of it cannot be
 * printed, and no command that moves it is understood everywhere.
 */
#include "render/worker/writer.h"

#include "base/mem.h"
#include "render/worker/dither.h"
#include "render/worker/packbits.h"
#include "render/worker/paper_code.h"

#define UEL          "\033%-12345X"
#define METHOD_RUNS  2
#define METHOD_DELTA 3
#define DELTA_MAX    8  /* bytes that one command replaces */
#define OFFSET_MAX   31 /* in the command byte; 255 in each that follows */

struct pcl {
	struct writer super;
	struct dither *dither;
	unsigned crop;   /* pixels before the logical page */
	size_t line_len; /* bytes of it */
	uint8_t *bits;   /* the line, from the logical page on */
	uint8_t *seed;   /* the line before, as the printer has it */
	uint8_t *runs, *delta;
	unsigned n_white; /* lines not yet skipped */
	int method;       /* what the printer expects; 0: not said */
};

static struct writer *pcl_new(const struct page_spec *spec, unsigned width,
                              unsigned height, struct output *out)
{
	struct pcl *self = xcalloc(1, sizeof *self);
	bool is_metric = spec->media_width % 100 == 0;

	writer_init(&self->super, spec, width, height, out);
	self->crop = (is_metric ? 71 : 75) * spec->dpi / 300;
	if (width <= 2 * self->crop) /* no such paper has a number */
		self->crop = 0;
	self->dither = dither_new(width - 2 * self->crop);
	self->line_len = (width - 2 * self->crop + 7) / 8;
	self->bits = xmalloc(self->line_len);
	self->seed = xmalloc(self->line_len);
	self->runs = xmalloc(packbits_bound(self->line_len));
	/* each byte changed, alone: its command byte */
	self->delta = xmalloc(self->line_len * 2 + 16);
	buf_puts(&out->buf, UEL "@PJL ENTER LANGUAGE=PCL\r\n");
	buf_printf(&out->buf,
	           "\033E\033&l%dA\033&l0O\033&l%dS\033&l0E\033&l0L"
	           "\033&u%uD\033*t%uR\033*r0F",
	           paper_code_pcl(spec->media_width, spec->media_height),
	           (int)spec->sides, spec->dpi, spec->dpi);
	return &self->super;
}

static int pcl_begin(struct writer *writer, unsigned page, struct err *err)
{
	struct pcl *self = (struct pcl *)writer;

	dither_begin(self->dither);
	memset(self->seed, 0, self->line_len);
	self->n_white = 0;
	self->method = 0;
	buf_puts(&writer->out->buf, "\033*p0x0Y\033*r1A");
	return 0;
}

/* The bytes from here on that differ, at most as one command takes. */
static size_t changed(const struct pcl *self, size_t at)
{
	size_t n = 0;

	while (n < DELTA_MAX && at + n < self->line_len &&
	       self->bits[at + n] != self->seed[at + n])
		n++;
	return n;
}

static uint8_t *put_offset(uint8_t *out, size_t offset, size_t n)
{
	uint8_t command = (uint8_t)((n - 1) << 5);

	if (offset < OFFSET_MAX) {
		*out++ = (uint8_t)(command | offset);
		return out;
	}
	*out++ = command | OFFSET_MAX;
	for (offset -= OFFSET_MAX; offset >= 255; offset -= 255)
		*out++ = 255;
	*out++ = (uint8_t)offset;
	return out;
}

/* Method 3: what changed since the line before. Returns bytes. */
static size_t encode_delta(struct pcl *self)
{
	uint8_t *out = self->delta;
	size_t done = 0;

	for (size_t at = 0; at < self->line_len;) {
		size_t n = changed(self, at);

		if (n == 0) {
			at++;
			continue;
		}
		out = put_offset(out, at - done, n);
		memcpy(out, self->bits + at, n);
		out += n;
		at += n;
		done = at;
	}
	return (size_t)(out - self->delta);
}

/* Method 2; white at the end of the line need not be said. */
static size_t encode_runs(struct pcl *self)
{
	size_t len = self->line_len;

	while (len > 0 && self->bits[len - 1] == 0)
		len--;
	return packbits_encode(self->bits, len, self->runs);
}

static void put_line(struct pcl *self)
{
	struct buf *buf = &self->super.out->buf;
	size_t n_delta = encode_delta(self), n_runs = encode_runs(self);
	int method = n_runs < n_delta ? METHOD_RUNS : METHOD_DELTA;
	size_t n = n_runs < n_delta ? n_runs : n_delta;

	if (self->n_white > 0) {
		buf_printf(buf, "\033*b%uY", self->n_white);
		self->n_white = 0;
	}
	if (method != self->method)
		buf_printf(buf, "\033*b%dM", method);
	self->method = method;
	buf_printf(buf, "\033*b%zuW", n);
	buf_append(buf, method == METHOD_RUNS ? self->runs : self->delta, n);
	memcpy(self->seed, self->bits, self->line_len);
}

static bool is_white(const struct pcl *self)
{
	return self->bits[0] == 0 &&
	       memcmp(self->bits, self->bits + 1, self->line_len - 1) == 0;
}

static int pcl_lines(struct writer *writer, const struct raster_line *first,
                     size_t stride, unsigned n_lines, struct err *err)
{
	struct pcl *self = (struct pcl *)writer;
	const uint8_t *gray = first->pixels + self->crop;
	int result = 0;

	for (; n_lines > 0 && result == 0; n_lines--, gray += stride) {
		dither_line(self->dither, gray, self->bits, true);
		if (is_white(self)) {
			self->n_white++;
			/* a Y offset empties the printer's seed line */
			memset(self->seed, 0, self->line_len);
			continue;
		}
		put_line(self);
		result = output_flow(writer->out, err);
	}
	return result;
}

static int pcl_end(struct writer *writer, struct err *err)
{
	buf_puts(&writer->out->buf, "\033*rB\f");
	return 0;
}

static int pcl_finish(struct writer *writer, unsigned pages, struct err *err)
{
	buf_puts(&writer->out->buf, "\033E" UEL);
	return 0;
}

static void pcl_free(struct writer *writer)
{
	struct pcl *self = (struct pcl *)writer;

	dither_free(self->dither);
	free(self->bits);
	free(self->seed);
	free(self->runs);
	free(self->delta);
	free(self);
}

const struct writer_format writer_pcl = {
	.new = pcl_new,
	.begin = pcl_begin,
	.lines = pcl_lines,
	.end = pcl_end,
	.finish = pcl_finish,
	.free = pcl_free,
};
