/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"
#include "printers/media.h"
#include "spool/registration.h"

/* The columns of a registration as text: one row of `fields` for each. */

#define COPIES_MAX 999
#define DPI_MIN    50
#define DPI_MAX    4800
#define LOCAL_MAX  64 /* RFC 5321 4.5.3.1.1 */

struct field {
	const char *key;
	int (*set)(const struct field *f, struct registration_row *row,
	           const char *value, struct err *err);
	void (*get)(const struct field *f, const struct registration_row *row,
	            char *out, size_t size);
	size_t offset, size;
	const char *const *words; /* of set_word() */
};

static const char *const what_words[] = {"auto", "body", "attachments", "all",
                                         NULL};
static const char *const colour_words[] = {"auto", "colour", "grey", NULL};
static const char *const sides_words[] = {"one-sided", "two-sided-long-edge",
                                          "two-sided-short-edge", NULL};

static const struct {
	const char *word, *name;
} papers[] = {
	{"a4", "iso_a4_210x297mm"},     {"letter", "na_letter_8.5x11in"},
	{"a3", "iso_a3_297x420mm"},     {"a5", "iso_a5_148x210mm"},
	{"legal", "na_legal_8.5x14in"},
};

static char *text_at(struct registration_row *row, const struct field *f)
{
	return (char *)row + f->offset;
}

static const void *value_at(const struct registration_row *row,
                            const struct field *f)
{
	return (const char *)row + f->offset;
}

static int set_text(const struct field *f, struct registration_row *row,
                    const char *value, struct err *err)
{
	size_t len = strlen(value);

	if (len >= f->size)
		return err_set(err, -EINVAL,
		               "'%s' is too long: at most %zu bytes", f->key,
		               f->size - 1);
	memcpy(text_at(row, f), value, len + 1);
	return 0;
}

static void get_text(const struct field *f, const struct registration_row *row,
                     char *out, size_t size)
{
	snprintf(out, size, "%s", (const char *)value_at(row, f));
}

/* What may stand in an address that needs no quotes (RFC 5322 atext, dots). */
static bool is_plain(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c <= ' ' || c == 0x7f || strchr("()<>[]:;@\\,\"", c))
			return false;
	}
	return len > 0;
}

static void fold_domain(char *address)
{
	for (char *p = strrchr(address, '@'); p && *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + 'a' - 'A');
}

static int set_sender(const struct field *f, struct registration_row *row,
                      const char *value, struct err *err)
{
	const char *at = strrchr(value, '@');
	int r;

	if (strcmp(value, "*") != 0 &&
	    (!at || !is_plain(value, (size_t)(at - value)) ||
	     at - value > LOCAL_MAX || !is_plain(at + 1, strlen(at + 1))))
		return err_set(
			err, -EINVAL,
			"'from' cannot be '%.80s': write an address such as ann@example.org, *@example.org for a domain, or * for anybody",
			value);
	r = set_text(f, row, value, err);
	if (r == 0)
		fold_domain(row->sender);
	return r;
}

static int set_address(const struct field *f, struct registration_row *row,
                       const char *value, struct err *err)
{
	size_t len = strlen(value);

	if (len > LOCAL_MAX || !is_plain(value, len))
		return err_set(
			err, -EINVAL,
			"'address' cannot be '%.80s': write the part before the '@', 1 to 64 characters such as lobby",
			value);
	return set_text(f, row, value, err);
}

static int set_duration(const struct field *f, struct registration_row *row,
                        const char *value, struct err *err)
{
	int64_t seconds = -1;

	if (strcmp(value, "default") != 0) {
		int r = duration_parse(value, &seconds, err);

		if (r < 0)
			return err_wrap(err, r, "'%s' (or default)", f->key);
	}
	memcpy(text_at(row, f), &seconds, sizeof seconds);
	return 0;
}

static void get_duration(const struct field *f,
                         const struct registration_row *row, char *out,
                         size_t size)
{
	const int64_t *seconds = value_at(row, f);

	if (*seconds < 0)
		snprintf(out, size, "default");
	else
		duration_format(*seconds, out, size);
}

static int set_word(const struct field *f, struct registration_row *row,
                    const char *value, struct err *err)
{
	char list[128] = "";
	size_t used = 0;

	for (const char *const *w = f->words; *w; w++) {
		if (strcmp(value, *w) == 0)
			return set_text(f, row, value, err);
		used += (size_t)snprintf(list + used, sizeof list - used,
		                         "%s%s", used ? ", " : "", *w);
	}
	return err_set(err, -EINVAL, "'%s' cannot be '%.40s': write one of %s",
	               f->key, value, list);
}

static int set_media(const struct field *f, struct registration_row *row,
                     const char *value, struct err *err)
{
	unsigned width, height;

	if (strcmp(value, "default") == 0)
		return set_text(f, row, "", err);
	for (size_t i = 0; i < ARRAY_LEN(papers); i++)
		if (strcasecmp(value, papers[i].word) == 0)
			return set_text(f, row, papers[i].name, err);
	if (strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789._-") !=
	            strlen(value) ||
	    media_size_from_name(value, &width, &height) < 0)
		return err_set(
			err, -EINVAL,
			"'media' cannot be '%.64s': write a4, letter, a3, a5, legal, default, or a PWG name such as iso_a4_210x297mm",
			value);
	return set_text(f, row, value, err);
}

static void get_media(const struct field *f, const struct registration_row *row,
                      char *out, size_t size)
{
	const char *name = row->media[0] ? row->media : "default";

	for (size_t i = 0; i < ARRAY_LEN(papers); i++)
		if (strcmp(row->media, papers[i].name) == 0)
			name = papers[i].word;
	snprintf(out, size, "%s", name);
}

/* A whole number of min to max; -1 when it is none. */
static int number_of(const char *value, int min, int max)
{
	int n = 0;

	for (const char *p = value; *p; p++) {
		if (*p < '0' || *p > '9')
			return -1;
		n = n * 10 + (*p - '0');
		if (n > max)
			return -1;
	}
	return *value && n >= min ? n : -1;
}

static int set_dpi(const struct field *f, struct registration_row *row,
                   const char *value, struct err *err)
{
	int n = strcmp(value, "auto") == 0 ? 0
	                                   : number_of(value, DPI_MIN, DPI_MAX);

	if (n < 0)
		return err_set(
			err, -EINVAL,
			"'dpi' cannot be '%.40s': write auto or %d to %d",
			value, DPI_MIN, DPI_MAX);
	row->dpi = n;
	return 0;
}

static void get_dpi(const struct field *f, const struct registration_row *row,
                    char *out, size_t size)
{
	if (row->dpi == 0)
		snprintf(out, size, "auto");
	else
		snprintf(out, size, "%d", row->dpi);
}

static int set_copies(const struct field *f, struct registration_row *row,
                      const char *value, struct err *err)
{
	int n = number_of(value, 1, COPIES_MAX);

	if (n < 0)
		return err_set(err, -EINVAL,
		               "'copies' cannot be '%.40s': write 1 to %d",
		               value, COPIES_MAX);
	row->copies = n;
	return 0;
}

static void get_copies(const struct field *f,
                       const struct registration_row *row, char *out,
                       size_t size)
{
	snprintf(out, size, "%d", row->copies);
}

#define FIELD(key, set, get, member, words)                                    \
	{                                                                      \
		key, set, get, offsetof(struct registration_row, member),      \
			sizeof((struct registration_row *)0)->member, words    \
	}

static const struct field fields[] = {
	FIELD("from", set_sender, get_text, sender, NULL),
	FIELD("address", set_address, get_text, address, NULL),
	FIELD("retention", set_duration, get_duration, retention_s, NULL),
	FIELD("recovery-wait", set_duration, get_duration, recovery_wait_s,
              NULL),
	FIELD("what", set_word, get_text, what, what_words),
	FIELD("media", set_media, get_media, media, NULL),
	FIELD("colour", set_word, get_text, colour, colour_words),
	FIELD("sides", set_word, get_text, sides, sides_words),
	FIELD("dpi", set_dpi, get_dpi, dpi, NULL),
	FIELD("copies", set_copies, get_copies, copies, NULL),
};

const char *const registration_keys[] = {
	"from",   "address", "retention", "recovery-wait", "what", "media",
	"colour", "sides",   "dpi",       "copies",        NULL,
};

_Static_assert(ARRAY_LEN(registration_keys) == ARRAY_LEN(fields) + 1,
               "every field is shown");

void registration_init(struct registration_row *row)
{
	*row = (struct registration_row){
		.retention_s = -1,
		.recovery_wait_s = -1,
		.what = "auto",
		.colour = "auto",
		.sides = "one-sided",
		.copies = 1,
	};
}

static const struct field *find_field(const char *key)
{
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		if (strcmp(fields[i].key, key) == 0)
			return &fields[i];
	return NULL;
}

int registration_set_field(struct registration_row *row, const char *key,
                           const char *value, struct err *err)
{
	const struct field *f = find_field(key);

	if (!f)
		return err_set(
			err, -EINVAL,
			"'%.40s' is unknown: a registration has from, address, retention, recovery-wait, what, media, colour, sides, dpi, copies",
			key);
	return f->set(f, row, value, err);
}

char *registration_get_field(const struct registration_row *row,
                             const char *key, char *out, size_t size)
{
	const struct field *f = find_field(key);

	if (f)
		f->get(f, row, out, size);
	else
		snprintf(out, size, "%s", "");
	return out;
}
