/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/learned.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

static const struct {
	enum learned bit;
	const char *words;
} facts[] = {
	{LEARNED_ONE_DOCUMENT, "one document a job"},
	{LEARNED_ONE_COPY, "one copy"},
	{LEARNED_NO_GZIP, "no gzip"},
	{LEARNED_COUNTS, "counts pages"},
};

void learned_to_text(unsigned learned, char out[LEARNED_TEXT_MAX])
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(facts); i++)
		if (learned & facts[i].bit)
			used += (size_t)snprintf(out + used,
			                         LEARNED_TEXT_MAX - used,
			                         "%s%s", used ? ", " : "",
			                         facts[i].words);
}

unsigned learned_from_text(const char *text)
{
	unsigned learned = 0;

	while (*text) {
		size_t len = strcspn(text, ",");

		for (size_t i = 0; i < ARRAY_LEN(facts); i++)
			if (strlen(facts[i].words) == len &&
			    memcmp(facts[i].words, text, len) == 0)
				learned |= facts[i].bit;
		text += len;
		text += strspn(text, ", ");
	}
	return learned;
}

bool learned_of_same(const struct printer_caps *a, const struct printer_caps *b)
{
	return strcmp(a->uuid, b->uuid) == 0 &&
	       strcmp(a->make_and_model, b->make_and_model) == 0 &&
	       strcmp(a->firmware, b->firmware) == 0;
}
