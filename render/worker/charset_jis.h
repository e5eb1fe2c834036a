/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_CHARSET_JIS_H
#define RENDER_WORKER_CHARSET_JIS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Japanese by escape sequences, for who calls what is here: not iconv's. */
#define CHARSET_JIS "ISO-2022-JP"

/*
 * ISO-2022-JP (RFC 1468) as it is mailed, with what Windows and others add to
 * it and iconv(3) refuses: the row of circled digits and company signs that NEC
 * put into JIS X 0208, half-width kana by escape, by SO and with eight bits,
 * and JIS X 0212 (RFC 2237). Comes out as EUC-JP-MS; appended, never fails.
 *
 * False, with nothing appended: it holds JIS X 0213, which that cannot say.
 */
bool charset_jis_to_euc(const char *data, size_t len, struct buf *out);

#endif
