/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_HEAD_MEND_H
#define RENDER_WORKER_HEAD_MEND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * A mail without the empty line that ends its head (RFC 5322, 2.1), or with one
 * of blanks: GMime takes the words below for fields, and drops them. Lines that
 * are no field and have none after them begin the body.
 *
 * true: *out is the mail with that line; false: there is nothing to mend.
 */
bool head_mend(const char *mail, size_t len, struct buf *out);

#endif
