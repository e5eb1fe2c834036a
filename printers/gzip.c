/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/gzip.h"

#include <assert.h>
#include <stdint.h>
#include <zlib.h>

#include "base/mem.h"

#define LEVEL       1 /* printers are slow readers, and there are many */
#define GZIP_WINDOW (15 + 16) /* zlib: 16 more asks for a gzip header */
#define MEMORY      8
#define CHUNK       (16u * 1024)

struct gzip {
	z_stream z;
};

struct gzip *gzip_new(void)
{
	struct gzip *gzip = xcalloc(1, sizeof *gzip);

	if (deflateInit2(&gzip->z, LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY,
	                 Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	return gzip;
}

/* Until zlib leaves room: then it has nothing more to say. */
static void run(struct gzip *gzip, int flush, struct buf *out)
{
	do {
		buf_reserve(out, CHUNK);
		gzip->z.next_out = (Bytef *)out->data + out->len;
		gzip->z.avail_out = CHUNK;
		deflate(&gzip->z, flush);
		out->len += CHUNK - gzip->z.avail_out;
	} while (gzip->z.avail_out == 0);
	assert(gzip->z.avail_in == 0);
}

void gzip_put(struct gzip *gzip, const void *data, size_t len, struct buf *out)
{
	assert(len <= UINT32_MAX);
	gzip->z.next_in = (Bytef *)data;
	gzip->z.avail_in = (uInt)len;
	run(gzip, Z_SYNC_FLUSH, out);
}

void gzip_end(struct gzip *gzip, struct buf *out)
{
	run(gzip, Z_FINISH, out);
}

void gzip_free(struct gzip *gzip)
{
	if (!gzip)
		return;
	deflateEnd(&gzip->z);
	free(gzip);
}
