/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_FLOWED_H
#define RENDER_WORKER_FLOWED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * format=flowed (RFC 3676) to plain paragraphs: soft line ends are joined
 * within one quote depth, stuffing is removed, the signature line "-- " stays a
 * line of its own. Quoted paragraphs begin with their '>' signs and a blank.
 * Appends to *out; lines end with LF.
 */
void flowed_join(const char *text, size_t len, bool delsp, struct buf *out);

#endif
