/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PDF_PAGE_H
#define RENDER_WORKER_PDF_PAGE_H

#include <mupdf/fitz.h>
#include <mupdf/pdf.h>

#include "render/worker/geometry.h"
#include "render/worker/page.h"
#include "render/worker/pdf_fault.h"
#include "render/worker/pdf_profile.h"

/* The buffer that pages are drawn into, kept from page to page. */
struct pdf_band {
	uint8_t *pixels; /* white outside of pdf_page_draw() */
	size_t size;
};

/* Zero-initialised is valid. */
void pdf_band_fini(struct pdf_band *band);

/*
 * How far a page has come; at first nowhere: zero but for seconds, profiles,
 * band and faults.
 */
struct pdf_progress {
	bool begun;                    /* raster_page_begin() has been called */
	struct geometry_place place;   /* then: where it lies */
	unsigned lines;                /* of its box that are written */
	double seconds;                /* that the first engine may take */
	bool is_cut;                   /* a picture on it has no end */
	struct pdf_profiles *profiles; /* of the document */
	struct pdf_band *band;         /* of the document */
	double user_unit; /* that Poppler does not look at; 0 is 1 */
	/* of it: a picture that is cut stops MuPDF, which would paint the rest
	 * black; NULL: nothing does, there is no other engine to ask */
	const struct pdf_faults *faults;
};

/* Outcome: the other engine knows more about the colours; nothing is begun. */
#define PDF_PAGE_PRESS 1

/*
 * Draw page number (from 0) of doc, or what progress leaves of it, as the next
 * page of raster, where geometry_place() puts a document. Throws as MuPDF does
 * for what it cannot draw, or not in a reasonable time; returns what the writer
 * did, or PDF_PAGE_PRESS where there is another engine. *progress tells how far
 * it came, whatever happens; the page is not ended.
 */
int pdf_page_draw(fz_context *ctx, fz_document *doc, int number,
                  const struct page_spec *spec, struct raster *raster,
                  struct pdf_progress *progress, struct err *err);

/*
 * What every drawing of a page begins with. Its size in points; throws when
 * there is none of use. From those points to pixels of the raster. And the page
 * as it is printed: with the annotations that have the flag, without popups.
 */
fz_rect pdf_page_box(fz_context *ctx, fz_page *page);
fz_matrix pdf_page_matrix(fz_rect box, const struct geometry_place *place);
void pdf_page_run(fz_context *ctx, fz_page *page, fz_device *dev,
                  fz_matrix matrix);

#endif
