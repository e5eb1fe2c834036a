/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_BENCH_BENCH_TEXT_H
#define TESTS_BENCH_BENCH_TEXT_H

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "base/buf.h"
#include "base/mem.h"

/*
 * Pages as people mail them: a heading, justified paragraphs, a short list. The
 * same page number gives the same page.
 */
#define BENCH_A4_WIDTH  595.276
#define BENCH_A4_HEIGHT 841.89
#define BENCH_MARGIN    64.0

static inline unsigned bench_draw(uint32_t *seed, unsigned n)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 10) % n;
}

static inline void bench_sentence(struct buf *out, uint32_t *seed)
{
	static const char *const words[] =
		{"the",       "printer",  "of",       "a",          "page",
	         "and",       "letter",   "which",    "office",     "was",
	         "returned",  "with",     "paper",    "in",         "its",
	         "tray",      "before",   "Tuesday",  "every",      "second",
	         "delivery",  "to",       "house",    "number",     "forty",
	         "invoices",  "(copies)", "from",     "accounting", "are",
	         "quarterly", "figures",  "between",  "3.75",       "per",
	         "cent,",     "although", "yearly",   "growth",     "kept",
	         "falling;",  "we",       "enclose",  "both",       "drafts",
	         "for",       "your",     "signature"};
	unsigned n = 7 + bench_draw(seed, 12);

	buf_puts(out, "However");
	for (unsigned i = 0; i < n; i++)
		buf_printf(out, " %s",
		           words[bench_draw(seed, ARRAY_LEN(words))]);
	buf_puts(out, ". ");
}

static inline double bench_paragraph(cairo_t *cr, double y, const char *font,
                                     const char *text)
{
	PangoLayout *layout = pango_cairo_create_layout(cr);
	PangoFontDescription *desc = pango_font_description_from_string(font);
	int height;

	pango_cairo_context_set_resolution(pango_layout_get_context(layout),
	                                   72);
	pango_layout_set_font_description(layout, desc);
	pango_layout_set_width(layout,
	                       (int)((BENCH_A4_WIDTH - 2 * BENCH_MARGIN) *
	                             PANGO_SCALE));
	pango_layout_set_justify(layout, TRUE);
	pango_layout_set_text(layout, text, -1);
	pango_layout_get_size(layout, NULL, &height);
	cairo_move_to(cr, BENCH_MARGIN, y);
	pango_cairo_show_layout(cr, layout);
	pango_font_description_free(desc);
	g_object_unref(layout);
	return y + (double)height / PANGO_SCALE;
}

/* cr in points, origin at the top left of an A4 page. */
static inline void bench_text_page(cairo_t *cr, unsigned page)
{
	uint32_t seed = page * 7919 + 1;
	struct buf text CLEANUP(buf_fini) = {0};
	double y = BENCH_MARGIN;

	cairo_set_source_rgb(cr, 0, 0, 0);
	buf_printf(&text, "%u. On what came back", page);
	y = bench_paragraph(cr, y, "DejaVu Sans Bold 16", buf_str(&text)) + 12;
	while (y < BENCH_A4_HEIGHT - 2.2 * BENCH_MARGIN) {
		unsigned n = 3 + bench_draw(&seed, 4);

		buf_clear(&text);
		for (unsigned i = 0; i < n; i++)
			bench_sentence(&text, &seed);
		y = bench_paragraph(cr, y, "DejaVu Serif 10.5",
		                    buf_str(&text)) +
		    9;
	}
}

static inline void bench_text_pdf(const char *path, unsigned n_pages)
{
	cairo_surface_t *surface =
		cairo_pdf_surface_create(path, BENCH_A4_WIDTH, BENCH_A4_HEIGHT);
	cairo_t *cr = cairo_create(surface);

	for (unsigned page = 1; page <= n_pages; page++) {
		bench_text_page(cr, page);
		cairo_show_page(cr);
	}
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
}

#endif
