/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_UNIT_RENDER_WORKER_IMAGE_MAKE_H
#define TESTS_UNIT_RENDER_WORKER_IMAGE_MAKE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <jpeglib.h>
#include <png.h>

#include "base/buf.h"
#include "base/mem.h"

/* Pictures for the tests, encoded by the libraries. */

/* What becomes of the color of pixel (x, y): fills n channels. */
typedef void image_pixel_fn(unsigned x, unsigned y, uint8_t *channels);

struct image_make {
	unsigned width, height;
	image_pixel_fn *pixel;
	unsigned channels;
	/* JPEG */
	J_COLOR_SPACE space;
	unsigned orientation; /* 0: no Exif */
	bool progressive;
	bool no_adobe;
	const struct buf *profile; /* ICC, of JPEG and PNG; NULL: none */
	/* PNG */
	int png_type, png_bits;
	bool interlaced;
};

static inline void image_put_exif(struct jpeg_compress_struct *jpeg,
                                  unsigned orientation)
{
	uint8_t exif[] = {'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8,
	                  /* one entry: tag, type, count, value */
	                  0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0,
	                  /* no next directory */
	                  0, 0, 0, 0};

	exif[25] = (uint8_t)orientation;
	jpeg_write_marker(jpeg, JPEG_APP0 + 1, exif, sizeof exif);
}

static inline struct buf image_make_jpeg(const struct image_make *make)
{
	struct jpeg_compress_struct jpeg;
	struct jpeg_error_mgr errors;
	uint8_t *line = xmalloc(make->width * make->channels);
	unsigned char *data = NULL;
	unsigned long len = 0;
	struct buf out = {0};

	jpeg.err = jpeg_std_error(&errors);
	jpeg_create_compress(&jpeg);
	jpeg_mem_dest(&jpeg, &data, &len);
	jpeg.image_width = make->width;
	jpeg.image_height = make->height;
	jpeg.input_components = (int)make->channels;
	jpeg.in_color_space = make->space;
	jpeg_set_defaults(&jpeg);
	jpeg_set_quality(&jpeg, 98, TRUE);
	if (make->progressive)
		jpeg_simple_progression(&jpeg);
	if (make->no_adobe)
		jpeg.write_Adobe_marker = FALSE;
	jpeg_start_compress(&jpeg, TRUE);
	if (make->orientation)
		image_put_exif(&jpeg, make->orientation);
	if (make->profile)
		jpeg_write_icc_profile(&jpeg,
		                       (const JOCTET *)make->profile->data,
		                       (unsigned)make->profile->len);
	for (unsigned y = 0; y < make->height; y++) {
		for (unsigned x = 0; x < make->width; x++)
			make->pixel(x, y, line + x * make->channels);
		jpeg_write_scanlines(&jpeg, &line, 1);
	}
	jpeg_finish_compress(&jpeg);
	jpeg_destroy_compress(&jpeg);
	buf_append(&out, data, len);
	free(data);
	free(line);
	return out;
}

static inline void image_on_png(png_structp png, png_bytep data, size_t len)
{
	buf_append(png_get_io_ptr(png), data, len);
}

static inline struct buf image_make_png(const struct image_make *make)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL,
	                                          NULL, NULL);
	png_infop info = png_create_info_struct(png);
	size_t line_len =
		(make->width * make->channels * (unsigned)make->png_bits + 7) /
		8;
	uint8_t *pixels = xcalloc(make->height, line_len);
	png_bytepp lines = xcalloc(make->height, sizeof *lines);
	png_color palette[2] = {{0, 255, 0}, {0, 0, 255}};
	png_byte alpha[2] = {255, 0};
	struct buf out = {0};

	for (unsigned y = 0; y < make->height; y++) {
		lines[y] = pixels + y * line_len;
		for (unsigned x = 0; x < make->width; x++) {
			uint8_t value[8] = {0};
			unsigned bytes =
				make->channels * (unsigned)make->png_bits / 8;

			make->pixel(x, y, value);
			if (bytes > 0)
				memcpy(lines[y] + x * bytes, value, bytes);
			else
				lines[y][x / 8] |=
					(uint8_t)(value[0] << (7 - x % 8));
		}
	}
	png_set_write_fn(png, &out, image_on_png, NULL);
	png_set_IHDR(png, info, make->width, make->height, make->png_bits,
	             make->png_type,
	             make->interlaced ? PNG_INTERLACE_ADAM7
	                              : PNG_INTERLACE_NONE,
	             PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	if (make->png_type == PNG_COLOR_TYPE_PALETTE) {
		png_set_PLTE(png, info, palette, 2);
		png_set_tRNS(png, info, alpha, 2, NULL);
	}
	if (make->profile)
		png_set_iCCP(png, info, "p", 0,
		             (png_const_bytep)make->profile->data,
		             (png_uint_32)make->profile->len);
	png_write_info(png, info);
	png_write_image(png, lines);
	png_write_end(png, info);
	png_destroy_write_struct(&png, &info);
	free(lines);
	free(pixels);
	return out;
}

#endif
