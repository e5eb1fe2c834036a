/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/job_options.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>

#include "base/mem.h"
#include "printers/media.h"
#include "spool/page_choice.h"

#define COPIES_MAX 999
#define DPI_MIN    50
#define DPI_MAX    4800
#define TRAY_MAX   24u /* letters of its name */

/* One row of `fields` for each option. */
struct field {
	const char *key;
	int (*set)(const struct field *f, struct job_options *options,
	           const char *value, struct err *err);
	void (*get)(const struct field *f, const struct job_options *options,
	            char *out, size_t size);
	size_t offset, size;
	const char *const *words; /* of set_word() and set_count() */
};

static const char *const what_words[] = {"auto", "body", "attachments", "all",
                                         NULL};
static const char *const colour_words[] = {"auto", "colour", "grey", NULL};
static const char *const sides_words[] = {"one-sided", "two-sided-long-edge",
                                          "two-sided-short-edge", NULL};
static const char *const scaling_words[] = {"auto", "fit", "fill", "none",
                                            NULL};
static const char *const web_words[] = {"default", "url", "reader", "screen",
                                        NULL};
static const char *const number_up_words[] = {"1", "2", "4", NULL};
static const char *const yes_no_words[] = {"no", "yes", NULL};

static const struct {
	const char *word, *name;
} papers[] = {
	{"a4", "iso_a4_210x297mm"},     {"letter", "na_letter_8.5x11in"},
	{"a3", "iso_a3_297x420mm"},     {"a5", "iso_a5_148x210mm"},
	{"legal", "na_legal_8.5x14in"}, {"a6", "iso_a6_105x148mm"},
	{"b5", "iso_b5_176x250mm"},     {"tabloid", "na_ledger_11x17in"},
	{"4x6", "na_index-4x6_4x6in"},  {"5x7", "na_5x7_5x7in"},
};

static void *value_at(struct job_options *options, const struct field *f)
{
	return (char *)options + f->offset;
}

static const void *value_of(const struct job_options *options,
                            const struct field *f)
{
	return (const char *)options + f->offset;
}

static void put_text(const struct field *f, struct job_options *options,
                     const char *value)
{
	snprintf(value_at(options, f), f->size, "%s", value);
}

/* An empty text is the default. */
static void get_text(const struct field *f, const struct job_options *options,
                     char *out, size_t size)
{
	const char *text = value_of(options, f);

	snprintf(out, size, "%s", text[0] ? text : "default");
}

/* Which of the field's words it is; -EINVAL names them all. */
static int find_word(const struct field *f, const char *value, struct err *err)
{
	char list[128] = "";
	size_t used = 0;

	for (int i = 0; f->words[i]; i++) {
		if (strcasecmp(value, f->words[i]) == 0)
			return i;
		used += (size_t)snprintf(list + used, sizeof list - used,
		                         "%s%s", used ? ", " : "", f->words[i]);
	}
	return err_set(err, -EINVAL, "'%s' cannot be '%.40s': write one of %s",
	               f->key, value, list);
}

static int set_word(const struct field *f, struct job_options *options,
                    const char *value, struct err *err)
{
	int i = find_word(f, value, err);

	if (i < 0)
		return i;
	put_text(f, options,
	         strcmp(f->words[i], "default") == 0 ? "" : f->words[i]);
	return 0;
}

static int set_yes_no(const struct field *f, struct job_options *options,
                      const char *value, struct err *err)
{
	int i = find_word(f, value, err);

	if (i < 0)
		return i;
	*(bool *)value_at(options, f) = i == 1;
	return 0;
}

static void get_yes_no(const struct field *f, const struct job_options *options,
                       char *out, size_t size)
{
	const bool *yes = value_of(options, f);

	snprintf(out, size, "%s", yes_no_words[*yes]);
}

static int set_media(const struct field *f, struct job_options *options,
                     const char *value, struct err *err)
{
	unsigned width, height;
	const char *name = value;

	for (size_t i = 0; i < ARRAY_LEN(papers); i++)
		if (strcasecmp(value, papers[i].word) == 0)
			name = papers[i].name;
	if (strcmp(value, "default") == 0)
		name = "";
	else if (strlen(name) >= f->size ||
	         strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-") !=
	                 strlen(name) ||
	         media_size_from_name(name, &width, &height) < 0)
		return err_set(
			err, -EINVAL,
			"'media' cannot be '%.64s': write a4, letter, a3, a5, a6, b5, legal, tabloid, 4x6, 5x7, default, or a PWG name such as iso_a4_210x297mm",
			value);
	put_text(f, options, name);
	return 0;
}

static void get_media(const struct field *f, const struct job_options *options,
                      char *out, size_t size)
{
	const char *name = options->media[0] ? options->media : "default";

	for (size_t i = 0; i < ARRAY_LEN(papers); i++)
		if (strcmp(options->media, papers[i].name) == 0)
			name = papers[i].word;
	snprintf(out, size, "%s", name);
}

/* "2" is "tray-2"; the rest are the printer's own words for its trays. */
static int set_tray(const struct field *f, struct job_options *options,
                    const char *value, struct err *err)
{
	size_t len = strlen(value);
	bool is_number = strspn(value, "0123456789") == len;
	char name[32];

	if (strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789._-") != len ||
	    len == 0 || len > TRAY_MAX - (is_number ? strlen("tray-") : 0))
		return err_set(
			err, -EINVAL,
			"'tray' cannot be '%.40s': write its number, default, or an IPP media-source such as manual",
			value);
	snprintf(name, sizeof name, "%s%s", is_number ? "tray-" : "", value);
	put_text(f, options, strcmp(value, "default") == 0 ? "" : name);
	return 0;
}

/* A whole number of min to max; -1 when it is none. */
static int whole_number(const char *value, int min, int max)
{
	const char *p = value;
	int n = 0;

	for (; *p >= '0' && *p <= '9'; p++) {
		n = n * 10 + (*p - '0');
		if (n > max)
			return -1;
	}
	return p == value || *p || n < min ? -1 : n;
}

/* As IPP wants page-ranges: ascending, without overlap (RFC 8011 5.2.7). */
static int read_pages(const char *value, char out[PAGE_CHOICE_TEXT])
{
	char *copy CLEANUP(xfree) = xstrdup(value);
	struct page_choice choice;
	int r;

	/* in an address a comma needs quotes: a dot does there */
	for (char *p = copy; *p; p++)
		if (*p == '.')
			*p = ',';
	r = page_choice_parse(copy, PAGE_CHOICE_UNCOUNTED, false, &choice,
	                      NULL);
	return r < 0 ? r : page_choice_to_text(&choice, out, NULL);
}

static int set_pages(const struct field *f, struct job_options *options,
                     const char *value, struct err *err)
{
	char pages[PAGE_CHOICE_TEXT] = "";

	if (strcmp(value, "default") != 0 && read_pages(value, pages) < 0)
		return err_set(
			err, -EINVAL,
			"'pages' cannot be '%.60s': write them as 1-5,8 or 3-",
			value);
	put_text(f, options, pages);
	return 0;
}

static int set_dpi(const struct field *f, struct job_options *options,
                   const char *value, struct err *err)
{
	int n = strcmp(value, "auto") == 0
	                ? 0
	                : whole_number(value, DPI_MIN, DPI_MAX);

	if (n < 0)
		return err_set(
			err, -EINVAL,
			"'dpi' cannot be '%.40s': write auto or %d to %d",
			value, DPI_MIN, DPI_MAX);
	options->dpi = n;
	return 0;
}

static int set_copies(const struct field *f, struct job_options *options,
                      const char *value, struct err *err)
{
	int n = whole_number(value, 1, COPIES_MAX);

	if (n < 0)
		return err_set(err, -EINVAL,
		               "'copies' cannot be '%.40s': write 1 to %d",
		               value, COPIES_MAX);
	options->copies = n;
	return 0;
}

static int set_number_up(const struct field *f, struct job_options *options,
                         const char *value, struct err *err)
{
	int i = find_word(f, value, err);

	if (i < 0)
		return i;
	options->number_up = f->words[i][0] - '0';
	return 0;
}

static void get_number(const struct field *f, const struct job_options *options,
                       char *out, size_t size)
{
	const int *n = value_of(options, f);

	if (*n == 0)
		snprintf(out, size, "auto");
	else
		snprintf(out, size, "%d", *n);
}

#define FIELD(key, set, get, member, words)                                    \
	{                                                                      \
		key, set, get, offsetof(struct job_options, member),           \
			sizeof((struct job_options *)0)->member, words         \
	}

static const struct field fields[] = {
	FIELD("what", set_word, get_text, what, what_words),
	FIELD("media", set_media, get_media, media, NULL),
	FIELD("colour", set_word, get_text, colour, colour_words),
	FIELD("sides", set_word, get_text, sides, sides_words),
	FIELD("tray", set_tray, get_text, tray, NULL),
	FIELD("pages", set_pages, get_text, pages, NULL),
	FIELD("scaling", set_word, get_text, scaling, scaling_words),
	FIELD("web", set_word, get_text, web, web_words),
	FIELD("dpi", set_dpi, get_number, dpi, NULL),
	FIELD("copies", set_copies, get_number, copies, NULL),
	FIELD("number-up", set_number_up, get_number, number_up,
              number_up_words),
	FIELD("head", set_yes_no, get_yes_no, head, yes_no_words),
	FIELD("banner", set_yes_no, get_yes_no, banner, yes_no_words),
};

void job_options_init(struct job_options *options)
{
	*options = (struct job_options){
		.what = "auto",
		.colour = "auto",
		.sides = "one-sided",
		.scaling = "auto",
		.copies = 1,
		.number_up = 1,
		.head = true,
	};
}

static const struct field *find_field(const char *key)
{
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (strcmp(fields[i].key, key) == 0)
			return &fields[i];
	return NULL;
}

bool job_options_has_key(const char *key)
{
	return find_field(key) != NULL;
}

size_t job_options_count(void)
{
	return ARRAY_LEN(fields);
}

const char *job_options_key(size_t i)
{
	return fields[i].key;
}

int job_options_set(struct job_options *options, const char *key,
                    const char *value, struct err *err)
{
	const struct field *f = find_field(key);

	if (!f)
		return err_set(err, -ENOENT, "there is no option '%.40s'", key);
	return f->set(f, options, value, err);
}

char *job_options_get(const struct job_options *options, const char *key,
                      char *out, size_t size)
{
	const struct field *f = find_field(key);

	snprintf(out, size, "%s", "");
	if (f)
		f->get(f, options, out, size);
	return out;
}

void job_options_to_text(const struct job_options *options, char *out,
                         size_t size)
{
	struct job_options plain;
	size_t used = 0;

	job_options_init(&plain);
	out[0] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		const struct field *f = &fields[i];
		char value[64], usual[64];

		f->get(f, options, value, sizeof value);
		f->get(f, &plain, usual, sizeof usual);
		if (strcmp(value, usual) != 0 && used < size)
			used += (size_t)snprintf(out + used, size - used,
			                         "%s%s=%s", used ? " " : "",
			                         f->key, value);
	}
}

void job_options_from_text(const char *text, struct job_options *out)
{
	char *copy CLEANUP(xfree) = xstrdup(text);
	char *rest = copy, *word;

	job_options_init(out);
	while ((word = strsep(&rest, " "))) {
		char *value = strchr(word, '=');

		if (!value)
			continue;
		*value++ = '\0';
		job_options_set(out, word, value, NULL);
	}
}
