/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_BROWSER_H
#define RENDER_BROWSER_H

#include <uv.h>

#include "render/convert.h"

/*
 * The engine for HTML: a browser, started with the first document and kept
 * warm, a page of its own ready for the next one. It is replaced after so many
 * documents or bytes, and stopped when nobody needs it. One that crashes or
 * hangs costs the document that did it one retry, which has the browser for
 * itself, and the others nothing but time.
 */
struct browser;

struct browser_options {
	const char *const *argv; /* program, its arguments, NULL; copied */
	unsigned documents;      /* printed at a time; at least 1 */
	unsigned seconds;        /* for one of them */
	uint64_t max_pdf;        /* bytes of one document's PDF */
	unsigned max_documents;  /* then a new browser */
	uint64_t max_bytes;      /* of documents and PDFs: the same */
	unsigned idle_seconds;   /* without a document: no browser */
};

struct browser *browser_new(uv_loop_t *loop,
                            const struct browser_options *options);

/* Its engine; NULL where there is no browser. */
struct convert_engine *browser_engine(struct browser *browser);

/* When it has no jobs any more. closed comes once, later. */
void browser_close(struct browser *browser, void (*closed)(void *arg),
                   void *arg);

#endif
