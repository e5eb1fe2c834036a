/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/cli/table.h"

#include <wchar.h>

#include "base/log.h"
#include "base/mem.h"

#define GAP      2
#define CELL_MAX 1024

struct cli_table {
	size_t n_columns, n_cells, room;
	char **cells;
};

/* Columns on the screen: wide characters take two. */
static size_t width(const char *text)
{
	size_t n = 0;
	mbstate_t state = {0};

	while (*text) {
		wchar_t c;
		size_t len = mbrtowc(&c, text, MB_CUR_MAX, &state);
		int w;

		if (len == (size_t)-1 || len == (size_t)-2)
			return n + strlen(text);
		w = wcwidth(c);
		n += w < 0 ? 1 : (size_t)w;
		text += len;
	}
	return n;
}

struct cli_table *cli_table_new(const char *const *titles)
{
	struct cli_table *table = xcalloc(1, sizeof *table);

	while (titles[table->n_columns])
		table->n_columns++;
	for (size_t i = 0; i < table->n_columns; i++)
		cli_table_add(table, titles[i]);
	return table;
}

void cli_table_free(struct cli_table *table)
{
	if (!table)
		return;
	for (size_t i = 0; i < table->n_cells; i++)
		free(table->cells[i]);
	free(table->cells);
	free(table);
}

void cli_table_add(struct cli_table *table, const char *text)
{
	char escaped[CELL_MAX];

	if (table->n_cells == table->room) {
		table->room = table->room ? table->room * 2 : 64;
		table->cells = xrealloc(table->cells,
		                        table->room * sizeof *table->cells);
	}
	log_escape(escaped, sizeof escaped, text && text[0] ? text : "-");
	table->cells[table->n_cells++] = xstrdup(escaped);
}

static size_t column_width(const struct cli_table *table, size_t column)
{
	size_t widest = 0;

	for (size_t i = column; i < table->n_cells; i += table->n_columns) {
		size_t w = width(table->cells[i]);

		if (w > widest)
			widest = w;
	}
	return widest;
}

void cli_table_print(const struct cli_table *table, FILE *out)
{
	size_t *widths CLEANUP(xfree) =
		xcalloc(table->n_columns, sizeof *widths);

	for (size_t i = 0; i < table->n_columns; i++)
		widths[i] = column_width(table, i);
	for (size_t i = 0; i < table->n_cells; i++) {
		size_t column = i % table->n_columns;
		const char *cell = table->cells[i];

		if (column + 1 == table->n_columns)
			fprintf(out, "%s\n", cell);
		else
			fprintf(out, "%s%*s", cell,
			        (int)(widths[column] - width(cell) + GAP), "");
	}
}
