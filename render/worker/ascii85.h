/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_ASCII85_H
#define RENDER_WORKER_ASCII85_H

#include "base/buf.h"

/*
 * Bytes as the ASCII85Decode filter of PostScript and PDF reads them, in lines
 * of at most 80 characters, ended by "~>" and LF. No line begins with '%': it
 * would look like a comment of the document's structure.
 */
void ascii85_put(struct buf *out, const void *data, size_t len);

#endif
