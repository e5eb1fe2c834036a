/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_HEADER_H
#define RENDER_WORKER_HEADER_H

#include <gmime/gmime.h>

#include "base/buf.h"

/*
 * The first header of that name, decoded (RFC 2047), as valid UTF-8; to be
 * freed. NULL if there is none. Raw eight-bit bytes, which RFC 5322 forbids and
 * mailers send, are guessed as text without a charset is. Flattened.
 */
char *header_text(GMimeMessage *message, const char *name);

/*
 * Append words of a stranger so that they stay in their line and leave those
 * around them alone: without controls and what turns the direction (UAX 9).
 */
void header_flatten(const char *utf8, struct buf *out);

/* The people it names, in the same way; to be unreferenced, or NULL. */
InternetAddressList *header_people(GMimeMessage *message, const char *name);

/*
 * The same with its encoded words in a form that GMime reads whole; appended to
 * *out. `raw` is unfolded, and what is no such word stays as it is.
 */
void header_mend_words(const char *raw, struct buf *out);

#endif
