/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/pdf_fill.h"

#include <math.h>
#include <string.h>

#include "render/worker/pdf_device.h"

#define SMALL 10000 /* pixels: not worth the edges */

/* ---- is it a rectangle? ------------------------------------------------- */

struct shape {
	fz_rect rect;
	unsigned n_rects, n_others;
};

static void on_point(fz_context *ctx, void *arg, float x, float y)
{
	struct shape *shape = arg;

	shape->n_others++;
}

static void on_curve(fz_context *ctx, void *arg, float x1, float y1, float x2,
                     float y2, float x3, float y3)
{
	struct shape *shape = arg;

	shape->n_others++;
}

static void on_close(fz_context *ctx, void *arg)
{
}

static void on_rect(fz_context *ctx, void *arg, float x0, float y0, float x1,
                    float y1)
{
	struct shape *shape = arg;

	shape->rect = fz_make_rect(fminf(x0, x1), fminf(y0, y1), fmaxf(x0, x1),
	                           fmaxf(y0, y1));
	shape->n_rects++;
}

/* In pixels. */
static bool is_rect(fz_context *ctx, const fz_path *path, fz_matrix ctm,
                    fz_rect *out)
{
	static const fz_path_walker walker = {
		.moveto = on_point,
		.lineto = on_point,
		.curveto = on_curve,
		.closepath = on_close,
		.rectto = on_rect,
	};
	struct shape shape = {0};

	if (!fz_is_rectilinear(ctm))
		return false;
	fz_walk_path(ctx, path, &walker, &shape);
	*out = fz_transform_rect(shape.rect, ctm);
	return shape.n_rects == 1 && shape.n_others == 0;
}

/* ---- where do we paint? ------------------------------------------------- */

static uint64_t box_bit(int depth)
{
	return depth >= 0 && depth < 64 ? UINT64_C(1) << depth : 0;
}

/* MuPDF has opened the container already. */
static void on_clip_path(fz_context *ctx, fz_device *dev, const fz_path *path,
                         int even_odd, fz_matrix ctm, fz_rect scissor)
{
	struct pdf_fill *fill = &pdf_device_of(ctx)->fill;
	fz_rect rect;

	if (is_rect(ctx, path, ctm, &rect))
		fill->boxes |= box_bit(dev->container_len - 1);
	fill->clip_path(ctx, dev, path, even_odd, ctm, scissor);
}

/* MuPDF has closed the container already. */
static void on_pop_clip(fz_context *ctx, fz_device *dev)
{
	struct pdf_fill *fill = &pdf_device_of(ctx)->fill;

	fill->boxes &= ~box_bit(dev->container_len);
	fill->pop_clip(ctx, dev);
}

bool pdf_fill_is_straight(fz_context *ctx, const fz_device *dev, fz_rect *clip)
{
	const struct pdf_device *state = pdf_device_of(ctx);
	unsigned n_groups = 0;

	*clip = fz_infinite_rect;
	for (int i = 0; i < dev->container_len; i++) {
		const fz_device_container_stack *at = &dev->container[i];

		if (at->type == fz_device_container_stack_is_group)
			n_groups++;
		else if (at->type == fz_device_container_stack_is_clip &&
		         (state->fill.boxes & box_bit(i)))
			*clip = fz_intersect_rect(*clip, at->scissor);
		else
			return false;
	}
	return pdf_group_are_left_out(&state->group, n_groups);
}

/* The whole pixels inside of rect. */
static bool find_inside(fz_context *ctx, const fz_device *dev, fz_rect rect,
                        fz_irect *out)
{
	const struct pdf_device *state = pdf_device_of(ctx);
	fz_irect whole = fz_pixmap_bbox(ctx, state->fill.pixmap);
	fz_rect inside = fz_intersect_rect(rect, fz_rect_from_irect(whole));
	fz_rect clip;

	if (!pdf_fill_is_straight(ctx, dev, &clip))
		return false;
	inside = fz_intersect_rect(inside, fz_expand_rect(clip, -1));
	if (!(inside.x1 - inside.x0 > 2 && inside.y1 - inside.y0 > 2))
		return false;
	*out = fz_make_irect((int)ceilf(inside.x0), (int)ceilf(inside.y0),
	                     (int)floorf(inside.x1), (int)floorf(inside.y1));
	return (out->x1 - out->x0) * (int64_t)(out->y1 - out->y0) >= SMALL;
}

/* ---- painting ----------------------------------------------------------- */

struct paint {
	fz_colorspace *space;
	const float *colour;
	fz_color_params params;
};

/* By MuPDF, in pixels. */
static void paint_rect(fz_context *ctx, fz_device *dev,
                       const struct paint *paint, float x0, float y0, float x1,
                       float y1)
{
	struct pdf_fill *fill = &pdf_device_of(ctx)->fill;
	fz_path *path;

	if (x0 >= x1 || y0 >= y1)
		return;
	path = fz_new_path(ctx);
	fz_try(ctx)
	{
		fz_rectto(ctx, path, x0, y0, x1, y1);
		fill->fill_path(ctx, dev, path, 0, fz_identity, paint->space,
		                paint->colour, 1, paint->params);
	}
	fz_always(ctx) fz_drop_path(ctx, path);
	fz_catch(ctx) fz_rethrow(ctx);
}

/* The first line of it is painted. */
static void repeat_line(fz_pixmap *pixmap, fz_irect inside)
{
	size_t len = (size_t)(inside.x1 - inside.x0) * pixmap->n;
	const unsigned char *first = pixmap->samples +
	                             (inside.y0 - pixmap->y) * pixmap->stride +
	                             (inside.x0 - pixmap->x) * pixmap->n;

	for (int y = 1; y < inside.y1 - inside.y0; y++)
		memcpy((unsigned char *)first + y * pixmap->stride, first, len);
}

static void paint_large(fz_context *ctx, fz_device *dev,
                        const struct paint *paint, fz_rect rect,
                        fz_irect inside)
{
	float top = (float)inside.y0 + 1, bottom = (float)inside.y1;

	paint_rect(ctx, dev, paint, rect.x0, rect.y0, rect.x1, top);
	paint_rect(ctx, dev, paint, rect.x0, top, (float)inside.x0, bottom);
	paint_rect(ctx, dev, paint, (float)inside.x1, top, rect.x1, bottom);
	paint_rect(ctx, dev, paint, rect.x0, bottom, rect.x1, rect.y1);
	repeat_line(pdf_device_of(ctx)->fill.pixmap, inside);
}

static void on_fill_path(fz_context *ctx, fz_device *dev, const fz_path *path,
                         int even_odd, fz_matrix ctm, fz_colorspace *space,
                         const float *colour, float alpha,
                         fz_color_params params)
{
	struct pdf_device *state = pdf_device_of(ctx);
	const struct paint paint = {space, colour, params};
	fz_rect rect;
	fz_irect inside;

	if (alpha == 1 && is_rect(ctx, path, ctm, &rect) &&
	    find_inside(ctx, dev, rect, &inside))
		paint_large(ctx, dev, &paint, rect, inside);
	else
		state->fill.fill_path(ctx, dev, path, even_odd, ctm, space,
		                      colour, alpha, params);
}

void pdf_fill_take_over(fz_device *dev, fz_pixmap *pixmap,
                        struct pdf_fill *fill)
{
	*fill = (struct pdf_fill){dev->fill_path, dev->clip_path, dev->pop_clip,
	                          pixmap, 0};
	dev->fill_path = on_fill_path;
	dev->clip_path = on_clip_path;
	dev->pop_clip = on_pop_clip;
}
