/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_OPTION_WORDS_H
#define SPOOL_OPTION_WORDS_H

#include "base/buf.h"
#include "db/job_options.h"

/*
 * Job options as people write them: "[2x, duplex]" or "copies=2 duplex" in a
 * subject, "lobby+duplex+2@..." in an address. Pure.
 *
 * A subject is for people, so it changes nothing unless it is meant to:
 *
 *   [a, b]       counts when every word inside is an option; alone in front of
 *                other text, "[Legal] Contract", a word that may be a name is
 *                taken for one
 *   key=value    counts anywhere when the key is one
 *   a b          bare words count when the whole subject is made of options;
 *                those that are everyday words ("letter", "P1") only with
 *                another option beside them
 *   key=value a  they count from a pair on to the end of the subject, too
 *
 * "double sided", "2 copies" and "100 %" are words like "double-sided"; in a
 * bracket "copies: 2" is "copies=2".
 *
 * All other words are left alone. What was meant and could not be done is a
 * sentence in *remarks (spool/remarks.h): a bad value, a bracket that is half
 * understood, a bare word that a pair stands apart from, two words that
 * contradict each other (the last one counts).
 */
void option_words_from_subject(const char *subject, struct job_options *options,
                               struct buf *remarks);

/*
 * What stands behind the first '+' of the local part, without it. Here a bare
 * number is the number of copies, and a word that is no option is a remark.
 */
void option_words_from_address(const char *suffix, struct job_options *options,
                               struct buf *remarks);

#endif
