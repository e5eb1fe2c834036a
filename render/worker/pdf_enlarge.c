/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/pdf_enlarge.h"

#include "base/mem.h"
#include "render/worker/pdf_device.h"

#define ONE        256        /* fractions are of this */
#define PIXELS_MAX (32 << 20) /* more are decoded as far as they are seen */

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

static const uint16_t *widened(struct enlarging *e, int number)
{
	const fz_pixmap *from = e->from;
	const uint8_t *in = from->samples + number * from->stride;
	int slot = number & 1;
	uint16_t *out = e->lines[slot];

	if (e->numbers[slot] == number)
		return out;
	e->numbers[slot] = number;
	for (int x = 0; x < e->seen.x1 - e->seen.x0; x++) {
		const struct between *b = &e->across[x];
		const uint8_t *p = in + b->before * from->n;
		const uint8_t *q = in + b->after * from->n;

		for (int c = 0; c < from->n; c++)
			*out++ = (uint16_t)(p[c] * (ONE - b->part) +
			                    q[c] * b->part);
	}
	return e->lines[slot];
}

static void mix(const uint16_t *above, const uint16_t *below, unsigned part,
                uint8_t *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)((above[i] * (ONE - part) + below[i] * part) /
		                   (ONE * ONE));
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

/* Where it goes, on whole pixels, and whether it is seen as a whole. */
static bool find_place(fz_context *ctx, const fz_device *dev, fz_matrix ctm,
                       fz_irect *to, fz_irect *seen)
{
	fz_irect band = fz_pixmap_bbox(ctx, pdf_device_of(ctx)->fill.pixmap);
	fz_rect box = fz_transform_rect(fz_unit_rect, ctm), inside;

	*to = fz_round_rect(box);
	*seen = fz_intersect_irect(*to, band);
	if (fz_is_empty_irect(*seen))
		return false;
	inside = fz_rect_from_irect(*seen);
	return pdf_fill_is_straight(ctx, dev, &inside) &&
	       fz_contains_rect(inside, fz_rect_from_irect(*seen));
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
