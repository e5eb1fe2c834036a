/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "settings.h"

#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"

/* The names of an enum's values, in its order. */
static const char *const conditions[] = {
	"normal",     "media-low", "media-empty",   "toner-empty", "jam",
	"cover-open", "stopped",   "not-accepting", NULL,
};
static const char *const answers[] = {
	"normal", "never", "close", "drop", "garbage", "huge", "endless", NULL,
};
static const char *const answer_tos[] = {
	"any", "state", "create", "document", "job", "cancel", NULL,
};
static const char *const fates[] = {
	"completed", "aborted", "canceled", "stuck", NULL,
};

/* clang-format off */
static const struct setting {
	const char *name;
	const char *const *words; /* NULL: a number, -1 written "forever" */
	size_t offset;            /* of an int for words, else an int64_t */
} settings_table[] = {
	{"state",       conditions, offsetof(struct settings, condition)},
	{"answer",      answers,    offsetof(struct settings, answer)},
	{"answer_to",   answer_tos, offsetof(struct settings, answer_to)},
	{"on_cut",      fates,      offsetof(struct settings, on_cut)},
	{"on_job",      fates,      offsetof(struct settings, on_job)},
	{"busy",        NULL,       offsetof(struct settings, busy)},
	{"times",       NULL,       offsetof(struct settings, times)},
	{"die_at",      NULL,       offsetof(struct settings, die_at)},
	{"read_bps",    NULL,       offsetof(struct settings, read_bps)},
	{"job_ms",      NULL,       offsetof(struct settings, job_ms)},
	{"forget",      NULL,       offsetof(struct settings, forget)},
	{"twice",       NULL,       offsetof(struct settings, twice)},
	{"many",        NULL,       offsetof(struct settings, many)},
	{"copies",      NULL,       offsetof(struct settings, copies)},
	{"ignores_copies", NULL,    offsetof(struct settings, ignores_copies)},
	{"impressions", NULL,       offsetof(struct settings, impressions)},
	{"create_job",  NULL,       offsetof(struct settings, create_job)},
	{"main",        NULL,       offsetof(struct settings, main)},
	{"bottom",       NULL,       offsetof(struct settings, bottom)},
};
/* clang-format on */

void settings_init(struct settings *settings)
{
	*settings = (struct settings){
		.on_cut = FATE_ABORTED,
		.times = -1,
		.die_at = -1,
		.copies = 99,
		.impressions = 1,
		.create_job = 1,
		.main = -1,
		.bottom = -1,
	};
}

static int read_number(const char *value, int64_t *out, struct err *err)
{
	char *end = NULL;

	if (strcmp(value, "forever") == 0 || strcmp(value, "never") == 0) {
		*out = -1;
		return 0;
	}
	errno = 0;
	long long n = strtoll(value, &end, 10);
	if (errno || end == value || *end || n < -1)
		return err_set(err, -EINVAL, "'%s' is no number", value);
	*out = n;
	return 0;
}

static int read_word(const char *const *words, const char *value, int *out,
                     struct err *err)
{
	for (int i = 0; words[i]; i++) {
		if (strcmp(words[i], value) == 0) {
			*out = i;
			return 0;
		}
	}
	return err_set(err, -EINVAL, "unknown value '%s'", value);
}

static int apply_one(struct settings *settings, const char *key,
                     const char *value, struct err *err)
{
	if (strcmp(key, "printer") == 0)
		return 0;
	if (strcmp(key, "reset") == 0) {
		settings_init(settings);
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(settings_table); i++) {
		const struct setting *s = &settings_table[i];
		void *field = (char *)settings + s->offset;

		if (strcmp(s->name, key) != 0)
			continue;
		int r = s->words ? read_word(s->words, value, field, err)
		                 : read_number(value, field, err);
		return r < 0 ? err_wrap(err, r, "'%s'", key) : 0;
	}
	return err_set(err, -EINVAL, "unknown setting '%s'", key);
}

int settings_apply(struct settings *settings, const char *query,
                   struct err *err)
{
	char *text CLEANUP(xfree) = xstrdup(query);
	struct settings copy = *settings;
	char *rest = text;

	while (rest && *rest) {
		char *pair = strsep(&rest, "&");
		char *value = strchr(pair, '=');
		if (!value)
			return err_set(err, -EINVAL, "'%s' has no value", pair);
		*value++ = '\0';
		int r = apply_one(&copy, pair, value, err);
		if (r < 0)
			return r;
	}
	*settings = copy;
	return 0;
}

int query_get(const char *query, const char *key, char *out, size_t size)
{
	size_t key_len = strlen(key);

	while (query && *query) {
		const char *value = query + key_len + 1;
		if (strncmp(query, key, key_len) == 0 &&
		    query[key_len] == '=') {
			size_t len = strcspn(value, "&");
			if (len >= size)
				return -E2BIG;
			memcpy(out, value, len);
			out[len] = '\0';
			return 0;
		}
		query = strchr(query, '&');
		query = query ? query + 1 : NULL;
	}
	return -ENOENT;
}
