/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_TRANSFER_H
#define RENDER_WORKER_TRANSFER_H

#include <stddef.h>

#include "base/buf.h"

/*
 * Base64 (RFC 2045, 6.8) as mails have it: bytes outside the alphabet are
 * passed over, and padding in the middle ends a run, not the data: some senders
 * encode in pieces, of which GMime 3.2.13 keeps only the first. Appends.
 */
void transfer_decode_base64(const char *data, size_t len, struct buf *out);

#endif
