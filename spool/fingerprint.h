/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_FINGERPRINT_H
#define SPOOL_FINGERPRINT_H

#include <stdbool.h>
#include <stddef.h>

#include "db/job_table.h"
#include "spool/content.h"

/*
 * What tells a message that comes a second time, because its peer never heard
 * the first answer: BLAKE2b-256 over envelope sender, address, Message-ID and
 * a hash of the body (XXH3 with a secret of this spool, so that nobody can make
 * two bodies that look the same; a cryptographic hash of a large mail costs
 * more than all else that is done with it). The header fields on the way (the
 * trace line above all) differ from try to try and are left out. A message
 * without Message-ID has no fingerprint: two equal ones may be meant.
 *
 *   fingerprint_start()    with the first bytes: the whole header block is
 * there or the block is too large fingerprint_update()   the rest, as it comes
 *   fingerprint_end()
 *   fingerprint_make()     for each recipient
 */
#define FINGERPRINT_HEADER_MAX 65536

struct fingerprint; /* opaque, heap */

struct fingerprint_secret {
	unsigned char bytes[192];
};

/* The same in every run of a spool: made of its master key. */
void fingerprint_secret_make(const struct content_key *master,
                             struct fingerprint_secret *out);

/*
 * secret is borrowed until fingerprint_end(). data is the message's first len
 * bytes, at least FINGERPRINT_HEADER_MAX unless it is all. Its first header
 * field is skipped: the trace line of our listener. NULL when there can be no
 * fingerprint: no Message-ID, or a header block that is larger.
 */
struct fingerprint *fingerprint_start(const struct fingerprint_secret *secret,
                                      const char *data, size_t len);
void fingerprint_update(struct fingerprint *f, const void *data, size_t len);
void fingerprint_end(struct fingerprint *f);
void fingerprint_make(const struct fingerprint *f, const char *sender,
                      const char *address, unsigned char out[FINGERPRINT_LEN]);
void fingerprint_free(struct fingerprint *f); /* NULL is fine */

#endif
