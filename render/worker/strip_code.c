/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/strip_code.h"

#include <stdlib.h>

#include "render/worker/jpeg_out.h"

#define QUALITY 90
#define DPI     72 /* what the page says counts, not the strip */

static void put_jpeg(const struct strip *strip, struct buf *out)
{
	struct jpeg_out_form form = {strip->width, strip->n_lines, strip->now,
	                             DPI, QUALITY};
	struct jpeg_out *jpeg = jpeg_out_new(&form, out);
	struct raster_line line = {strip->pixels, strip->width, strip->now};

	for (unsigned y = 0; y < strip->n_lines; y++) {
		jpeg_out_line(jpeg, &line);
		line.pixels += (size_t)strip->width * strip->now;
	}
	jpeg_out_finish(jpeg);
	jpeg_out_free(jpeg);
}

enum strip_code strip_encode(const struct strip *strip, struct flate *flate,
                             struct buf *out)
{
	buf_clear(out);
	if (strip_is_white(strip))
		return STRIP_WHITE;
	if (strip_is_photo(strip)) {
		put_jpeg(strip, out);
		return STRIP_JPEG;
	}
	flate_put(flate, strip->pixels, strip_bytes(strip), out);
	return STRIP_FLATE;
}

const char *strip_filter(enum strip_code code)
{
	switch (code) {
	case STRIP_FLATE: return "FlateDecode";
	case STRIP_JPEG: return "DCTDecode";
	case STRIP_WHITE: break;
	}
	abort();
}
