/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_CHARSET_GUESS_H
#define RENDER_WORKER_CHARSET_GUESS_H

#include <stddef.h>

/*
 * The charset of text that does not say it, as a name for iconv: ISO-2022 by
 * its escapes, UTF-16 by its NULs, UTF-8 when it is valid, then East Asian and
 * Cyrillic sets when the text reads like one of those languages in them, DOS's
 * set (CP850) when there are letters of its, else windows-1252.
 */
const char *charset_guess(const char *data, size_t len);

/* "UTF-16LE" or "UTF-16BE", by where the zero bytes stand (RFC 2781, 4.3). */
const char *charset_guess_utf16(const char *data, size_t len);

/* The same without a declared charset; NULL: it is none of them. */
const char *charset_guess_wide(const char *data, size_t len);

#endif
