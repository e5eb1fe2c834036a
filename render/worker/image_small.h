/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_IMAGE_SMALL_H
#define RENDER_WORKER_IMAGE_SMALL_H

#include <stddef.h>

#include "base/err.h"
#include "render/worker/image_turn.h"

/*
 * A picture among words: upright, in RGB, as large as a square of `side` pixels
 * takes. out->data is the caller's. What a damaged file lacks is white. -EINVAL
 * or -EFBIG with a sentence: it is no picture of pixels, or has more of them
 * than max_pixels (0: as many as can be).
 */
int image_small(const void *data, size_t len, unsigned side,
                unsigned max_pixels, struct image_pixels *out, struct err *err);

#endif
