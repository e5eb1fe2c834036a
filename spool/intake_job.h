/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_INTAKE_JOB_H
#define SPOOL_INTAKE_JOB_H

#include "db/job_table.h"
#include "spool/fingerprint.h"
#include "spool/spool_private.h"

/*
 * The job that a recipient becomes: registration and printer, resolved. Filled
 * into *out; all but state and fingerprint. -ENOENT when the registration or
 * its printer has gone meanwhile.
 */
int intake_job_fill(struct spool *spool, const char *sender,
                    int64_t registration_id, const char *suffix,
                    int64_t received_at, struct job_new *out, struct err *err);

/* At the end of the message: its first state, and its fingerprint (or NULL). */
void intake_job_seal(struct spool *spool, const struct fingerprint *f,
                     struct job_new *job);

#endif
