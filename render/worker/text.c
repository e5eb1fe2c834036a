/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/text.h"

#include <errno.h>

#include <pango/pangocairo.h>

#include "base/buf.h"
#include "base/mem.h"
#include "render/worker/charset.h"
#include "render/worker/image_small.h"
#include "render/worker/text_band.h"
#include "render/worker/text_frame.h"
#include "render/worker/text_language.h"

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
#define PARAGRAPH_MAX  8000
#define LINE_SEPARATOR "\xe2\x80\xa8" /* U+2028: not a paragraph of its own */
#define RULE_MM        20u            /* 1/100 mm */
#define BELOW_MM       200u           /* a picture */

const struct text_options text_plain = {.font = "Monospace 10"};
const struct text_options text_reading = {.font = "Sans 10"};
const struct text_options text_heading = {.font = "Sans Bold 15"};

struct text {
	struct raster *raster; /* borrowed */
	PangoContext *context; /* owned */
	PangoLayout *layout;   /* owned; of the current paragraph, or NULL */
	const char *font;      /* of layout; static */
	struct text_frame frame;
	struct text_page page; /* lines placed so far */
	unsigned dpi, max_pixels;
	int y;      /* next line's top in the frame */
	bool begun; /* a page is wanted, even if empty */
	bool any_page;
	bool colour;
};

int text_new(const struct page_spec *spec, struct raster *raster,
             struct text **out, struct err *err)
{
	struct text_frame frame;
	struct text *text;
	int r = text_frame_init(&frame, spec, raster, false, err);

	if (r < 0)
		return r;
	text = xcalloc(1, sizeof *text);
	text->raster = raster;
	text->frame = frame;
	text->dpi = spec->dpi;
	text->max_pixels = spec->max_pixels;
	text->colour = spec->colour;
	text->context = text_context_new(spec->dpi);
	*out = text;
	return 0;
}

void text_free(struct text *text)
{
	if (!text)
		return;
	text_page_clear(&text->page);
	if (text->layout)
		g_object_unref(text->layout);
	g_object_unref(text->context);
	free(text);
}

/* The layout of the options' font; kept from paragraph to paragraph. */
static void use_font(struct text *text, const char *font)
{
	if (text->layout && text->font == font)
		return;
	if (text->layout)
		g_object_unref(text->layout);
	text->layout = text_layout_new(text->context, font, text->frame.width);
	text->font = font;
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
	if (text->y > 0 && text->y + height > text->frame.height) {
		r = end_page(text, err);
		if (r < 0)
			return r;
	}
	text_page_add(&text->page, pango_layout_iter_get_line_readonly(iter),
	              text->frame.left * PANGO_SCALE + logical.x,
	              (text->frame.top + text->y) * PANGO_SCALE + baseline,
	              text->frame.top + text->y +
	                      PANGO_PIXELS_FLOOR(ink.y - logical.y),
	              text->frame.top + text->y +
	                      PANGO_PIXELS_CEIL(ink.y - logical.y +
	                                        ink.height));
	text->y += height;
	text->begun = true;
	return 0;
}

static int place_layout(struct text *text, PangoLayout *layout, struct err *err)
{
	PangoLayoutIter *iter = pango_layout_get_iter(layout);
	int r;

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

		pango_layout_set_text(text->layout, utf8, (int)n);
		r = place_layout(text, text->layout, err);
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
	return r;
}

/* Blank lines at the end are not worth a sheet. */
static size_t without_trailing_space(const char *utf8, size_t len)
{
	while (len > 0 && strchr(" \t\r\n\f", utf8[len - 1]))
		len--;
	return len;
}

/* Han characters look as in the country that the words come from. */
static void set_language(struct text *text, const char *utf8, size_t len)
{
	pango_context_set_language(text->context,
	                           pango_language_from_string(
					   text_language(utf8, len)));
	if (text->layout)
		pango_layout_context_changed(text->layout);
}

int text_put(struct text *text, const char *utf8, size_t len,
             const struct text_options *options, struct err *err)
{
	struct buf valid CLEANUP(buf_fini) = {0};

	if (!charset_is_utf8(utf8, len)) {
		charset_to_utf8(utf8, len, "utf-8", &valid);
		utf8 = valid.data;
		len = valid.len;
	}
	set_language(text, utf8, len);
	use_font(text, options->font);
	return set_all(text, utf8, without_trailing_space(utf8, len), err);
}

/* One paragraph of clean text; what is too long is cut, for Pango's sake. */
static void put_clean(struct buf *out, const char *value)
{
	struct buf valid CLEANUP(buf_fini) = {0};

	charset_to_utf8(value, strlen(value), "utf-8", &valid);
	valid.len = piece_of(valid.data, valid.len);
	for (size_t i = 0; i < valid.len; i++)
		if (valid.data[i] == '\n')
			buf_puts(out, LINE_SEPARATOR);
		else if ((unsigned char)valid.data[i] < ' ')
			buf_puts(out, " ");
		else
			buf_append(out, valid.data + i, 1);
}

/* Bold label, tab, value: wrapped lines begin where the tab stands. */
static void set_row(PangoLayout *layout, const char *label,
                    const struct buf *value, int indent)
{
	struct buf line CLEANUP(buf_fini) = {0};
	PangoAttrList *attributes = pango_attr_list_new();
	PangoAttribute *bold = pango_attr_weight_new(PANGO_WEIGHT_BOLD);
	PangoTabArray *tabs =
		pango_tab_array_new_with_positions(1, FALSE, PANGO_TAB_LEFT,
	                                           indent);

	put_clean(&line, label);
	bold->end_index = (guint)line.len;
	buf_puts(&line, "\t");
	buf_append(&line, value->data, value->len);
	pango_attr_list_insert(attributes, bold);
	pango_attr_list_insert(attributes,
	                       pango_attr_insert_hyphens_new(FALSE));
	pango_layout_set_attributes(layout, attributes);
	pango_attr_list_unref(attributes);
	pango_layout_set_tabs(layout, tabs);
	pango_tab_array_free(tabs);
	pango_layout_set_indent(layout, -indent);
	/* A row begins at the left, whatever script its value is in. */
	pango_layout_set_auto_dir(layout, FALSE);
	pango_layout_set_text(layout, line.data, (int)line.len);
}

int text_put_row(struct text *text, const char *label, const char *value,
                 unsigned indent, struct err *err)
{
	struct buf clean CLEANUP(buf_fini) = {0};
	PangoLayout *layout;
	int r;

	put_clean(&clean, value);
	set_language(text, clean.data ? clean.data : "", clean.len);
	layout = text_layout_new(text->context, text_reading.font,
	                         text->frame.width);
	set_row(layout, label, &clean,
	        text_pixels(indent, text->dpi) * PANGO_SCALE);
	r = place_layout(text, layout, err);
	g_object_unref(layout);
	return r;
}

void text_put_space(struct text *text, unsigned hundredth_mm)
{
	text->y += text_pixels(hundredth_mm, text->dpi);
}

void text_put_rule(struct text *text)
{
	int thickness = text_pixels(RULE_MM, text->dpi);

	text_page_rule(&text->page, text->frame.left, text->frame.top + text->y,
	               text->frame.width, thickness > 0 ? thickness : 1);
	text->begun = true;
}

int text_put_picture(struct text *text, const void *data, size_t len,
                     unsigned side, struct err *err)
{
	struct image_pixels pixels;
	int r = 0, height;

	if (image_small(data, len, (unsigned)text_pixels(side, text->dpi),
	                text->max_pixels, &pixels, NULL) < 0)
		return 0;
	height = (int)pixels.height;
	if (text->y > 0 && text->y + height > text->frame.height)
		r = end_page(text, err);
	if (r == 0) {
		text_page_picture(&text->page, &pixels, text->frame.left,
		                  text->frame.top + text->y);
		text->y += height + text_pixels(BELOW_MM, text->dpi);
		text->begun = true;
	}
	free(pixels.data);
	return r;
}

int text_finish(struct text *text, struct err *err)
{
	return text->begun || !text->any_page ? end_page(text, err) : 0;
}

int text_render(const char *utf8, size_t len,
                const struct text_options *options,
                const struct page_spec *spec, struct raster *raster,
                struct err *err)
{
	struct text *text CLEANUP(text_free) = NULL;
	int r = text_new(spec, raster, &text, err);

	if (r == 0)
		r = text_put(text, utf8, len, options, err);
	return r == 0 ? text_finish(text, err) : r;
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
		PangoContext *context = text_context_new(dpis[i]);
		PangoLayout *layout =
			text_layout_new(context, text_plain.font, 2000);

		pango_layout_set_text(layout, sample, -1);
		pango_layout_get_size(layout, NULL, NULL);
		g_object_unref(layout);
		g_object_unref(context);
	}
}
