/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_GEOMETRY_H
#define RENDER_WORKER_GEOMETRY_H

#include <stdbool.h>

#include "base/err.h"
#include "render/worker/page.h"

/*
 * Where things are on a page. Pixels of the raster, origin at the top left of
 * the page as a person reads it.
 */
struct geometry_box {
	unsigned x, y, width, height;
};

/* What the writer does to a page so that the sheet comes out right. */
struct geometry_back {
	bool mirror; /* CrossFeedTransform -1: right to left */
	bool flip;   /* FeedTransform -1: bottom to top */
};

/* A page of a document, or a picture, that wants to get onto the paper. */
struct geometry_source {
	double width, height; /* in units of the document, at least a hair */
	double natural;       /* pixels per unit at 100 % */
	bool picture;         /* has no size of its own; see page_scaling */
};

/* Where it comes to lie: turned first, then scaled, then cut. */
struct geometry_place {
	bool turn;               /* a quarter turn counter-clockwise */
	double scale;            /* pixels per unit of the document */
	struct geometry_box box; /* what is seen of it */
	unsigned width, height;  /* of all of it, as it lies, in pixels */
	unsigned left, top;      /* pixels of it that are cut off there */
};

#define GEOMETRY_MAX_REPEAT 8      /* of a pixel, in each direction */
#define GEOMETRY_MAX_PIXELS 32767u /* each way */
#define GEOMETRY_MAX_STRIP  1024u  /* lines in a strip of PCLm */

/*
 * Pixel counts are sane: 1 to 32767 each way, 36 to 2400 dpi, some printable
 * area left. -EINVAL with a sentence.
 */
int geometry_check_spec(const struct page_spec *spec, struct err *err);

/* Pixels of a length in 1/100 mm, cut off as printers do. */
unsigned geometry_pixels(unsigned length, unsigned dpi);

/* Page from 1; back sides are the even ones of two-sided jobs. PWG 5102.4. */
struct geometry_back geometry_back(const struct page_spec *spec, unsigned page);

/*
 * The part of this page that the printer can reach. Margins belong to the
 * sheet as it is fed, so they change sides where the page is mirrored.
 */
struct geometry_box geometry_printable(const struct page_spec *spec,
                                       unsigned page);

/*
 * Put source in the middle of the printable area of this page, or of the paper
 * where it may be cut; a quarter turned if it comes out larger that way, aspect
 * kept, scaled as the spec says. 100 % stays 100 % when only a hair (0.3 %) is
 * missing, so that a page on its own paper is not resampled.
 */
struct geometry_place geometry_place(const struct page_spec *spec,
                                     unsigned page,
                                     const struct geometry_source *source);

/* Whether more than a hair of it does not come onto the paper. */
bool geometry_is_cut(const struct geometry_place *place);

#endif
