/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_LITTLE_ENDIAN_H
#define RENDER_WORKER_LITTLE_ENDIAN_H

#include <stdint.h>

/* Numbers of two and four bytes, the low one first, at any address. */
static inline uint16_t get_le16(const void *bytes)
{
	const uint8_t *p = bytes;

	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t get_le32(const void *bytes)
{
	const uint8_t *p = bytes;

	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

#endif
