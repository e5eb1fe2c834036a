/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_UNIT_RENDER_WORKER_CUPS_READER_H
#define TESTS_UNIT_RENDER_WORKER_CUPS_READER_H

#include <cups/raster.h>
#include <string.h>

#include "base/buf.h"

/* Bytes in memory for cupsRasterOpenIO(cups_reader_read, ...). */
struct cups_reader {
	const struct buf *bytes;
	size_t at;
};

static inline ssize_t cups_reader_read(void *arg, unsigned char *out,
                                       size_t len)
{
	struct cups_reader *reader = arg;
	size_t left = reader->bytes->len - reader->at;

	len = len < left ? len : left;
	memcpy(out, reader->bytes->data + reader->at, len);
	reader->at += len;
	return (ssize_t)len;
}

#endif
