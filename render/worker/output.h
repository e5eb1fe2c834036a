/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_OUTPUT_H
#define RENDER_WORKER_OUTPUT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "render/worker/page.h"

/*
 * The print data on its way out: writers append to buf, and drain now and then.
 * Never more than max_bytes in all, and nothing after a gap.
 */
#define OUTPUT_CHUNK (64u * 1024) /* drained at once, or a bit more */

struct output {
	struct buf buf;
	uint64_t offset; /* handed to write */
	uint64_t max_bytes;
	raster_write_fn *write;
	void *arg;
	int failed; /* what write returned */
};

/* -EFBIG with a sentence if `held` bytes more, kept elsewhere, are too many. */
int output_check(const struct output *output, uint64_t held, struct err *err);

/* Hand buf to write. -EFBIG as above, or what write returned, for ever. */
int output_drain(struct output *output, struct err *err);

/* Drain if a chunk has come together. */
int output_flow(struct output *output, struct err *err);

/* Where the next byte will stand. */
uint64_t output_position(const struct output *output);

void output_fini(struct output *output);

#endif
