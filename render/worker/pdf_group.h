/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PDF_GROUP_H
#define RENDER_WORKER_PDF_GROUP_H

#include <stdbool.h>

#include <mupdf/fitz.h>

/*
 * Cairo, Chromium and others wrap whole pages into a transparency group that
 * changes nothing, and MuPDF then paints the page twice, which takes longer
 * than the text. Painting is associative as long as nothing on the page blends
 * (ISO 32000-1, 11.4.7): then an opaque group may be left out and its content
 * go straight to what is below.
 */
struct pdf_group {
	void (*begin)(fz_context *ctx, fz_device *dev, fz_rect area,
	              fz_colorspace *space, int isolated, int knockout,
	              int blendmode, float alpha);
	void (*end)(fz_context *ctx, fz_device *dev);
	unsigned depth;    /* groups that are open */
	uint64_t left_out; /* bit n: the one at depth n */
};

/*
 * Make dev, one of pdf_device_new(), leave opaque groups out, on a page that
 * does not blend.
 */
void pdf_group_leave_out(fz_device *dev, struct pdf_group *group);

/* Whether n groups are open and all of them are left out. */
bool pdf_group_are_left_out(const struct pdf_group *group, unsigned n);

#endif
