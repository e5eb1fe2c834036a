/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_FINGERPRINT_H
#define SPOOL_FINGERPRINT_H

#include <stdbool.h>
#include <stddef.h>

#include "db/job_table.h"

/*
 * What tells a message that comes a second time, because its peer never heard
 * the first answer: BLAKE2b-256 over envelope sender, address, Message-ID and
 * the hash of the body. The header fields on the way (the trace line above all)
 * differ from try to try and are left out. A message without Message-ID has no
 * fingerprint: two equal ones may be meant.
 *
 *   fingerprint_start()    with the first bytes: the whole header block is
 * there or the block is too large fingerprint_update()   the rest, as it comes
 *   fingerprint_end()
 *   fingerprint_make()     for each recipient
 */
#define FINGERPRINT_HEADER_MAX 65536

struct fingerprint; /* opaque, heap */

/*
 * data is the message's first len bytes, at least FINGERPRINT_HEADER_MAX unless
 * it is all. Its first header field is skipped: the trace line of our listener.
 * NULL when there can be no fingerprint: no Message-ID, or a header block that
 * is larger.
 */
struct fingerprint *fingerprint_start(const char *data, size_t len);
void fingerprint_update(struct fingerprint *f, const void *data, size_t len);
void fingerprint_end(struct fingerprint *f);
void fingerprint_make(const struct fingerprint *f, const char *sender,
                      const char *address, unsigned char out[FINGERPRINT_LEN]);
void fingerprint_free(struct fingerprint *f); /* NULL is fine */

#endif
