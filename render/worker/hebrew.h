/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_HEBREW_H
#define RENDER_WORKER_HEBREW_H

#include <stdbool.h>

#include "base/buf.h"

/*
 * ISO-8859-8 without "-I" is written as it is seen, from the left (RFC 1556),
 * by old systems; by others, as all else is, in the order it is read. Which of
 * the two it is, its words tell: five letters have a form that only ends them.
 */
bool hebrew_is_visual(const char *charset, struct buf *utf8);

/* Plain text as it is seen: each line holds the mark that says so (UAX 9). */
void hebrew_keep_order(struct buf *utf8);

/* The same, of HTML: rules for its style sheet. */
#define HEBREW_RULES                                                           \
	"body,body *{direction:ltr!important;"                                 \
	"unicode-bidi:bidi-override!important}"

#endif
