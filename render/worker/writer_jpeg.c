/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * JPEG, for printers of photographs. A document of this format is one picture,
 * so each page is one, and whoever sends them takes them apart where they end.
 */
#include "render/worker/writer.h"

#include "base/mem.h"
#include "render/worker/jpeg_out.h"

#define QUALITY 95

struct jpeg {
	struct writer super;
	struct jpeg_out *picture; /* NULL between pages */
};

static struct writer *jpeg_new(const struct page_spec *spec, unsigned width,
                               unsigned height, struct output *out)
{
	struct jpeg *self = xcalloc(1, sizeof *self);

	writer_init(&self->super, spec, width, height, out);
	return &self->super;
}

static int jpeg_begin(struct writer *writer, unsigned page, struct err *err)
{
	struct jpeg *self = (struct jpeg *)writer;
	struct jpeg_out_form form = {writer->width, writer->height,
	                             writer->depth, writer->spec->dpi, QUALITY};

	self->picture = jpeg_out_new(&form, &writer->out->buf);
	return 0;
}

static int jpeg_lines(struct writer *writer, const struct raster_line *first,
                      size_t stride, unsigned n_lines, struct err *err)
{
	struct jpeg *self = (struct jpeg *)writer;
	struct raster_line line = *first;

	for (; n_lines > 0; n_lines--, line.pixels += stride)
		jpeg_out_line(self->picture, &line);
	return output_check(writer->out, 0, err);
}

static int jpeg_end(struct writer *writer, struct err *err)
{
	struct jpeg *self = (struct jpeg *)writer;

	jpeg_out_finish(self->picture);
	jpeg_out_free(TAKE(self->picture));
	return 0;
}

static int jpeg_finish(struct writer *writer, unsigned pages, struct err *err)
{
	return 0;
}

static void jpeg_free(struct writer *writer)
{
	struct jpeg *self = (struct jpeg *)writer;

	jpeg_out_free(self->picture);
	free(self);
}

const struct writer_format writer_jpeg = {
	.new = jpeg_new,
	.begin = jpeg_begin,
	.lines = jpeg_lines,
	.end = jpeg_end,
	.finish = jpeg_finish,
	.free = jpeg_free,
};
