/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_CSV_H
#define RENDER_WORKER_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * Tables in text (RFC 4180, and what spreadsheets make of it): cells between
 * commas, semicolons, tabs or bars, quoted where they hold one. Read row by
 * row, so that memory does not grow with the file.
 */
#define CSV_COLUMNS    256         /* what is more stays in the last cell */
#define CSV_QUOTED_MAX (64u << 10) /* a quote that ends later is none */

struct csv {
	const char *at, *end; /* borrowed, UTF-8 */
	char delimiter;
};

/* Zero-initialised is empty; reused from row to row. */
struct csv_row {
	struct buf text; /* owned; cells, each ended by NUL */
	size_t starts[CSV_COLUMNS];
	size_t n_cells;
};

/* From the start; the delimiter is the one that the first rows agree on. */
void csv_init(struct csv *csv, const char *utf8, size_t len);

/* False at the end. Rows of blanks are passed over. */
bool csv_next(struct csv *csv, struct csv_row *row);

/* "" beyond the row's cells; valid until the next csv_next(). */
const char *csv_cell(const struct csv_row *row, size_t column);

/* A number as people write it, with currency, percent or separators. */
bool csv_is_number(const char *cell);

void csv_row_fini(struct csv_row *row);

static inline __attribute__((unused)) void
csv_row_fini_cleanup_(struct csv_row *row)
{
	csv_row_fini(row);
}

#endif
