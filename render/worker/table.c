/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/table.h"

#include <errno.h>
#include <stdio.h>

#include <pango/pangocairo.h>

#include "base/mem.h"
#include "render/worker/table_columns.h"
#include "render/worker/text_band.h"
#include "render/worker/text_frame.h"
#include "render/worker/text_language.h"

/*
 * Life of a table:
 *
 *   measure   every cell once: what each column wants
 *   choose    upright or turned, and the size of the letters
 *   panel     as many columns as fit; all rows go down the pages; then the
 *             next panel, from the first row again
 *   row       its cells become lines, which go on the page; a row that is
 *             taller than a page goes on with the lines that are left
 */
#define PADDING    1.6  /* between columns, characters */
#define LINE_MM    12u  /* of a rule, 1/100 mm */
#define SPACE_MM   60u  /* above and below a row */
#define CELL_PIECE 8000 /* bytes set at once; Pango's time grows faster */

struct cell_line {
	PangoLayoutLine *line; /* owned */
	int x, baseline;       /* Pango units; y from the row's top */
	int top, bottom;       /* logical, pixels from the row's top */
	int ink_left, ink_right, ink_top, ink_bottom; /* pixels */
	bool placed;
};

struct row {
	struct cell_line *lines; /* owned */
	size_t n_lines, n_allocated;
	int height;
};

struct table {
	const struct page_spec *spec;
	struct raster *raster;
	struct text_frame frame;
	struct table_columns columns;
	PangoContext *context;     /* owned */
	PangoLayout *plain, *bold; /* owned */
	double letter;             /* average width, pixels */
	size_t first, last;        /* columns of the panel */
	struct csv_row header;
	struct text_page page;
	int y, body_top; /* below the header */
	struct row row;  /* being placed */
};

static double letter_width(PangoContext *context, const char *font)
{
	static const char sample[] = "0123456789 abcdefghijklmnopqrstuvwxyz "
				     "ABCDEFGHIJ";
	PangoLayout *layout = text_layout_new(context, font, 10000);
	int width;

	pango_layout_set_text(layout, sample, -1);
	pango_layout_get_size(layout, &width, NULL);
	g_object_unref(layout);
	return (double)width / PANGO_SCALE / (sizeof sample - 1) * 1.06;
}

static void use_font(struct table *table, unsigned size)
{
	char font[32];

	snprintf(font, sizeof font, "Sans %u", size);
	table->letter = letter_width(table->context, font);
	if (table->plain)
		g_object_unref(table->plain);
	if (table->bold)
		g_object_unref(table->bold);
	table->plain = text_layout_new(table->context, font, 100);
	snprintf(font, sizeof font, "Sans Bold %u", size);
	table->bold = text_layout_new(table->context, font, 100);
}

/* The first that fits without wrapping, else the last. */
static int choose(struct table *table, struct err *err)
{
	static const struct {
		unsigned size;
		bool turned;
	} ways[] = {{10, false}, {9, false}, {10, true},
	            {9, true},   {8, true},  {7, true}};
	double wanted =
		table_columns_natural(&table->columns, 0,
	                              table->columns.n_columns, PADDING);

	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		int r = text_frame_init(&table->frame, table->spec,
		                        table->raster, ways[i].turned, err);

		if (r < 0)
			return r;
		use_font(table, ways[i].size);
		if (wanted * table->letter <= table->frame.width)
			break;
	}
	table->page.turned = table->frame.turned;
	table->page.paper_height = (int)raster_height(table->raster);
	return 0;
}

static void clear_row(struct row *row)
{
	for (size_t i = 0; i < row->n_lines; i++)
		pango_layout_line_unref(row->lines[i].line);
	row->n_lines = 0;
	row->height = 0;
}

static void fini_row(struct row *row)
{
	clear_row(row);
	free(row->lines);
}

static struct cell_line *add_line(struct row *row)
{
	if (row->n_lines == row->n_allocated) {
		row->n_allocated = row->n_allocated * 2 + 64;
		row->lines = xrealloc(row->lines,
		                      row->n_allocated * sizeof *row->lines);
	}
	return &row->lines[row->n_lines++];
}

/* The line of a layout that stands at x, y in the row. */
static void keep_line(struct table *table, PangoLayoutIter *iter, int x, int y)
{
	PangoRectangle ink, logical;
	struct cell_line *line = add_line(&table->row);
	int space = text_pixels(SPACE_MM, table->spec->dpi);

	pango_layout_iter_get_line_extents(iter, &ink, &logical);
	*line = (struct cell_line){
		.line = pango_layout_line_ref(
			pango_layout_iter_get_line_readonly(iter)),
		.x = x * PANGO_SCALE + logical.x,
		.baseline =
			y * PANGO_SCALE + pango_layout_iter_get_baseline(iter),
		.top = y + PANGO_PIXELS_FLOOR(logical.y),
		.bottom = y + PANGO_PIXELS_CEIL(logical.y + logical.height),
		.ink_left = x + PANGO_PIXELS_FLOOR(ink.x),
		.ink_right = x + PANGO_PIXELS_CEIL(ink.x + ink.width),
		.ink_top = y + PANGO_PIXELS_FLOOR(ink.y),
		.ink_bottom = y + PANGO_PIXELS_CEIL(ink.y + ink.height),
	};
	if (line->bottom + space > table->row.height)
		table->row.height = line->bottom + space;
}

/* How much of a cell is set at once: cut between characters. */
static size_t piece_of(const char *cell)
{
	size_t n = strlen(cell);

	if (n > CELL_PIECE)
		for (n = CELL_PIECE; n > 0 && (cell[n] & 0xc0) == 0x80;)
			n--;
	return n;
}

static void set_cell(struct table *table, const char *cell, size_t column,
                     int x, PangoLayout *layout)
{
	const struct table_column *c = &table->columns.columns[column];
	int y = text_pixels(SPACE_MM, table->spec->dpi), height;

	pango_layout_set_width(layout,
	                       (int)(c->width * table->letter * PANGO_SCALE));
	pango_layout_set_alignment(layout, c->is_number ? PANGO_ALIGN_RIGHT
	                                                : PANGO_ALIGN_LEFT);
	while (*cell) {
		size_t n = piece_of(cell);
		PangoLayoutIter *iter;

		pango_layout_set_text(layout, cell, (int)n);
		iter = pango_layout_get_iter(layout);
		do {
			keep_line(table, iter, x, y);
		} while (pango_layout_iter_next_line(iter));
		pango_layout_iter_free(iter);
		pango_layout_get_pixel_size(layout, NULL, &height);
		y += height;
		cell += n;
	}
}

/* The panel's cells of a row, as lines below the row's top. */
static void set_row(struct table *table, const struct csv_row *row,
                    PangoLayout *layout)
{
	double x = 0;

	clear_row(&table->row);
	for (size_t i = table->first; i < table->last; i++) {
		const char *cell = csv_cell(row, i);

		if (*cell)
			set_cell(table, cell, i, (int)x, layout);
		x += (table->columns.columns[i].width + PADDING) *
		     table->letter;
	}
}

static void place_line(struct table *table, struct cell_line *line, int y)
{
	const struct text_frame *frame = &table->frame;
	int left = frame->left, top = frame->top + y;
	int paper = table->page.paper_height;
	int from = frame->turned ? paper - left - line->ink_right
	                         : top + line->ink_top;
	int to = frame->turned ? paper - left - line->ink_left
	                       : top + line->ink_bottom;

	text_page_add(&table->page, line->line, left * PANGO_SCALE + line->x,
	              top * PANGO_SCALE + line->baseline, from, to);
	line->placed = true;
}

static void put_rule(struct table *table, unsigned thickness)
{
	int height = text_pixels(LINE_MM * thickness, table->spec->dpi);

	text_page_rule(&table->page, table->frame.left,
	               table->frame.top + table->y, table->frame.width,
	               height > 0 ? height : 1);
}

static int end_page(struct table *table, struct err *err)
{
	int r;

	if (table->frame.turned)
		raster_turn(table->raster);
	r = raster_page_begin(table->raster, err);

	if (r == 0)
		r = text_page_draw(&table->page, table->raster,
		                   table->spec->colour, err);
	if (r == 0)
		r = raster_page_end(table->raster, err);
	text_page_clear(&table->page);
	return r;
}

/* Lines from `done` on that fit above the frame's foot. True: all are placed.
 */
static bool place_lines(struct table *table, int done, bool at_least_one)
{
	int room = table->frame.height - table->y;
	bool all = true;

	for (size_t i = 0; i < table->row.n_lines; i++) {
		struct cell_line *line = &table->row.lines[i];

		if (line->placed)
			continue;
		if (line->bottom - done <= room || at_least_one)
			place_line(table, line, table->y - done);
		else
			all = false;
		at_least_one = false;
	}
	return all;
}

/* Where the lines begin that found no room. */
static int first_left(const struct table *table)
{
	int first = table->row.height;

	for (size_t i = 0; i < table->row.n_lines; i++)
		if (!table->row.lines[i].placed &&
		    table->row.lines[i].top < first)
			first = table->row.lines[i].top;
	return first;
}

/*
 * The header's names; a header that fills the page would leave no row. The row
 * that is being placed waits meanwhile.
 */
static void begin_page(struct table *table)
{
	struct row waiting = table->row;

	table->y = 0;
	if (table->columns.has_header) {
		table->row = (struct row){0};
		set_row(table, &table->header, table->bold);
		if (table->row.height < table->frame.height / 2) {
			place_lines(table, 0, false);
			table->y += table->row.height;
			put_rule(table, 3);
		}
		fini_row(&table->row);
		table->row = waiting;
	}
	table->body_top = table->y;
}

static int next_page(struct table *table, struct err *err)
{
	int r = end_page(table, err);

	if (r == 0)
		begin_page(table);
	return r;
}

static int put_row(struct table *table, const struct csv_row *row,
                   struct err *err)
{
	int height = table->frame.height, done = 0, r = 0;

	set_row(table, row, table->plain);
	if (table->y > table->body_top &&
	    table->y + table->row.height > height &&
	    table->row.height <= height - table->body_top)
		r = next_page(table, err);
	while (r == 0 &&
	       !place_lines(table, done, table->y == table->body_top)) {
		done = first_left(table);
		r = next_page(table, err);
	}
	if (r < 0)
		return r;
	table->y += table->row.height - done;
	put_rule(table, 1);
	return 0;
}

static int put_panel(struct table *table, const char *utf8, size_t len,
                     struct err *err)
{
	struct csv_row row CLEANUP(csv_row_fini) = {0};
	struct csv csv;
	int r = 0;

	csv_init(&csv, utf8, len);
	if (table->columns.has_header)
		csv_next(&csv, &table->header);
	begin_page(table);
	while (r == 0 && csv_next(&csv, &row))
		r = put_row(table, &row, err);
	return r < 0 ? r : end_page(table, err);
}

static int put_panels(struct table *table, const char *utf8, size_t len,
                      struct err *err)
{
	double room = table->frame.width / table->letter;
	int r = 0;

	for (size_t first = 0; r == 0 && first < table->columns.n_columns;) {
		table->first = first;
		table->last = table_columns_fit(&table->columns, first, room,
		                                PADDING);
		r = put_panel(table, utf8, len, err);
		first = table->last;
	}
	return r;
}

static void fini(struct table *table)
{
	fini_row(&table->row);
	csv_row_fini(&table->header);
	text_page_clear(&table->page);
	if (table->plain)
		g_object_unref(table->plain);
	if (table->bold)
		g_object_unref(table->bold);
	g_object_unref(table->context);
}

int table_render(const char *utf8, size_t len, const struct page_spec *spec,
                 struct raster *raster, struct err *err)
{
	struct table *table CLEANUP(xfree) = xcalloc(1, sizeof *table);
	int r;

	table->spec = spec;
	table->raster = raster;
	table_columns_measure(&table->columns, utf8, len);
	if (table->columns.n_columns == 0)
		return err_set(err, -EINVAL, "there is no table in it");
	table->context = text_context_new(spec->dpi);
	pango_context_set_language(table->context,
	                           pango_language_from_string(
					   text_language(utf8, len)));
	r = choose(table, err);
	if (r == 0)
		r = put_panels(table, utf8, len, err);
	fini(table);
	return r;
}
