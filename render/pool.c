/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/pool.h"

#include <errno.h>
#include <unistd.h>

#include "base/list.h"
#include "base/log.h"
#include "base/mem.h"
#include "render/process.h"
#include "render/protocol.h"
#include "render/run.h"

/*
 * Life of a pool:
 *
 *   new         the timer brings the first spares
 *   start       a render is queued; dispatch gives it a spare or a new process
 *   on_refill   the spares are made up, one step after the work began; where an
 *               engine works for it, when it is over
 *   close       kill all; the last of renders, spares and timer frees the pool
 *
 * A spare that dies unused doubles the time to the next one, so that a broken
 * installation starts two processes a minute and not thousands; one that gets
 * ready resets it.
 *
 * To load a spare keeps a core busy as long as some pages do, and the fork
 * stops the loop for a while. So as long as there is another one, the first
 * page of a message, with all that is committed before it leaves, comes before
 * the head start of the next; and so does a document that waits for an engine,
 * which wants every core.
 */
#define REFILL_MS      10
#define REFILL_BUSY_MS 15   /* until then it is known who needs an engine */
#define REFILL_CALM_MS 35   /* by then a first page is at its printer */
#define REFILL_LATE_MS 1000 /* looks again whether an engine still works */
#define REFILL_MAX_MS  30000

struct spare {
	struct list link;
	struct render_pool *pool;
	struct process *process;
	bool ready;
};

struct render_pool {
	uv_loop_t *loop;
	struct render_pool_options options;
	char *worker_path; /* owned; what options points at */
	struct list spares, queue, running;
	unsigned n_spares, n_running, n_queued;
	uv_timer_t refill;
	uint64_t refill_ms;
	bool closing, timer_closed;
	void (*closed)(void *arg);
	void *closed_arg;
};

static void finish_close(struct render_pool *pool)
{
	if (!pool->timer_closed || pool->n_spares > 0 || pool->n_running > 0 ||
	    pool->n_queued > 0)
		return;
	if (pool->closed)
		pool->closed(pool->closed_arg);
	free(pool->worker_path);
	free(pool);
}

static void drop_spare(struct spare *spare)
{
	list_remove(&spare->link);
	spare->pool->n_spares--;
	free(spare);
}

static void on_refill(uv_timer_t *timer);

static void refill_in(struct render_pool *pool, uint64_t ms)
{
	bool is_set = uv_is_active((uv_handle_t *)&pool->refill);

	if (!pool->closing && pool->n_spares < pool->options.spares &&
	    (!is_set || uv_timer_get_due_in(&pool->refill) > ms))
		uv_timer_start(&pool->refill, on_refill, ms, 0);
}

static void refill_soon(struct render_pool *pool)
{
	uint64_t wait = pool->n_spares > 0 ? REFILL_CALM_MS : REFILL_BUSY_MS;
	bool is_busy = pool->n_running > 0 && pool->refill_ms < wait;

	refill_in(pool, is_busy ? wait : pool->refill_ms);
}

static bool engine_works(const struct render_pool *pool)
{
	list_for_each (link, &pool->running)
		if (run_has_engine(run_from_link(link)))
			return true;
	return false;
}

static void back_off(struct render_pool *pool)
{
	pool->refill_ms = pool->refill_ms < REFILL_MAX_MS / 2
	                          ? pool->refill_ms * 2
	                          : REFILL_MAX_MS;
}

static void on_spare_line(struct process *process, char *text, void *arg)
{
	struct spare *spare = arg;
	struct protocol_line line;
	const char *failed;

	if (protocol_parse(text, &line, NULL) < 0)
		return;
	failed = protocol_get(&line, "failed");
	if (failed)
		log_error("worker cannot start: %s", failed);
	if (!protocol_get(&line, "ready"))
		return;
	spare->ready = true;
	spare->pool->refill_ms = REFILL_MS;
	refill_soon(spare->pool);
}

static void on_spare_gone(struct process *process, int exit_code,
                          const char *sentence, void *arg)
{
	struct spare *spare = arg;
	struct render_pool *pool = spare->pool;

	drop_spare(spare);
	if (pool->closing) {
		finish_close(pool);
		return;
	}
	back_off(pool);
	log_warn("worker died unused (exit %d%s%s), the next one in %llu ms",
	         exit_code, sentence[0] ? ": " : "", sentence,
	         (unsigned long long)pool->refill_ms);
	refill_soon(pool);
}

static const struct process_events spare_events = {
	.on_line = on_spare_line,
	.on_gone = on_spare_gone,
};

static int start_spare(struct render_pool *pool, struct err *err)
{
	struct spare *spare = xcalloc(1, sizeof *spare);
	int r = process_start(pool->loop, &pool->options, &spare_events, spare,
	                      &spare->process, err);

	if (r < 0) {
		free(spare);
		return r;
	}
	spare->pool = pool;
	list_append(&pool->spares, &spare->link);
	pool->n_spares++;
	return 0;
}

/* One at a time: the next when this one is ready. */
static void on_refill(uv_timer_t *timer)
{
	struct render_pool *pool = timer->data;
	struct err err = {0};

	if (pool->n_spares >= pool->options.spares)
		return;
	if (engine_works(pool)) {
		refill_in(pool, REFILL_LATE_MS);
		return;
	}
	if (start_spare(pool, &err) == 0)
		return;
	back_off(pool);
	log_error("%s", err.text);
	refill_soon(pool);
}

int render_pool_new(uv_loop_t *loop, const struct render_pool_options *options,
                    struct render_pool **out, struct err *err)
{
	struct render_pool *pool;

	if (options->workers < 1)
		return err_set(err, -EINVAL, "a pool needs a worker");
	if (access(options->worker_path, X_OK) < 0)
		return err_errno(err, errno, "cannot run '%s'",
		                 options->worker_path);
	pool = xcalloc(1, sizeof *pool);
	pool->loop = loop;
	pool->options = *options;
	pool->worker_path = xstrdup(options->worker_path);
	pool->options.worker_path = pool->worker_path;
	pool->refill_ms = REFILL_MS;
	list_init(&pool->spares);
	list_init(&pool->queue);
	list_init(&pool->running);
	uv_timer_init(loop, &pool->refill);
	pool->refill.data = pool;
	if (options->spares > 0)
		uv_timer_start(&pool->refill, on_refill, 0, 0);
	*out = pool;
	return 0;
}

/* A spare that is ready is better than one that still loads its fonts. */
static struct spare *best_spare(struct render_pool *pool)
{
	struct spare *best = NULL;

	list_for_each (link, &pool->spares) {
		struct spare *spare = LIST_ENTRY(link, struct spare, link);

		if (!best || (spare->ready && !best->ready))
			best = spare;
	}
	return best;
}

static void give_process(struct render_pool *pool, struct render *render)
{
	struct spare *spare = best_spare(pool);
	struct process *process;
	struct err err = {0};
	int r;

	if (spare) {
		run_attach(render, spare->process, spare->ready);
		drop_spare(spare);
		return;
	}
	r = process_start(pool->loop, &pool->options, &run_process_events,
	                  render, &process, &err);
	if (r < 0)
		run_give_up(render, r, err.text);
	else
		run_attach(render, process, false);
}

static void dispatch(struct render_pool *pool)
{
	while (pool->n_running < pool->options.workers &&
	       !list_is_empty(&pool->queue)) {
		struct list *link = pool->queue.next;

		list_remove(link);
		list_append(&pool->running, link);
		pool->n_queued--;
		pool->n_running++;
		run_take_turn(run_from_link(link));
		give_process(pool, run_from_link(link));
	}
	refill_soon(pool);
}

static void on_render_gone(struct render *render, struct render_pool *pool)
{
	if (run_has_had_turn(render))
		pool->n_running--;
	else
		pool->n_queued--;
	list_remove(run_link(render));
	if (pool->closing)
		finish_close(pool);
	else
		dispatch(pool);
}

bool render_pool_has_html(const struct render_pool *pool)
{
	return pool->options.engines.html != NULL;
}

int render_start(struct render_pool *pool, const struct render_events *events,
                 void *arg, struct render **out, struct err *err)
{
	struct render *render;

	if (pool->closing)
		return err_set(err, -ECANCELED, "the workers are going away");
	render = run_new(pool->loop, &pool->options, events, arg, pool,
	                 on_render_gone);
	list_append(&pool->queue, run_link(render));
	pool->n_queued++;
	dispatch(pool);
	*out = render;
	return 0;
}

static void on_timer_closed(uv_handle_t *handle)
{
	struct render_pool *pool = handle->data;

	pool->timer_closed = true;
	finish_close(pool);
}

static void cancel_all(struct list *renders)
{
	list_for_each (link, renders)
		render_cancel(run_from_link(link));
}

void render_pool_close(struct render_pool *pool, void (*closed)(void *arg),
                       void *arg)
{
	pool->closing = true;
	pool->closed = closed;
	pool->closed_arg = arg;
	cancel_all(&pool->queue);
	cancel_all(&pool->running);
	list_for_each (link, &pool->spares)
		process_kill(LIST_ENTRY(link, struct spare, link)->process,
		             "the workers are going away");
	uv_close((uv_handle_t *)&pool->refill, on_timer_closed);
}
