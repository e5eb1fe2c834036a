/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTERS_GZIP_H
#define PRINTERS_GZIP_H

#include <stddef.h>

#include "base/buf.h"

/*
 * A document on its way to a printer that takes compression "gzip" (RFC 8011
 * 5.4.32): RFC 1952, in pieces. A page that was put in comes out at once, so
 * that the printer can begin with it.
 */
struct gzip;

struct gzip *gzip_new(void);

/* Append data, compressed, all of it. */
void gzip_put(struct gzip *gzip, const void *data, size_t len, struct buf *out);

/* Append what ends the stream; nothing may be put afterwards. */
void gzip_end(struct gzip *gzip, struct buf *out);

void gzip_free(struct gzip *gzip); /* NULL is fine */

#endif
