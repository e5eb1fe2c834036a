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
extern const struct text_options text_heading; /* of cards */

/*
 * Text that runs down pages: what is put stands below what was put before, and
 * a page that is full is drawn and forgotten. raster is borrowed. All input is
 * UTF-8; what is invalid is shown as U+FFFD.
 */
struct text;

/* -EINVAL when the page has no room. */
int text_new(const struct page_spec *spec, struct raster *raster,
             struct text **out, struct err *err);

/*
 * Paragraphs end with LF, a form feed begins a page, lines wrap at words, tabs
 * stand every eight columns. Shaping, bidirectional text and fallback fonts are
 * Pango's. Blank lines at the end are left out.
 */
int text_put(struct text *text, const char *utf8, size_t len,
             const struct text_options *options, struct err *err);

/*
 * A label in bold and its value, which wraps beside it; `indent` is where
 * values stand, in 1/100 mm. A value may have lines, ended by LF.
 */
int text_put_row(struct text *text, const char *label, const char *value,
                 unsigned indent, struct err *err);

/*
 * A picture (a file) at the left, `side` (1/100 mm) on its longer side, and
 * some room below. One that cannot be read is left out.
 */
int text_put_picture(struct text *text, const void *data, size_t len,
                     unsigned side, struct err *err);

void text_put_rule(struct text *text); /* a thin line */
void text_put_space(struct text *text, unsigned hundredth_mm);

/* Draw the last page; at least one, even for no text. */
int text_finish(struct text *text, struct err *err);

void text_free(struct text *text);
DEFINE_CLEANUP(struct text *, text_free)

/* One text, from its first page to its last. */
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
