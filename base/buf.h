/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"

/*
 * A growable run of bytes. Zero-initialised is empty and valid. Grows without
 * limit: whoever appends a stranger's bytes checks `len` first.
 */
struct buf {
	char *data; /* owned; not terminated unless buf_str() was called */
	size_t len;
	size_t cap;
};

void buf_append(struct buf *buf, const void *data, size_t len);

/* The same, but never more than max bytes in all; the rest is dropped. */
void buf_append_until(struct buf *buf, size_t max, const void *data,
                      size_t len);
void buf_puts(struct buf *buf, const char *text);
void buf_printf(struct buf *buf, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_reserve(struct buf *buf, size_t extra); /* room for extra bytes */
void buf_consume(struct buf *buf, size_t n);     /* drop n bytes in front */
bool buf_contains(const struct buf *buf, const char *text); /* as it stands */
const char *buf_str(struct buf *buf); /* terminated; still owned */
void buf_clear(struct buf *buf);      /* empty, keeps the memory */
void buf_fini(struct buf *buf);       /* empty, frees the memory */

static inline __attribute__((unused)) void buf_fini_cleanup_(struct buf *buf)
{
	buf_fini(buf);
}

#endif
