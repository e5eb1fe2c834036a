/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PDF_DEVICE_H
#define RENDER_WORKER_PDF_DEVICE_H

#include "render/worker/pdf_enlarge.h"
#include "render/worker/pdf_fill.h"
#include "render/worker/pdf_group.h"

/*
 * MuPDF's drawing device, with some of its functions replaced by faster ones
 * that paint the same. A device has no room for their state: they find it
 * through the context's user pointer.
 */
struct pdf_device {
	struct pdf_group group;
	struct pdf_fill fill;
	struct pdf_enlarge enlarge;
};

/*
 * A device that draws into pixmap, in pixels. *state outlives it. has_groups:
 * the page blends, and its groups are needed. Throws.
 */
fz_device *pdf_device_new(fz_context *ctx, fz_pixmap *pixmap, bool has_groups,
                          struct pdf_device *state);

static inline struct pdf_device *pdf_device_of(fz_context *ctx)
{
	return fz_user_context(ctx);
}

#endif
