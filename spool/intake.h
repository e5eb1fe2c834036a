/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_INTAKE_H
#define SPOOL_INTAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "spool/spool.h"

/*
 * One message on its way into the spool.
 *
 *   intake_new()       the sender is known
 *   intake_add()       each recipient that was found to be allowed
 *   intake_write()     the bytes
 *   intake_commit()    durable, then the callback; or intake_free() instead
 *
 * Small messages stay in memory until they are a row (INTAKE_INLINE_MAX),
 * larger ones go to a file "messages/<random>.tmp", which is published before
 * the row is committed.
 */
#define INTAKE_INLINE_MAX 65536

struct intake;

/* What became of one recipient. */
struct intake_result {
	int64_t job_id;
	bool is_duplicate; /* this message was accepted before, as job_id */
};

/*
 * May sender print at address (local part)? 0: yes, registration_id is set, and
 * suffix to what stands behind the first '+' of an address that is registered
 * without it, else to ""; -EACCES or -ENOENT with a sentence for the sender
 * that says what to do; another -errno: cannot be said now, try later. Both
 * canonical.
 */
int intake_check(struct spool *spool, const char *sender, const char *address,
                 int64_t *registration_id, const char **suffix,
                 struct err *err);

/* Whether a message of size bytes may come now: 0, -ENOSPC (disk reserve), or
 * -EFBIG. size -1: not known. */
int intake_may_come(struct spool *spool, int64_t size, struct err *err);

struct intake *intake_new(struct spool *spool, const char *sender);

/* The order of calls is the order of results. 0 or -errno. */
int intake_add(struct intake *intake, int64_t registration_id,
               const char *suffix, struct err *err);

size_t intake_n_recipients(const struct intake *intake);

/*
 * The next bytes. The first line is the trace line of the listener and is not
 * part of the fingerprint. -EFBIG beyond max_message_size, -ENOSPC, -EIO.
 */
int intake_write(struct intake *intake, const void *data, size_t len,
                 struct err *err);

/*
 * status 0: durable; results has one entry for each recipient, in order. < 0:
 * not accepted, or unknown (-EIO): the peer must try again. The intake is gone
 * after the callback.
 */
typedef void intake_cb(int status, const struct intake_result *results,
                       size_t n, const struct err *err, void *arg);
void intake_commit(struct intake *intake, intake_cb *cb, void *arg);

/*
 * After intake_commit(): nobody waits for the answer any more; the message is
 * kept all the same, cb does not come.
 */
void intake_detach(struct intake *intake);

/* Before intake_commit(): forget it, leaving nothing behind. NULL is fine. */
void intake_free(struct intake *intake);

#endif
