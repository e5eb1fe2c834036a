/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_CLI_OUTPUT_H
#define SERVER_CLI_OUTPUT_H

#include <jansson.h>

/*
 * What commands print on standard output. Text of the server may come from
 * mails and printers: everything is escaped.
 */

/* The answer itself, for --json. */
void cli_output_json(const json_t *answer);

/* One escaped line. */
void cli_output_line(const char *text);

/* Rows of an array; fields and titles have the same length and end with NULL.
 */
void cli_output_table(const json_t *array, const char *const *titles,
                      const char *const *fields);

/* "key: value" of every member that is no array or object, then these below. */
void cli_output_object(const json_t *object);

/* A member in words: "" for null and what is absent. The caller's. */
char *cli_output_text(const json_t *object, const char *field);

#endif
