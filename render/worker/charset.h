/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_CHARSET_H
#define RENDER_WORKER_CHARSET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * Text in any character set to UTF-8; appended to *out, never fails.
 *
 * `declared` is the charset parameter or NULL. Names that mails use for a
 * subset of what they send are widened (ISO-8859-1 is read as windows-1252, as
 * the WHATWG encoding standard has it); the numbers of Windows' sets are known
 * in whatever spelling. Undeclared, unknown and us-ascii text with eight-bit
 * bytes is guessed: byte order mark, then charset_guess(). So is text whose
 * label cannot be: UTF-8 throughout under a single-byte name, or nothing of
 * UTF-8 under that name. Bytes that mean nothing become U+FFFD; NULs are
 * dropped.
 */
void charset_to_utf8(const char *data, size_t len, const char *declared,
                     struct buf *out);

/* Text of two or four bytes a character, which is full of NULs. */
bool charset_is_wide(const char *data, size_t len, const char *declared);

bool charset_is_utf8(const char *data, size_t len);

#endif
