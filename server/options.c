/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/options.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>

#include "base/fs.h"
#include "base/mem.h"
#include "server/option_table.h"

#define FILE_MAX     (1 << 20)
#define PROBLEMS_MAX 20

/*
 * One reading of a file.
 *
 *   next_line    inih wants a line: count it, refuse what it would cut
 *   on_option    a name and its value: find the row, keep the text
 *   finish       what was not given gets its default; texts become values
 */
struct reading {
	const char *name; /* of the file */
	const char *at, *end;
	int line;
	bool is_indented; /* the line just read begins with a blank */
	int *lines;       /* where each option stands; 0: nowhere */
	struct options *options;
	struct buf *problems; /* borrowed */
	int n_problems;
};

static void problem(struct reading *r, int line, const char *fmt, ...)
	PRINTF_LIKE(3, 4);

static void problem(struct reading *r, int line, const char *fmt, ...)
{
	struct err err;
	va_list ap;

	if (++r->n_problems > PROBLEMS_MAX)
		return;
	va_start(ap, fmt);
	err_vset(&err, -EINVAL, fmt, ap);
	va_end(ap);
	if (line > 0)
		buf_printf(r->problems, "%s:%d: %s\n", r->name, line, err.text);
	else
		buf_printf(r->problems, "%s: %s\n", r->name, err.text);
}

/* A control character would be shown to a terminal, or hide what follows. */
static bool is_clean(const char *line, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)line[i];

		if ((c < ' ' && c != '\t' && c != '\r') || c == 0x7f)
			return false;
	}
	return true;
}

static char *next_line(char *out, int size, void *stream)
{
	struct reading *r = stream;

	if (r->at == r->end)
		return NULL;

	const char *newline = memchr(r->at, '\n', (size_t)(r->end - r->at));
	const char *end = newline ? newline : r->end;
	size_t len = (size_t)(end - r->at);
	const char *line = r->at;

	r->line++;
	r->at = newline ? newline + 1 : r->end;
	r->is_indented = len > 0 && (*line == ' ' || *line == '\t');
	if (len + 2 > (size_t)size) {
		problem(r, r->line,
		        "the line is longer than %d bytes; a list may go on in the next line, after a blank",
		        size - 2);
		len = 0;
	} else if (!is_clean(line, len)) {
		problem(r, r->line, "the line holds a control character");
		len = 0;
	}
	memcpy(out, line, len);
	memcpy(out + len, "\n", 2);
	return out;
}

static bool is_list(const struct option_row *row)
{
	return row->kind == OPTION_LISTEN || row->kind == OPTION_TRUST ||
	       row->kind == OPTION_ALLOW;
}

static void unknown_option(struct reading *r, const char *section,
                           const char *name)
{
	struct buf known CLEANUP(buf_fini) = {0};

	if (!section[0]) {
		problem(r, r->line, "'%s' stands before any [section]", name);
		return;
	}
	if (!option_section_exists(section)) {
		for (size_t i = 0; i < option_table_n; i++)
			if (i == 0 || strcmp(option_table[i].section,
			                     option_table[i - 1].section) != 0)
				buf_printf(&known, "%s[%s]", i ? ", " : "",
				           option_table[i].section);
		problem(r, r->line, "there is no section [%s]; there are %s",
		        section, buf_str(&known));
		return;
	}
	for (size_t i = 0; i < option_table_n; i++)
		if (strcmp(option_table[i].section, section) == 0)
			buf_printf(&known, "%s%s", known.len ? ", " : "",
			           option_table[i].name);
	problem(r, r->line, "[%s] has no option '%s'; it has %s", section, name,
	        buf_str(&known));
}

/* inih calls this for each name, and again for each line that goes on. */
static int on_option(void *user, const char *section, const char *name,
                     const char *value)
{
	struct reading *r = user;
	int i = option_find(section, name);
	char **text = i < 0 ? NULL : &r->options->texts[i];

	if (i < 0) {
		unknown_option(r, section, name);
	} else if (r->lines[i] == 0) {
		r->lines[i] = r->line;
		*text = xstrdup(value);
	} else if (r->is_indented && is_list(&option_table[i])) {
		char *old CLEANUP(xfree) = *text;
		*text = xasprintf("%s %s", old, value);
	} else {
		problem(r, r->line, "'%s' was given in line %d already", name,
		        r->lines[i]);
	}
	return 1;
}

static void evaluate(struct reading *r, size_t i)
{
	const struct option_row *row = &option_table[i];
	char **text = &r->options->texts[i];
	struct err err;

	if (!*text && !row->standard) {
		problem(r, 0, "'%s' in section [%s] is missing: %s", row->name,
		        row->section, row->help);
		return;
	}
	if (!*text)
		*text = xstrdup(row->standard);
	if (option_set(row, *text, r->options, &err) < 0)
		problem(r, r->lines[i], "%s: %s", row->name, err.text);
}

int options_parse(const char *name, const char *text, size_t len,
                  struct options **out, struct buf *problems)
{
	int *lines CLEANUP(xfree) = xcalloc(option_table_n, sizeof *lines);
	struct options *options CLEANUP(options_free) =
		xcalloc(1, sizeof *options);
	struct reading r = {
		.name = name,
		.at = text,
		.end = text + len,
		.lines = lines,
		.options = options,
		.problems = problems,
	};

	options->texts = xcalloc(option_table_n, sizeof *options->texts);

	int bad_line = ini_parse_stream(next_line, &r, on_option, &r);
	if (bad_line > 0)
		problem(&r, bad_line,
		        "this is neither '[section]', nor 'name = value', nor a comment that begins with '#'");
	for (size_t i = 0; i < option_table_n; i++)
		evaluate(&r, i);
	if (r.n_problems > 0)
		return -EINVAL;
	*out = TAKE(options);
	return 0;
}

int options_load(const char *path, struct options **out, struct buf *problems)
{
	char *text CLEANUP(xfree) = NULL;
	size_t len = 0;
	struct err err;
	int r = fs_read_file(AT_FDCWD, path, FILE_MAX, &text, &len, &err);

	if (r < 0) {
		buf_printf(problems,
		           "%s; it is the configuration, platend.conf(5): "
		           "write it, or name another with --config\n",
		           err.text);
		return r;
	}
	return options_parse(path, text, len, out, problems);
}

void options_free(struct options *options)
{
	if (!options)
		return;
	for (size_t i = 0; i < option_table_n; i++) {
		option_clear(&option_table[i], options);
		free(options->texts[i]);
	}
	free(options->texts);
	free(options);
}

void options_adopt(struct options *running, const struct options *fresh,
                   void (*waits)(const char *section, const char *name))
{
	for (size_t i = 0; i < option_table_n; i++) {
		const struct option_row *row = &option_table[i];

		if (strcmp(running->texts[i], fresh->texts[i]) == 0)
			continue;
		if (row->is_live) {
			free(running->texts[i]);
			running->texts[i] = xstrdup(fresh->texts[i]);
			option_copy_number(row, running, fresh);
		} else if (waits) {
			waits(row->section, row->name);
		}
	}
}
