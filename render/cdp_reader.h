/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_CDP_READER_H
#define RENDER_CDP_READER_H

#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * Messages from the bytes that a browser says: JSON objects, each ended by NUL.
 * It may be under a stranger's command: size and depth are bounded, and what
 * follows nonsense is not read. Zero-initialised is empty and valid.
 */
struct cdp_reader {
	struct buf bytes;
	size_t taken;    /* of them have been read */
	size_t searched; /* of them hold no more ends */
};

/* More of what it says; copied. */
void cdp_reader_add(struct cdp_reader *reader, const void *data, size_t len);

/*
 * The next message. 1: *out is the caller's; 0: none is there as a whole.
 * -EPROTO, -EMSGSIZE, with a sentence: ask no more.
 */
int cdp_reader_next(struct cdp_reader *reader, json_t **out, struct err *err);

void cdp_reader_fini(struct cdp_reader *reader);

#endif
