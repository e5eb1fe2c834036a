/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_RUN_H
#define RENDER_RUN_H

#include <uv.h>

#include "base/buf.h"
#include "base/list.h"
#include "render/pool.h"
#include "render/process.h"

/*
 * A render as the pool handles it; see pool.h for its public verbs. The pool
 * makes it, gives it a process when one is free, and hears when it is gone.
 */
typedef void run_gone_fn(struct render *render, struct render_pool *pool);

/*
 * A queued render. *events is copied, *options outlives it. gone comes once,
 * after on_end, when the memory is about to be freed.
 */
struct render *run_new(uv_loop_t *loop,
                       const struct render_pool_options *options,
                       const struct render_events *events, void *arg,
                       struct render_pool *pool, run_gone_fn *gone);

/* Its turn: the process is the render's now. `ready`: it has said so. */
void run_attach(struct render *render, struct process *process, bool ready);

/* The events to start a process with for run_attach() at once. */
extern const struct process_events run_process_events;

/* No process can be had: on_end comes with status, later. */
void run_give_up(struct render *render, int status, const char *sentence);

/* Its place in the pool's queue or among those that run. */
struct list *run_link(struct render *render);
struct render *run_from_link(struct list *link);

/* Out of the queue: it counts among those that run. */
void run_take_turn(struct render *render);
bool run_has_had_turn(const struct render *render);

/* An engine works for it, or has. */
bool run_has_engine(const struct render *render);

#endif
