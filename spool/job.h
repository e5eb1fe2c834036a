/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_JOB_H
#define SPOOL_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "spool/job_state.h"
#include "spool/spool.h"

/* Jobs as people command them. Callbacks come once, later, after the commit. */
typedef void job_cb(int status, const struct err *err, void *arg);

/* End it and destroy its content. -ENOENT; -EALREADY when it is over. */
void job_cancel(struct spool *spool, int64_t id, job_cb *cb, void *arg);

/*
 * Try a HELD job now; print an UNKNOWN one again, marked as a reprint. -ENOENT;
 * -EALREADY when it is over; -EINVAL in another state.
 *
 * pages: NULL, or only these of it, as page_choice.h has them, and the job is
 * over when they are printed. They carry no mark, because whoever names them
 * has seen what is on paper. Where the stored pages can be cut nothing is
 * rendered again. -EINVAL, too, for pages that the job does not have. Before
 * they have been counted, those are printed that turn out to be there; where
 * there are none the job waits for job_release(). Whoever names pages has
 * approved of their number.
 */
void job_retry(struct spool *spool, int64_t id, const char *pages, job_cb *cb,
               void *arg);

/*
 * Print a job that has more pages than its registration prints unasked.
 * pages: NULL, or only these of it. -ENOENT; -EALREADY when it is over; -EINVAL
 * when it does not wait for this, or for pages as above.
 */
void job_release(struct spool *spool, int64_t id, const char *pages, job_cb *cb,
                 void *arg);

/*
 * Be told each time that a job's state has changed (and been committed), until
 * job_watch_cancel(). One callback for all jobs; for waiting and live pages.
 */
struct job_watch;
typedef void job_watch_cb(int64_t job_id, enum job_state state, void *arg);
struct job_watch *job_watch_start(struct spool *spool, job_watch_cb *cb,
                                  void *arg);
void job_watch_cancel(struct job_watch *watch);

#endif
