/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/cli/output.h"

#include <stdbool.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "server/cli/table.h"

#define LINE_MAX_BYTES 2048
#define KEY_COLUMN     18

void cli_output_json(const json_t *answer)
{
	json_dumpf(answer, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	printf("\n");
}

void cli_output_line(const char *text)
{
	char line[LINE_MAX_BYTES];

	printf("%s\n", log_escape(line, sizeof line, text));
}

static char *value_text(const json_t *value)
{
	switch (value ? json_typeof(value) : JSON_NULL) {
	case JSON_STRING: return xstrdup(json_string_value(value));
	case JSON_INTEGER:
		return xasprintf("%lld", (long long)json_integer_value(value));
	case JSON_REAL: return xasprintf("%g", json_real_value(value));
	case JSON_TRUE: return xstrdup("yes");
	case JSON_FALSE: return xstrdup("no");
	case JSON_NULL:
	case JSON_ARRAY:
	case JSON_OBJECT: return xstrdup("");
	}
	abort();
}

/* "level" is a number, or a word in "level_is". */
char *cli_output_text(const json_t *object, const char *field)
{
	const json_t *value = json_object_get(object, field);

	if (strcmp(field, "level") == 0 && json_is_null(value))
		return value_text(json_object_get(object, "level_is"));
	if (strcmp(field, "level") == 0 && value)
		return xasprintf("%lld %%",
		                 (long long)json_integer_value(value));
	return value_text(value);
}

void cli_output_table(const json_t *array, const char *const *titles,
                      const char *const *fields)
{
	struct cli_table *table CLEANUP(cli_table_free) = cli_table_new(titles);

	for (size_t i = 0; i < json_array_size(array); i++)
		for (size_t k = 0; fields[k]; k++) {
			char *text CLEANUP(xfree) =
				cli_output_text(json_array_get(array, i),
			                        fields[k]);

			cli_table_add(table, text);
		}
	cli_table_print(table, stdout);
}

static void print_pair(const char *key, const char *value, int indent)
{
	struct buf line CLEANUP(buf_fini) = {0};

	buf_printf(&line, "%*s%s:", indent, "", key);
	buf_printf(&line, "%*s%s",
	           line.len < KEY_COLUMN ? (int)(KEY_COLUMN - line.len) : 1, "",
	           value[0] ? value : "-");
	cli_output_line(buf_str(&line));
}

static void print_members(const json_t *object, int indent)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value)
	{
		char *text CLEANUP(xfree) = cli_output_text(object, key);

		if (json_is_array(value) || json_is_object(value) ||
		    strcmp(key, "level_is") == 0)
			continue;
		print_pair(key, text, indent);
	}
}

/* An array of objects: its titles are the members of the first. */
static void print_rows(const json_t *array)
{
	const char *fields[16] = {NULL};
	const char *key;
	json_t *value;
	size_t n = 0;

	json_object_foreach(json_array_get(array, 0), key,
	                    value) if (n < ARRAY_LEN(fields) - 1 &&
	                               strcmp(key, "level_is") != 0)
		fields[n++] = key;
	cli_output_table(array, fields, fields);
}

static void print_sentences(const json_t *array)
{
	size_t i;
	json_t *value;

	json_array_foreach(array, i, value)
		cli_output_line(json_string_value(value));
}

/* Arrays of numbers (page_ends) are for --json alone. */
void cli_output_object(const json_t *object)
{
	const char *key;
	json_t *value;

	print_members(object, 0);
	json_object_foreach((json_t *)object, key, value)
	{
		bool is_rows = json_is_object(json_array_get(value, 0));
		bool is_text = json_is_string(json_array_get(value, 0));

		if (!is_rows && !is_text && json_object_size(value) == 0)
			continue;
		printf("\n%s\n", key);
		if (is_rows)
			print_rows(value);
		else if (is_text)
			print_sentences(value);
		else
			print_members(value, 2);
	}
}
