/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PAGE_H
#define RENDER_WORKER_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/err.h"

/*
 * The target of the pages, and the one writer they all go to, whatever they
 * were made of. Lengths in 1/100 mm.
 */
enum page_format {
	PAGE_PWG,        /* PWG 5102.4 */
	PAGE_URF,        /* the same pixels behind the headers of image/urf */
	PAGE_PCLM,       /* PDF of strips, as small printers read it */
	PAGE_PDF,        /* PDF of strips, for any reader */
	PAGE_PCLXL,      /* PCL XL (PCL 6), class 2.0 */
	PAGE_POSTSCRIPT, /* level 3 */
	PAGE_PCL,        /* PCL 5e: black and white */
	PAGE_JPEG,       /* a picture for each page, one after the other */
	PAGE_DRAWINGS,   /* PDF of which pages are made later: drawing.h */
};

/* What a pixel of a gray job is in the output; PWG's type keywords. */
enum page_ink {
	PAGE_INK_8,       /* sgray_8 */
	PAGE_INK_BLACK_1, /* dithered, 1 is black */
	PAGE_INK_SGRAY_1, /* dithered, 1 is white */
	PAGE_INK_SRGB_8,  /* gray that is told as RGB */
};

enum page_sides {
	SIDES_ONE,
	SIDES_LONG_EDGE,
	SIDES_SHORT_EDGE,
};

/* How the printer wants back sides (pwg-raster-document-sheet-back). */
enum page_sheet_back {
	SHEET_BACK_NORMAL,
	SHEET_BACK_FLIPPED,
	SHEET_BACK_ROTATED,
	SHEET_BACK_MANUAL_TUMBLE,
};

/* How a page of a document gets onto the paper; print-scaling of PWG 5100.16.
 */
enum page_scaling {
	SCALING_AUTO, /* documents shrink where they must, pictures fill up */
	SCALING_FIT,  /* as large as the printable area takes */
	SCALING_FILL, /* the paper is covered, what hangs over is cut */
	SCALING_NONE, /* 100 %; documents are cut, pictures shrink */
};

#define PAGE_RANGES_MAX 64

/* Pages first to last, from 1; ascending, apart. None at all: every page. */
struct page_ranges {
	struct page_range {
		unsigned first, last;
	} at[PAGE_RANGES_MAX];
	unsigned n;
};

struct page_spec {
	enum page_format format;
	bool colour; /* srgb_8, else gray as `ink` has it */
	enum page_ink ink;
	unsigned strip_height; /* PCLm: lines in a strip; 0: 16 */
	unsigned dpi;
	/* PWG: each pixel stands so often, in dots of more than dpi; 0: 1 */
	unsigned repeat_across, repeat_along;
	char media[64]; /* PWG 5101.1 self-describing name */
	unsigned media_width, media_height;
	unsigned margin_left, margin_right, margin_top, margin_bottom;
	enum page_sides sides;
	enum page_sheet_back sheet_back;
	enum page_scaling scaling;
	unsigned number_up; /* pages of documents on a side: 0 or 1, 2, 4 */
	struct page_ranges ranges;      /* of the documents' pages */
	struct page_ranges side_ranges; /* of the sides they become */
	unsigned max_pixels;            /* of a picture; 0: as many as can be */
	unsigned max_pages;             /* sides of the whole job */
	uint64_t max_bytes;             /* of the whole output */
};

static inline bool page_is_dithered(const struct page_spec *spec)
{
	return spec->ink == PAGE_INK_BLACK_1 || spec->ink == PAGE_INK_SGRAY_1;
}

/* Bytes of a pixel in the print data, before it is dithered. */
static inline unsigned page_depth(const struct page_spec *spec)
{
	return spec->colour || spec->ink == PAGE_INK_SRGB_8 ? 3 : 1;
}

static inline unsigned page_across(const struct page_spec *spec)
{
	return spec->repeat_across ? spec->repeat_across : 1;
}

static inline unsigned page_along(const struct page_spec *spec)
{
	return spec->repeat_along ? spec->repeat_along : 1;
}

struct raster; /* the writer: all pages of a job */
struct geometry_place;
struct geometry_source; /* render/worker/geometry.h */

/* Takes the next bytes of the output; 0 or -errno, which ends the job. */
typedef int raster_write_fn(const void *data, size_t len, void *arg);

/*
 * Page (from 1) is complete in the output up to end_offset, and every byte
 * before end_offset has been through raster_write_fn.
 */
typedef void raster_page_fn(unsigned page, uint64_t end_offset, void *arg);

/*
 * A writer for spec, which is copied. spec must have passed
 * geometry_check_spec(). page may be NULL.
 */
struct raster *raster_new(const struct page_spec *spec, raster_write_fn *write,
                          raster_page_fn *page, void *arg);

/*
 * From here on the pages are those of documents, which page ranges count (from
 * 1, over all documents of the job) and which may share a side; before this
 * each page is a side of its own. raster_spec() changes. Once, between pages.
 */
void raster_start_documents(struct raster *raster);

/* What the next page has to be like; belongs to the raster. */
const struct page_spec *raster_spec(const struct raster *raster);

/* Whether the page ranges ask for the next page. */
bool raster_is_wanted(const struct raster *raster);

/*
 * Pass over the next page, which is not wanted. Only saves its drawing: a page
 * that is not wanted may be written as any other, and leaves no trace.
 */
void raster_skip_page(struct raster *raster);

/* The sides that n more pages would begin. */
unsigned raster_sides_for(const struct raster *raster, unsigned n);

/*
 * Whether there is room for the n pages of a document: -E2BIG with a sentence
 * that begins with `what` ("the PDF"). or_more: it was not counted further.
 */
int raster_check_pages(const struct raster *raster, const char *what,
                       unsigned n, bool or_more, struct err *err);

/*
 * Where the next page goes: geometry_place(), and remembered, because the pages
 * of a side are put in the order in which its first one is read.
 */
struct geometry_place raster_place(struct raster *raster,
                                   const struct page_spec *spec,
                                   const struct geometry_source *source);

/* The same of a page that places itself: it lies turned to the left. */
void raster_turn(struct raster *raster);

/* And that it does not come onto the paper as a whole, as 100 % wants it. */
void raster_cut(struct raster *raster);

/* Whether a page was cut since this was asked last. */
bool raster_take_cut(struct raster *raster);

/* Start a page. Beyond max_pages: -E2BIG with a sentence. */
int raster_page_begin(struct raster *raster, struct err *err);

/*
 * The next n_lines of the page, from the top down: 1 (gray) or 3 (RGB) bytes a
 * pixel as the job is, raster_width() pixels a line, as a person reads the
 * page; what back sides need is done here. Never more than raster_height()
 * lines in a page. -EFBIG beyond max_bytes, or what write returned.
 */
int raster_page_lines(struct raster *raster, const uint8_t *pixels,
                      size_t stride, unsigned n_lines, struct err *err);

/*
 * The same with 1 byte a pixel in every job: what is gray, above all black text
 * in a colour job, takes a third of the memory and of the time.
 */
int raster_page_gray(struct raster *raster, const uint8_t *pixels,
                     size_t stride, unsigned n_lines, struct err *err);

/* End the page, whatever comes back; lines that are missing are white. */
int raster_page_end(struct raster *raster, struct err *err);

unsigned raster_width(const struct raster *raster);
unsigned raster_height(const struct raster *raster);
unsigned raster_pages(const struct raster *raster); /* sides begun so far */

/* Pages of documents so far, also those that nobody asked for. */
unsigned raster_document_pages(const struct raster *raster);

/*
 * Flush; the file is complete. A file without pages is a valid one. -ENODATA
 * with a sentence if there were pages and the ranges ask for none of them.
 * Sides that side_ranges leave out are counted and told as pages without bytes,
 * all of them if need be: who asked learns how many there are.
 */
int raster_finish(struct raster *raster, struct err *err);

void raster_free(struct raster *raster);
DEFINE_CLEANUP(struct raster *, raster_free)

/*
 * Every kind of document is one function of this shape; data is the decoded
 * part, len its bytes. No page is open before and after. Failures are sentences
 * about the document; pages that were finished before stay in the output.
 *
 *   -EACCES  it wants a password       -E2BIG  more pages than max_pages
 *   -EINVAL  it cannot be read         -EFBIG  dimensions, memory or output
 */
int pdf_render(const void *data, size_t len, const struct page_spec *spec,
               struct raster *raster, struct err *err);

/*
 * JPEG, PNG, GIF (its first picture), BMP, TIFF (all pages), WebP, HEIC, AVIF
 * and SVG, told apart by their first bytes. IMAGE_INCOMPLETE, with a sentence:
 * it is printed as far as the file, or one of its pages, goes.
 */
#define IMAGE_INCOMPLETE 1
int image_render(const void *data, size_t len, const struct page_spec *spec,
                 struct raster *raster, struct err *err);

#endif
