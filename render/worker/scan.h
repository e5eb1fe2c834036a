/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_SCAN_H
#define RENDER_WORKER_SCAN_H

#include <stddef.h>

#include "base/err.h"

/*
 * A first look at the raw message, before any parser: GMime 3.2.13 overflows
 * its stack on nested address groups, and needs 38 to 128 times the input's
 * size for a million headers or tiny parts. Bounds, for all parts together:
 */
#define SCAN_HEADER_BYTES (256 * 1024)
#define SCAN_HEADERS      2000
#define SCAN_HEADER_MAX   (64 * 1024) /* one header, folded lines included */
#define SCAN_PARTS        1000
#define SCAN_DEPTH        30
#define SCAN_GROUPS       1000 /* ':' in one address header */

/* What the administrator allows of it; 0: all. */
struct scan_limits {
	unsigned parts, depth;
};

/* 0, or -E2BIG with a sentence that names the bound. */
int scan_message(const char *data, size_t len, const struct scan_limits *limits,
                 struct err *err);

#endif
