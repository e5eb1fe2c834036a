/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_LEARNED_H
#define SPOOL_LEARNED_H

#include <stdbool.h>
#include <stddef.h>

#include "printers/caps.h"

/*
 * What a printer does, whatever it says of itself: learned from how it took
 * jobs, kept in the column printer.learned. Pure.
 */
enum learned {
	LEARNED_ONE_DOCUMENT = 1 << 0, /* takes one a job */
	LEARNED_ONE_COPY = 1 << 1,     /* makes no more of a document */
	LEARNED_NO_GZIP = 1 << 2,      /* takes nothing packed */
	LEARNED_COUNTS = 1 << 3,       /* has reported impressions > 0 */
};

#define LEARNED_TEXT_MAX 128

/* As an operator reads it: "one document a job, no gzip"; "" nothing. */
void learned_to_text(unsigned learned, char out[LEARNED_TEXT_MAX]);

/* The other way; words that are none are passed over. */
unsigned learned_from_text(const char *text);

/* Whether these can be the same printer, unchanged: what was learned counts. */
bool learned_of_same(const struct printer_caps *a,
                     const struct printer_caps *b);

#endif
