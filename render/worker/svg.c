/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * SVG by librsvg and Cairo, in bands: each is drawn from the whole document, so
 * that the page costs the same memory at any resolution.
 */
#include "render/worker/svg.h"

#include <errno.h>
#include <math.h>
#include <time.h>
#include <librsvg/rsvg.h>

#include "base/mem.h"
#include "render/worker/drawing.h"
#include "render/worker/geometry.h"
#include "render/worker/image_page.h"

#define BAND_BYTES (16u << 20)
#define MAX_RATIO  1000.0 /* of width to height, or the other way */
#define CSS_DPI    96.0
#define TRIAL_SIDE 16 /* pixels */
#define TRIAL_MS   2000

struct svg {
	RsvgHandle *handle;
	struct geometry_place place;
	unsigned depth;
	uint8_t *line;
	struct image_page *page;
};

static void rsvg_free(RsvgHandle *handle)
{
	if (handle)
		g_object_unref(handle);
}
DEFINE_CLEANUP(RsvgHandle *, rsvg_free)
DEFINE_CLEANUP(cairo_surface_t *, cairo_surface_destroy)
DEFINE_CLEANUP(cairo_t *, cairo_destroy)

/* Takes why; the parser's words end with an end of line. */
static int refused(const char *what, GError *why, struct err *err)
{
	const char *text = why ? why->message : "it is damaged";
	int result = err_set(err, -EINVAL, "cannot %s the SVG drawing: %.*s",
	                     what, (int)strcspn(text, "\n"), text);

	g_clear_error(&why);
	return result;
}

static int open_svg(const void *data, size_t len, RsvgHandle **out,
                    struct err *err)
{
	GError *why = NULL;
	RsvgHandle *handle = rsvg_handle_new_from_data(data, len, &why);

	if (!handle)
		return refused("read", why, err);
	rsvg_handle_set_dpi(handle, CSS_DPI);
	*out = handle;
	return 0;
}

static bool is_size(double width, double height)
{
	return isfinite(width) && isfinite(height) && width > 0 && height > 0 &&
	       width <= height * MAX_RATIO && height <= width * MAX_RATIO;
}

/* Without a size it is as the paper is. */
static struct geometry_source source_of(RsvgHandle *handle,
                                        const struct page_spec *spec)
{
	gboolean has_width, has_height, has_box;
	RsvgLength w, h;
	RsvgRectangle box;
	struct geometry_source source = {.natural = spec->dpi / CSS_DPI,
	                                 .picture = true};

	if (!rsvg_handle_get_intrinsic_size_in_pixels(handle, &source.width,
	                                              &source.height)) {
		rsvg_handle_get_intrinsic_dimensions(handle, &has_width, &w,
		                                     &has_height, &h, &has_box,
		                                     &box);
		source.width = has_box ? box.width : 0;
		source.height = has_box ? box.height : 0;
	}
	if (!is_size(source.width, source.height)) {
		source.width = spec->media_width;
		source.height = spec->media_height;
	}
	return source;
}

static int draw(RsvgHandle *handle, cairo_t *cr, const RsvgRectangle *sheet,
                struct err *err)
{
	GError *why = NULL;

	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_paint(cr);
	if (!rsvg_handle_render_document(handle, cr, sheet, &why))
		return refused("draw", why, err);
	return 0;
}

static uint64_t cpu_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/*
 * Small at first. A drawing that uses its own pieces ten times ten times ...
 * is refused by librsvg after half a million of them, which on paper would take
 * minutes, in which nobody could stop it.
 */
static int try_small(RsvgHandle *handle, struct err *err)
{
	RsvgRectangle sheet = {0, 0, TRIAL_SIDE, TRIAL_SIDE};
	cairo_surface_t *small CLEANUP(cairo_surface_destroy) =
		cairo_image_surface_create(CAIRO_FORMAT_RGB24, TRIAL_SIDE,
	                                   TRIAL_SIDE);
	cairo_t *cr CLEANUP(cairo_destroy) = cairo_create(small);
	uint64_t begin = cpu_ms();
	int result = draw(handle, cr, &sheet, err);

	if (result == 0 && cpu_ms() - begin > TRIAL_MS)
		return err_set(
			err, -EINVAL,
			"cannot draw the SVG drawing: it would take too long");
	return result;
}

/* The drawing as it lies on the page, its box's corner at that of cr. */
static int draw_placed(const struct svg *svg, cairo_t *cr, struct err *err)
{
	const struct geometry_place *place = &svg->place;
	bool turn = place->turn;
	RsvgRectangle sheet = {0, 0, turn ? place->height : place->width,
	                       turn ? place->width : place->height};

	cairo_translate(cr, -(double)place->left, -(double)place->top);
	if (turn) {
		cairo_translate(cr, 0, sheet.width);
		cairo_rotate(cr, -M_PI / 2);
	}
	return draw(svg->handle, cr, &sheet, err);
}

/* Moved up to where the band begins. */
static int draw_band(const struct svg *svg, cairo_surface_t *band,
                     unsigned first, struct err *err)
{
	cairo_t *cr CLEANUP(cairo_destroy) = cairo_create(band);

	cairo_translate(cr, 0, -(double)first);
	return draw_placed(svg, cr, err);
}

/* As a drawing, where pages are kept as such. */
static int keep(const struct svg *svg, struct raster *raster, struct err *err)
{
	const struct geometry_box *box = &svg->place.box;
	int result = raster_page_begin(raster, err), ended;
	cairo_t *cr;

	if (result < 0)
		return result;
	cr = raster_page_cairo(raster);
	if (cr) {
		cairo_save(cr);
		cairo_rectangle(cr, box->x, box->y, box->width, box->height);
		cairo_clip(cr);
		cairo_translate(cr, box->x, box->y);
		result = draw_placed(svg, cr, err);
		cairo_restore(cr);
	}
	ended = raster_page_end(raster, result < 0 ? NULL : err);
	return result < 0 ? result : ended;
}

static void convert_line(const struct svg *svg, const uint8_t *in)
{
	uint8_t *out = svg->line;

	for (unsigned x = 0; x < svg->place.box.width; x++) {
		uint32_t pixel;
		unsigned r, g, b;

		memcpy(&pixel, in + 4 * (size_t)x, sizeof pixel);
		r = pixel >> 16 & 0xff;
		g = pixel >> 8 & 0xff;
		b = pixel & 0xff;
		if (svg->depth == 3) {
			*out++ = (uint8_t)r;
			*out++ = (uint8_t)g;
			*out++ = (uint8_t)b;
		} else {
			*out++ = (uint8_t)((r * 77 + g * 150 + b * 29) >> 8);
		}
	}
}

static int print_band(const struct svg *svg, cairo_surface_t *band, unsigned n)
{
	const uint8_t *pixels;
	int stride, result = 0;

	cairo_surface_flush(band);
	pixels = cairo_image_surface_get_data(band);
	stride = cairo_image_surface_get_stride(band);
	for (unsigned y = 0; result == 0 && y < n; y++) {
		convert_line(svg, pixels + (ptrdiff_t)stride * y);
		result = image_page_line(svg->line, svg->page);
	}
	return result;
}

static int print_bands(const struct svg *svg, struct err *err)
{
	const struct geometry_box *box = &svg->place.box;
	unsigned most = BAND_BYTES / 4 / box->width;
	unsigned lines = most < box->height ? most : box->height;
	cairo_surface_t *band CLEANUP(cairo_surface_destroy) =
		cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)box->width,
	                                   (int)lines);
	int result = 0;

	for (unsigned y = 0; result == 0 && y < box->height; y += lines) {
		unsigned left = box->height - y;

		result = draw_band(svg, band, y, err);
		if (result == 0)
			result = print_band(svg, band,
			                    left < lines ? left : lines);
	}
	return result;
}

int svg_render(const void *data, size_t len, const struct page_spec *spec,
               struct raster *raster, struct err *err)
{
	RsvgHandle *handle CLEANUP(rsvg_free) = NULL;
	uint8_t *line CLEANUP(xfree) = NULL;
	struct image_page *page CLEANUP(image_page_free) = NULL;
	struct geometry_source source;
	struct svg svg = {.depth = spec->colour ? 3 : 1};
	int result = open_svg(data, len, &handle, err);

	if (result == 0)
		result = try_small(handle, err);
	if (result < 0)
		return result;
	svg.handle = handle;
	source = source_of(handle, spec);
	svg.place = raster_place(raster, spec, &source);
	if (raster_keeps_drawings(raster))
		return keep(&svg, raster, err);
	svg.line = line = xmalloc((size_t)svg.place.box.width * svg.depth);
	svg.page = page =
		image_page_new(raster, &svg.place.box, svg.depth, err);
	return image_page_end(page, print_bands(&svg, err));
}
