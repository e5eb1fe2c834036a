/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/retention.h"

#include <errno.h>

#include "base/clock.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/job_table.h"
#include "spool/dispatch.h"
#include "spool/job_change.h"

#define LOOK_EVERY_MS  1000 /* one look-up by index; follows clock jumps */
#define DUE_AT_ONCE    200
#define CUT_AFTER_MS   500  /* many deaths, one checkpoint */
#define CUT_AGAIN_MS   2000 /* a reader was in the way */
#define CUT_ALARM_MS   60000
#define DEDUPE_EVERY_S 3600

/*
 * Two clocks of their own.
 *
 *   look   jobs whose time is over -> EXPIRED, or erased if they ended before
 *   cut    checkpoint with TRUNCATE after content died, until it succeeds
 */
struct retention {
	struct spool *spool;
	uv_timer_t look, cut;
	int n_open;      /* timers */
	int64_t died_ms; /* when uncut content died first; 0: all is cut */
	bool is_cutting, is_closing, has_alarmed;
	int64_t dedupe_at;
	struct db_op checkpoint;
	struct dedupe_expire dedupe;
	bool dedupe_is_running;
	bool erase_is_running;
	struct jobs_erase erase;
	int64_t erase_ids[DUE_AT_ONCE];
};

static void maybe_free(struct retention *r)
{
	if (r->n_open == 0 && !r->is_cutting && !r->dedupe_is_running &&
	    !r->erase_is_running)
		free(r);
}

static void on_cut_timer(uv_timer_t *timer);
static void on_look(uv_timer_t *timer);

static void on_checkpoint(struct db_op *op, int status, const struct err *err)
{
	struct retention *r = CONTAINER_OF(op, struct retention, checkpoint);
	int64_t now = clock_mono_ms();

	r->is_cutting = false;
	if (r->is_closing) {
		maybe_free(r);
		return;
	}
	if (status == 0) {
		if (r->has_alarmed)
			log_info(
				"retention: destroyed content is off the disk");
		r->has_alarmed = false;
		if (!uv_is_active((uv_handle_t *)&r->cut))
			r->died_ms = 0;
		return;
	}
	if (!r->has_alarmed && now - r->died_ms > CUT_ALARM_MS) {
		log_warn(
			"retention: destroyed content is still in the write-ahead log because a reader keeps it: close long sqlite3 sessions on spool.db");
		r->has_alarmed = true;
	}
	uv_timer_start(&r->cut, on_cut_timer, CUT_AGAIN_MS, 0);
}

static void on_cut_timer(uv_timer_t *timer)
{
	struct retention *r = timer->data;

	if (r->is_cutting) {
		uv_timer_start(&r->cut, on_cut_timer, CUT_AFTER_MS, 0);
		return;
	}
	r->is_cutting = true;
	db_checkpoint(r->spool->db, &r->checkpoint, on_checkpoint);
}

void retention_content_died(struct spool *spool)
{
	struct retention *r = spool->retention;

	if (!r || r->is_closing)
		return;
	if (r->died_ms == 0)
		r->died_ms = clock_mono_ms();
	if (!uv_is_active((uv_handle_t *)&r->cut))
		uv_timer_start(&r->cut, on_cut_timer, CUT_AFTER_MS, 0);
}

void retention_discard(struct spool *spool, const char *message_file,
                       const char *print_file, const char *pages_file)
{
	struct err err = {0};

	if (message_file[0] &&
	    fs_unlink(spool->messages_dir, message_file, &err) < 0)
		log_error("retention: %s", err.text);
	if (print_file[0] && fs_unlink(spool->pages_dir, print_file, &err) < 0)
		log_error("retention: %s", err.text);
	if (pages_file[0] && fs_unlink(spool->pages_dir, pages_file, &err) < 0)
		log_error("retention: %s", err.text);
}

static void on_erased(struct db_op *op, int status, const struct err *err)
{
	struct jobs_erase *erase = CONTAINER_OF(op, struct jobs_erase, op);
	struct retention *r = CONTAINER_OF(erase, struct retention, erase);

	r->erase_is_running = false;
	if (r->is_closing) {
		maybe_free(r);
		return;
	}
	if (status == 0)
		retention_content_died(r->spool);
	uv_timer_start(&r->look, on_look, status == 0 ? 0 : CUT_AGAIN_MS, 0);
}

static void expire(struct retention *r, const struct job_due *due)
{
	enum job_state state;

	if (job_state_from_name(due->state, &state) < 0)
		return;
	dispatch_end_job(
		r->spool, due->id, state, JOB_EXPIRED,
		"it waited longer than its time limit and was destroyed");
}

static void on_deduped(struct db_op *op, int status, const struct err *err)
{
	struct dedupe_expire *d = CONTAINER_OF(op, struct dedupe_expire, op);
	struct retention *r = CONTAINER_OF(d, struct retention, dedupe);

	r->dedupe_is_running = false;
	if (r->is_closing)
		maybe_free(r);
}

static void expire_fingerprints(struct retention *r, int64_t now)
{
	if (now < r->dedupe_at || r->dedupe_is_running)
		return;
	r->dedupe_at = now + DEDUPE_EVERY_S;
	r->dedupe_is_running = true;
	r->dedupe.now = now;
	db_submit(r->spool->db, &r->dedupe.op, dedupe_expire_run, on_deduped);
}

/* Jobs that end now come back as over, and are erased by then. */
static void on_look(uv_timer_t *timer)
{
	struct retention *r = timer->data;
	struct job_due due[DUE_AT_ONCE];
	int64_t now = clock_now();
	size_t n = 0, n_erase = 0;
	struct err err = {0};

	if (job_due(r->spool->db, now, due, DUE_AT_ONCE, &n, &err) < 0)
		log_error("retention: %s", err.text);
	for (size_t i = 0; i < n; i++) {
		if (due[i].is_over)
			r->erase_ids[n_erase++] = due[i].id;
		else
			expire(r, &due[i]);
	}
	if (n_erase > 0 && !r->erase_is_running) {
		r->erase_is_running = true;
		r->erase.ids = r->erase_ids;
		r->erase.n = n_erase;
		db_submit(r->spool->db, &r->erase.op, jobs_erase_run,
		          on_erased);
	}
	expire_fingerprints(r, now);
	uv_timer_start(&r->look, on_look, LOOK_EVERY_MS, 0);
}

struct retention *retention_new(struct spool *spool)
{
	struct retention *r = xcalloc(1, sizeof *r);

	r->spool = spool;
	uv_timer_init(spool->loop, &r->look);
	uv_timer_init(spool->loop, &r->cut);
	r->look.data = r->cut.data = r;
	r->n_open = 2;
	uv_timer_start(&r->look, on_look, 0, 0);
	/* What died in the last moments of the run before. */
	uv_timer_start(&r->cut, on_cut_timer, CUT_AFTER_MS, 0);
	return r;
}

static void on_timer_closed(uv_handle_t *handle)
{
	struct retention *r = handle->data;

	r->n_open--;
	maybe_free(r);
}

void retention_close(struct retention *r)
{
	r->is_closing = true;
	uv_close((uv_handle_t *)&r->look, on_timer_closed);
	uv_close((uv_handle_t *)&r->cut, on_timer_closed);
}
