/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/text_frame.h"

#include <errno.h>

#include <pango/pangocairo.h>

#include "base/mem.h"

#define MARGIN_MIN 1500u /* 1/100 mm */
#define SIDE_PARTS 8u    /* or this part of the side, on labels */

int text_pixels(unsigned hundredth_mm, unsigned dpi)
{
	return (int)(((uint64_t)hundredth_mm * dpi + 1270) / 2540);
}

static int margin(unsigned wanted, unsigned side, unsigned dpi)
{
	unsigned least = side / SIDE_PARTS;

	if (least > MARGIN_MIN)
		least = MARGIN_MIN;
	return text_pixels(wanted < least ? least : wanted, dpi);
}

int text_frame_init(struct text_frame *frame, const struct page_spec *spec,
                    const struct raster *raster, bool turned, struct err *err)
{
	unsigned dpi = spec->dpi, w = spec->media_width, h = spec->media_height;
	int left = margin(spec->margin_left, w, dpi);
	int right = margin(spec->margin_right, w, dpi);
	int top = margin(spec->margin_top, h, dpi);
	int bottom = margin(spec->margin_bottom, h, dpi);
	int across = (int)raster_width(raster) - left - right;
	int down = (int)raster_height(raster) - top - bottom;

	if (across < 1 || down < 1)
		return err_set(err, -EINVAL, "the page has no room for text");
	*frame = (struct text_frame){
		.left = turned ? bottom : left,
		.top = turned ? left : top,
		.width = turned ? down : across,
		.height = turned ? across : down,
		.turned = turned,
	};
	return 0;
}

/* At these resolutions hinting only distorts. */
PangoContext *text_context_new(unsigned dpi)
{
	PangoFontMap *map = pango_cairo_font_map_get_default();
	cairo_font_options_t *options = cairo_font_options_create();
	PangoContext *context;

	pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(map), dpi);
	context = pango_font_map_create_context(map);
	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, options);
	cairo_font_options_destroy(options);
	return context;
}

static void set_tabs(PangoLayout *layout)
{
	PangoTabArray *tabs;
	int width;

	pango_layout_set_text(layout, "        ", 8);
	pango_layout_get_size(layout, &width, NULL);
	tabs = pango_tab_array_new_with_positions(1, FALSE, PANGO_TAB_LEFT,
	                                          width);
	pango_layout_set_tabs(layout, tabs);
	pango_tab_array_free(tabs);
}

/* A hyphen put into an address makes it another one. */
static void forbid_hyphens(PangoLayout *layout)
{
	PangoAttrList *attributes = pango_attr_list_new();

	pango_attr_list_insert(attributes,
	                       pango_attr_insert_hyphens_new(FALSE));
	pango_layout_set_attributes(layout, attributes);
	pango_attr_list_unref(attributes);
}

PangoLayout *text_layout_new(PangoContext *context, const char *font, int width)
{
	PangoFontDescription *name = pango_font_description_from_string(font);
	PangoLayout *layout = pango_layout_new(context);

	pango_layout_set_font_description(layout, name);
	pango_font_description_free(name);
	forbid_hyphens(layout);
	set_tabs(layout);
	pango_layout_set_width(layout, width * PANGO_SCALE);
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	return layout;
}
