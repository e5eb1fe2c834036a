/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PICTURE_SIZE_H
#define RENDER_WORKER_PICTURE_SIZE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Pixels of a picture as its header says, without decoding it: PNG, GIF, JPEG,
 * BMP. False for other files and for broken headers. It only serves to tell
 * tracking pixels from pictures.
 */
bool picture_size(const void *data, size_t len, unsigned *width,
                  unsigned *height);

#endif
