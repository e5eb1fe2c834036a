/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/table_columns.h"

#include <glib.h>

#include "base/mem.h"

#define NATURAL_MAX 48.0 /* a longer cell is a text, which may wrap */
#define BOLD        1.15
#define WIDE        1.35
#define LEAST_MIN   3.0
#define LEAST_MAX   14.0 /* a longer word is broken */

struct tally {
	size_t n_cells, n_numbers;
};

static bool is_blank(gunichar c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* As a share of an average one: few letters make no average. */
static double width_of(gunichar c)
{
	if (g_unichar_iswide(c))
		return 2;
	return g_unichar_isupper(c) || c == 'm' || c == 'w' ? WIDE : 1;
}

/* The longest line and the longest word of a cell; `letter` is what an average
 * one takes. */
static void measure_cell(const char *cell, double letter,
                         struct table_column *column)
{
	double line = 0, word = 0;

	for (const char *p = cell; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		double width = width_of(c) * letter;

		line = c == '\n' ? 0 : line + width;
		/* East Asian text breaks anywhere. */
		word = is_blank(c) || g_unichar_iswide(c) ? width
		                                          : word + width;
		if (line > column->natural)
			column->natural = line;
		if (word > column->least)
			column->least = word;
	}
}

/* Names of columns are no numbers, and none is missing. */
static bool is_header(const struct csv_row *row)
{
	for (size_t i = 0; i < row->n_cells; i++)
		if (!*csv_cell(row, i) || csv_is_number(csv_cell(row, i)))
			return false;
	return row->n_cells > 1;
}

static void tell_row(struct table_columns *columns, const struct csv_row *row,
                     struct tally *tallies)
{
	if (row->n_cells > columns->n_columns)
		columns->n_columns = row->n_cells;
	for (size_t i = 0; i < row->n_cells; i++) {
		const char *cell = csv_cell(row, i);

		if (!*cell)
			continue;
		tallies[i].n_cells++;
		tallies[i].n_numbers += csv_is_number(cell);
	}
}

static void bound(struct table_column *column)
{
	column->least = CLAMP(column->least, LEAST_MIN, LEAST_MAX);
	column->natural = CLAMP(column->natural, column->least, NATURAL_MAX);
}

void table_columns_measure(struct table_columns *columns, const char *utf8,
                           size_t len)
{
	struct csv_row row CLEANUP(csv_row_fini) = {0};
	struct tally *tallies CLEANUP(xfree) =
		xcalloc(CSV_COLUMNS, sizeof *tallies);
	struct csv csv;

	*columns = (struct table_columns){0};
	csv_init(&csv, utf8, len);
	for (size_t n = 0; csv_next(&csv, &row); n++) {
		double letter = 1;

		if (n == 0)
			columns->has_header = is_header(&row);
		if (n > 0 || !columns->has_header)
			tell_row(columns, &row, tallies);
		else
			columns->n_columns = row.n_cells;
		if (n == 0 && columns->has_header)
			letter = BOLD;
		for (size_t i = 0; i < row.n_cells; i++)
			measure_cell(csv_cell(&row, i), letter,
			             &columns->columns[i]);
	}
	for (size_t i = 0; i < columns->n_columns; i++) {
		bound(&columns->columns[i]);
		columns->columns[i].is_number =
			tallies[i].n_cells > 0 &&
			tallies[i].n_numbers * 10 >= tallies[i].n_cells * 9;
	}
}

double table_columns_natural(const struct table_columns *columns, size_t first,
                             size_t last, double padding)
{
	double sum = 0;

	for (size_t i = first; i < last; i++)
		sum += columns->columns[i].natural + padding;
	return sum;
}

/* What the columns take when none gets more than `cap`, but its least. */
static double width_at(const struct table_column *column, double cap)
{
	double width = MIN(column->natural, cap);

	return MAX(width, column->least);
}

size_t table_columns_fit(struct table_columns *columns, size_t first,
                         double room, double padding)
{
	struct table_column *c = columns->columns;
	size_t last = first;
	double least = 0, low = 0, high = NATURAL_MAX;

	while (last < columns->n_columns &&
	       (last == first || least + c[last].least + padding <= room))
		least += c[last++].least + padding;
	for (unsigned step = 0; step < 30; step++) {
		double cap = (low + high) / 2, sum = 0;

		for (size_t i = first; i < last; i++)
			sum += width_at(&c[i], cap) + padding;
		if (sum <= room)
			low = cap;
		else
			high = cap;
	}
	for (size_t i = first; i < last; i++)
		c[i].width = MIN(width_at(&c[i], low), room - padding);
	return last;
}
