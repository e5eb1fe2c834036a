/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_UNIT_RENDER_WORKER_PAPER_H
#define TESTS_UNIT_RENDER_WORKER_PAPER_H

#include <check.h>

#include "base/buf.h"
#include "base/mem.h"
#include "raster_decode.h"
#include "render/worker/page.h"

/* A4 in gray at 100 dpi, on which tests look for ink. */
struct paper {
	struct sink sink;
	struct raster *raster;
	struct page_spec spec;
	unsigned n_pages;
};

struct ink { /* shares of the page; all 0 on a blank one */
	double left, top, right, bottom;
	size_t n;
};

static inline void paper_open(struct paper *paper, unsigned max_pages)
{
	*paper = (struct paper){
		.spec =
			{
				.format = PAGE_PWG,
				.dpi = 100,
				.media = "iso_a4_210x297mm",
				.media_width = 21000,
				.media_height = 29700,
				.max_pages = max_pages,
				.max_bytes = 64 << 20,
			},
	};
	paper->raster =
		raster_new(&paper->spec, sink_write, sink_page, &paper->sink);
}

static inline void paper_finish(struct paper *paper)
{
	paper->n_pages = raster_pages(paper->raster);
	ck_assert_int_eq(raster_finish(paper->raster, NULL), 0);
}

static inline void paper_close(struct paper *paper)
{
	raster_free(paper->raster);
	buf_fini(&paper->sink.bytes);
}

static inline void paper_look(const struct decoded *page, struct ink *ink)
{
	unsigned left = page->width, right = 0, top = page->height, bottom = 0;

	*ink = (struct ink){0};
	for (unsigned y = 0; y < page->height; y++)
		for (unsigned x = 0; x < page->width; x++) {
			if (page->pixels[(size_t)y * page->width + x] > 128)
				continue;
			ink->n++;
			left = x < left ? x : left;
			right = x > right ? x : right;
			top = y < top ? y : top;
			bottom = y;
		}
	if (ink->n == 0)
		return;
	ink->left = (double)left / page->width;
	ink->right = (double)right / page->width;
	ink->top = (double)top / page->height;
	ink->bottom = (double)bottom / page->height;
}

/* Where the ink is on page n, from 1. */
static inline struct ink paper_ink(struct paper *paper, unsigned n)
{
	size_t at = decode_file(&paper->sink.bytes, PAGE_PWG);
	struct ink ink = {0};

	for (unsigned i = 1; i <= n; i++) {
		struct decoded page;

		ck_assert(
			decode_page(&paper->sink.bytes, PAGE_PWG, &at, &page));
		ck_assert_uint_eq(page.depth, 1);
		if (i == n)
			paper_look(&page, &ink);
		free(page.pixels);
	}
	return ink;
}

#endif
