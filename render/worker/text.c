/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/text.h"

#include <errno.h>

#include <pango/pangocairo.h>

#include "base/buf.h"
#include "base/mem.h"
#include "render/worker/charset.h"
#include "render/worker/text_band.h"

/*
 * Life of a text:
 *
 *   paragraph    one line of input becomes a layout, wrapped by Pango
 *   line         each of its lines goes on the page, or begins the next one
 *   page         when full, is drawn in bands (text_band.h) and forgotten
 *
 * A paragraph without end (a megabyte on one line) is cut into pieces, for
 * Pango's time and memory grow faster than the text.
 */
#define PARAGRAPH_MAX 8000
#define MARGIN_MIN    1500u /* 1/100 mm */

const struct text_options text_plain = {.font = "Monospace 10"};
const struct text_options text_reading = {.font = "Sans 10"};

struct text {
	struct raster *raster;
	PangoContext *context;        /* owned */
	PangoLayout *layout;          /* owned; of the current paragraph */
	struct text_page page;        /* lines placed so far */
	int left, top, width, height; /* of the text area, pixels */
	int y;                        /* next line's top in the text area */
	bool begun;                   /* a page is wanted, even if empty */
	bool any_page;
	bool colour;
};

static int to_pixels(unsigned hundredth_mm, unsigned dpi)
{
	return (int)(((uint64_t)hundredth_mm * dpi + 1270) / 2540);
}

static unsigned at_least(unsigned margin)
{
	return margin < MARGIN_MIN ? MARGIN_MIN : margin;
}

static void set_area(struct text *text, const struct page_spec *spec)
{
	int right = to_pixels(at_least(spec->margin_right), spec->dpi);
	int bottom = to_pixels(at_least(spec->margin_bottom), spec->dpi);

	text->left = to_pixels(at_least(spec->margin_left), spec->dpi);
	text->top = to_pixels(at_least(spec->margin_top), spec->dpi);
	text->width = (int)raster_width(text->raster) - text->left - right;
	text->height = (int)raster_height(text->raster) - text->top - bottom;
}

/* At these resolutions hinting only distorts. */
static PangoContext *new_context(unsigned dpi)
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

static PangoLayout *new_layout(PangoContext *context, const char *font,
                               int width)
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

static int draw_page(struct text *text, struct err *err)
{
	int r;

	if (!raster_is_wanted(text->raster)) {
		raster_skip_page(text->raster);
		return 0;
	}
	r = raster_page_begin(text->raster, err);
	if (r == 0)
		r = text_page_draw(&text->page, text->raster, text->colour,
		                   err);
	if (r == 0)
		r = raster_page_end(text->raster, err);
	return r;
}

static int end_page(struct text *text, struct err *err)
{
	int r = draw_page(text, err);

	text_page_clear(&text->page);
	text->y = 0;
	text->any_page = true;
	text->begun = false;
	return r;
}

/* The iterator's line goes below the last one, or on the next page. */
static int place_line(struct text *text, PangoLayoutIter *iter, struct err *err)
{
	PangoRectangle ink, logical;
	int height, baseline, r;

	pango_layout_iter_get_line_extents(iter, &ink, &logical);
	baseline = pango_layout_iter_get_baseline(iter) - logical.y;
	height = PANGO_PIXELS_CEIL(logical.height);
	if (text->y > 0 && text->y + height > text->height) {
		r = end_page(text, err);
		if (r < 0)
			return r;
	}
	text_page_add(&text->page, pango_layout_iter_get_line_readonly(iter),
	              text->left * PANGO_SCALE + logical.x,
	              (text->top + text->y) * PANGO_SCALE + baseline,
	              text->top + text->y +
	                      PANGO_PIXELS_FLOOR(ink.y - logical.y),
	              text->top + text->y +
	                      PANGO_PIXELS_CEIL(ink.y - logical.y +
	                                        ink.height));
	text->y += height;
	text->begun = true;
	return 0;
}

static int place_paragraph(struct text *text, const char *utf8, size_t len,
                           struct err *err)
{
	PangoLayoutIter *iter;
	int r;

	pango_layout_set_text(text->layout, utf8, (int)len);
	iter = pango_layout_get_iter(text->layout);
	do {
		r = place_line(text, iter, err);
	} while (r == 0 && pango_layout_iter_next_line(iter));
	pango_layout_iter_free(iter);
	return r;
}

/* How much of a paragraph to set at once: all, or up to a blank. */
static size_t piece_of(const char *utf8, size_t len)
{
	size_t n = PARAGRAPH_MAX;

	if (len <= PARAGRAPH_MAX)
		return len;
	while (n > PARAGRAPH_MAX / 2 && utf8[n] != ' ')
		n--;
	if (n == PARAGRAPH_MAX / 2)
		n = PARAGRAPH_MAX;
	while ((utf8[n] & 0xc0) == 0x80)
		n--;
	return n;
}

static int set_line(struct text *text, const char *utf8, size_t len,
                    struct err *err)
{
	int r;

	if (len > 0 && utf8[len - 1] == '\r')
		len--;
	do {
		size_t n = piece_of(utf8, len);

		r = place_paragraph(text, utf8, n, err);
		utf8 += n;
		len -= n;
	} while (r == 0 && len > 0);
	return r;
}

/* One line of input, in which form feeds may stand. */
static int set_line_and_feeds(struct text *text, const char *utf8, size_t len,
                              struct err *err)
{
	const char *end = utf8 + len, *feed;
	int r = 0;

	while (r == 0 && (feed = memchr(utf8, '\f', (size_t)(end - utf8)))) {
		if (feed > utf8)
			r = set_line(text, utf8, (size_t)(feed - utf8), err);
		if (r == 0 && text->begun)
			r = end_page(text, err);
		utf8 = feed + 1;
		if (utf8 == end)
			return r;
	}
	return r < 0 ? r : set_line(text, utf8, (size_t)(end - utf8), err);
}

static int set_all(struct text *text, const char *utf8, size_t len,
                   struct err *err)
{
	const char *end = utf8 + len;
	int r = 0;

	while (r == 0 && utf8 < end) {
		const char *lf = memchr(utf8, '\n', (size_t)(end - utf8));
		const char *stop = lf ? lf : end;

		r = set_line_and_feeds(text, utf8, (size_t)(stop - utf8), err);
		utf8 = lf ? lf + 1 : end;
	}
	if (r == 0 && (text->begun || !text->any_page))
		r = end_page(text, err);
	return r;
}

/* Blank lines at the end are not worth a sheet. */
static size_t without_trailing_space(const char *utf8, size_t len)
{
	while (len > 0 && strchr(" \t\r\n\f", utf8[len - 1]))
		len--;
	return len;
}

int text_render(const char *utf8, size_t len,
                const struct text_options *options,
                const struct page_spec *spec, struct raster *raster,
                struct err *err)
{
	struct text text = {.raster = raster, .colour = spec->colour};
	struct buf valid CLEANUP(buf_fini) = {0};
	int r;

	if (!charset_is_utf8(utf8, len)) {
		charset_to_utf8(utf8, len, "utf-8", &valid);
		utf8 = valid.data;
		len = valid.len;
	}
	set_area(&text, spec);
	if (text.width < 1 || text.height < 1)
		return err_set(err, -EINVAL, "the page has no room for text");
	text.context = new_context(spec->dpi);
	text.layout = new_layout(text.context, options->font, text.width);
	r = set_all(&text, utf8, without_trailing_space(utf8, len), err);
	text_page_clear(&text.page);
	g_object_unref(text.layout);
	g_object_unref(text.context);
	return r;
}

void text_warm_up(void)
{
	/* A letter of each script, so that each one's font is found. */
	static const char sample[] =
		"Ag\303\251 \316\251\320\226 \327\220 \330\271 \346\274\242 "
		"\343\201\202 \355\225\234 \340\271\201 \340\244\205 "
		"\342\202\254 \360\237\230\200";
	static const unsigned dpis[] = {600, 300};

	/* Pango warns and goes on where it lacks memory for a font: a page
	 * without its words is worse than none. */
	g_log_set_fatal_mask("Pango", G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL |
	                                      G_LOG_LEVEL_WARNING);
	for (size_t i = 0; i < ARRAY_LEN(dpis); i++) {
		PangoContext *context = new_context(dpis[i]);
		PangoLayout *layout =
			new_layout(context, text_plain.font, 2000);

		pango_layout_set_text(layout, sample, -1);
		pango_layout_get_size(layout, NULL, NULL);
		g_object_unref(layout);
		g_object_unref(context);
	}
}
