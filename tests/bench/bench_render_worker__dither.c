/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * Gray to one bit, A4 at 600 dpi: a page of text and one of continuous tone.
 * CPU time, median of 9, beside one pass of memcpy over the same bytes.
 */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "bench_median.h"
#include "bench_text.h"
#include "render/worker/dither.h"

#define DPI    600
#define WIDTH  4960u
#define HEIGHT 7015u

static void draw_text(uint8_t *pixels)
{
	cairo_surface_t *surface =
		cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)WIDTH,
	                                   (int)HEIGHT);
	cairo_t *cr = cairo_create(surface);
	const uint8_t *data;
	size_t stride;

	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	cairo_scale(cr, DPI / 72.0, DPI / 72.0);
	bench_text_page(cr, 1);
	cairo_destroy(cr);
	cairo_surface_flush(surface);
	data = cairo_image_surface_get_data(surface);
	stride = (size_t)cairo_image_surface_get_stride(surface);
	for (size_t y = 0; y < HEIGHT; y++)
		for (size_t x = 0; x < WIDTH; x++)
			pixels[y * WIDTH + x] = data[y * stride + 4 * x];
	cairo_surface_destroy(surface);
}

static void draw_tones(uint8_t *pixels)
{
	for (size_t y = 0; y < HEIGHT; y++)
		for (size_t x = 0; x < WIDTH; x++)
			pixels[y * WIDTH + x] =
				(uint8_t)(1 + (x * 253 / WIDTH + y) % 254);
}

static double run_dither(const uint8_t *pixels, uint8_t *bits)
{
	double start = bench_cpu_ms();
	struct dither *d = dither_new(WIDTH);

	dither_begin(d);
	for (size_t y = 0; y < HEIGHT; y++)
		dither_line(d, pixels + y * WIDTH, bits, true);
	dither_free(d);
	return bench_cpu_ms() - start;
}

static void bench(const char *name, const uint8_t *pixels, uint8_t *copy)
{
	double ours[BENCH_RUNS], theirs[BENCH_RUNS], a, b;
	uint8_t bits[WIDTH / 8];

	for (unsigned i = 0; i < BENCH_RUNS; i++) {
		double start;

		ours[i] = run_dither(pixels, bits);
		start = bench_cpu_ms();
		memcpy(copy, pixels, (size_t)WIDTH * HEIGHT);
		theirs[i] = bench_cpu_ms() - start;
	}
	a = bench_median(ours);
	b = bench_median(theirs);
	printf("dither, %s, A4 600 dpi: %.1f ms, %.0f MB/s; memcpy %.1f ms\n",
	       name, a, WIDTH * (double)HEIGHT / 1e3 / a, b);
}

int main(void)
{
	uint8_t *pixels = xmalloc((size_t)WIDTH * HEIGHT);
	uint8_t *copy = xmalloc((size_t)WIDTH * HEIGHT);

	draw_text(pixels);
	bench("text", pixels, copy);
	draw_tones(pixels);
	bench("tones", pixels, copy);
	free(pixels);
	free(copy);
	return 0;
}
