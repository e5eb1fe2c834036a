/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_STRIP_H
#define RENDER_WORKER_STRIP_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "render/worker/raster_line.h"

/*
 * Some lines of a page together, for formats that compress blocks. A strip of
 * a colour job stays gray as long as all its lines are, if that is allowed: a
 * third of the bytes.
 */
struct strip {
	unsigned width;
	unsigned depth;     /* of the job: 1 or 3 */
	unsigned max_lines; /* room */
	bool may_be_gray;
	uint8_t *pixels;
	unsigned now;     /* bytes a pixel of the lines that are in it */
	unsigned n_lines; /* of them there are */
	unsigned want;    /* full with so many */
	unsigned top;     /* where its first line stands in the page */
};

void strip_init(struct strip *strip, unsigned width, unsigned depth,
                unsigned max_lines, bool may_be_gray);
void strip_fini(struct strip *strip);

/* Empty it, for `want` lines (at most max_lines) of a page from `top` on. */
void strip_begin(struct strip *strip, unsigned top, unsigned want);

/* True: now it is full. Lines have the strip's width. */
bool strip_add(struct strip *strip, const struct raster_line *line);

/* The same, for all lines that there is room for in a page of this height. */
void strip_begin_in(struct strip *strip, unsigned top, unsigned height);

/*
 * Add lines; each time the strip is full, put(arg) takes it away and the next
 * one of the page begins. 0, or what put returned.
 */
typedef int strip_put_fn(void *arg, struct err *err);
int strip_add_lines(struct strip *strip, unsigned height,
                    const struct raster_line *first, size_t stride,
                    unsigned n_lines, strip_put_fn *put, void *arg,
                    struct err *err);

bool strip_is_white(const struct strip *strip);
size_t strip_bytes(const struct strip *strip);

/* As seen from the other side of the sheet: what the whole page undergoes. */
void strip_turn(struct strip *strip, bool mirror, bool flip);

/* Whether neighbours differ more often than not: JPEG's case, not Flate's. */
bool strip_is_photo(const struct strip *strip);

#endif
