/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/pdf_probe.h"

struct probe_device {
	fz_device super; /* first: MuPDF passes it back */
	struct pdf_probe *probe;
};

static void count_image(fz_device *dev, const fz_image *image)
{
	struct probe_device *self = (struct probe_device *)dev;

	self->probe->image_pixels += (double)image->w * image->h;
}

static void on_fill_image(fz_context *ctx, fz_device *dev, fz_image *image,
                          fz_matrix ctm, float alpha, fz_color_params params)
{
	count_image(dev, image);
}

static void on_fill_image_mask(fz_context *ctx, fz_device *dev, fz_image *image,
                               fz_matrix ctm, fz_colorspace *space,
                               const float *color, float alpha,
                               fz_color_params params)
{
	count_image(dev, image);
}

static void on_clip_image_mask(fz_context *ctx, fz_device *dev, fz_image *image,
                               fz_matrix ctm, fz_rect scissor)
{
	count_image(dev, image);
}

static void on_begin_group(fz_context *ctx, fz_device *dev, fz_rect area,
                           fz_colorspace *space, int isolated, int knockout,
                           int blendmode, float alpha)
{
	if (blendmode != FZ_BLEND_NORMAL || knockout)
		((struct probe_device *)dev)->probe->blends = true;
}

void pdf_probe_run(fz_context *ctx, fz_display_list *list,
                   struct pdf_probe *probe)
{
	struct probe_device *self =
		fz_new_derived_device(ctx, struct probe_device);
	fz_device *dev = &self->super;

	*probe = (struct pdf_probe){0};
	self->probe = probe;
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
