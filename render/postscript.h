/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_POSTSCRIPT_H
#define RENDER_POSTSCRIPT_H

#include <uv.h>

#include "render/convert.h"

/*
 * The engine for PostScript: one Ghostscript for one document, which comes on
 * its standard input and leaves as PDF on its standard output. As many run as
 * there are jobs: each worker has one at a time.
 */
struct postscript;

struct postscript_options {
	const char *const *argv; /* the box, Ghostscript, NULL; copied */
	unsigned seconds;        /* for a document */
	uint64_t max_bytes;      /* of a PDF */
};

struct postscript *postscript_new(uv_loop_t *loop,
                                  const struct postscript_options *options);

/* Its engine; NULL where there is none. */
struct convert_engine *postscript_engine(struct postscript *postscript);

/* When it has no jobs any more. closed comes once, maybe at once. */
void postscript_close(struct postscript *postscript, void (*closed)(void *arg),
                      void *arg);

#endif
