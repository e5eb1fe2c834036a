/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTERS_TEXT_H
#define PRINTERS_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Words from printers, made harmless. A printer's answer is hostile input
 * (CVE-2024-47175: its attributes ended in a shell).
 */

/*
 * Text for people: valid UTF-8 of at most size - 1 bytes; control characters
 * become spaces, directional overrides vanish, wrong bytes become '?'.
 * Returns out.
 */
char *text_clean(char *out, size_t size, const char *in);

/*
 * A keyword: [a-z0-9._-]{1,255}, RFC 8011 5.1.4; capitals are folded, because
 * a "Media-Empty" must not be overheard. false, and out empty, when it is none
 * or does not fit.
 */
bool text_keyword(char *out, size_t size, const char *in);

#endif
