/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef DB_JOB_STEPS_H
#define DB_JOB_STEPS_H

#include "db/job_table.h"

/* What job_set_run() does beside changing the state; inside its transaction. */

/* Store set->rendered: subject, parts and, where it has them, pages. */
int job_rendered_store(struct db_conn *conn, const struct job_set *set,
                       struct err *err);

/* Where pages end is of no use any more. */
int job_rendered_forget(struct db_conn *conn, int64_t job_id, struct err *err);

/* Erase subject and part names. */
int job_erase(struct db_conn *conn, int64_t job_id, struct err *err);

/* Begin (attempt_id comes out), step or end the attempt, as set says. */
int attempt_store(struct db_conn *conn, struct job_set *set, struct err *err);

#endif
