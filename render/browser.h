/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_BROWSER_H
#define RENDER_BROWSER_H

#include <uv.h>

#include "render/browser_wear.h"
#include "render/convert.h"

/*
 * The engine for HTML: a browser, started with the first document and kept
 * warm, a page of its own ready for the next one. It is replaced when it is
 * worn, and stopped when nobody needs it. One that crashes or
 * hangs costs the document that did it one retry, which has the browser for
 * itself, and the others nothing but time.
 */
struct browser;

struct browser_options {
	const char *const *argv; /* program, its arguments, NULL; copied */
	unsigned documents;      /* printed at a time; at least 1 */
	unsigned seconds;        /* for one of them */
	uint64_t max_pdf;        /* bytes of one document's PDF */
	struct browser_wear_limits wear; /* then a new browser */
	unsigned idle_seconds;           /* without a document: no browser */
	bool keep_warm; /* there is one at all times: never idle */
};

struct browser *browser_new(uv_loop_t *loop,
                            const struct browser_options *options);

/* Its engine; NULL where there is no browser. */
struct convert_engine *browser_engine(struct browser *browser);

/* When it has no jobs any more. closed comes once, later. */
void browser_close(struct browser *browser, void (*closed)(void *arg),
                   void *arg);

#endif
