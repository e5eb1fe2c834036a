/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_REMARKS_H
#define SPOOL_REMARKS_H

#include "base/buf.h"

/*
 * Sentences for the sender that belong to a job but do not end it: an option
 * that was not understood, a value that the printer does not have, pages left
 * out. One a line, as the table job stores them.
 */
#define REMARKS_MAX 1000 /* bytes, the last LF included */

/*
 * Add a sentence, unless it is there or there is no room for it. Control
 * characters become blanks: what a stranger wrote stays on its line.
 */
void remarks_add(struct buf *remarks, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
