/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/http/job_waits.h"

#include "base/clock.h"
#include "base/mem.h"
#include "spool/job.h"

/*
 * Life of the waits:
 *
 *   new        watch all jobs
 *   add        a request joins; the timer runs to the nearest deadline
 *   on_change  a job is over: answer who waits for it
 *   on_timer   answer whose time is over
 *   close      answer all, end the watch; on_closed frees
 */
struct job_wait {
	struct list link;
	struct http_request *req;
	int64_t job_id, until_ms;
};

struct job_waits {
	struct job_watch *watch;
	uv_timer_t timer;
	struct list list; /* as many as there are connections, at most */
	job_waits_cb *cb;
	void (*closed)(void *arg);
	void *arg;
};

static void finish(struct job_waits *waits, struct job_wait *wait)
{
	list_remove(&wait->link);
	waits->cb(wait->req, wait->job_id);
	free(wait);
}

static void on_timer(uv_timer_t *timer);

static void arm(struct job_waits *waits)
{
	int64_t nearest = INT64_MAX, ms;

	list_for_each (link, &waits->list) {
		struct job_wait *wait = LIST_ENTRY(link, struct job_wait, link);

		if (wait->until_ms < nearest)
			nearest = wait->until_ms;
	}
	if (nearest == INT64_MAX) {
		uv_timer_stop(&waits->timer);
		return;
	}
	ms = nearest - clock_mono_ms();
	uv_timer_start(&waits->timer, on_timer, ms > 0 ? (uint64_t)ms : 0, 0);
}

static void on_timer(uv_timer_t *timer)
{
	struct job_waits *waits = timer->data;
	int64_t now = clock_mono_ms();

	list_for_each (link, &waits->list) {
		struct job_wait *wait = LIST_ENTRY(link, struct job_wait, link);

		if (wait->until_ms <= now)
			finish(waits, wait);
	}
	arm(waits);
}

static void on_change(int64_t job_id, enum job_state state, void *arg)
{
	struct job_waits *waits = arg;

	if (!job_state_is_over(state))
		return;
	list_for_each (link, &waits->list) {
		struct job_wait *wait = LIST_ENTRY(link, struct job_wait, link);

		if (wait->job_id == job_id)
			finish(waits, wait);
	}
	arm(waits);
}

struct job_waits *job_waits_new(uv_loop_t *loop, struct spool *spool,
                                job_waits_cb *cb)
{
	struct job_waits *waits = xcalloc(1, sizeof *waits);

	list_init(&waits->list);
	waits->cb = cb;
	uv_timer_init(loop, &waits->timer);
	waits->timer.data = waits;
	waits->watch = job_watch_start(spool, on_change, waits);
	return waits;
}

void job_waits_add(struct job_waits *waits, struct http_request *req,
                   int64_t job_id, int64_t ms)
{
	struct job_wait *wait = xcalloc(1, sizeof *wait);

	wait->req = req;
	wait->job_id = job_id;
	wait->until_ms = clock_mono_ms() + ms;
	list_append(&waits->list, &wait->link);
	arm(waits);
}

static void on_closed(uv_handle_t *handle)
{
	struct job_waits *waits = handle->data;

	waits->closed(waits->arg);
	free(waits);
}

void job_waits_close(struct job_waits *waits, void (*closed)(void *arg),
                     void *arg)
{
	waits->closed = closed;
	waits->arg = arg;
	list_for_each (link, &waits->list)
		finish(waits, LIST_ENTRY(link, struct job_wait, link));
	job_watch_cancel(waits->watch);
	uv_close((uv_handle_t *)&waits->timer, on_closed);
}
