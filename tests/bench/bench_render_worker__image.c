/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A photograph of 12 megapixels to a page of A4 at 300 dpi sRGB, to PWG,
 * against nothing but decoding it with libjpeg-turbo. CPU time, median of 9,
 * the two in turn.
 */
#include <err.h>
#include <stdio.h>
#include <jpeglib.h>

#include "base/buf.h"
#include "base/mem.h"
#include "bench_median.h"
#include "render/worker/page.h"

#define WIDTH  4000
#define HEIGHT 3000

/* Slopes, edges and some noise, as a camera has them. */
static void draw_line(unsigned y, uint8_t *line)
{
	uint32_t chance = y * 2654435761u;

	for (unsigned x = 0; x < WIDTH; x++) {
		unsigned edge = (x / 37 + y / 53) % 5 * 30;

		chance = chance * 1664525u + 1013904223u;
		*line++ =
			(uint8_t)(x * 160 / WIDTH + edge / 2 + (chance >> 28));
		*line++ = (uint8_t)(y * 160 / HEIGHT + edge / 2 +
		                    (chance >> 27 & 15));
		*line++ = (uint8_t)((x + y) * 100 / (WIDTH + HEIGHT) + edge);
	}
}

static struct buf photograph(unsigned width, unsigned height)
{
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	uint8_t *line = xmalloc((size_t)WIDTH * 3);
	unsigned char *data = NULL;
	unsigned long len = 0;
	struct buf out = {0};

	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_compress(&jpeg);
	jpeg_mem_dest(&jpeg, &data, &len);
	jpeg.image_width = width;
	jpeg.image_height = height;
	jpeg.input_components = 3;
	jpeg.in_color_space = JCS_RGB;
	jpeg_set_defaults(&jpeg);
	jpeg_set_quality(&jpeg, 85, TRUE);
	jpeg_start_compress(&jpeg, TRUE);
	for (unsigned y = 0; y < height; y++) {
		draw_line(y, line);
		jpeg_write_scanlines(&jpeg, &line, 1);
	}
	jpeg_finish_compress(&jpeg);
	jpeg_destroy_compress(&jpeg);
	buf_append(&out, data, len);
	free(data);
	free(line);
	return out;
}

static double run_plain(const struct buf *photo)
{
	struct jpeg_decompress_struct jpeg;
	struct jpeg_error_mgr errors;
	uint8_t *line = xmalloc((size_t)WIDTH * 3);
	double start = bench_cpu_ms();

	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_decompress(&jpeg);
	jpeg_mem_src(&jpeg, (const uint8_t *)photo->data, photo->len);
	jpeg_read_header(&jpeg, TRUE);
	jpeg_start_decompress(&jpeg);
	while (jpeg.output_scanline < jpeg.output_height)
		jpeg_read_scanlines(&jpeg, &line, 1);
	jpeg_finish_decompress(&jpeg);
	jpeg_destroy_decompress(&jpeg);
	free(line);
	return bench_cpu_ms() - start;
}

static int on_write(const void *data, size_t len, void *arg)
{
	*(size_t *)arg += len;
	return 0;
}

static double run_ours(const struct buf *photo)
{
	struct page_spec spec = {.format = PAGE_PWG,
	                         .colour = true,
	                         .dpi = 300,
	                         .media = "iso_a4_210x297mm",
	                         .media_width = 21000,
	                         .media_height = 29700,
	                         .margin_left = 400,
	                         .margin_right = 400,
	                         .margin_top = 400,
	                         .margin_bottom = 400,
	                         .max_pages = 1,
	                         .max_bytes = UINT64_MAX};
	double start = bench_cpu_ms();
	size_t bytes = 0;
	struct raster *raster = raster_new(&spec, on_write, NULL, &bytes);
	struct err err;

	if (image_render(photo->data, photo->len, &spec, raster, &err) < 0 ||
	    raster_finish(raster, &err) < 0)
		errx(1, "%s", err.text);
	raster_free(raster);
	return bench_cpu_ms() - start;
}

static void bench(const char *what, unsigned width, unsigned height)
{
	struct buf photo = photograph(width, height);
	double ours[BENCH_RUNS], plain[BENCH_RUNS];
	double a, b;

	for (unsigned i = 0; i < BENCH_RUNS; i++) {
		ours[i] = run_ours(&photo);
		plain[i] = run_plain(&photo);
	}
	a = bench_median(ours);
	b = bench_median(plain);
	printf("12 MP JPEG (%.1f MB), %s, to a page at 300 dpi srgb_8: platen %.1f ms; plain decode %.1f ms; ratio %.2f, to reach 2.50\n",
	       (double)photo.len / 1e6, what, a, b, a / b);
	buf_fini(&photo);
}

int main(void)
{
	bench("upright", HEIGHT, WIDTH);
	bench("to be turned", WIDTH, HEIGHT);
	return 0;
}
