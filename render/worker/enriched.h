/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_ENRICHED_H
#define RENDER_WORKER_ENRICHED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * text/enriched (RFC 1896) as typed text: its marks go, with their parameters;
 * of line ends in a row one is a blank, but for what is not to be filled.
 * Appends to *out; lines end with LF.
 */
void enriched_read(const char *text, size_t len, struct buf *out);

#endif
