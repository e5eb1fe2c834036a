/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_CHARSET_HZ_H
#define RENDER_WORKER_CHARSET_HZ_H

#include <stddef.h>

#include "base/buf.h"

/* Chinese in seven bits, which iconv(3) does not know. */
#define CHARSET_HZ "HZ-GB-2312"

/*
 * RFC 1843: "~{" begins GB 2312 with its eighth bits taken away, "~}" ends it.
 * Comes out as GB18030, which has all of it; appended, never fails.
 */
void charset_hz_to_gb(const char *data, size_t len, struct buf *out);

#endif
