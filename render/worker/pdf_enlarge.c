/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/pdf_enlarge.h"

#include <math.h>

#include "base/mem.h"
#include "render/worker/pdf_device.h"

#define ONE        256        /* fractions are of this */
#define PIXELS_MAX (32 << 20) /* more are decoded as far as they are seen */
#define ACROSS     17         /* MuPDF's parts of a pixel */
#define DOWN       15

/* Between which two of the picture's columns, or lines, one of the page is. */
struct between {
	int before, after;
	unsigned part; /* of the one after */
};

/* n of the picture are enlarged to n_out; edges are repeated outward. */
static struct between find_between(int at, int n, int n_out)
{
	double exact = (at + .5) * n / n_out - .5;
	int before = exact < 0 ? 0 : (int)exact;
	struct between between = {
		.before = before,
		.after = before + 1 < n ? before + 1 : before,
		.part = exact < 0 ? 0 : (unsigned)((exact - before) * ONE),
	};

	return between;
}

/* A picture on its way to the page. */
struct enlarging {
	const fz_pixmap *from;
	fz_irect to;            /* all of it, in pixels */
	fz_irect seen;          /* what of it is in this band */
	struct between *across; /* one for each column that is seen */
	uint16_t *lines[2];     /* of from, at the page's width, times ONE */
	int numbers[2];         /* which they are; -1: none */
};

/* The compiler writes all of it for each n. */
static inline __attribute__((always_inline)) void
widen(const uint8_t *in, const struct between *across, int width, int n,
      uint16_t *out)
{
	for (int x = 0; x < width; x++) {
		const uint8_t *p = in + across[x].before * n;
		const uint8_t *q = in + across[x].after * n;
		unsigned part = across[x].part;

		for (int c = 0; c < n; c++)
			*out++ = (uint16_t)(p[c] * (ONE - part) + q[c] * part);
	}
}

static const uint16_t *widened(struct enlarging *e, int number)
{
	const uint8_t *in = e->from->samples + number * e->from->stride;
	int slot = number & 1, width = e->seen.x1 - e->seen.x0;

	if (e->numbers[slot] == number)
		return e->lines[slot];
	e->numbers[slot] = number;
	if (e->from->n == 3)
		widen(in, e->across, width, 3, e->lines[slot]);
	else
		widen(in, e->across, width, e->from->n, e->lines[slot]);
	return e->lines[slot];
}

/* In numbers of 16 bits, eight of which a processor handles at once. */
static void mix(const uint16_t *restrict above, const uint16_t *restrict below,
                unsigned part, uint8_t *restrict out, size_t n)
{
	const uint16_t one = (uint16_t)((ONE - part) * ONE - (part == 0));
	const uint16_t other = (uint16_t)(part * ONE);

	for (size_t i = 0; i < n; i++) {
		uint16_t a = (uint16_t)((uint32_t)above[i] * one >> 16);
		uint16_t b = (uint16_t)((uint32_t)below[i] * other >> 16);

		out[i] = (uint8_t)((uint16_t)(a + b + ONE / 2) / ONE);
	}
}

static void paint(struct enlarging *e, fz_pixmap *on)
{
	size_t n = (size_t)(e->seen.x1 - e->seen.x0) * on->n;

	for (int y = e->seen.y0; y < e->seen.y1; y++) {
		struct between b = find_between(y - e->to.y0, e->from->h,
		                                e->to.y1 - e->to.y0);
		uint8_t *out = on->samples + (y - on->y) * on->stride +
		               (e->seen.x0 - on->x) * on->n;

		mix(widened(e, b.before), widened(e, b.after), b.part, out, n);
	}
}

static void enlarge(const fz_pixmap *from, fz_irect to, fz_irect seen,
                    fz_pixmap *on)
{
	size_t width = (size_t)(seen.x1 - seen.x0);
	struct between *across CLEANUP(xfree) = xcalloc(width, sizeof *across);
	uint16_t *lines CLEANUP(xfree) =
		xcalloc(2 * width * from->n, sizeof *lines);
	struct enlarging e = {
		.from = from,
		.to = to,
		.seen = seen,
		.across = across,
		.lines = {lines, lines + width * from->n},
		.numbers = {-1, -1},
	};

	for (size_t x = 0; x < width; x++)
		across[x] = find_between(seen.x0 - to.x0 + (int)x, from->w,
		                         to.x1 - to.x0);
	paint(&e, on);
}

/*
 * Beyond twice its size MuPDF does not smooth a picture that does not ask for
 * it, nor do we.
 */
static bool is_enlarged(const fz_image *image, fz_irect to)
{
	int64_t width = (int64_t)to.x1 - to.x0, height = (int64_t)to.y1 - to.y0;

	return (int64_t)image->w * image->h <= PIXELS_MAX &&
	       width >= image->w && height >= image->h &&
	       width < 2 * (int64_t)image->w && height < 2 * (int64_t)image->h;
}

static bool is_plain(const fz_image *image, fz_matrix ctm, float alpha)
{
	return alpha == 1 && !image->mask && !image->imagemask &&
	       !image->use_colorkey && image->orientation <= 1 && ctm.b == 0 &&
	       ctm.c == 0 && ctm.a > 0 && ctm.d > 0;
}

/*
 * MuPDF clips to the whole pixels that a rectangle touches, and finds these by
 * way of its own fractions of a pixel.
 */
static fz_irect whole_pixels(fz_rect clip)
{
	return fz_make_irect((int)floorf(floorf(clip.x0 * ACROSS) / ACROSS),
	                     (int)floorf(floorf(clip.y0 * DOWN) / DOWN),
	                     (int)ceilf(ceilf(clip.x1 * ACROSS) / ACROSS),
	                     (int)ceilf(ceilf(clip.y1 * DOWN) / DOWN));
}

/* Where it goes, on whole pixels, and what of that is seen in this band. */
static bool find_place(fz_context *ctx, const fz_device *dev, fz_matrix ctm,
                       fz_irect *to, fz_irect *seen)
{
	fz_irect band = fz_pixmap_bbox(ctx, pdf_device_of(ctx)->fill.pixmap);
	fz_rect clip;

	if (!pdf_fill_is_straight(ctx, dev, &clip))
		return false;
	*to = fz_round_rect(fz_transform_rect(fz_unit_rect, ctm));
	*seen = fz_intersect_irect(*to, band);
	if (!fz_is_infinite_rect(clip))
		*seen = fz_intersect_irect(*seen, whole_pixels(clip));
	return !fz_is_empty_irect(*seen);
}

static bool is_alike(const fz_pixmap *a, const fz_image *image,
                     const fz_pixmap *b)
{
	return a->w == image->w && a->h == image->h && a->n == b->n &&
	       !a->alpha && !b->alpha && a->s == 0 && b->s == 0 &&
	       a->colorspace == b->colorspace;
}

static void on_fill_image(fz_context *ctx, fz_device *dev, fz_image *image,
                          fz_matrix ctm, float alpha, fz_color_params params)
{
	struct pdf_device *state = pdf_device_of(ctx);
	fz_pixmap *on = state->fill.pixmap, *from = NULL;
	fz_matrix place = fz_gridfit_matrix(0, ctm);
	fz_irect to, seen;
	bool is_painted;

	if (is_plain(image, ctm, alpha) &&
	    find_place(ctx, dev, place, &to, &seen) && is_enlarged(image, to))
		from = fz_get_pixmap_from_image(ctx, image, NULL, &place, NULL,
		                                NULL);
	is_painted = from && is_alike(from, image, on);
	if (is_painted)
		enlarge(from, to, seen, on);
	fz_drop_pixmap(ctx, from);
	if (!is_painted)
		state->enlarge.fill_image(ctx, dev, image, ctm, alpha, params);
}

void pdf_enlarge_take_over(fz_device *dev, struct pdf_enlarge *enlarge)
{
	enlarge->fill_image = dev->fill_image;
	dev->fill_image = on_fill_image;
}
