/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Any bytes as a picture of any kind: pages, or a sentence. SVG is left to its
 * own library, which no C parser of ours or of others is part of.
 *
 * Input: a byte of choices, then the file.
 */
#include "base/mem.h"
#include "render/worker/image_kind.h"
#include "render/worker/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Decoding a hundred megapixels says no more than decoding one. */
#define MOST_PIXELS 2000000u

static int on_write(const void *data, size_t len, void *arg)
{
	return 0;
}

static bool is_small(const void *data, size_t len,
                     const struct image_kind *kind, bool colour)
{
	struct image_reader *reader = NULL;
	bool small;

	if (kind->open(data, len, colour, &reader, NULL) < 0)
		return true; /* which image_render() is to say again */
	small = (uint64_t)reader->width * reader->height <= MOST_PIXELS;
	image_reader_free(reader);
	return small;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	uint8_t bits = len > 0 ? data[0] : 0;
	/* 254 dpi: a pixel is 10 units */
	struct page_spec spec = {
		.colour = bits & 1,
		.dpi = 254,
		.media = "fuzz",
		.media_width = 300 + (bits & 2) * 300,
		.media_height = 400,
		.scaling = bits >> 2 & 3,
		.max_pages = 3,
		.max_bytes = 1 << 20,
	};
	const struct image_kind *kind =
		len > 0 ? image_kind_of(data + 1, len - 1) : NULL;
	struct err err = {0};
	struct raster *raster;

	if (!kind || !kind->open ||
	    !is_small(data + 1, len - 1, kind, spec.colour))
		return 0;
	raster = raster_new(&spec, on_write, NULL, NULL);
	if (image_render(data + 1, len - 1, &spec, raster, &err) < 0 &&
	    !err.text[0])
		abort();
	raster_finish(raster, NULL);
	raster_free(raster);
	return 0;
}
