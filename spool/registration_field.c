/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "spool/job_options.h"
#include "spool/registration.h"

/*
 * The columns of a registration as text: one row of `fields` for each that is
 * not a job option.
 */

#define PAGES_MAX 100000
#define LOCAL_MAX 64 /* RFC 5321 4.5.3.1.1 */

struct field {
	const char *key;
	int (*set)(const struct field *f, struct registration_row *row,
	           const char *value, struct err *err);
	void (*get)(const struct field *f, const struct registration_row *row,
	            char *out, size_t size);
	size_t offset, size;
	const char *const *words; /* of set_word() */
};

static const char *const over_limit_words[] = {"refuse", "first", "ask", NULL};
static const char *const stored_form_words[] = {"default", "auto", "data",
                                                "pages",   "mail", NULL};

static const char *const format_words[] = {"default", "urf",        "pwg",
                                           "pclm",    "pdf",        "pdf-as-is",
                                           "pclxl",   "postscript", "pcl",
                                           "jpeg",    NULL};

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

/* Stored as an empty text. */
static bool is_default(const char *value)
{
	return strcmp(value, "default") == 0;
}

static int set_word(const struct field *f, struct registration_row *row,
                    const char *value, struct err *err)
{
	char list[128] = "";
	size_t used = 0;

	for (const char *const *w = f->words; *w; w++) {
		if (strcmp(value, *w) == 0)
			return set_text(f, row, is_default(value) ? "" : value,
			                err);
		used += (size_t)snprintf(list + used, sizeof list - used,
		                         "%s%s", used ? ", " : "", *w);
	}
	return err_set(err, -EINVAL, "'%s' cannot be '%.40s': write one of %s",
	               f->key, value, list);
}

static void get_word(const struct field *f, const struct registration_row *row,
                     char *out, size_t size)
{
	const char *text = value_at(row, f);

	snprintf(out, size, "%s", text[0] ? text : "default");
}

static int set_page_limit(const struct field *f, struct registration_row *row,
                          const char *value, struct err *err)
{
	int n = 0;

	if (strcmp(value, "none") != 0) {
		for (const char *p = value; *p && n >= 0; p++)
			n = *p >= '0' && *p <= '9' && n <= PAGES_MAX
			            ? n * 10 + (*p - '0')
			            : -1;
		if (n < 1 || n > PAGES_MAX)
			return err_set(
				err, -EINVAL,
				"'page-limit' cannot be '%.40s': write none or 1 to %d",
				value, PAGES_MAX);
	}
	row->page_limit = n;
	return 0;
}

static void get_page_limit(const struct field *f,
                           const struct registration_row *row, char *out,
                           size_t size)
{
	if (row->page_limit == 0)
		snprintf(out, size, "none");
	else
		snprintf(out, size, "%d", row->page_limit);
}

static int set_flag(const struct field *f, struct registration_row *row,
                    const char *value, struct err *err)
{
	bool yes = strcmp(value, "yes") == 0;

	if (!yes && strcmp(value, "no") != 0)
		return err_set(err, -EINVAL,
		               "'%s' cannot be '%.40s': write yes or no",
		               f->key, value);
	memcpy(text_at(row, f), &yes, sizeof yes);
	return 0;
}

static void get_flag(const struct field *f, const struct registration_row *row,
                     char *out, size_t size)
{
	const bool *yes = value_at(row, f);

	snprintf(out, size, "%s", *yes ? "yes" : "no");
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
	FIELD("page-limit", set_page_limit, get_page_limit, page_limit, NULL),
	FIELD("over-limit", set_word, get_word, over_limit, over_limit_words),
	FIELD("stored-form", set_word, get_word, stored_form,
              stored_form_words),
	FIELD("format", set_word, get_word, format, format_words),
	FIELD("remote-pictures", set_flag, get_flag, remote_pictures, NULL),
};

const char *const registration_keys[] = {
	"from",      "address",         "retention",  "recovery-wait",
	"what",      "media",           "colour",     "sides",
	"dpi",       "copies",          "tray",       "pages",
	"number-up", "scaling",         "head",       "banner",
	"web",       "page-limit",      "over-limit", "stored-form",
	"format",    "remote-pictures", NULL,
};

void registration_init(struct registration_row *row)
{
	*row = (struct registration_row){
		.retention_s = -1,
		.recovery_wait_s = -1,
		.over_limit = "refuse",
	};
	job_options_init(&row->options);
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
	struct buf keys CLEANUP(buf_fini) = {0};

	if (f)
		return f->set(f, row, value, err);
	if (job_options_has_key(key))
		return job_options_set(&row->options, key, value, err);
	for (size_t i = 0; registration_keys[i]; i++)
		buf_printf(&keys, "%s%s", i ? ", " : "", registration_keys[i]);
	return err_set(err, -EINVAL,
	               "'%.40s' is unknown: a registration has %s", key,
	               buf_str(&keys));
}

char *registration_get_field(const struct registration_row *row,
                             const char *key, char *out, size_t size)
{
	const struct field *f = find_field(key);

	if (!f)
		return job_options_get(&row->options, key, out, size);
	f->get(f, row, out, size);
	return out;
}
