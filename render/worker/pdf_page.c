/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * A page is interpreted once, into a display list, and drawn from it band by
 * band, so that memory does not grow with the paper. How high the bands are is
 * a matter of speed: every band looks at all the text again that touches it
 * (Cairo makes one text of a paragraph), and one that outgrows the cache is
 * slower to paint; but an image is scaled anew for every band that it touches.
 */
#include "render/worker/pdf_page.h"

#include <math.h>
#include <time.h>

#include "base/mem.h"
#include "render/worker/geometry.h"
#include "render/worker/pdf_device.h"
#include "render/worker/pdf_layer.h"
#include "render/worker/pdf_mend.h"
#include "render/worker/pdf_probe.h"
#include "render/worker/pdf_unicode.h"

#define MANY_PIXELS      0.5e6
#define MUCH_PAINT       1.5 /* times the page */
#define BAND_BYTES       (8u << 20)
#define PAINT_BAND_BYTES (2u << 20)
#define IMAGE_BAND_BYTES (64u << 20)
#define POINTS_PER_INCH  72.0
#define WHITE            0xff
#define PRESS_PIXELS     1e8 /* Poppler decodes all, MuPDF what is seen */

void pdf_band_fini(struct pdf_band *band)
{
	free(band->pixels);
	*band = (struct pdf_band){0};
}

static void band_reserve(struct pdf_band *band, size_t size)
{
	if (size <= band->size)
		return;
	free(band->pixels);
	band->pixels = xmalloc_large(size);
	band->size = size;
	memset(band->pixels, WHITE, size);
}

static unsigned choose_lines(const struct pdf_probe *probe, unsigned height,
                             size_t line_len)
{
	size_t bytes = probe->tall_pixels > MANY_PIXELS ? IMAGE_BAND_BYTES
	               : probe->painted > MUCH_PAINT    ? PAINT_BAND_BYTES
	                                                : BAND_BYTES;

	return height < bytes / line_len ? height
	                                 : (unsigned)(bytes / line_len);
}

void pdf_page_run(fz_context *ctx, fz_page *page, fz_device *dev,
                  fz_matrix matrix)
{
	pdf_page *pdf = pdf_page_from_fz_page(ctx, page);
	fz_cookie cookie = {0};

	if (!pdf) {
		fz_run_page(ctx, page, dev, matrix, &cookie);
		return;
	}
	/* every change to the document takes away what MuPDF has made for
	 * fields and annotations that bring no look of their own */
	pdf_update_page(ctx, pdf);
	pdf_run_page_with_usage(ctx, pdf, dev, matrix, "Print", &cookie);
}

static fz_display_list *load_list(fz_context *ctx, fz_page *page, fz_rect box,
                                  unsigned *n_mended)
{
	fz_display_list *list = fz_new_display_list(ctx, box);
	struct pdf_mend mend = {0};
	fz_device *dev = NULL;

	fz_var(dev);
	fz_try(ctx)
	{
		dev = fz_new_list_device(ctx, list);
		pdf_mend_take_over(ctx, dev, &mend);
		pdf_page_run(ctx, page, dev, fz_identity);
		fz_close_device(ctx, dev);
		*n_mended = mend.n;
	}
	fz_always(ctx)
	{
		fz_drop_device(ctx, dev);
		pdf_mend_fini(ctx, &mend);
	}
	fz_catch(ctx)
	{
		fz_drop_display_list(ctx, list);
		fz_rethrow(ctx);
	}
	return list;
}

/* The list, of a page whose fonts are made ready for drawing alone. */
static fz_display_list *load_lean_list(fz_context *ctx, fz_page *page,
                                       fz_rect box,
                                       const struct pdf_faults *faults,
                                       unsigned *n_mended)
{
	struct pdf_unicode unicode = {0};
	fz_display_list *list = NULL;

	fz_var(list);
	fz_try(ctx)
	{
		pdf_unicode_hide(ctx, &unicode, page);
		list = load_list(ctx, page, box, n_mended);
		if (unicode.n > 0 && pdf_faults_has(faults, PDF_FAULT_FONT)) {
			fz_drop_display_list(ctx, list);
			list = NULL;
			pdf_unicode_show(ctx, &unicode);
			list = load_list(ctx, page, box, n_mended);
		}
	}
	fz_always(ctx) pdf_unicode_drop(ctx, &unicode);
	fz_catch(ctx)
	{
		fz_drop_display_list(ctx, list);
		fz_rethrow(ctx);
	}
	return list;
}

fz_matrix pdf_page_matrix(fz_rect box, const struct geometry_place *place)
{
	float scale = (float)place->scale;
	fz_matrix m = fz_translate(-box.x0, -box.y0);

	if (place->turn) /* (x, y) -> (y, width - x) */
		m = fz_concat(m, fz_make_matrix(0, -scale, scale, 0, 0,
		                                (box.x1 - box.x0) * scale));
	else
		m = fz_concat(m, fz_scale(scale, scale));
	return fz_concat(m,
	                 fz_translate((float)place->box.x - (float)place->left,
	                              (float)place->box.y - (float)place->top));
}

/* One drawing: what the bands have in common. */
struct drawing {
	fz_display_list *list;
	bool blends; /* its groups are needed */
	fz_matrix matrix;
	const struct geometry_box *box;
	unsigned depth;  /* 1 where nothing is coloured, whatever the job is */
	size_t line_len; /* of the raster's width */
	struct pdf_band *band;
	const struct pdf_faults *faults; /* see struct pdf_progress */
};

/* The band as lines top to top + lines of the page's box. */
static fz_pixmap *band_pixmap(fz_context *ctx, const struct drawing *drawing,
                              unsigned top, unsigned lines)
{
	const struct geometry_box *box = drawing->box;
	fz_colorspace *space =
		drawing->depth == 3 ? fz_device_rgb(ctx) : fz_device_gray(ctx);
	uint8_t *pixels = drawing->band->pixels + box->x * drawing->depth;
	fz_pixmap *pixmap =
		fz_new_pixmap_with_data(ctx, space, (int)box->width, (int)lines,
	                                NULL, 0, (int)drawing->line_len,
	                                pixels);

	pixmap->x = (int)box->x;
	pixmap->y = (int)(box->y + top);
	return pixmap;
}

static void draw_band(fz_context *ctx, const struct drawing *drawing,
                      unsigned top, unsigned lines)
{
	fz_pixmap *pixmap = NULL;
	fz_device *dev = NULL;
	struct pdf_device state;

	fz_var(pixmap);
	fz_var(dev);
	fz_try(ctx)
	{
		pixmap = band_pixmap(ctx, drawing, top, lines);
		dev = pdf_device_new(ctx, pixmap, drawing->blends, &state);
		fz_run_display_list(ctx, drawing->list, dev, drawing->matrix,
		                    fz_rect_from_irect(
					    fz_pixmap_bbox(ctx, pixmap)),
		                    NULL);
		fz_close_device(ctx, dev);
		if (drawing->faults &&
		    pdf_faults_has(drawing->faults, PDF_FAULT_PICTURE))
			fz_throw(ctx, FZ_ERROR_GENERIC, "a picture is cut");
	}
	fz_always(ctx)
	{
		fz_drop_device(ctx, dev);
		fz_drop_pixmap(ctx, pixmap);
	}
	fz_catch(ctx)
	{
		memset(drawing->band->pixels, WHITE, lines * drawing->line_len);
		fz_rethrow(ctx);
	}
}

static int give_lines(struct raster *raster, const struct drawing *drawing,
                      unsigned lines, struct err *err)
{
	if (drawing->depth == 1)
		return raster_page_gray(raster, drawing->band->pixels,
		                        drawing->line_len, lines, err);
	return raster_page_lines(raster, drawing->band->pixels,
	                         drawing->line_len, lines, err);
}

static double cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int draw_bands(fz_context *ctx, const struct drawing *drawing,
                      unsigned step, struct raster *raster,
                      struct pdf_progress *progress, struct err *err)
{
	struct pdf_band *band = drawing->band;
	unsigned height = drawing->box->height;
	double begin = cpu_seconds();
	int result = 0;

	while (progress->lines < height && result == 0) {
		unsigned top = progress->lines;
		unsigned lines = height - top < step ? height - top : step;

		if (cpu_seconds() - begin > progress->seconds)
			fz_throw(ctx, FZ_ERROR_GENERIC, "it takes too long");
		draw_band(ctx, drawing, top, lines);
		result = give_lines(raster, drawing, lines, err);
		memset(band->pixels, WHITE, lines * drawing->line_len);
		progress->lines += lines;
	}
	return result;
}

/* Above the page: the band is still white, its first line will do. */
static int begin_page(struct raster *raster, struct pdf_progress *progress,
                      struct err *err)
{
	int result = raster_page_begin(raster, err);

	if (result < 0)
		return result;
	progress->begun = true;
	return raster_page_gray(raster, progress->band->pixels, 0,
	                        progress->place.box.y, err);
}

static int draw_list(fz_context *ctx, fz_display_list *list,
                     const struct pdf_probe *probe,
                     const struct page_spec *spec, struct raster *raster,
                     struct pdf_progress *progress, struct err *err)
{
	fz_rect box = fz_bound_display_list(ctx, list);
	const struct geometry_source source = {
		.width = (double)box.x1 - box.x0,
		.height = (double)box.y1 - box.y0,
		.natural = spec->dpi / POINTS_PER_INCH,
	};
	struct drawing drawing = {
		.list = list,
		.box = &progress->place.box,
		.band = progress->band,
		.faults = probe->image_pixels <= PRESS_PIXELS ? progress->faults
	                                                      : NULL,
	};
	unsigned step;
	int result;

	if (!progress->begun)
		progress->place = raster_place(raster, spec, &source);
	drawing.matrix = pdf_page_matrix(box, &progress->place);
	drawing.depth = spec->colour && probe->coloured ? 3 : 1;
	drawing.line_len = (size_t)raster_width(raster) * drawing.depth;
	drawing.blends = probe->blends;
	step = choose_lines(probe, drawing.box->height, drawing.line_len);
	band_reserve(progress->band, step * drawing.line_len);
	result = progress->begun ? 0 : begin_page(raster, progress, err);
	if (result < 0)
		return result;
	return draw_bands(ctx, &drawing, step, raster, progress, err);
}

static fz_rect box_of(fz_context *ctx, pdf_page *page, pdf_obj *name)
{
	return pdf_to_rect(ctx, pdf_dict_get_inheritable(ctx, page->obj, name));
}

/* Beside the page, it would leave nothing of it: Adobe's readers go on, too. */
static void drop_senseless_crop(fz_context *ctx, pdf_page *page)
{
	fz_rect media = box_of(ctx, page, PDF_NAME(MediaBox));
	fz_rect crop = box_of(ctx, page, PDF_NAME(CropBox));

	if (!fz_is_empty_rect(media) && !fz_is_empty_rect(crop) &&
	    fz_is_empty_rect(fz_intersect_rect(media, crop)))
		pdf_dict_put_rect(ctx, page->obj, PDF_NAME(CropBox), media);
}

fz_rect pdf_page_box(fz_context *ctx, fz_page *page)
{
	pdf_page *pdf = pdf_page_from_fz_page(ctx, page);
	fz_rect box;

	if (pdf)
		drop_senseless_crop(ctx, pdf);
	box = fz_bound_page(ctx, page);

	/* written so that NaN fails */
	if (!(box.x1 - box.x0 >= 1 && box.y1 - box.y0 >= 1 &&
	      box.x1 - box.x0 < 1e6f && box.y1 - box.y0 < 1e6f))
		fz_throw(ctx, FZ_ERROR_GENERIC, "the page has no usable size");
	return box;
}

/* ISO 32000-2, table 31: what the page calls a point. */
static double user_unit_of(fz_context *ctx, fz_page *page)
{
	pdf_page *pdf = pdf_page_from_fz_page(ctx, page);

	return pdf ? pdf_dict_get_real(ctx, pdf->obj, PDF_NAME(UserUnit)) : 0;
}

/* MuPDF knows what gray is, and sRGB, and alone what a printer leaves out. */
static bool has_colours_of_its_own(fz_context *ctx, fz_page *page,
                                   const struct pdf_probe *probe,
                                   const struct pdf_progress *progress)
{
	if (probe->image_pixels > PRESS_PIXELS || !probe->coloured)
		return false;
	return (probe->press ||
	        pdf_profiles_are_other(ctx, progress->profiles, page)) &&
	       !pdf_layer_is_for_screens(ctx, page);
}

int pdf_page_draw(fz_context *ctx, fz_document *doc, int number,
                  const struct page_spec *spec, struct raster *raster,
                  struct pdf_progress *progress, struct err *err)
{
	fz_page *page = fz_load_page(ctx, doc, number);
	fz_display_list *list = NULL;
	struct pdf_probe probe;
	unsigned n_mended = 0;
	fz_rect box;
	int result = 0;

	fz_var(list);
	fz_var(result);
	fz_try(ctx)
	{
		box = pdf_page_box(ctx, page);
		list = progress->faults
		               ? load_lean_list(ctx, page, box,
		                                progress->faults, &n_mended)
		               : load_list(ctx, page, box, &n_mended);
		pdf_probe_run(ctx, list, &probe);
		progress->is_cut = probe.is_cut || n_mended > 0;
		progress->user_unit = user_unit_of(ctx, page);
		result =
			progress->faults && spec->colour && n_mended == 0 &&
					has_colours_of_its_own(ctx, page,
		                                               &probe, progress)
				? PDF_PAGE_PRESS
				: draw_list(ctx, list, &probe, spec, raster,
		                            progress, err);
	}
	fz_always(ctx)
	{
		fz_drop_display_list(ctx, list);
		fz_drop_page(ctx, page);
	}
	fz_catch(ctx) fz_rethrow(ctx);
	return result;
}
