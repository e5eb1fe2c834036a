/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * The raster writer alone against libcups' own: one text page, PWG, output
 * counted and dropped. CPU time, median of 9, the two in turn.
 */
#include <cups/raster.h>

#include "bench_median.h"
#include "bench_text.h"
#include "render/worker/page.h"

struct page {
	struct page_spec spec;
	unsigned width, height;
	size_t line_len;
	uint8_t *pixels;
};

static int count_ours(const void *data, size_t len, void *arg)
{
	*(size_t *)arg += len;
	return 0;
}

static ssize_t count_theirs(void *arg, unsigned char *data, size_t len)
{
	*(size_t *)arg += len;
	return (ssize_t)len;
}

static double run_ours(const struct page *page, size_t *bytes)
{
	double start = bench_cpu_ms();
	struct raster *raster =
		raster_new(&page->spec, count_ours, NULL, bytes);
	const uint8_t *at = page->pixels;

	if (raster_page_begin(raster, NULL) < 0)
		abort();
	for (unsigned y = 0; y < page->height;) {
		unsigned n = page->height - y < 256 ? page->height - y : 256;

		raster_page_lines(raster, at, page->line_len, n, NULL);
		at += n * page->line_len;
		y += n;
	}
	if (raster_page_end(raster, NULL) < 0)
		abort();
	raster_free(raster);
	return bench_cpu_ms() - start;
}

static double run_theirs(const struct page *page, size_t *bytes)
{
	double start = bench_cpu_ms();
	cups_raster_t *raster =
		cupsRasterOpenIO(count_theirs, bytes, CUPS_RASTER_WRITE_PWG);
	cups_page_header2_t header;

	cupsRasterInitPWGHeader(&header, pwgMediaForPWG(page->spec.media),
	                        page->spec.colour ? "srgb_8" : "sgray_8",
	                        (int)page->spec.dpi, (int)page->spec.dpi,
	                        "one-sided", NULL);
	if (!cupsRasterWriteHeader2(raster, &header) ||
	    header.cupsBytesPerLine != page->line_len)
		abort();
	for (unsigned y = 0; y < page->height; y++)
		cupsRasterWritePixels(raster, page->pixels + y * page->line_len,
		                      (unsigned)page->line_len);
	cupsRasterClose(raster);
	return bench_cpu_ms() - start;
}

/* Cairo's XRGB words to gray or RGB bytes. */
static void convert(struct page *page, cairo_surface_t *surface)
{
	const uint8_t *data = cairo_image_surface_get_data(surface);
	size_t stride = (size_t)cairo_image_surface_get_stride(surface);
	uint8_t *out = page->pixels;

	for (unsigned y = 0; y < page->height; y++) {
		const uint32_t *line = (const void *)(data + y * stride);

		for (unsigned x = 0; x < page->width; x++) {
			if (page->spec.colour) {
				*out++ = (uint8_t)(line[x] >> 16);
				*out++ = (uint8_t)(line[x] >> 8);
			}
			*out++ = (uint8_t)line[x];
		}
	}
}

static void draw_page(struct page *page)
{
	cairo_surface_t *surface =
		cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)page->width,
	                                   (int)page->height);
	cairo_t *cr = cairo_create(surface);

	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_scale(cr, page->spec.dpi / 72.0, page->spec.dpi / 72.0);
	bench_text_page(cr, 1);
	cairo_destroy(cr);
	cairo_surface_flush(surface);
	page->pixels = xmalloc(page->line_len * page->height);
	convert(page, surface);
	cairo_surface_destroy(surface);
}

static void bench(unsigned dpi, bool colour)
{
	struct page page = {
		.spec = {.format = PAGE_PWG,
	                 .colour = colour,
	                 .dpi = dpi,
	                 .media = "iso_a4_210x297mm",
	                 .media_width = 21000,
	                 .media_height = 29700,
	                 .max_pages = 1,
	                 .max_bytes = UINT64_MAX},
		.width = 21000 * dpi / 2540,
		.height = 29700 * dpi / 2540,
	};
	double ours[BENCH_RUNS], theirs[BENCH_RUNS];
	size_t our_bytes = 0, their_bytes = 0;
	double a, b;

	page.line_len = page.width * (colour ? 3u : 1u);
	draw_page(&page);
	for (unsigned i = 0; i < BENCH_RUNS; i++) {
		ours[i] = run_ours(&page, &our_bytes);
		theirs[i] = run_theirs(&page, &their_bytes);
	}
	free(page.pixels);
	a = bench_median(ours);
	b = bench_median(theirs);
	printf("pwg writer, text page, %u dpi %s: platen %.1f ms, %.2f MB; libcups %.1f ms, %.2f MB; ratio %.2f\n",
	       dpi, colour ? "srgb_8" : "sgray_8", a,
	       (double)our_bytes / BENCH_RUNS / 1e6, b,
	       (double)their_bytes / BENCH_RUNS / 1e6, b / a);
}

int main(void)
{
	bench(300, true);
	bench(600, false);
	return 0;
}
