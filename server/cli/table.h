/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_CLI_TABLE_H
#define SERVER_CLI_TABLE_H

#include <stddef.h>
#include <stdio.h>

#include "base/cleanup.h"

/*
 * Aligned columns for people. Cells are escaped (log_escape), so that no mail
 * can command the terminal, and measured in characters.
 */
struct cli_table;

/* titles ends with NULL; borrowed for the call. */
struct cli_table *cli_table_new(const char *const *titles);
void cli_table_free(struct cli_table *table);
DEFINE_CLEANUP(struct cli_table *, cli_table_free)

/* The next cell; rows fill from left to right. NULL and "" show as "-". */
void cli_table_add(struct cli_table *table, const char *text);

/* Titles and rows; the last column is not padded. */
void cli_table_print(const struct cli_table *table, FILE *out);

#endif
