/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/csv.h"

#include <ctype.h>
#include <strings.h>

#include "base/mem.h"

#define LOOK_ROWS 12 /* that the delimiter is guessed from */

static bool ends_cell(const struct csv *csv, const char *at)
{
	return at == csv->end || *at == csv->delimiter || *at == '\n' ||
	       *at == '\r';
}

/* The quote that closes the cell beginning at csv->at, or NULL. */
static const char *closing_quote(const struct csv *csv)
{
	const char *stop = csv->end;

	if ((size_t)(stop - csv->at) > CSV_QUOTED_MAX)
		stop = csv->at + CSV_QUOTED_MAX;
	for (const char *at = csv->at + 1; at < stop; at++) {
		if (*at != '"')
			continue;
		if (at + 1 < csv->end && at[1] == '"')
			at++;
		else
			return ends_cell(csv, at + 1) ? at : NULL;
	}
	return NULL;
}

static void take_quoted(struct csv *csv, const char *close, struct buf *out)
{
	for (const char *at = csv->at + 1; at < close; at++) {
		if (*at == '"')
			at++; /* doubled */
		if (*at != '\r' && *at != '\0')
			buf_append(out, at, 1);
	}
	csv->at = close + 1;
}

/* The last column takes the rest of the line, whatever stands in it. */
static void take_bare(struct csv *csv, bool is_last, struct buf *out)
{
	const char *stop = csv->at;

	while (stop < csv->end && *stop != '\n' &&
	       (is_last || *stop != csv->delimiter))
		stop++;
	while (csv->at < stop) {
		const char *from = csv->at;

		while (csv->at < stop && *csv->at != '\r' && *csv->at != '\0')
			csv->at++;
		buf_append(out, from, (size_t)(csv->at - from));
		csv->at += csv->at < stop;
	}
}

static void take_cell(struct csv *csv, struct csv_row *row)
{
	bool is_last = row->n_cells == CSV_COLUMNS - 1;
	const char *close = csv->at < csv->end && *csv->at == '"' && !is_last
	                            ? closing_quote(csv)
	                            : NULL;

	row->starts[row->n_cells++] = row->text.len;
	if (close)
		take_quoted(csv, close, &row->text);
	else
		take_bare(csv, is_last, &row->text);
	buf_append(&row->text, "", 1);
}

static void skip_line_end(struct csv *csv)
{
	if (csv->at < csv->end && *csv->at == '\r')
		csv->at++;
	if (csv->at < csv->end && *csv->at == '\n')
		csv->at++;
}

static bool is_empty(const struct csv_row *row)
{
	for (size_t i = 0; i < row->text.len; i++)
		if (!strchr(" \t", row->text.data[i]))
			return false;
	return true;
}

bool csv_next(struct csv *csv, struct csv_row *row)
{
	while (csv->at < csv->end) {
		row->n_cells = 0;
		buf_clear(&row->text);
		for (;;) {
			take_cell(csv, row);
			if (csv->at == csv->end || *csv->at != csv->delimiter)
				break;
			csv->at++;
		}
		skip_line_end(csv);
		if (!is_empty(row))
			return true;
	}
	return false;
}

const char *csv_cell(const struct csv_row *row, size_t column)
{
	return column < row->n_cells ? row->text.data + row->starts[column]
	                             : "";
}

/* How many of the first rows have as many cells, more than one, as the first.
 */
static size_t agreement(struct csv csv, size_t *n_columns)
{
	struct csv_row row CLEANUP(csv_row_fini) = {0};
	size_t agree = 0;

	for (size_t i = 0; i < LOOK_ROWS && csv_next(&csv, &row); i++) {
		if (i == 0)
			*n_columns = row.n_cells;
		agree += row.n_cells == *n_columns && row.n_cells > 1;
	}
	return agree;
}

static void guess(struct csv *csv)
{
	static const char delimiters[] = ",;\t|";
	size_t best = 0, best_columns = 0;

	csv->delimiter = ',';
	for (const char *d = delimiters; *d; d++) {
		struct csv trial = {csv->at, csv->end, *d};
		size_t n_columns = 0, agree = agreement(trial, &n_columns);

		if (agree < best ||
		    (agree == best && n_columns <= best_columns))
			continue;
		best = agree;
		best_columns = n_columns;
		csv->delimiter = *d;
	}
}

void csv_init(struct csv *csv, const char *utf8, size_t len)
{
	*csv = (struct csv){.at = utf8, .end = utf8 + len};
	/* Spreadsheets may say it: a first line "sep=;". */
	if (len >= 6 && strncasecmp(utf8, "sep=", 4) == 0 &&
	    (utf8[5] == '\r' || utf8[5] == '\n')) {
		csv->delimiter = utf8[4];
		csv->at += 5;
		skip_line_end(csv);
	} else {
		guess(csv);
	}
}

bool csv_is_number(const char *cell)
{
	size_t n_digits = 0;

	for (const unsigned char *c = (const unsigned char *)cell; *c; c++) {
		if (isdigit(*c))
			n_digits++;
		else if (!strchr(" .,'+-%$()", *c) && *c < 0x80)
			return false;
		else if (*c >= 0x80 && *c != 0xe2 && *c != 0xc2 && *c != 0xa0 &&
		         *c != 0x82 && *c != 0xac && *c != 0xa3 && *c != 0x80 &&
		         *c != 0x88 && *c != 0x92 && *c != 0xaf)
			return false; /* but for the Euro, blanks, minus */
	}
	return n_digits > 0;
}

void csv_row_fini(struct csv_row *row)
{
	buf_fini(&row->text);
}
