/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/text_band.h"

#include <errno.h>

#include <hb-ot.h>
#include <pango/pangocairo.h>

#include "base/mem.h"
#include "render/worker/drawing.h"

/*
 * A band of black text is drawn as coverage (A8, with the operator ADD: Pixman
 * has no fast path for OVER there, which costs five times as much) and then
 * turned into ink on white. A band with colour glyphs is drawn as RGB, for
 * coverage alone would make an emoji a black blot, and is reduced to gray where
 * the page is.
 */
#define BAND_ROWS 256

struct band {
	int width, top, rows;
	bool colour;               /* the page is RGB */
	cairo_surface_t *coverage; /* owned, A8 */
	cairo_surface_t *rgb;      /* owned, RGB24; NULL until needed */
	uint8_t *pixels;           /* owned; BAND_ROWS of the page's kind */
	size_t stride;
};

void text_page_add(struct text_page *page, PangoLayoutLine *line, int x,
                   int baseline, int top, int bottom)
{
	if (page->n_lines == page->n_allocated) {
		page->n_allocated = page->n_allocated * 2 + 64;
		page->lines = xrealloc(page->lines,
		                       page->n_allocated * sizeof *page->lines);
	}
	page->lines[page->n_lines++] = (struct text_page_line){
		.line = pango_layout_line_ref(line),
		.x = x,
		.baseline = baseline,
		.top = top,
		.bottom = bottom,
	};
}

void text_page_rule(struct text_page *page, int x, int y, int width, int height)
{
	if (page->n_rules == page->n_rules_allocated) {
		page->n_rules_allocated = page->n_rules_allocated * 2 + 16;
		page->rules =
			xrealloc(page->rules,
		                 page->n_rules_allocated * sizeof *page->rules);
	}
	page->rules[page->n_rules++] = (struct text_page_rule){
		.x = x,
		.y = y,
		.width = width,
		.height = height,
		.top = page->turned ? page->paper_height - x - width : y,
		.bottom = page->turned ? page->paper_height - x : y + height,
	};
}

void text_page_picture(struct text_page *page,
                       const struct image_pixels *pixels, int x, int y)
{
	cairo_surface_t *surface =
		cairo_image_surface_create(CAIRO_FORMAT_RGB24,
	                                   (int)pixels->width,
	                                   (int)pixels->height);
	uint8_t *to = cairo_image_surface_get_data(surface);
	const uint8_t *from = pixels->data;

	if (!to)
		abort(); /* out of memory, as xmalloc() */
	for (unsigned row = 0; row < pixels->height; row++) {
		uint32_t *line = (uint32_t *)(void *)to;

		for (unsigned i = 0; i < pixels->width; i++, from += 3)
			line[i] = (uint32_t)from[0] << 16 |
			          (uint32_t)from[1] << 8 | from[2];
		to += cairo_image_surface_get_stride(surface);
	}
	cairo_surface_mark_dirty(surface);
	page->pictures = xrealloc(page->pictures, (page->n_pictures +
	                                           1) * sizeof *page->pictures);
	page->pictures[page->n_pictures++] =
		(struct text_page_picture){surface, x, y,
	                                   y + (int)pixels->height};
}

void text_page_clear(struct text_page *page)
{
	for (size_t i = 0; i < page->n_lines; i++)
		pango_layout_line_unref(page->lines[i].line);
	for (size_t i = 0; i < page->n_pictures; i++)
		cairo_surface_destroy(page->pictures[i].surface);
	free(page->pictures);
	free(page->lines);
	free(page->rules);
	*page = (struct text_page){.turned = page->turned,
	                           .paper_height = page->paper_height};
}

static bool has_colour_glyphs(PangoLayoutLine *line)
{
	for (GSList *l = line->runs; l; l = l->next) {
		PangoLayoutRun *run = l->data;
		hb_font_t *font =
			pango_font_get_hb_font(run->item->analysis.font);
		hb_face_t *face = hb_font_get_face(font);

		if (hb_ot_color_has_png(face) || hb_ot_color_has_layers(face))
			return true;
	}
	return false;
}

/* One row of slack: antialiasing reaches over the ink's whole pixels. */
static bool is_in(int top, int bottom, const struct band *band)
{
	return bottom + 1 >= band->top && top - 1 < band->top + band->rows;
}

/* The page's corner, where reading begins, on the band's pixels. */
static void set_origin(cairo_t *cr, const struct text_page *page,
                       const struct band *band)
{
	cairo_matrix_t upright = {1, 0, 0, 1, 0, -band->top};
	cairo_matrix_t turned = {0, -1, 1,
	                         0, 0,  page->paper_height - band->top};

	cairo_transform(cr, page->turned ? &turned : &upright);
}

static void draw_rules(const struct text_page *page, const struct band *band,
                       cairo_t *cr)
{
	for (size_t i = 0; i < page->n_rules; i++) {
		const struct text_page_rule *rule = &page->rules[i];

		if (!is_in(rule->top, rule->bottom, band))
			continue;
		cairo_rectangle(cr, rule->x, rule->y, rule->width,
		                rule->height);
		cairo_fill(cr);
	}
}

static void draw_pictures(const struct text_page *page, const struct band *band,
                          cairo_t *cr)
{
	for (size_t i = 0; i < page->n_pictures; i++) {
		const struct text_page_picture *picture = &page->pictures[i];

		if (!is_in(picture->top, picture->bottom, band))
			continue;
		cairo_set_source_surface(cr, picture->surface, picture->x,
		                         picture->top);
		cairo_paint(cr);
	}
}

static void draw(const struct text_page *page, const struct band *band,
                 cairo_t *cr)
{
	set_origin(cr, page, band);
	draw_pictures(page, band, cr);
	cairo_set_source_rgb(cr, 0, 0, 0);
	draw_rules(page, band, cr);
	for (size_t i = 0; i < page->n_lines; i++) {
		const struct text_page_line *l = &page->lines[i];

		if (!is_in(l->top, l->bottom, band))
			continue;
		cairo_move_to(cr, (double)l->x / PANGO_SCALE,
		              (double)l->baseline / PANGO_SCALE);
		pango_cairo_show_layout_line(cr, l->line);
	}
}

/* Cairo goes on in silence when memory ends: a page would lack its words. */
static int draw_lines(const struct text_page *page, const struct band *band,
                      cairo_surface_t *surface, cairo_operator_t operator,
                      struct err * err)
{
	cairo_t *cr = cairo_create(surface);
	cairo_status_t status;

	cairo_set_operator(cr, operator);
	draw(page, band, cr);
	status = cairo_status(cr);
	cairo_destroy(cr);
	cairo_surface_flush(surface);
	if (status != CAIRO_STATUS_SUCCESS)
		return err_set(err, -ENOMEM, "its text cannot be drawn: %s",
		               cairo_status_to_string(status));
	return 0;
}

static cairo_surface_t *new_surface(cairo_format_t format, int width)
{
	cairo_surface_t *surface =
		cairo_image_surface_create(format, width, BAND_ROWS);

	if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
		abort(); /* out of memory, as xmalloc() */
	return surface;
}

static void put_gray(uint8_t *out, const uint8_t *coverage, int width)
{
	for (int x = 0; x < width; x++)
		out[x] = (uint8_t)~coverage[x];
}

static void put_gray_as_rgb(uint8_t *out, const uint8_t *coverage, int width)
{
	for (int x = 0; x < width; x++)
		out[3 * x] = out[3 * x + 1] = out[3 * x + 2] =
			(uint8_t)~coverage[x];
}

static void put_rgb(uint8_t *out, const uint32_t *rgb, int width)
{
	for (int x = 0; x < width; x++) {
		out[3 * x] = (uint8_t)(rgb[x] >> 16);
		out[3 * x + 1] = (uint8_t)(rgb[x] >> 8);
		out[3 * x + 2] = (uint8_t)rgb[x];
	}
}

/* Luma of ITU-R BT.601, in 1/256. */
static void put_rgb_as_gray(uint8_t *out, const uint32_t *rgb, int width)
{
	for (int x = 0; x < width; x++)
		out[x] = (uint8_t)((77 * ((rgb[x] >> 16) & 255) +
		                    150 * ((rgb[x] >> 8) & 255) +
		                    29 * (rgb[x] & 255)) >>
		                   8);
}

static void clear(cairo_surface_t *surface, int rows, int byte)
{
	cairo_surface_flush(surface);
	memset(cairo_image_surface_get_data(surface), byte,
	       (size_t)cairo_image_surface_get_stride(surface) * (size_t)rows);
	cairo_surface_mark_dirty(surface);
}

static int fill_black(const struct text_page *page, struct band *band,
                      struct err *err)
{
	const uint8_t *row = cairo_image_surface_get_data(band->coverage);
	int stride = cairo_image_surface_get_stride(band->coverage), r;

	clear(band->coverage, band->rows, 0);
	r = draw_lines(page, band, band->coverage, CAIRO_OPERATOR_ADD, err);
	for (int y = 0; y < band->rows; y++, row += stride) {
		uint8_t *out = band->pixels + (size_t)y * band->stride;

		if (band->colour)
			put_gray_as_rgb(out, row, band->width);
		else
			put_gray(out, row, band->width);
	}
	return r;
}

static int fill_coloured(const struct text_page *page, struct band *band,
                         struct err *err)
{
	const uint8_t *row;
	int stride, r;

	if (!band->rgb)
		band->rgb = new_surface(CAIRO_FORMAT_RGB24, band->width);
	row = cairo_image_surface_get_data(band->rgb);
	stride = cairo_image_surface_get_stride(band->rgb);
	clear(band->rgb, band->rows, 0xff);
	r = draw_lines(page, band, band->rgb, CAIRO_OPERATOR_OVER, err);
	for (int y = 0; y < band->rows; y++, row += stride) {
		const uint32_t *rgb = (const uint32_t *)(const void *)row;
		uint8_t *out = band->pixels + (size_t)y * band->stride;

		if (band->colour)
			put_rgb(out, rgb, band->width);
		else
			put_rgb_as_gray(out, rgb, band->width);
	}
	return r;
}

static int fill(const struct text_page *page, struct band *band,
                struct err *err)
{
	bool any = false, coloured = false;

	for (size_t i = 0; i < page->n_lines; i++) {
		if (!is_in(page->lines[i].top, page->lines[i].bottom, band))
			continue;
		any = true;
		coloured |= has_colour_glyphs(page->lines[i].line);
	}
	for (size_t i = 0; i < page->n_rules; i++)
		any |= is_in(page->rules[i].top, page->rules[i].bottom, band);
	for (size_t i = 0; i < page->n_pictures; i++)
		coloured |= is_in(page->pictures[i].top,
		                  page->pictures[i].bottom, band);
	if (coloured)
		return fill_coloured(page, band, err);
	if (any)
		return fill_black(page, band, err);
	memset(band->pixels, 0xff, band->stride * (size_t)band->rows);
	return 0;
}

static int last_row(const struct text_page *page)
{
	int last = 0;

	for (size_t i = 0; i < page->n_lines; i++)
		if (page->lines[i].bottom + 1 > last)
			last = page->lines[i].bottom + 1;
	for (size_t i = 0; i < page->n_pictures; i++)
		if (page->pictures[i].bottom > last)
			last = page->pictures[i].bottom;
	for (size_t i = 0; i < page->n_rules; i++)
		if (page->rules[i].bottom > last)
			last = page->rules[i].bottom;
	return last;
}

/* All of it is one band, whose words stay words. */
static int keep(const struct text_page *page, struct raster *raster,
                cairo_t *cr, struct err *err)
{
	const struct band all = {
		.width = (int)raster_width(raster),
		.rows = (int)raster_height(raster),
	};
	cairo_status_t status;

	cairo_save(cr);
	draw(page, &all, cr);
	cairo_restore(cr);
	status = cairo_status(cr);
	if (status != CAIRO_STATUS_SUCCESS)
		return err_set(err, -ENOMEM, "its text cannot be drawn: %s",
		               cairo_status_to_string(status));
	return 0;
}

int text_page_draw(const struct text_page *page, struct raster *raster,
                   bool colour, struct err *err)
{
	cairo_t *cr = raster_page_cairo(raster);
	struct band band = {
		.width = (int)raster_width(raster),
		.colour = colour,
		.stride = (size_t)raster_width(raster) * (colour ? 3 : 1),
	};
	int height = (int)raster_height(raster), used = last_row(page), r = 0;

	if (cr)
		return keep(page, raster, cr, err);
	band.pixels = xmalloc(band.stride * BAND_ROWS);
	band.coverage = new_surface(CAIRO_FORMAT_A8, band.width);
	if (used < height)
		height = used + 1;
	for (; r == 0 && band.top < height; band.top += BAND_ROWS) {
		band.rows = height - band.top < BAND_ROWS ? height - band.top
		                                          : BAND_ROWS;
		r = fill(page, &band, err);
		if (r == 0)
			r = raster_page_lines(raster, band.pixels, band.stride,
			                      (unsigned)band.rows, err);
	}
	cairo_surface_destroy(band.coverage);
	if (band.rgb)
		cairo_surface_destroy(band.rgb);
	free(band.pixels);
	return r;
}
