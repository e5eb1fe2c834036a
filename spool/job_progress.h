/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_JOB_PROGRESS_H
#define SPOOL_JOB_PROGRESS_H

#include "db/job_table.h"
#include "spool/job_state.h"

/*
 * What a job becomes when its documents up to `last` of `all` are printed:
 * PRINTED, or READY for the rest.
 */
enum job_state job_progress_state(unsigned last, unsigned all);

/*
 * Note it with that change: how far it is, and what there is to say, unless
 * set->reason says something already.
 */
void job_progress_note(const struct job_row *job, unsigned last, unsigned all,
                       struct job_set *set);

/* Impressions of the job when a try ended with so many; -1 is unknown. */
int job_progress_impressions(const struct job_row *job, int impressions);

#endif
