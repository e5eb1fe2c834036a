/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_IMAGE_SCALE_H
#define RENDER_WORKER_IMAGE_SCALE_H

#include <stdint.h>

#include "base/cleanup.h"

/*
 * A picture changes its size while its lines pass by: the mean of what a pixel
 * covers where it gets smaller, a straight line between neighbours where it
 * gets larger. Holds a few lines, whatever the size.
 */
struct image_scale;

struct image_size {
	unsigned width, height;
};

/* A line of the result; it is valid during the call. 0 or -errno. */
typedef int image_scale_fn(const uint8_t *line, void *arg);

/* depth is 1 or 3 bytes a pixel; no side is 0. */
struct image_scale *image_scale_new(struct image_size in, struct image_size out,
                                    unsigned depth, image_scale_fn *fn,
                                    void *arg);

/*
 * Take the next line; fn is called for every line of the result that is now
 * complete. After in.height lines it has been called out.height times. What fn
 * returned, if not 0, ends it.
 */
int image_scale_line(struct image_scale *scale, const uint8_t *line);

void image_scale_free(struct image_scale *scale);
DEFINE_CLEANUP(struct image_scale *, image_scale_free)

#endif
