/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include <stddef.h>

#include "base/buf.h"

/*
 * Base64 (RFC 2045, 6.8) as mails have it: bytes outside the alphabet are
 * passed over, and padding in the middle ends a run, not the data: some senders
 * encode in pieces, of which GMime 3.2.13 keeps only the first. Appends.
 */
void base64_decode(const char *data, size_t len, struct buf *out);

/* With padding and without line ends (RFC 4648, 4). Appends. */
void base64_encode(const void *data, size_t len, struct buf *out);

#endif
