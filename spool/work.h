/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_WORK_H
#define SPOOL_WORK_H

#include "spool/dispatch.h"

/*
 * One job's mail becomes print data: read, decrypt, hand to a worker, plan,
 * encrypt and store the pages as they come.
 *
 *   work_start()    the job is RENDERING when the worker gets it
 *   has_begun       print data comes: the printer may be told of the job
 *   has_page        the first page is stored: it may be sent meanwhile
 *   ended           READY, HELD or FAILED is committed, or, when the job is
 *                   being sent meanwhile, its pages are
 */

/*
 * is_ahead: the printer does not wait for it, the processor may do other things
 * first. 0: dispatch_work_ended() comes, once. Else nothing was begun.
 */
int work_start(struct spool_printer *printer, const struct job_row *job,
               bool is_ahead, struct err *err);

/* Stop it; the job goes to `to` (a final state, or ACCEPTED at shutdown). */
void work_cancel(struct work *work, enum job_state to, const char *reason);

/* The printer has answered: whether the job has to wait is known. */
void work_state_is_known(struct work *work);

/* The worker dies with us: at shutdown nothing is written. */
void work_drop(struct work *work);

int64_t work_job_id(const struct work *work);
const struct job_row *work_job(const struct work *work);
bool work_has_begun(const struct work *work);
bool work_has_page(const struct work *work);

/* The job is SENDING from now on: the end changes no state. */
void work_is_sending(struct work *work);

/* What a reader of the growing file needs. */
const char *work_file(const struct work *work);
const struct content_key *work_key(const struct work *work);
const struct print_format *work_target(const struct work *work);

/* Called when more of the file can be read, and at the end. */
typedef void work_grown_cb(void *arg);
void work_set_reader(struct work *work, work_grown_cb *cb, void *arg);

#endif
