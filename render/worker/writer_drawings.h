/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_WRITER_DRAWINGS_H
#define RENDER_WORKER_WRITER_DRAWINGS_H

#include "render/worker/drawing.h"
#include "render/worker/writer.h"

/* The page between begin and end, as drawing.h has it. */
cairo_t *writer_drawings_cairo(struct writer *writer);
void writer_drawings_page_is_in_pdf(struct writer *writer);
void writer_drawings_take_pdf(struct writer *writer, struct buf *pdf);

#endif
