/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_MARKDOWN_H
#define RENDER_WORKER_MARKDOWN_H

#include <stddef.h>

#include "base/buf.h"

#define MARKDOWN_BYTES (1u << 20) /* larger ones are set as text */

/*
 * Markdown (CommonMark, with GitHub's tables, task lists and links) as an HTML
 * document, appended. Raw HTML and dangerous links in it are left out. UTF-8.
 */
void markdown_read(const char *utf8, size_t len, struct buf *html);

#endif
