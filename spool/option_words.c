/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/option_words.h"

#include <errno.h>
#include <stdio.h>

#include "base/mem.h"
#include "spool/job_options.h"
#include "spool/option_text.h"
#include "spool/remarks.h"

#define WORD_MAX   64
#define WORDS_MAX  64 /* of a subject; one with more is for people */
#define N_SAID_MAX 16

/* clang-format off */
static const struct {
	const char *word, *key, *value;
	enum {
		PLAIN,
		EVERYDAY, /* may well be a whole subject that means nothing */
		COARSE,   /* another word of the key may say it more exactly */
	} kind;
} bare_words[] = {
	{"simplex",     "sides",     "one-sided"},
	{"one-sided",   "sides",     "one-sided"},
	{"1-sided",     "sides",     "one-sided"},
	{"single-sided", "sides",    "one-sided"},
	{"duplex",      "sides",     "two-sided-long-edge", COARSE},
	{"two-sided",   "sides",     "two-sided-long-edge", COARSE},
	{"2-sided",     "sides",     "two-sided-long-edge", COARSE},
	{"double-sided", "sides",    "two-sided-long-edge", COARSE},
	{"long-edge",   "sides",     "two-sided-long-edge"},
	{"short-edge",  "sides",     "two-sided-short-edge"},
	{"tumble",      "sides",     "two-sided-short-edge"},
	{"colour",      "colour",    "colour", EVERYDAY},
	{"color",       "colour",    "colour", EVERYDAY},
	{"grey",        "colour",    "grey", EVERYDAY},
	{"gray",        "colour",    "grey", EVERYDAY},
	{"greyscale",   "colour",    "grey"},
	{"grayscale",   "colour",    "grey"},
	{"mono",        "colour",    "grey"},
	{"bw",          "colour",    "grey"},
	{"b/w",         "colour",    "grey"},
	{"b&w",         "colour",    "grey"},
	{"a3",          "media",     "a3"},
	{"a4",          "media",     "a4"},
	{"a5",          "media",     "a5"},
	{"a6",          "media",     "a6"},
	{"letter",      "media",     "letter", EVERYDAY},
	{"legal",       "media",     "legal", EVERYDAY},
	{"body",        "what",      "body"},
	{"attachments", "what",      "attachments"},
	{"nobody",      "what",      "attachments"},
	{"all",         "what",      "all"},
	{"fit",         "scaling",   "fit", EVERYDAY},
	{"fill",        "scaling",   "fill", EVERYDAY},
	{"100%",        "scaling",   "none", EVERYDAY},
	{"2up",         "number-up", "2"},
	{"2-up",        "number-up", "2"},
	{"4up",         "number-up", "4"},
	{"4-up",        "number-up", "4"},
	{"head",        "head",      "yes", EVERYDAY},
	{"nohead",      "head",      "no"},
	{"banner",      "banner",    "yes", EVERYDAY},
	{"nobanner",    "banner",    "no"},
	{"url",         "web",       "url", COARSE},
	{"reader",      "web",       "reader"},
	{"screen",      "web",       "screen"},
};

static const struct {
	const char *word, *key;
} key_words[] = {
	{"copies",  "copies"},    {"sides",     "sides"},
	{"colour",  "colour"},    {"color",     "colour"},
	{"media",   "media"},     {"paper",     "media"},
	{"tray",    "tray"},      {"pages",     "pages"},
	{"nup",     "number-up"}, {"number-up", "number-up"},
	{"scaling", "scaling"},   {"what",      "what"},
	{"print",   "what"},      {"dpi",       "dpi"},
	{"head",    "head"},      {"banner",    "banner"},
	{"web",     "web"},       {"page",      "pages"},
};
/* clang-format on */

/* One word that was recognised. */
struct said {
	const char *key; /* static; NULL: it is no option */
	char word[WORD_MAX], value[WORD_MAX];
	bool is_pair, is_everyday, is_coarse;
	bool is_name; /* may well be that of a list: "[all]" */
};

struct reading {
	const char *where; /* "the subject" */
	struct job_options *options;
	struct buf *remarks;
	struct said said[N_SAID_MAX];
	size_t n_said;
};

static void set(struct said *said, const char *key, const char *value)
{
	said->key = key;
	snprintf(said->value, sizeof said->value, "%s", value);
}

static bool find_bare(const char *word, const char *key, struct said *said)
{
	for (size_t i = 0; i < ARRAY_LEN(bare_words); i++) {
		if (strcmp(bare_words[i].word, word) != 0 ||
		    (key && strcmp(bare_words[i].key, key) != 0))
			continue;
		set(said, bare_words[i].key, bare_words[i].value);
		said->is_everyday = bare_words[i].kind == EVERYDAY;
		said->is_name = said->is_everyday ||
		                strcmp(bare_words[i].key, "what") == 0 ||
		                strcmp(bare_words[i].key, "web") == 0;
		said->is_coarse = bare_words[i].kind == COARSE;
		return true;
	}
	return false;
}

/* key=value; the value may be the bare word, as in "sides=duplex". */
static void find_pair(const char *word, const char *equals, struct said *said)
{
	size_t len = (size_t)(equals - word);

	said->is_pair = true;
	for (size_t i = 0; i < ARRAY_LEN(key_words); i++) {
		if (strlen(key_words[i].word) != len ||
		    memcmp(key_words[i].word, word, len) != 0)
			continue;
		if (!find_bare(equals + 1, key_words[i].key, said))
			set(said, key_words[i].key, equals + 1);
		said->is_everyday = said->is_name = false;
	}
}

/* "2x", "2-copies", and "x2", which alone may be the name of a car. */
static bool find_times(const char *word, struct said *said)
{
	size_t n = strspn(word, "0123456789");
	char digits[WORD_MAX];

	if (n > 0 &&
	    (strcmp(word + n, "x") == 0 || strcmp(word + n, "-copies") == 0 ||
	     strcmp(word + n, "-copy") == 0)) {
		snprintf(digits, sizeof digits, "%.*s", (int)n, word);
		set(said, "copies", digits);
		return true;
	}
	n = word[0] == 'x' ? strspn(word + 1, "0123456789") : 0;
	if (n == 0 || word[1 + n])
		return false;
	set(said, "copies", word + 1);
	said->is_everyday = said->is_name = true;
	return true;
}

/* "p2-5"; "P1" alone may be how urgent something is. */
static bool find_pages(const char *word, struct said *said)
{
	size_t len = strlen(word);

	if (word[0] != 'p' || word[1] < '0' || word[1] > '9' ||
	    strspn(word + 1, "0123456789-,.") != len - 1)
		return false;
	set(said, "pages", word + 1);
	said->is_everyday = said->is_name =
		strspn(word + 1, "0123456789") == len - 1;
	return true;
}

/* ASCII only, so that no locale has a say. */
static void fold(char *s)
{
	for (; *s; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s + 'a' - 'A');
}

static struct said look_up(const char *text, size_t len)
{
	struct said said = {0};
	char word[WORD_MAX];
	const char *equals;

	if (len == 0 || len >= sizeof word)
		return said;
	snprintf(word, sizeof word, "%.*s", (int)len, text);
	memcpy(said.word, word, sizeof said.word);
	fold(word);
	equals = strchr(word, '=');
	if (equals)
		find_pair(word, equals, &said);
	else if (!find_pages(word, &said) && !find_bare(word, NULL, &said))
		find_times(word, &said);
	return said;
}

/* "url reader", "duplex short-edge": the same, and more exactly. */
static bool is_finer(const struct said *coarse, const struct said *fine)
{
	return coarse->is_coarse && !fine->is_coarse &&
	       strcmp(coarse->key, fine->key) == 0 &&
	       strcmp(fine->value, "one-sided") != 0;
}

static bool is_said_finer(const struct reading *reading,
                          const struct said *said)
{
	bool finer = false;

	for (size_t i = 0; i < reading->n_said; i++)
		finer |= is_finer(said, &reading->said[i]);
	return finer;
}

/* Of two that contradict each other the last one counts, and both are told. */
static void apply(struct reading *reading, const struct said *said)
{
	struct job_options before = *reading->options;
	struct err err = {0};

	if (is_said_finer(reading, said))
		return;
	if (job_options_set(reading->options, said->key, said->value, &err) <
	    0) {
		remarks_add(reading->remarks, "in %s, %s", reading->where,
		            err.text);
		return;
	}
	for (size_t i = 0; i < reading->n_said; i++)
		if (strcmp(reading->said[i].key, said->key) == 0 &&
		    !is_finer(&reading->said[i], said) &&
		    memcmp(&before, reading->options, sizeof before) != 0)
			remarks_add(
				reading->remarks,
				"%s says both '%s' and '%s': the last one counts",
				reading->where, reading->said[i].word,
				said->word);
	if (reading->n_said < N_SAID_MAX)
		reading->said[reading->n_said++] = *said;
}

/* ---- a subject ----------------------------------------------------------- */

static bool is_between(char c)
{
	return c == ' ' || c == '\t' || c == ',' || c == ';';
}

/* A comma inside "1-5,8" goes on with the list of pages; before "2up" not. */
static bool goes_on(const char *word, const char *comma, const char *end)
{
	bool is_list = strncasecmp(word, "pages=", 6) == 0 ||
	               ((word[0] == 'p' || word[0] == 'P') && word[1] >= '0' &&
	                word[1] <= '9');
	const char *after = comma + 1;

	if (!is_list || *comma != ',')
		return false;
	while (after < end &&
	       ((*after >= '0' && *after <= '9') || *after == '-'))
		after++;
	return after > comma + 1 && (after == end || is_between(*after));
}

static const char *word_end(const char *text, const char *end)
{
	const char *at = text;

	while (at < end && (!is_between(*at) || goes_on(text, at, end)))
		at++;
	return at;
}

/* "double sided", "2 copies", "100 %": one word that was written as two. */
static bool look_up_two(const char *text, const char **stop, const char *end,
                        struct said *said)
{
	static const char *const glues[] = {"-", ""};
	const char *next = *stop + 1, *next_end;
	char both[2 * WORD_MAX];

	if (next >= end || **stop != ' ' || is_between(*next))
		return false;
	next_end = word_end(next, end);
	if (next_end - text >= WORD_MAX - 1)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(glues); i++) {
		struct said found;

		snprintf(both, sizeof both, "%.*s%s%.*s", (int)(*stop - text),
		         text, glues[i], (int)(next_end - next), next);
		found = look_up(both, strlen(both));
		if (found.key && !found.is_pair) {
			*said = found;
			*stop = next_end;
			return true;
		}
	}
	return false;
}

/* All words from text to end; -E2BIG beyond WORDS_MAX. */
static int split(const char *text, const char *end, struct said *words)
{
	int n = 0;

	while (text < end) {
		const char *from = text;

		if (is_between(*text)) {
			text++;
			continue;
		}
		text = word_end(from, end);
		if (n == WORDS_MAX)
			return -E2BIG;
		words[n] = look_up(from, (size_t)(text - from));
		if (!words[n].key)
			look_up_two(from, &text, end, &words[n]);
		n++;
	}
	return n;
}

static int count_options(const struct said *words, int n)
{
	int n_options = 0;

	for (int i = 0; i < n; i++)
		n_options += words[i].key != NULL;
	return n_options;
}

/*
 * Half understood is not understood, but it was perhaps meant. is_tag: it
 * stands where lists put their names, and a single word may be one.
 */
static void read_bracket(struct reading *reading, const char *text,
                         const char *end, bool is_tag)
{
	struct said words[WORDS_MAX];
	int n = split(text, end, words), n_options;

	if (n <= 0)
		return;
	if (n == 1 && is_tag && words[0].is_name) {
		remarks_add(
			reading->remarks,
			"'[%s]' in front of %s was taken for a name: print options stand behind it",
			words[0].word, reading->where);
		return;
	}
	n_options = count_options(words, n);
	for (int i = 0; i < n; i++) {
		if (n_options == n)
			apply(reading, &words[i]);
		else if (n_options > 0 && !words[i].key && words[i].word[0])
			remarks_add(
				reading->remarks,
				"'[%.*s]' in %s was left alone: '%s' is no print option",
				(int)(end - text > 60 ? 60 : end - text), text,
				reading->where, words[i].word);
	}
}

static void read_bracket_text(struct reading *reading, const char *from,
                              const char *to, bool is_tag)
{
	struct buf text CLEANUP(buf_fini) = {0};

	option_text_tighten(from, (size_t)(to - from), &text);
	read_bracket(reading, buf_str(&text), buf_str(&text) + text.len,
	             is_tag);
}

/*
 * From which word on bare ones count: all of them where the whole text is made
 * of options, else those behind a pair that are the end of it, as in "Minutes
 * copies=2 duplex". n: none.
 */
static int first_bare(const struct said *words, int n, bool is_meant)
{
	int first = n;

	for (int i = 0; i < n; i++)
		is_meant |= words[i].key && !words[i].is_everyday;
	while (first > 0 && words[first - 1].key)
		first--;
	if (first == 0 && is_meant)
		return 0;
	while (first < n && !words[first].is_pair)
		first++;
	return first;
}

static bool has_pair(const struct said *words, int n)
{
	for (int i = 0; i < n; i++)
		if (words[i].key && words[i].is_pair)
			return true;
	return false;
}

/* What stands outside of brackets. */
static void read_open(struct reading *reading, const char *text)
{
	struct said words[WORDS_MAX];
	int n = split(text, text + strlen(text), words);
	int first = first_bare(words, n, reading->n_said > 0);

	for (int i = 0; i < n; i++) {
		if (!words[i].key)
			continue;
		if (words[i].is_pair || i >= first)
			apply(reading, &words[i]);
		else if (!words[i].is_name && has_pair(words, n))
			remarks_add(
				reading->remarks,
				"'%s' in %s was left alone: print options stand together, as in [2x, duplex]",
				words[i].word, reading->where);
	}
}

void option_words_from_subject(const char *subject, struct job_options *options,
                               struct buf *remarks)
{
	struct reading reading = {.where = "the subject",
	                          .options = options,
	                          .remarks = remarks};
	struct buf plain CLEANUP(buf_fini) = {0};
	struct buf open CLEANUP(buf_fini) = {0};
	const char *at;

	option_text_plain(subject, &plain);
	subject = at = buf_str(&plain);
	while (*at) {
		const char *from = strchr(at, '[');
		const char *to = from ? strchr(from, ']') : NULL;

		if (!to) {
			buf_puts(&open, at);
			break;
		}
		buf_append(&open, at, (size_t)(from - at));
		buf_puts(&open, " ");
		read_bracket_text(&reading, from + 1, to,
		                  option_text_is_tag(subject, from, to + 1));
		at = to + 1;
	}
	read_open(&reading, buf_str(&open));
}

/* ---- an address ---------------------------------------------------------- */

void option_words_from_address(const char *suffix, struct job_options *options,
                               struct buf *remarks)
{
	struct reading reading = {.where = "the address",
	                          .options = options,
	                          .remarks = remarks};

	while (*suffix) {
		size_t len = strcspn(suffix, "+");
		struct said said = look_up(suffix, len);

		if (len > 0 && len < WORD_MAX &&
		    strspn(suffix, "0123456789") == len)
			set(&said, "copies", said.word);
		if (said.key)
			apply(&reading, &said);
		else if (len > 0)
			remarks_add(remarks,
			            "'%.*s' in the address is no print option",
			            (int)(len > 60 ? 60 : len), suffix);
		suffix += len + (suffix[len] == '+');
	}
}
