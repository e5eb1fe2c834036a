/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Any paper, any pixels, in any pieces: what the raster writer makes must come
 * back from libcups' reader as the same pixels, turned as the header says.
 *
 * Input: 4 bytes of specification, then commands. A command byte 0..127 is that
 * many bytes as they follow and how often to repeat the last of them; 128..255
 * is the line before.
 */
#include "../unit/render_worker/cups_reader.h"
#include "base/buf.h"
#include "base/mem.h"
#include "fuzz_input.h"
#include "render/worker/geometry.h"
#include "render/worker/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define PAGES 2

static struct page_spec take_spec(struct input *in)
{
	uint8_t bits = take(in);
	uint8_t wide = take(in);
	/* 254 dpi: a pixel is 10 units */
	struct page_spec spec = {
		.format = bits & 1 ? PAGE_URF : PAGE_PWG,
		.colour = bits & 2,
		.dpi = 254,
		.media = "fuzz",
		.sides = (bits >> 2) % 3,
		.sheet_back = (bits >> 4) % 4,
		.max_pages = PAGES,
		.max_bytes = 1 << 20,
	};

	spec.media_width = (1u + take(in) + (wide & 1 ? 256u : 0)) * 10;
	spec.media_height = (1u + take(in) % 64) * 10;
	if (wide & 2)
		spec.max_bytes = 4096;
	if (wide & 4 && spec.format == PAGE_PWG && !spec.colour)
		spec.ink = wide & 8 ? PAGE_INK_BLACK_1 : PAGE_INK_SGRAY_1;
	return spec;
}

static int on_write(const void *data, size_t len, void *arg)
{
	buf_append(arg, data, len);
	return 0;
}

static void take_line(struct input *in, uint8_t *line, const uint8_t *before,
                      size_t len)
{
	size_t at = 0;

	memset(line, 0xff, len);
	while (at < len && in->len > 0) {
		uint8_t command = take(in);

		if (command >= 128) {
			if (before)
				memcpy(line, before, len);
			return;
		}
		for (unsigned i = 0; i < command && at < len; i++)
			line[at++] = in->len > 0 ? take(in) : 0xff;
		/* and the last of them once more, as often as it says */
		for (unsigned n = take(in); n > 0 && at > 0 && at < len; n--) {
			line[at] = line[at - 1];
			at++;
		}
	}
}

static int write_page(struct raster *raster, struct input *in, uint8_t *pixels,
                      size_t line_len)
{
	unsigned height = raster_height(raster);
	int result = raster_page_begin(raster, NULL);

	for (unsigned y = 0; y < height; y++) {
		uint8_t *line = pixels + y * line_len;

		take_line(in, line, y ? line - line_len : NULL, line_len);
	}
	for (unsigned y = 0; y < height && result == 0;) {
		unsigned n = 1 + take(in) % 8;

		n = n < height - y ? n : height - y;
		result = raster_page_lines(raster, pixels + y * line_len,
		                           line_len, n, NULL);
		y += n;
	}
	if (result == 0)
		return raster_page_end(raster, NULL);
	if (raster_page_end(raster, NULL) == 0)
		abort(); /* nothing may follow a gap */
	return result;
}

static void check_line(const uint8_t *line, const uint8_t *want, unsigned width,
                       unsigned depth, bool mirror)
{
	for (unsigned x = 0; x < width; x++) {
		unsigned from = mirror ? width - 1 - x : x;

		if (memcmp(line + x * depth, want + from * depth, depth) != 0)
			abort();
	}
}

/* The right number of lines of the right length. */
static void check_dithered(cups_raster_t *cups, const struct page_spec *spec)
{
	cups_page_header2_t header;
	uint8_t line[128];
	unsigned len = (spec->media_width / 10 + 7) / 8;

	if (!cupsRasterReadHeader2(cups, &header) ||
	    header.cupsBytesPerLine != len || header.cupsBitsPerPixel != 1)
		abort();
	for (unsigned y = 0; y < header.cupsHeight; y++)
		if (cupsRasterReadPixels(cups, line, len) != len)
			abort();
}

static void check_page(cups_raster_t *cups, const struct page_spec *spec,
                       unsigned page, const uint8_t *pixels, size_t line_len)
{
	struct geometry_back back = geometry_back(spec, page);
	cups_page_header2_t header;
	uint8_t *line;

	if (page_is_dithered(spec)) {
		check_dithered(cups, spec);
		return;
	}
	if (!cupsRasterReadHeader2(cups, &header) ||
	    header.cupsBytesPerLine != line_len)
		abort();
	line = xmalloc(line_len);
	for (unsigned y = 0; y < header.cupsHeight; y++) {
		unsigned from = back.flip ? header.cupsHeight - 1 - y : y;

		if (cupsRasterReadPixels(cups, line, (unsigned)line_len) !=
		    line_len)
			abort();
		check_line(line, pixels + from * line_len, header.cupsWidth,
		           spec->colour ? 3 : 1, back.mirror);
	}
	free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input in = {data, len};
	struct page_spec spec = take_spec(&in);
	struct buf bytes = {0};
	struct raster *raster = raster_new(&spec, on_write, NULL, &bytes);
	size_t line_len = raster_width(raster) * (spec.colour ? 3u : 1u);
	uint8_t *pixels[PAGES];
	struct cups_reader reader = {&bytes, 0};
	int result = 0;

	for (unsigned i = 0; i < PAGES; i++)
		pixels[i] = xcalloc(raster_height(raster), line_len);
	for (unsigned i = 0; i < PAGES && result == 0; i++)
		result = write_page(raster, &in, pixels[i], line_len);
	if (bytes.len > spec.max_bytes)
		abort();
	if (result == 0 && raster_finish(raster, NULL) == 0) {
		cups_raster_t *cups =
			cupsRasterOpenIO(cups_reader_read, &reader,
		                         CUPS_RASTER_READ);

		for (unsigned i = 0; i < PAGES; i++)
			check_page(cups, &spec, i + 1, pixels[i], line_len);
		cupsRasterClose(cups);
	}
	for (unsigned i = 0; i < PAGES; i++)
		free(pixels[i]);
	raster_free(raster);
	buf_fini(&bytes);
	return 0;
}
