/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_MESSAGE_H
#define RENDER_WORKER_MESSAGE_H

#include <stddef.h>

#include "base/err.h"
#include "render/worker/ledger.h"

/*
 * A raw message (RFC 5322) to its ledger, by GMime, after scan_message() has
 * bounded it. Only in the sandbox: GMime 3.2.13 has open bugs.
 */

/* Told once for each of the headers that matter, decoded to UTF-8. */
typedef void message_header_fn(const char *name, const char *value, void *arg);

/* Start GMime; once, before the sandbox is sealed. */
void message_init(void);

/*
 * Append the message's parts to *ledger, all detected and cross-referenced.
 * `data` is borrowed during the call. -E2BIG, -EINVAL with a sentence about the
 * message.
 */
int message_read(const char *data, size_t len, struct ledger *ledger,
                 message_header_fn *header, void *arg, struct err *err);

#endif
