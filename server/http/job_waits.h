/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_HTTP_JOB_WAITS_H
#define SERVER_HTTP_JOB_WAITS_H

#include <stdint.h>
#include <uv.h>

#include "server/http/request.h"
#include "spool/spool.h"

/*
 * Requests that wait until a job is over (GET /jobs/ID?wait=SECONDS): one watch
 * and one timer for all of them.
 */
struct job_waits;

/* Answers with the job as it is then; called once for each request. */
typedef void job_waits_cb(struct http_request *req, int64_t job_id);

struct job_waits *job_waits_new(uv_loop_t *loop, struct spool *spool,
                                job_waits_cb *cb);

/* cb comes later: when the job is over, ms are gone, or the waits close. */
void job_waits_add(struct job_waits *waits, struct http_request *req,
                   int64_t job_id, int64_t ms);

/* Answers all that wait; closed comes once, later, and the waits are gone. */
void job_waits_close(struct job_waits *waits, void (*closed)(void *arg),
                     void *arg);

#endif
