/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_IMAGE_KIND_H
#define RENDER_WORKER_IMAGE_KIND_H

#include "render/worker/image_reader.h"

/* A kind of picture, known by its first bytes whatever its name is. */
struct image_kind {
	const char *type;    /* "image/png" */
	image_open_fn *open; /* NULL: a drawing, for svg_render() */
};

/* The kind of a file, or NULL if it is none that can be printed. */
const struct image_kind *image_kind_of(const void *data, size_t len);

#endif
