/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_UNIT_RENDER_WORKER_SPEC_H
#define TESTS_UNIT_RENDER_WORKER_SPEC_H

#include "render/worker/page.h"

/* Pages of so many pixels: 254 dpi makes one of every 10 units. */
static struct page_spec spec_of(unsigned width, unsigned height, bool colour)
{
	struct page_spec spec = {
		.colour = colour,
		.dpi = 254,
		.media = "custom_test",
		.media_width = width * 10,
		.media_height = height * 10,
		.max_pages = 100,
		.max_bytes = 1 << 30,
	};

	return spec;
}

#endif
