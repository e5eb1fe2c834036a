/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_UNIT_RENDER_WORKER_RASTER_DECODE_H
#define TESTS_UNIT_RENDER_WORKER_RASTER_DECODE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/mem.h"
#include "render/worker/page.h"

/*
 * A second reading of PWG 5102.4 and image/urf, written without a look at the
 * writer: slow, plain, and strict.
 */
struct decoded {
	unsigned width, height, depth, dpi;
	int cross_feed, feed; /* 1 or -1; 1 in URF */
	uint8_t *pixels;      /* as in the file; free() */
};

/* What the writer gave out, and where it said that pages end. */
struct sink {
	struct buf bytes;
	unsigned n_pages;
	uint64_t ends[64];
	int fail; /* what the next write returns */
};

static inline int sink_write(const void *data, size_t len, void *arg)
{
	struct sink *sink = arg;

	if (sink->fail)
		return sink->fail;
	buf_append(&sink->bytes, data, len);
	return 0;
}

static inline void sink_page(unsigned page, uint64_t end_offset, void *arg)
{
	struct sink *sink = arg;

	if (page - 1 < ARRAY_LEN(sink->ends))
		sink->ends[page - 1] = end_offset;
	sink->n_pages = page;
}

static inline uint32_t decode32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

/* The file header: bytes to skip, 0 if it is not one. */
static inline size_t decode_file(const struct buf *in, enum page_format format)
{
	if (format == PAGE_PWG)
		return in->len >= 4 && !memcmp(in->data, "RaS2", 4) ? 4 : 0;
	return in->len >= 12 && !memcmp(in->data, "UNIRAST", 8) ? 12 : 0;
}

static inline size_t decode_header(const uint8_t *h, size_t len,
                                   enum page_format format, struct decoded *out)
{
	if (format == PAGE_URF) {
		if (len < 32)
			return 0;
		*out = (struct decoded){decode32(h + 12),
		                        decode32(h + 16),
		                        h[0] / 8u,
		                        decode32(h + 20),
		                        1,
		                        1,
		                        NULL};
		return 32;
	}
	if (len < 1796 || memcmp(h, "PwgRaster", 10) != 0)
		return 0;
	*out = (struct decoded){decode32(h + 372),
	                        decode32(h + 376),
	                        decode32(h + 388) / 8,
	                        decode32(h + 276),
	                        (int)decode32(h + 456),
	                        (int)decode32(h + 460),
	                        NULL};
	return 1796;
}

/* One line's code; false if it runs over either end. */
static inline bool decode_line(const uint8_t *in, size_t len, size_t *at,
                               uint8_t *line, unsigned width, unsigned depth)
{
	unsigned x = 0;

	while (x < width) {
		unsigned code, n, pixels;

		if (*at >= len)
			return false;
		code = in[(*at)++];
		if (code == 128)
			return false;
		n = code < 128 ? code + 1 : 257 - code;
		pixels = code < 128 ? 1 : n;
		if (n > width - x || pixels * depth > len - *at)
			return false;
		for (unsigned i = 0; i < n; i++)
			memcpy(line + (size_t)(x + i) * depth,
			       in + *at + (code < 128 ? 0 : i * depth), depth);
		*at += pixels * depth;
		x += n;
	}
	return true;
}

/* The next page at *at, which moves behind it; false if it is broken. */
static inline bool decode_page(const struct buf *buf, enum page_format format,
                               size_t *at, struct decoded *out)
{
	const uint8_t *in = (const uint8_t *)buf->data;
	size_t header = decode_header(in + *at, buf->len - *at, format, out);
	size_t line_len = (size_t)out->width * out->depth;
	unsigned y = 0;

	if (header == 0)
		return false;
	*at += header;
	out->pixels = xmalloc(line_len * out->height);
	while (y < out->height) {
		uint8_t *line = out->pixels + line_len * y;
		unsigned n;

		if (*at >= buf->len)
			return false;
		n = in[(*at)++] + 1u;
		if (n > out->height - y || !decode_line(in, buf->len, at, line,
		                                        out->width, out->depth))
			return false;
		for (unsigned i = 1; i < n; i++)
			memcpy(line + line_len * i, line, line_len);
		y += n;
	}
	return true;
}

#endif
