/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/limit.h"

#include <stdio.h>

#define ADVICE "send less of it at a time"

/* "384 MB"; small ones in kB. */
static char *size_of(uint64_t bytes, char out[32])
{
	if (bytes < 1 << 20)
		snprintf(out, 32, "%llu kB", (unsigned long long)bytes >> 10);
	else
		snprintf(out, 32, "%llu MB", (unsigned long long)bytes >> 20);
	return out;
}

char *limit_time(unsigned seconds, char out[LIMIT_SENTENCE])
{
	snprintf(out, LIMIT_SENTENCE,
	         "it takes too long to print: more than %u s; " ADVICE,
	         seconds);
	return out;
}

char *limit_computing(unsigned seconds, char out[LIMIT_SENTENCE])
{
	snprintf(out, LIMIT_SENTENCE,
	         "it needs too much computing time: more than %u s; " ADVICE,
	         seconds);
	return out;
}

char *limit_memory(const char *what, uint64_t bytes, char out[LIMIT_SENTENCE])
{
	char text[32];

	snprintf(out, LIMIT_SENTENCE,
	         "%s needs too much memory: more than %s; " ADVICE, what,
	         size_of(bytes, text));
	return out;
}

char *limit_unclear(unsigned seconds, uint64_t bytes, char out[LIMIT_SENTENCE])
{
	char text[32];

	snprintf(
		out, LIMIT_SENTENCE,
		"it needs too much computing time or memory: more than %u s or %s; " ADVICE,
		seconds, size_of(bytes, text));
	return out;
}

char *limit_broken(uint64_t bytes, char out[LIMIT_SENTENCE])
{
	char text[32];

	snprintf(
		out, LIMIT_SENTENCE,
		"it needs too much memory, more than %s, or broke its reader; " ADVICE,
		size_of(bytes, text));
	return out;
}

char *limit_pdf(uint64_t bytes, char out[LIMIT_SENTENCE])
{
	char text[32];

	snprintf(out, LIMIT_SENTENCE,
	         "it becomes too large a PDF: more than %s; " ADVICE,
	         size_of(bytes, text));
	return out;
}
