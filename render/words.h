/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORDS_H
#define RENDER_WORDS_H

/* The words of a command: a program and its arguments, then NULL. */

/* To be freed with words_free(). */
char **words_copy(const char *const *words);

void words_free(char **words);

#endif
