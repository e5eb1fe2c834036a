/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PDF_JOIN_H
#define RENDER_WORKER_PDF_JOIN_H

#include "base/buf.h"
#include "base/err.h"

/*
 * The pages of n PDFs (at least one), one PDF after the other, as one PDF at
 * the end of *out. A PDF alone is copied as it is. -EINVAL: one of them cannot
 * be read; -EFBIG: too much memory.
 */
int pdf_join(const struct buf *pdfs, size_t n, struct buf *out,
             struct err *err);

#endif
