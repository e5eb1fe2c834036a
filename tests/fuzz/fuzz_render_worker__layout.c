/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Any paper, any ranges, any pages, two or four of them on a side: as many
 * sides come out as were foretold, and no pixel beside its side.
 *
 * Input: 8 bytes of specification, ranges ended by a NUL, then pixels.
 */
#include <errno.h>

#include "base/buf.h"
#include "base/mem.h"
#include "fuzz_input.h"
#include "render/worker/geometry.h"
#include "render/worker/page.h"
#include "render/worker/page_range.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static struct page_spec take_spec(struct input *in)
{
	static const unsigned up[] = {1, 2, 4, 4};
	uint8_t bits = take(in);
	/* the smallest that control_page_spec() lets pass, and up */
	struct page_spec spec = {
		.colour = bits & 1,
		.number_up = up[bits >> 1 & 3],
		.sides = (bits >> 3) % 3,
		.sheet_back = (bits >> 5) % 4,
		.dpi = 50 + take(in),
		.media = "fuzz",
		.max_pages = 1u + take(in) % 4,
		.max_bytes = 1 << 24,
	};

	spec.media_width = 2000 + take(in) * 10u;
	spec.media_height = 2000 + take(in) * 10u;
	spec.margin_left = take(in) * spec.media_width / 1024;
	spec.margin_top = take(in) * spec.media_height / 1024;
	spec.margin_right = take(in) * spec.media_width / 1024;
	return spec;
}

static void take_ranges(struct input *in, struct page_spec *spec)
{
	char text[64];
	size_t n = 0;

	while (n + 1 < sizeof text && (text[n] = (char)take(in)))
		n++;
	text[n] = '\0';
	if (page_range_parse(text, &spec->ranges, NULL) < 0)
		spec->ranges.n = 0;
}

static int on_write(const void *data, size_t len, void *arg)
{
	return 0;
}

static int write_page(struct raster *raster, struct input *in, bool colour)
{
	unsigned width = raster_width(raster), height = raster_height(raster);
	uint8_t *line CLEANUP(xfree) = xmalloc((size_t)width * 3);
	int result = raster_page_begin(raster, NULL);

	if (result < 0)
		return result;
	for (unsigned y = 0; y < height && in->len > 0 && result == 0; y++) {
		bool gray = !colour || take(in) & 1;

		memset(line, take(in), (size_t)width * 3);
		line[take(in) % (width * 3)] = take(in);
		result = gray ? raster_page_gray(raster, line, 0, 1, NULL)
		              : raster_page_lines(raster, line, 0, 1, NULL);
	}
	if (result < 0) {
		raster_page_end(raster, NULL);
		return result;
	}
	return raster_page_end(raster, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input in = {data, len};
	struct page_spec spec = take_spec(&in);
	unsigned n_pages = 0, wanted = 0, foretold;
	struct raster *raster;
	int result = 0;

	take_ranges(&in, &spec);
	if (geometry_check_spec(&spec, NULL) < 0)
		return 0;
	raster = raster_new(&spec, on_write, NULL, NULL);
	raster_start_documents(raster);
	foretold = raster_sides_for(raster, 20);
	while (n_pages < 20 && result == 0) {
		bool want = raster_is_wanted(raster);

		if (!want && n_pages % 2)
			raster_skip_page(raster);
		else
			result = write_page(raster, &in, spec.colour);
		n_pages++;
		wanted += want;
	}
	if (result != 0 && (result != -E2BIG || foretold <= spec.max_pages))
		abort();
	result = raster_finish(raster, NULL);
	if (result != (wanted ? 0 : -ENODATA))
		abort();
	if (raster_pages(raster) !=
	    (foretold < spec.max_pages ? foretold : spec.max_pages))
		abort();
	raster_free(raster);
	return 0;
}
