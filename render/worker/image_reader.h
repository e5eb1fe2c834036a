/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_IMAGE_READER_H
#define RENDER_WORKER_IMAGE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/err.h"

/* What any picture may declare; more is refused before it is decoded. */
#define IMAGE_MAX_PIXELS 100000000u
#define IMAGE_MAX_SIDE   65500u

/* What is held as a whole, because its file does not come in lines. */
#define IMAGE_MAX_HELD   50000000u

/* Outcome of image_reader_line(): the file is cut off or damaged here. */
#define IMAGE_ENDS       1

/* What 255 is. */
enum image_inks {
	IMAGE_INKS_BY_MARKER, /* Adobe's programs mean no ink */
	IMAGE_INKS_LIGHT,     /* no ink */
	IMAGE_INKS_DARK,      /* all of it */
};

/*
 * A picture that gives its lines one by one, from the top as they are stored.
 * Opened, then started once, then read; where there are more pages, turned to
 * the next one, started and read again.
 */
struct image_reader {
	unsigned width, height; /* as stored; start may make them smaller */
	unsigned depth;         /* 1 gray or 3 RGB bytes a pixel, as asked */
	unsigned orientation;   /* 1..8 of Exif 2.3 section 4.6.4 */
	double stretch;         /* height of a pixel by its width: 2 in a fax */
	unsigned n_pages;
	enum image_inks inks; /* what a JPEG in inks means; may be set */
	bool is_cut;          /* so far; the reason was in err */

	int (*start)(struct image_reader *reader, unsigned min_width,
	             unsigned min_height, struct err *err);
	int (*line)(struct image_reader *reader, uint8_t *pixels,
	            struct err *err);
	int (*turn_page)(struct image_reader *reader, struct err *err);
	void (*free)(struct image_reader *reader);
};

/*
 * Read the head of a picture; data outlives the reader. -EINVAL or -EFBIG with
 * a sentence.
 */
typedef int image_open_fn(const void *data, size_t len, bool colour,
                          struct image_reader **out, struct err *err);

image_open_fn image_jpeg_open;
image_open_fn image_png_open;
image_open_fn image_gif_open;
image_open_fn image_bmp_open;
image_open_fn image_tiff_open;
image_open_fn image_webp_open;
image_open_fn image_heif_open;
image_open_fn image_jp2_open;

/* For those who make a reader: one upright page of square pixels. */
void image_reader_init(struct image_reader *reader, bool colour);

/* -EFBIG with a sentence if the declared size is beyond the limits above. */
int image_reader_check_size(uint64_t width, uint64_t height, struct err *err);

/* The same for what has to be held as a whole; what is "an interlaced PNG". */
int image_reader_check_held(uint64_t width, uint64_t height, const char *what,
                            struct err *err);

/*
 * Get ready for lines. A picture larger than min_width x min_height may come
 * smaller from here on, though not below that; look at width and height again.
 * A file whose lines get finer and finer may set is_cut already.
 */
int image_reader_start(struct image_reader *reader, unsigned min_width,
                       unsigned min_height, struct err *err);

/*
 * The next of height lines. 0, or IMAGE_ENDS with the reason in err; then
 * is_cut is set, too.
 */
int image_reader_line(struct image_reader *reader, uint8_t *pixels,
                      struct err *err);

/* Go to the next of n_pages: width, height and the rest are that page's. */
int image_reader_turn_page(struct image_reader *reader, struct err *err);

void image_reader_free(struct image_reader *reader);
DEFINE_CLEANUP(struct image_reader *, image_reader_free)

#endif
