/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_RTF_H
#define RENDER_WORKER_RTF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

#define RTF_BYTES (32u << 20) /* unpacked; more is refused */

/* "LZFu" of MS-OXRTFCP to plain RTF, appended. False: it is not that. */
bool rtf_unpack(const char *data, size_t len, struct buf *out);

/*
 * RTF to UTF-8, appended: the HTML that was wrapped in it (MS-OXRTFEX), or its
 * text with paragraphs ended by LF. *is_html says which. Pictures, fields'
 * instructions and headers are left out.
 */
void rtf_read(const char *rtf, size_t len, struct buf *out, bool *is_html);

#endif
