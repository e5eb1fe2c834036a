/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_TEXT_LANGUAGE_H
#define RENDER_WORKER_TEXT_LANGUAGE_H

#include <stddef.h>

/*
 * The language whose forms of the Chinese characters the text wants (RFC 5646
 * tag): Unicode has one code for what Japan, Korea, China and Taiwan draw each
 * in their own way. "en" where it does not matter. Valid UTF-8.
 */
const char *text_language(const char *utf8, size_t len);

#endif
