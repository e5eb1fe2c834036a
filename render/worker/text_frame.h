/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_TEXT_FRAME_H
#define RENDER_WORKER_TEXT_FRAME_H

#include <stdbool.h>

#include <pango/pango.h>

#include "base/err.h"
#include "render/worker/page.h"

/*
 * Where words may stand on a page, in pixels from the corner where reading
 * begins. On a turned page that corner is the paper's lower left, and lines run
 * up the paper.
 */
struct text_frame {
	int left, top, width, height;
	bool turned;
};

/* -EINVAL when margins leave no room. */
int text_frame_init(struct text_frame *frame, const struct page_spec *spec,
                    const struct raster *raster, bool turned, struct err *err);

/* 1/100 mm in pixels, rounded. */
int text_pixels(unsigned hundredth_mm, unsigned dpi);

/* Owned by the caller, g_object_unref(). */
PangoContext *text_context_new(unsigned dpi);

/*
 * A layout that wraps at words within width pixels, with tabs every eight
 * columns and without hyphens. font in Pango's words. g_object_unref().
 */
PangoLayout *text_layout_new(PangoContext *context, const char *font,
                             int width);

#endif
