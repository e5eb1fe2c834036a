/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_JOB_CHANGE_H
#define SPOOL_JOB_CHANGE_H

#include "db/job_table.h"
#include "spool/job.h"
#include "spool/spool_private.h"

/*
 * The one place where a job's state changes: the table in job_state.h is
 * checked, the change committed, then it is logged, files that died with it are
 * deleted, and whoever watches is told.
 */

/* 0: committed; look at set->changed. < 0: not (the database is broken). */
typedef void job_change_cb(int status, const struct job_set *set, void *arg);

/*
 * Prepare a change of job id; fill what else belongs to it in the returned
 * struct, then start. `reason` is a sentence for the sender, or NULL for none.
 */
struct job_set *job_change_new(struct spool *spool, int64_t id,
                               enum job_state from, enum job_state to,
                               const char *reason);

/* cb may be NULL. Takes the struct over; waits out a full disk. */
void job_change_start(struct job_set *set, job_change_cb *cb, void *arg);

/* The spool closes: changes that wait for room on the disk end with -ENOSPC. */
void job_changes_drop(struct spool *spool);

/* The state of a row; a row with an unknown word is a broken database. */
enum job_state job_row_state(const struct job_row *row);

#endif
