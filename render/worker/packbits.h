/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PACKBITS_H
#define RENDER_WORKER_PACKBITS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Bytes in the run-length code of TIFF, as PCL 5 (compression method 2) and
 * PCL XL (eRLECompression) read it: n of 0..127 and n + 1 bytes as they are, or
 * n of 129..255 and one byte, which stands 257 - n times.
 */

/* Bytes that packbits_encode() may write. */
size_t packbits_bound(size_t len);

/* Returns bytes written to out. */
size_t packbits_encode(const uint8_t *data, size_t len, uint8_t *out);

#endif
