/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_IMAGE_COLOUR_H
#define RENDER_WORKER_IMAGE_COLOUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

/* What a line of a picture is made of: 8 bits a channel, without gaps. */
struct image_colour_in {
	unsigned channels;   /* 1 gray, 3 RGB, 4 CMYK */
	bool alpha;          /* one channel more, after them; 255 is opaque */
	bool light;          /* CMYK: 255 is no ink, as Adobe stores it */
	const void *profile; /* ICC, for image_colour_new() only */
	size_t profile_len;  /* 0: none, then it is sRGB */
};

/*
 * Lines of a picture to lines of the page: laid on white, then from the
 * picture's colours to sRGB (IEC 61966-2-1), then to gray if that is wanted.
 */
struct image_colour;

/*
 * depth is 1 or 3, the bytes of a pixel of the page. A profile that cannot be
 * read, or is made for other channels, counts as none.
 */
struct image_colour *image_colour_new(const struct image_colour_in *in,
                                      unsigned width, unsigned depth);

/* width pixels, as given to image_colour_new(). */
void image_colour_line(struct image_colour *colour, const uint8_t *in,
                       uint8_t *out);

/* Whether there is a profile that describes anything but sRGB. */
bool image_colour_has_profile(const struct image_colour *colour);

void image_colour_free(struct image_colour *colour);
DEFINE_CLEANUP(struct image_colour *, image_colour_free)

#endif
