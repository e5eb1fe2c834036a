/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_TEXT_H
#define RENDER_WORKER_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "render/worker/page.h"

/* How plain text is set. */
struct text_options {
	const char *font; /* Pango's words, as "Monospace 10" */
};

extern const struct text_options text_plain;   /* as typed: fixed width */
extern const struct text_options text_reading; /* HTML read as text */

/*
 * UTF-8 text as pages: paragraphs end with LF, a form feed begins a page, lines
 * wrap at words, tabs stand every eight columns. Shaping, bidirectional text
 * and fallback fonts are Pango's. Invalid UTF-8 is shown as U+FFFD. At least
 * one page, even for no text.
 */
int text_render(const char *utf8, size_t len,
                const struct text_options *options,
                const struct page_spec *spec, struct raster *raster,
                struct err *err);

/*
 * Read fontconfig's caches and the common fonts now, before a job waits for
 * them. Starts Pango's thread, which the sealed sandbox could not.
 */
void text_warm_up(void);

#endif
