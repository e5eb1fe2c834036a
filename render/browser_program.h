/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_BROWSER_PROGRAM_H
#define RENDER_BROWSER_PROGRAM_H

#include <stddef.h>

/*
 * The command line of chromium-headless-shell in its box, see
 * render/box/main.c. The strings of the result are borrowed: the two paths and
 * constants. Ends with NULL.
 */
#define BROWSER_PROGRAM_WORDS 32

void browser_program_argv(const char *box, const char *program,
                          const char *out[BROWSER_PROGRAM_WORDS]);

#endif
