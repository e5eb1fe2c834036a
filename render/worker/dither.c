/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/dither.h"

#include "base/mem.h"

#define WHITE 255

/*
 * Errors are kept in sixteenths, one slot of slack at either end, so that the
 * kernel needs no question at the margins. `here` is what the line before left
 * to this one, `next` what this one leaves to the following.
 *
 *               x   7
 *           3   5   1      (of 16; the mirror image from right to left)
 */
struct dither {
	unsigned width;
	bool backward; /* the line to come */
	bool has_next; /* next holds anything but zero */
	int16_t *here, *next;
};

struct dither *dither_new(unsigned width)
{
	struct dither *d = xcalloc(1, sizeof *d);

	d->width = width;
	d->here = xcalloc((size_t)width + 2, sizeof *d->here);
	d->next = xcalloc((size_t)width + 2, sizeof *d->next);
	return d;
}

static void clear(const struct dither *d, int16_t *errors)
{
	memset(errors, 0, ((size_t)d->width + 2) * sizeof *errors);
}

void dither_begin(struct dither *d)
{
	clear(d, d->here);
	clear(d, d->next);
	d->backward = false;
	d->has_next = false;
}

/* All of one value that needs no dithering, and nothing left to it. */
static bool is_plain(const struct dither *d, const uint8_t *gray)
{
	return !d->has_next && (gray[0] == WHITE || gray[0] == 0) &&
	       memcmp(gray, gray + 1, d->width - 1) == 0;
}

/* From x on, how many pixels of pure white: eight at a time. */
static unsigned white_run(const uint8_t *gray, unsigned n)
{
	unsigned i = 0;

	for (; i + 8 <= n; i += 8) {
		uint64_t word;

		memcpy(&word, gray + i, 8);
		if (word != UINT64_MAX)
			break;
	}
	return i;
}

/*
 * One pixel: 1 for black. What pure black and white are owed is dropped, not
 * carried over the paper until the next letter.
 */
static inline int pixel(int gray, int owed, int *error)
{
	int value = gray * 16 + owed;
	int black = value < 128 * 16;

	if (gray == WHITE || gray == 0) {
		*error = 0;
		return gray == 0;
	}
	*error = black ? value : value - WHITE * 16;
	return black;
}

/* In a line's own direction: step is 1 or -1. */
static inline int spread(int16_t *next, int step, int error)
{
	int here = error * 5 / 16, back = error * 3 / 16, ahead = error / 16;

	next[-step] = (int16_t)(next[-step] + back);
	next[0] = (int16_t)(next[0] + here);
	next[step] = (int16_t)(next[step] + ahead);
	return error - here - back - ahead; /* to the pixel that follows */
}

static void set_black(uint8_t *bits, unsigned x)
{
	bits[x / 8] |= (uint8_t)(0x80 >> (x % 8));
}

static bool forward_line(struct dither *d, const uint8_t *gray, uint8_t *bits)
{
	bool any = false;
	int carry = 0;

	for (unsigned x = 0; x < d->width; x++) {
		int error;

		if (gray[x] == WHITE) {
			unsigned n = white_run(gray + x, d->width - x);

			carry = 0;
			x += n > 0 ? n - 1 : 0;
			continue;
		}
		if (pixel(gray[x], d->here[x + 1] + carry, &error))
			set_black(bits, x);
		carry = error ? spread(d->next + x + 1, 1, error) : 0;
		any |= error != 0;
	}
	return any;
}

static bool backward_line(struct dither *d, const uint8_t *gray, uint8_t *bits)
{
	bool any = false;
	int carry = 0;

	for (unsigned x = d->width; x-- > 0;) {
		int error;

		if (gray[x] == WHITE) {
			carry = 0;
			continue;
		}
		if (pixel(gray[x], d->here[x + 1] + carry, &error))
			set_black(bits, x);
		carry = error ? spread(d->next + x + 1, -1, error) : 0;
		any |= error != 0;
	}
	return any;
}

static void diffuse(struct dither *d, const uint8_t *gray, uint8_t *bits)
{
	int16_t *left = d->next;

	d->next = d->here;
	d->here = left;
	clear(d, d->next);
	d->has_next = d->backward ? backward_line(d, gray, bits)
	                          : forward_line(d, gray, bits);
	d->backward = !d->backward;
}

void dither_line(struct dither *d, const uint8_t *gray, uint8_t *bits,
                 bool ones)
{
	size_t len = (d->width + 7) / 8;

	if (is_plain(d, gray)) {
		memset(bits, gray[0] == 0 ? 0xff : 0, len);
		if (gray[0] == 0 && d->width % 8)
			bits[len - 1] = (uint8_t)(0xff00 >> d->width % 8);
	} else {
		memset(bits, 0, len);
		diffuse(d, gray, bits);
	}
	for (size_t i = 0; !ones && i < len; i++)
		bits[i] = (uint8_t)~bits[i];
}

void dither_free(struct dither *d)
{
	if (!d)
		return;
	free(d->here);
	free(d->next);
	free(d);
}
