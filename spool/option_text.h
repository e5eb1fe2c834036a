/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_OPTION_TEXT_H
#define SPOOL_OPTION_TEXT_H

#include <stdbool.h>

#include "base/buf.h"

/*
 * A subject as it was typed, made easier to read for option_words.c. Pure.
 */

/* Dashes, spaces, commas and other signs that keyboards make, as ASCII. */
void option_text_plain(const char *text, struct buf *out);

/* What stands in a bracket: "copies: 2" and "copies = 2" as "copies=2". */
void option_text_tighten(const char *text, size_t len, struct buf *out);

/*
 * Whether the bracket that begins at `from` and ends before `rest` stands where
 * lists and departments put their names: "Re: [Legal] The contract".
 */
bool option_text_is_tag(const char *subject, const char *from,
                        const char *rest);

#endif
