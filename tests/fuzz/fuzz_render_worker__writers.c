/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Any paper and pixels, in any format that is not raster (which has a fuzzer of
 * its own): PCL and PCL XL must read back, a PDF's table must point at its
 * objects, and no format may write beyond its bytes.
 *
 * Input: 5 bytes of specification, then pairs: a byte and how often it stands.
 */
#include <stdint.h>
#include <stdio.h>

#include "../unit/render_worker/pcl_decode.h"
#include "../unit/render_worker/pclxl_decode.h"
#include "base/mem.h"
#include "fuzz_input.h"
#include "render/worker/geometry.h"
#include "render/worker/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define PAGES     2
#define MAX_BYTES (1 << 22)

static const enum page_format formats[] = {
	PAGE_PCLM, PAGE_PDF, PAGE_PCLXL, PAGE_POSTSCRIPT, PAGE_PCL, PAGE_JPEG,
};

static struct page_spec take_spec(struct input *in)
{
	uint8_t bits = take(in), wide = take(in);
	/* 254 dpi: a pixel is 10 units */
	struct page_spec spec = {
		.format = formats[take(in) % ARRAY_LEN(formats)],
		.colour = bits & 1,
		.dpi = 254,
		.media = "fuzz",
		.sides = (bits >> 1) % 3,
		.sheet_back = (bits >> 3) % 4,
		.strip_height = wide >> 4,
		.max_pages = PAGES,
		.max_bytes = wide & 4 ? 3000 : MAX_BYTES,
	};

	spec.media_width = (1u + take(in) + (wide & 1 ? 512u : 0)) * 10;
	spec.media_height = (1u + take(in) + (wide & 2 ? 128u : 0)) * 10;
	if (spec.format == PAGE_PCL)
		spec.colour = false;
	return spec;
}

static int on_write(const void *data, size_t len, void *arg)
{
	buf_append(arg, data, len);
	return 0;
}

static uint8_t *take_pixels(struct input *in, size_t len)
{
	uint8_t *pixels = xmalloc(len);
	size_t at = 0;

	memset(pixels, 0xff, len);
	while (at < len && in->len > 0) {
		uint8_t byte = take(in);

		for (unsigned n = 1u + take(in); n > 0 && at < len; n--)
			pixels[at++] = byte;
		at += in->len % 3 ? 0 : take(in) * 16u;
	}
	return pixels;
}

static int write_page(struct raster *raster, struct input *in,
                      const uint8_t *pixels, size_t line_len)
{
	unsigned height = raster_height(raster);
	int result = raster_page_begin(raster, NULL);

	if (result < 0)
		return result;
	for (unsigned y = 0; y < height && result == 0;) {
		unsigned n = 1u + take(in);

		n = n < height - y ? n : height - y;
		result = raster_page_lines(raster, pixels + y * line_len,
		                           line_len, n, NULL);
		y += n;
	}
	return raster_page_end(raster, NULL) < 0 ? -1 : result;
}

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void check_xl(const struct buf *bytes, const struct page_spec *spec,
                     unsigned width, unsigned height, const uint8_t *pixels)
{
	unsigned depth = spec->colour ? 3 : 1;
	struct xl_decoded xl = {.width = width,
	                        .height = height,
	                        .depth = depth};

	must(xl_decode(bytes, &xl) && xl.n_pages == PAGES);
	for (unsigned i = 0; i < PAGES; i++)
		must(memcmp(xl.pages[i], pixels,
		            (size_t)width * height * depth) == 0);
	xl_decoded_fini(&xl);
}

/* 254 dpi: 60 or 63 pixels before the logical page, unless nothing is left. */
static void check_pcl(const struct buf *bytes, const struct page_spec *spec,
                      unsigned width, unsigned height)
{
	unsigned crop = (spec->media_width % 100 ? 75 : 71) * 254 / 300;
	struct pcl_decoded pcl = {.max_height = height};

	if (width > 2 * crop)
		width -= 2 * crop;
	pcl.line_len = (width + 7) / 8;
	must(pcl_decode(bytes, &pcl) && pcl.n_pages == PAGES);
	pcl_decoded_fini(&pcl);
}

/* The table at startxref, entry by entry. */
static void check_pdf(struct buf *bytes)
{
	char *end, *table, name[32];
	unsigned long at, n;

	must(bytes->len > 64);
	buf_str(bytes);
	table = bytes->data + bytes->len;
	while (table > bytes->data && memcmp(table, "startxref\n", 10) != 0)
		table--;
	at = strtoul(table + 10, &end, 10);
	must(at < bytes->len && strcmp(end, "\n%%EOF\n") == 0);
	must(memcmp(bytes->data + at, "xref\n0 ", 7) == 0);
	n = strtoul(bytes->data + at + 7, &end, 10);
	for (unsigned long i = 1; i < n; i++) {
		unsigned long offset = strtoul(end + 1 + 20 * i, NULL, 10);
		int len = snprintf(name, sizeof name, "%lu 0 obj\n", i);

		must(offset + (size_t)len < bytes->len &&
		     memcmp(bytes->data + offset, name, (size_t)len) == 0);
	}
}

/* A picture for each page: one begins where the other ends. */
static void check_jpeg(const struct buf *bytes)
{
	static const char end_begin[] = "\xff\xd9\xff\xd8\xff";

	must(bytes->len > 5 && memcmp(bytes->data, end_begin + 2, 3) == 0);
	must(memcmp(bytes->data + bytes->len - 2, end_begin, 2) == 0);
	must(memmem(bytes->data, bytes->len, end_begin, 5) != NULL);
}

static void check(struct buf *bytes, const struct page_spec *spec,
                  unsigned width, unsigned height, const uint8_t *pixels)
{
	switch (spec->format) {
	case PAGE_PCLM:
	case PAGE_PDF: check_pdf(bytes); break;
	case PAGE_PCLXL: check_xl(bytes, spec, width, height, pixels); break;
	case PAGE_PCL: check_pcl(bytes, spec, width, height); break;
	case PAGE_POSTSCRIPT:
		must(bytes->len > 6 &&
		     memcmp(bytes->data + bytes->len - 6, "%%EOF\n", 6) == 0);
		break;
	case PAGE_JPEG: check_jpeg(bytes); break;
	case PAGE_PWG:
	case PAGE_URF:
	case PAGE_DRAWINGS: abort(); /* not among the formats above */
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input in = {data, len};
	struct page_spec spec = take_spec(&in);
	struct buf bytes = {0};
	struct raster *raster = raster_new(&spec, on_write, NULL, &bytes);
	unsigned width = raster_width(raster), height = raster_height(raster);
	size_t line_len = width * (spec.colour ? 3u : 1u);
	uint8_t *pixels = take_pixels(&in, line_len * height);
	int result = 0;

	for (unsigned i = 0; i < PAGES && result == 0; i++)
		result = write_page(raster, &in, pixels, line_len);
	if (result == 0)
		result = raster_finish(raster, NULL);
	must(bytes.len <= spec.max_bytes);
	if (result == 0)
		check(&bytes, &spec, width, height, pixels);
	raster_free(raster);
	buf_fini(&bytes);
	free(pixels);
	return 0;
}
