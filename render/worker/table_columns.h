/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_TABLE_COLUMNS_H
#define RENDER_WORKER_TABLE_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "render/worker/csv.h"

/*
 * How wide the columns of a table want to be, and what each gets. Widths are
 * in characters of average width.
 */
struct table_column {
	double natural; /* nothing wraps, within reason */
	double least;   /* its longest word, within reason */
	double width;   /* given */
	bool is_number;
};

struct table_columns {
	struct table_column columns[CSV_COLUMNS];
	size_t n_columns;
	bool has_header; /* the first row names the columns */
};

/* All rows are looked at once. */
void table_columns_measure(struct table_columns *columns, const char *utf8,
                           size_t len);

/* What columns first..last-1 want, each with `padding`. */
double table_columns_natural(const struct table_columns *columns, size_t first,
                             size_t last, double padding);

/*
 * Give columns from first on their widths so that they fill at most `room`:
 * short ones get what they want, long ones share the rest. Returns the column
 * behind the last that fits, at least first + 1.
 */
size_t table_columns_fit(struct table_columns *columns, size_t first,
                         double room, double padding);

#endif
