/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_CONTENT_PACK_H
#define SPOOL_CONTENT_PACK_H

#include <stddef.h>

#include "base/buf.h"

/*
 * A chunk of content as it is stored: one byte that says how, then the bytes
 * (K8: what is stored may be compressed). Mail shrinks to a third, base64 to
 * three quarters, raster pages to a tenth; what does not shrink is kept as it
 * is. On the loop thread only: it shares one set of zstd's tables.
 */
#define CONTENT_PACK_MAX(len) ((len) + 1)

/* Append the packed form of len bytes, at most CONTENT_PACK_MAX(len). */
void content_pack(const void *data, size_t len, struct buf *out);

/* Append the form that is as it is, of the same size at most. */
void content_keep(const void *data, size_t len, struct buf *out);

/*
 * Append what was packed, at most `max` bytes. -EBADMSG for what
 * content_pack() cannot have made.
 */
int content_unpack(const void *data, size_t len, size_t max, struct buf *out);

#endif
