/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/flate.h"

#include <libdeflate.h>

#include "base/mem.h"

/* Paper is white: what higher levels find is not worth their time. */
#define LEVEL 1

struct flate {
	struct libdeflate_compressor *compressor;
};

struct flate *flate_new(void)
{
	struct flate *flate = xcalloc(1, sizeof *flate);

	flate->compressor = libdeflate_alloc_compressor(LEVEL);
	if (!flate->compressor)
		abort();
	return flate;
}

void flate_put(struct flate *flate, const void *data, size_t len,
               struct buf *out)
{
	size_t bound = libdeflate_zlib_compress_bound(flate->compressor, len);
	size_t n;

	buf_reserve(out, bound);
	n = libdeflate_zlib_compress(flate->compressor, data, len,
	                             out->data + out->len, bound);
	if (n == 0) /* cannot be: there is room for the worst */
		abort();
	out->len += n;
}

void flate_free(struct flate *flate)
{
	if (!flate)
		return;
	libdeflate_free_compressor(flate->compressor);
	free(flate);
}
