/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_FLATE_H
#define RENDER_WORKER_FLATE_H

#include <stddef.h>

#include "base/buf.h"

/* Blocks of bytes in the zlib format (RFC 1950), as /FlateDecode reads it. */
struct flate;

struct flate *flate_new(void);

/* Append data, compressed as a block of its own. */
void flate_put(struct flate *flate, const void *data, size_t len,
               struct buf *out);

void flate_free(struct flate *flate);

#endif
