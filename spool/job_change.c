/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/job_change.h"

#include <errno.h>

#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "spool/retention.h"

#define FULL_DISK_PAUSE_MS 1000

/*
 * One change on its way.
 *
 *   start        to the writer
 *   on_set       committed: log, delete files, tell; or
 *                the disk is full: try again in a second
 *
 * Meanwhile it stands in spool->paused_changes, where the end of the spool
 * finds it.
 */
struct job_change {
	struct job_set set;
	struct list link;
	struct spool *spool;
	job_change_cb *cb;
	void *arg;
	uv_timer_t timer;
};

struct job_watch {
	struct list link;
	job_watch_cb *cb;
	void *arg;
};

struct job_set *job_change_new(struct spool *spool, int64_t id,
                               enum job_state from, enum job_state to,
                               const char *reason)
{
	struct job_change *change = xcalloc(1, sizeof *change);
	struct job_set *set = &change->set;

	change->spool = spool;
	set->job_id = id;
	set->now = clock_now();
	set->impressions = set->documents_done = -1;
	set->first_document = set->last_document = set->n_documents = 1;
	snprintf(set->from, sizeof set->from, "%s", job_state_name(from));
	snprintf(set->to, sizeof set->to, "%s", job_state_name(to));
	snprintf(set->reason, sizeof set->reason, "%s", reason ? reason : "");
	if (from != to && !job_state_may_follow(from, to)) {
		log_error("job=%lld %s -> %s is not in the table of states",
		          (long long)id, set->from, set->to);
		abort();
	}
	return set;
}

enum job_state job_row_state(const struct job_row *row)
{
	enum job_state state;

	if (job_state_from_name(row->state, &state) < 0) {
		log_error("job=%lld has the unknown state '%s'",
		          (long long)row->id, row->state);
		abort();
	}
	return state;
}

static void tell_watches(struct spool *spool, int64_t id, enum job_state state)
{
	list_for_each (link, &spool->watches) {
		struct job_watch *watch =
			LIST_ENTRY(link, struct job_watch, link);

		watch->cb(id, state, watch->arg);
	}
}

static void settle(struct job_change *change)
{
	struct job_set *set = &change->set;
	enum job_state to;

	if (strcmp(set->from, set->to) != 0)
		log_info("job=%lld %s -> %s%s%s", (long long)set->job_id,
		         set->from, set->to, set->reason[0] ? ": " : "",
		         set->reason);
	retention_discard(change->spool, set->dead_message, set->dead_print,
	                  set->dead_pages);
	if (job_state_from_name(set->to, &to) == 0) {
		if (job_state_is_over(to))
			retention_content_died(change->spool);
		tell_watches(change->spool, set->job_id, to);
	}
}

static void on_timer_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void end(struct job_change *change, int status)
{
	if (change->cb)
		change->cb(status, &change->set, change->arg);
	uv_close((uv_handle_t *)&change->timer, on_timer_closed);
}

static void on_set(struct db_op *op, int status, const struct err *err);

static void on_retry(uv_timer_t *timer)
{
	struct job_change *change = timer->data;

	list_remove(&change->link);
	db_submit(change->spool->db, &change->set.op, job_set_run, on_set);
}

/* What was submitted behind a change that waits found the job as it was. */
static bool must_pause(const struct job_change *change, int status)
{
	const struct spool *spool = change->spool;

	if (spool->is_closing || status == -ENOSPC)
		return !spool->is_closing;
	if (status < 0 || change->set.changed)
		return false;
	list_for_each (link, &spool->paused_changes) {
		if (LIST_ENTRY(link, struct job_change, link)->set.job_id ==
		    change->set.job_id)
			return true;
	}
	return false;
}

static void on_set(struct db_op *op, int status, const struct err *err)
{
	struct job_set *set = CONTAINER_OF(op, struct job_set, op);
	struct job_change *change = CONTAINER_OF(set, struct job_change, set);

	if (must_pause(change, status)) {
		log_warn("job=%lld the disk is full: cannot note %s yet",
		         (long long)set->job_id, set->to);
		list_append(&change->spool->paused_changes, &change->link);
		uv_timer_start(&change->timer, on_retry, FULL_DISK_PAUSE_MS, 0);
		return;
	}
	if (status < 0)
		log_error("job=%lld cannot note %s: %s", (long long)set->job_id,
		          set->to, err ? err->text : "database error");
	else if (set->changed)
		settle(change);
	end(change, status);
}

void job_change_start(struct job_set *set, job_change_cb *cb, void *arg)
{
	struct job_change *change = CONTAINER_OF(set, struct job_change, set);

	change->cb = cb;
	change->arg = arg;
	uv_timer_init(change->spool->loop, &change->timer);
	change->timer.data = change;
	db_submit(change->spool->db, &set->op, job_set_run, on_set);
}

void job_changes_drop(struct spool *spool)
{
	list_for_each (link, &spool->paused_changes) {
		list_remove(link);
		end(LIST_ENTRY(link, struct job_change, link), -ENOSPC);
	}
}

struct job_watch *job_watch_start(struct spool *spool, job_watch_cb *cb,
                                  void *arg)
{
	struct job_watch *watch = xcalloc(1, sizeof *watch);

	watch->cb = cb;
	watch->arg = arg;
	list_append(&spool->watches, &watch->link);
	return watch;
}

void job_watch_cancel(struct job_watch *watch)
{
	list_remove(&watch->link);
	free(watch);
}
