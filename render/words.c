/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/words.h"

#include <stdlib.h>

#include "base/mem.h"

char **words_copy(const char *const *words)
{
	size_t n = 0;
	char **copy;

	while (words[n])
		n++;
	copy = xcalloc(n + 1, sizeof *copy);
	for (size_t i = 0; i < n; i++)
		copy[i] = xstrdup(words[i]);
	return copy;
}

void words_free(char **words)
{
	for (char **word = words; *word; word++)
		free(*word);
	free(words);
}
