/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_JPEG_OUT_H
#define RENDER_WORKER_JPEG_OUT_H

#include "base/buf.h"
#include "render/worker/raster_line.h"

/* A baseline JPEG picture on its way into a buffer, line by line. */
struct jpeg_out;

struct jpeg_out_form {
	unsigned width, height; /* at most 32767 each way */
	unsigned depth;         /* 1 gray, 3 RGB */
	unsigned dpi;           /* told in its JFIF header */
	int quality;            /* 1 to 100 */
};

struct jpeg_out *jpeg_out_new(const struct jpeg_out_form *form,
                              struct buf *out);

/* Exactly form.height of them; gray ones may come in an RGB picture. */
void jpeg_out_line(struct jpeg_out *jpeg, const struct raster_line *line);

/* The picture is complete in the buffer. */
void jpeg_out_finish(struct jpeg_out *jpeg);

void jpeg_out_free(struct jpeg_out *jpeg); /* NULL is fine */

#endif
