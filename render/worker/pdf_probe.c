/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/pdf_probe.h"

#include "render/worker/pdf_mend.h"

struct probe_device {
	fz_device super; /* first: MuPDF passes it back */
	struct pdf_probe *probe;
	fz_rect page;
	size_t to_search; /* bytes more: a picture may be drawn many times */
};

static struct pdf_probe *probe_of(fz_device *dev)
{
	return ((struct probe_device *)dev)->probe;
}

static bool is_of_press(fz_context *ctx, fz_colorspace *space)
{
	if (space && space->type == FZ_COLORSPACE_INDEXED)
		space = space->u.indexed.base;
	return space && (fz_colorspace_is_cmyk(ctx, space) ||
	                 fz_colorspace_is_device_n(ctx, space));
}

/*
 * Black ink alone counts as gray, also as a spot colour: as such it prints pure
 * black.
 */
static bool is_black_ink(fz_context *ctx, fz_colorspace *space, const float *c)
{
	float inks[FZ_MAX_COLORS];

	fz_convert_color(ctx, space, c, fz_device_cmyk(ctx), inks, NULL,
	                 fz_default_color_params);
	return inks[0] == 0 && inks[1] == 0 && inks[2] == 0;
}

static void note_color(fz_context *ctx, fz_device *dev, fz_colorspace *space,
                       const float *c)
{
	struct pdf_probe *probe = probe_of(dev);

	if (!space || fz_colorspace_is_gray(ctx, space))
		return;
	if (fz_colorspace_is_rgb(ctx, space)) {
		probe->coloured |= c[0] != c[1] || c[1] != c[2];
	} else if (!is_of_press(ctx, space)) {
		probe->coloured = true;
	} else if (!is_black_ink(ctx, space, c)) {
		probe->coloured = true;
		probe->press = true;
	}
}

/* The glyphs of a Type 3 font are pages of their own, colours and all. */
static void note_text(fz_context *ctx, fz_device *dev, const fz_text *text)
{
	for (fz_text_span *span = text->head; span; span = span->next) {
		if (fz_font_t3_procs(ctx, span->font))
			probe_of(dev)->coloured = true;
	}
}

static double area_of(fz_rect box)
{
	return ((double)box.x1 - box.x0) * ((double)box.y1 - box.y0);
}

static void on_fill_path(fz_context *ctx, fz_device *dev, const fz_path *path,
                         int even_odd, fz_matrix ctm, fz_colorspace *space,
                         const float *color, float alpha,
                         fz_color_params params)
{
	const fz_rect *page = &((struct probe_device *)dev)->page;
	fz_rect box = fz_bound_path(ctx, path, NULL, ctm);

	box = fz_intersect_rect(box, *page);
	if (fz_is_valid_rect(box))
		probe_of(dev)->painted += area_of(box) / area_of(*page);
	note_color(ctx, dev, space, color);
}

static void on_stroke_path(fz_context *ctx, fz_device *dev, const fz_path *path,
                           const fz_stroke_state *stroke, fz_matrix ctm,
                           fz_colorspace *space, const float *color,
                           float alpha, fz_color_params params)
{
	note_color(ctx, dev, space, color);
}

static void on_fill_text(fz_context *ctx, fz_device *dev, const fz_text *text,
                         fz_matrix ctm, fz_colorspace *space,
                         const float *color, float alpha,
                         fz_color_params params)
{
	note_color(ctx, dev, space, color);
	note_text(ctx, dev, text);
}

static void on_stroke_text(fz_context *ctx, fz_device *dev, const fz_text *text,
                           const fz_stroke_state *stroke, fz_matrix ctm,
                           fz_colorspace *space, const float *color,
                           float alpha, fz_color_params params)
{
	note_color(ctx, dev, space, color);
	note_text(ctx, dev, text);
}

static void on_fill_shade(fz_context *ctx, fz_device *dev, fz_shade *shade,
                          fz_matrix ctm, float alpha, fz_color_params params)
{
	probe_of(dev)->coloured = true;
	probe_of(dev)->press |= is_of_press(ctx, shade->colorspace);
}

/* A page that is wider than high is drawn turned. */
static float part_of_height(const fz_rect *page, fz_matrix ctm)
{
	fz_rect box = fz_transform_rect(fz_unit_rect, ctm);
	float width = page->x1 - page->x0, height = page->y1 - page->y0;
	float part = width > height ? (box.x1 - box.x0) / width
	                            : (box.y1 - box.y0) / height;

	return part < 1 ? part : 1;
}

static void count_image(fz_context *ctx, fz_device *dev, fz_image *image,
                        fz_matrix ctm)
{
	const fz_rect *page = &((struct probe_device *)dev)->page;
	double pixels = (double)image->w * image->h;

	/* a decoder that comes to the end of the file paints the rest gray,
	 * and Poppler's says nothing */
	probe_of(dev)->is_cut |=
		pdf_mend_is_cut(ctx, image,
	                        &((struct probe_device *)dev)->to_search);
	probe_of(dev)->image_pixels += pixels;
	probe_of(dev)->tall_pixels += pixels * part_of_height(page, ctm);
}

static void on_fill_image(fz_context *ctx, fz_device *dev, fz_image *image,
                          fz_matrix ctm, float alpha, fz_color_params params)
{
	count_image(ctx, dev, image, ctm);
	if (!fz_colorspace_is_gray(ctx, image->colorspace))
		probe_of(dev)->coloured = true;
	probe_of(dev)->press |= is_of_press(ctx, image->colorspace);
}

static void on_fill_image_mask(fz_context *ctx, fz_device *dev, fz_image *image,
                               fz_matrix ctm, fz_colorspace *space,
                               const float *color, float alpha,
                               fz_color_params params)
{
	count_image(ctx, dev, image, ctm);
	note_color(ctx, dev, space, color);
}

static void on_clip_image_mask(fz_context *ctx, fz_device *dev, fz_image *image,
                               fz_matrix ctm, fz_rect scissor)
{
	count_image(ctx, dev, image, ctm);
}

static void on_begin_group(fz_context *ctx, fz_device *dev, fz_rect area,
                           fz_colorspace *space, int isolated, int knockout,
                           int blendmode, float alpha)
{
	if (blendmode != FZ_BLEND_NORMAL || knockout)
		probe_of(dev)->blends = true;
}

void pdf_probe_run(fz_context *ctx, fz_display_list *list,
                   struct pdf_probe *probe)
{
	struct probe_device *self =
		fz_new_derived_device(ctx, struct probe_device);
	fz_device *dev = &self->super;

	*probe = (struct pdf_probe){0};
	self->probe = probe;
	self->to_search = PDF_MEND_SEARCH_BYTES;
	self->page = fz_bound_display_list(ctx, list);
	dev->fill_path = on_fill_path;
	dev->stroke_path = on_stroke_path;
	dev->fill_text = on_fill_text;
	dev->stroke_text = on_stroke_text;
	dev->fill_shade = on_fill_shade;
	dev->fill_image = on_fill_image;
	dev->fill_image_mask = on_fill_image_mask;
	dev->clip_image_mask = on_clip_image_mask;
	dev->begin_group = on_begin_group;
	fz_try(ctx)
	{
		fz_run_display_list(ctx, list, dev, fz_identity,
		                    fz_infinite_rect, NULL);
		fz_close_device(ctx, dev);
	}
	fz_always(ctx) fz_drop_device(ctx, dev);
	fz_catch(ctx) fz_rethrow(ctx);
}
