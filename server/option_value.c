/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 * One value of the configuration file: text in, field of struct options out.
 */
#include <ctype.h>
#include <errno.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "server/option_table.h"
#include "server/smtp/endpoint.h"
#include "spool/spool.h"

#define LISTEN_MAX 16
#define HOST_MAX   253 /* RFC 1035 2.3.4, without the final dot */
#define LOCAL_MAX  64  /* RFC 5321 4.5.3.1.1 */
#define WORKER_STD "/usr/lib/platen/platen-render"

static char **text_field(const struct option_row *row, struct options *o)
{
	return (char **)((char *)o + row->field);
}

static int64_t *number_field(const struct option_row *row, struct options *o)
{
	return (int64_t *)((char *)o + row->field);
}

static struct words *words_field(const struct option_row *row,
                                 struct options *o)
{
	return (struct words *)((char *)o + row->field);
}

static void take_text(char **field, char *text)
{
	free(*field);
	*field = text;
}

static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       (c >= 'A' && c <= 'Z');
}

static bool is_host(const char *text)
{
	size_t len = strlen(text);

	if (len == 0 || len > HOST_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		bool is_edge = i == 0 || i + 1 == len || text[i - 1] == '.' ||
		               text[i + 1] == '.';
		if (!is_letter_or_digit(text[i]) &&
		    (is_edge || (text[i] != '-' && text[i] != '.')))
			return false;
	}
	return true;
}

static char *own_hostname(void)
{
	char name[HOST_MAX + 1] = "";

	if (gethostname(name, sizeof name - 1) < 0 || !is_host(name))
		return xstrdup("localhost");
	return xstrdup(name);
}

static int set_host(const struct option_row *row, const char *text,
                    struct options *o, struct err *err)
{
	bool is_auto = row->standard && strcmp(text, "auto") == 0;

	if (!is_auto && !is_host(text))
		return err_set(
			err, -EINVAL,
			"'%s' is not a host name: letters, digits, '-' and '.', as in print.example.org",
			text);

	char *host = is_auto ? own_hostname() : xstrdup(text);
	for (char *p = host; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	take_text(text_field(row, o), host);
	return 0;
}

/* Beside our own program, as in a build folder, else where packages put it. */
static char *find_worker(void)
{
	char path[4096] = "";
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);

	if (n <= 0)
		return xstrdup(WORKER_STD);
	*strrchr(path, '/') = '\0';

	char *worker CLEANUP(xfree) = xasprintf("%s/platen-render", path);
	return access(worker, X_OK) == 0 ? TAKE(worker) : xstrdup(WORKER_STD);
}

static int set_path(const struct option_row *row, const char *text,
                    struct options *o, struct err *err)
{
	if (strcmp(row->standard, "auto") == 0 && strcmp(text, "auto") == 0) {
		take_text(text_field(row, o), find_worker());
		return 0;
	}
	if (text[0] != '/')
		return err_set(
			err, -EINVAL,
			"'%s' is not a full path: it must begin with '/'",
			text);
	take_text(text_field(row, o), xstrdup(text));
	return 0;
}

static int set_program(const struct option_row *row, const char *text,
                       struct options *o, struct err *err)
{
	if (strcmp(text, "off") != 0)
		return set_path(row, text, o, err);
	take_text(text_field(row, o), xstrdup(""));
	return 0;
}

static int set_local(const struct option_row *row, const char *text,
                     struct options *o, struct err *err)
{
	bool is_good = strlen(text) <= LOCAL_MAX;

	for (const char *p = text; *p; p++)
		is_good = is_good && (is_letter_or_digit(*p) ||
		                      strchr("._-+", *p) != NULL);
	if (!is_good || text[0] == '.')
		return err_set(
			err, -EINVAL,
			"'%s' is not the part of an address before the '@': letters, digits, '.', '_', '-' and '+'",
			text);
	take_text(text_field(row, o), xstrdup(text));
	return 0;
}

static void words_fini(struct words *words)
{
	for (size_t i = 0; i < words->n; i++)
		free(words->items[i]);
	free(words->items);
	*words = (struct words){0};
}

static inline void words_fini_cleanup_(struct words *words)
{
	words_fini(words);
}

static int add_word(struct words *words, const char *text, size_t len,
                    struct err *err)
{
	struct smtp_endpoint endpoint;
	char *word CLEANUP(xfree) = xstrndup(text, len);

	if (words->n == LISTEN_MAX)
		return err_set(err, -EINVAL, "more than %d addresses",
		               LISTEN_MAX);

	int r = smtp_endpoint_parse(word, &endpoint, err);
	if (r < 0)
		return r;
	words->items[words->n++] = TAKE(word);
	return 0;
}

static int set_listen(const struct option_row *row, const char *text,
                      struct options *o, struct err *err)
{
	struct words words CLEANUP(words_fini) = {
		.items = xcalloc(LISTEN_MAX, sizeof *words.items)};

	for (text += strspn(text, ", \t"); *text;
	     text += strspn(text, ", \t")) {
		size_t len = strcspn(text, ", \t");
		int r = add_word(&words, text, len, err);

		if (r < 0)
			return r;
		text += len;
	}

	struct words *field = words_field(row, o);

	words_fini(field);
	*field = words;
	words = (struct words){0};
	return 0;
}

static int set_trust(const struct option_row *row, const char *text,
                     struct options *o, struct err *err)
{
	return trust_parse(text, (struct trust *)((char *)o + row->field), err);
}

static const struct {
	char letter;
	int64_t bytes;
} size_units[] = {
	{'G', INT64_C(1) << 30},
	{'M', INT64_C(1) << 20},
	{'k', INT64_C(1) << 10},
};

static char *size_format(int64_t bytes, char *out, size_t size)
{
	for (size_t i = 0; i < ARRAY_LEN(size_units); i++) {
		int64_t unit = size_units[i].bytes;

		if (bytes != 0 && bytes % unit == 0) {
			snprintf(out, size, "%lld%c", (long long)(bytes / unit),
			         size_units[i].letter);
			return out;
		}
	}
	snprintf(out, size, "%lld", (long long)bytes);
	return out;
}

/* Digits, then at most one letter; -EINVAL, or the letter ('\0' for none). */
static int parse_number(const char *text, int64_t *out)
{
	const char *p = text;
	int64_t n = 0;

	for (; *p >= '0' && *p <= '9'; p++) {
		if (n > INT64_MAX / 100)
			return -EINVAL;
		n = n * 10 + (*p - '0');
	}
	if (p == text || (*p && p[1]))
		return -EINVAL;
	*out = n;
	return (unsigned char)*p;
}

static int set_size(const struct option_row *row, const char *text,
                    struct options *o, struct err *err)
{
	char low[32], high[32];
	int64_t n = 0, unit = 0;
	int letter = parse_number(text, &n);

	if (letter == '\0')
		unit = 1;
	for (size_t i = 0; i < ARRAY_LEN(size_units); i++)
		if (letter > 0 &&
		    toupper(letter) == toupper(size_units[i].letter))
			unit = size_units[i].bytes;
	if (unit == 0 || n > row->max / unit || n * unit < row->min)
		return err_set(
			err, -EINVAL,
			"'%s' is not a size from %s to %s: write a whole number of bytes, or one with k, M or G behind it, as in 50M",
			text, size_format(row->min, low, sizeof low),
			size_format(row->max, high, sizeof high));
	*number_field(row, o) = n * unit;
	return 0;
}

static int set_duration(const struct option_row *row, const char *text,
                        struct options *o, struct err *err)
{
	char low[32], high[32];
	int64_t seconds;
	int r = duration_parse(text, &seconds, err);

	if (r < 0)
		return r;
	if (seconds < row->min || seconds > row->max)
		return err_set(err, -EINVAL, "'%s' is not a time from %s to %s",
		               text, duration_format(row->min, low, sizeof low),
		               duration_format(row->max, high, sizeof high));
	*number_field(row, o) = seconds;
	return 0;
}

static int64_t n_cores(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n;
}

static int set_count(const struct option_row *row, const char *text,
                     struct options *o, struct err *err)
{
	int64_t n = 0;

	if (strcmp(row->standard, "auto") == 0 && strcmp(text, "auto") == 0) {
		n = n_cores();
		*number_field(row, o) = n > row->max ? row->max : n;
		return 0;
	}
	if (parse_number(text, &n) != '\0' || n < row->min || n > row->max)
		return err_set(err, -EINVAL,
		               "'%s' is not a whole number from %lld to %lld",
		               text, (long long)row->min, (long long)row->max);
	*number_field(row, o) = n;
	return 0;
}

static int set_yes_no(const struct option_row *row, const char *text,
                      struct options *o, struct err *err)
{
	bool is_yes = strcmp(text, "yes") == 0;

	if (!is_yes && strcmp(text, "no") != 0)
		return err_set(err, -EINVAL, "'%s' is not yes or no", text);
	*number_field(row, o) = is_yes;
	return 0;
}

static int set_log_level(const struct option_row *row, const char *text,
                         struct options *o, struct err *err)
{
	enum log_level level;

	if (log_level_from_name(text, &level) < 0)
		return err_set(err, -EINVAL,
		               "'%s' is not error, warn, info or debug", text);
	*number_field(row, o) = level;
	return 0;
}

static int set_allow(const struct option_row *row, const char *text,
                     struct options *o, struct err *err)
{
	return fetch_guard_parse(text,
	                         (struct fetch_guard *)(void *)((char *)o +
	                                                        row->field),
	                         err);
}

static int set_stored(const struct option_row *row, const char *text,
                      struct options *o, struct err *err)
{
	static const char *const words[] = {[STORED_AUTO] = "auto",
	                                    [STORED_DATA] = "data",
	                                    [STORED_PAGES] = "pages",
	                                    [STORED_MAIL] = "mail"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(text, words[i]) != 0)
			continue;
		*number_field(row, o) = (int64_t)i;
		return 0;
	}
	return err_set(err, -EINVAL, "'%s' is not auto, data, pages or mail",
	               text);
}

static int set_sandbox(const struct option_row *row, const char *text,
                       struct options *o, struct err *err)
{
	bool is_optional = strcmp(text, "optional") == 0;

	if (!is_optional && strcmp(text, "required") != 0)
		return err_set(err, -EINVAL, "'%s' is not required or optional",
		               text);
	*number_field(row, o) = is_optional;
	return 0;
}

static int (*const setters[])(const struct option_row *row, const char *text,
                              struct options *o, struct err *err) = {
	[OPTION_HOST] = set_host,         [OPTION_PATH] = set_path,
	[OPTION_LOCAL] = set_local,       [OPTION_LISTEN] = set_listen,
	[OPTION_TRUST] = set_trust,       [OPTION_SIZE] = set_size,
	[OPTION_DURATION] = set_duration, [OPTION_COUNT] = set_count,
	[OPTION_YES_NO] = set_yes_no,     [OPTION_LOG_LEVEL] = set_log_level,
	[OPTION_STORED] = set_stored,     [OPTION_SANDBOX] = set_sandbox,
	[OPTION_ALLOW] = set_allow,       [OPTION_PROGRAM] = set_program,
};

int option_set(const struct option_row *row, const char *text,
               struct options *options, struct err *err)
{
	return setters[row->kind](row, text, options, err);
}

void option_clear(const struct option_row *row, struct options *options)
{
	switch (row->kind) {
	case OPTION_HOST:
	case OPTION_PATH:
	case OPTION_PROGRAM:
	case OPTION_LOCAL: take_text(text_field(row, options), NULL); break;
	case OPTION_LISTEN: words_fini(words_field(row, options)); break;
	case OPTION_TRUST:
	case OPTION_ALLOW:
	case OPTION_SIZE:
	case OPTION_DURATION:
	case OPTION_COUNT:
	case OPTION_YES_NO:
	case OPTION_LOG_LEVEL:
	case OPTION_STORED:
	case OPTION_SANDBOX: break;
	}
}

void option_copy_number(const struct option_row *row, struct options *to,
                        const struct options *from)
{
	memcpy(number_field(row, to), (const char *)from + row->field,
	       sizeof(int64_t));
}
