/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_IMAGE_BMP_HEAD_H
#define RENDER_WORKER_IMAGE_BMP_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Compression of a Windows bitmap (wingdi.h, BITMAPINFOHEADER). */
enum image_bmp_code {
	IMAGE_BMP_PLAIN = 0,
	IMAGE_BMP_RLE8 = 1,
	IMAGE_BMP_RLE4 = 2,
	IMAGE_BMP_MASKS = 3,
	IMAGE_BMP_ALPHA_MASKS = 6,
};

/* One channel of a pixel of 16 or 32 bits. */
struct image_bmp_mask {
	uint32_t mask;
	unsigned shift;
	uint32_t max; /* 0: there is no such channel */
};

struct image_bmp_head {
	unsigned width, height;
	bool top_down; /* the first line comes first; else the last one */
	unsigned bits; /* a pixel: 1, 4, 8, 16, 24, 32 */
	enum image_bmp_code code;
	struct image_bmp_mask masks[4]; /* red, green, blue, alpha */
	uint8_t palette[256][3];        /* RGB */
	size_t pixels;                  /* where they begin, within the file */
};

/*
 * The heads of all versions, from OS/2 1.x to Windows 5. -EINVAL with a
 * sentence for what no bitmap has, or a JPEG or PNG in disguise.
 */
int image_bmp_head_read(const uint8_t *data, size_t len,
                        struct image_bmp_head *out, struct err *err);

/*
 * Run lengths to width x height palette indices, first line first; pixels that
 * the code passes over keep what out holds. Stops where the data makes no sense
 * any more.
 */
void image_bmp_runs(const struct image_bmp_head *head, const uint8_t *data,
                    size_t len, uint8_t *out);

#endif
