/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_WRITER_H
#define RENDER_WORKER_WRITER_H

#include "render/worker/output.h"
#include "render/worker/page.h"
#include "render/worker/raster_line.h"

/*
 * One print format. The raster in front of it counts pages and lines, fills
 * what is missing, and keeps order: begin, exactly `height` lines, end, any
 * number of times, then finish. After a failure nothing but free is called.
 *
 * Lines are `width` pixels of 1 (gray) or 3 (RGB) bytes, as a person reads the
 * page; a colour job brings both kinds, a gray one only gray. What back sides
 * need is the format's own affair.
 */
struct writer;

struct writer_format {
	bool is_whole; /* nothing leaves, and no page is told, before finish */
	struct writer *(*new)(const struct page_spec *spec, unsigned width,
	                      unsigned height, struct output *out);
	int (*begin)(struct writer *writer, unsigned page, struct err *err);
	int (*lines)(struct writer *writer, const struct raster_line *first,
	             size_t stride, unsigned n_lines, struct err *err);
	int (*end)(struct writer *writer, struct err *err);
	int (*finish)(struct writer *writer, unsigned pages, struct err *err);
	void (*free)(struct writer *writer);
};

/* First member of each format's own struct. */
struct writer {
	const struct page_spec *spec; /* borrowed, as out is */
	struct output *out;
	unsigned width, height;
	unsigned depth; /* bytes a pixel in the job: 1 or 3 */
};

static inline void writer_init(struct writer *writer,
                               const struct page_spec *spec, unsigned width,
                               unsigned height, struct output *out)
{
	*writer = (struct writer){spec, out, width, height, page_depth(spec)};
}

extern const struct writer_format writer_pwg; /* PWG raster and image/urf */
extern const struct writer_format writer_pdf;
extern const struct writer_format writer_pclm;
extern const struct writer_format writer_jpeg;
extern const struct writer_format writer_ps;
extern const struct writer_format writer_pcl;
extern const struct writer_format writer_pclxl;
extern const struct writer_format writer_drawings;

const struct writer_format *writer_format_of(enum page_format format);

#endif
