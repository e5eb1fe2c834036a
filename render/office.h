/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_OFFICE_H
#define RENDER_OFFICE_H

#include <uv.h>

#include "render/convert.h"

/*
 * The engine for Office files: LibreOffice under platen-office, started with
 * the first document, unless it is kept warm at all times, and ended when
 * nobody needs it. One document at a time; each has a process of its own below
 * platen-office, so that nothing of it is left for the next. What breaks its
 * process is tried once more. Behind a document that takes long nobody waits
 * for its end: a second LibreOffice is started for those.
 */
struct office;

struct office_options {
	const char *const *argv; /* program, its arguments, NULL; copied */
	unsigned seconds;        /* for a document */
	uint64_t max_bytes;      /* of a PDF */
	unsigned idle_seconds;   /* without a document: no program */
	bool keep_warm;          /* there is one at all times: never idle */
	/* of those behind a document; then they get another; 0: never */
	unsigned patience_ms;
};

struct office *office_new(uv_loop_t *loop,
                          const struct office_options *options);

/* Its engine; NULL where there is no office. */
struct convert_engine *office_engine(struct office *office);

/* When it has no jobs any more. closed comes once, later. */
void office_close(struct office *office, void (*closed)(void *arg), void *arg);

#endif
