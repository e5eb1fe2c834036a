/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/image_page.h"

#include <errno.h>

#include "base/mem.h"

struct image_page {
	struct raster *raster;
	struct geometry_box box;
	unsigned depth;
	bool begun;
	uint8_t *line; /* of the raster, white beside the picture */
	struct err *err;
};

struct image_page *image_page_new(struct raster *raster,
                                  const struct geometry_box *box,
                                  unsigned depth, struct err *err)
{
	struct image_page *page = xcalloc(1, sizeof *page);
	size_t len = (size_t)raster_width(raster) * depth;

	page->raster = raster;
	page->box = *box;
	page->depth = depth;
	page->line = xmalloc(len);
	memset(page->line, 0xff, len);
	page->err = err;
	return page;
}

void image_page_free(struct image_page *page)
{
	if (!page)
		return;
	free(page->line);
	free(page);
}

static int begin(struct image_page *page)
{
	int result = raster_page_begin(page->raster, page->err);

	if (result < 0)
		return result;
	page->begun = true;
	/* white above the picture: line holds nothing else yet */
	return raster_page_lines(page->raster, page->line, 0, page->box.y,
	                         page->err);
}

int image_page_line(const uint8_t *line, void *arg)
{
	struct image_page *page = arg;
	int result = page->begun ? 0 : begin(page);

	if (result < 0)
		return result;
	memcpy(page->line + (size_t)page->box.x * page->depth, line,
	       (size_t)page->box.width * page->depth);
	return raster_page_lines(page->raster, page->line, 0, 1, page->err);
}

int image_page_end(struct image_page *page, int result)
{
	if (!page->begun)
		return result < 0 ? result : -EINVAL;
	if (result < 0) {
		raster_page_end(page->raster, NULL);
		return result;
	}
	return raster_page_end(page->raster, page->err);
}
