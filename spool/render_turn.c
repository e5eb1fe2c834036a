/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/render_turn.h"

#include "base/log.h"
#include "spool/job_change.h"
#include "spool/work.h"

/* One more than a worker's: it is ready when a worker is. What is made ahead
 * leaves that place free, so that it never stands in the way for long. */
static bool has_room(const struct spool *spool, enum render_turn turn)
{
	unsigned workers = spool->options.workers;

	return spool->n_works < (turn == RENDER_NOW ? 2 * workers : workers);
}

/* Whether the job still waits for its pages: much may have happened since. */
static bool wants_pages(const struct job_row *job)
{
	enum job_state state = job_row_state(job);

	return job->print_format[0] == '\0' &&
	       (state == JOB_ACCEPTED || state == JOB_HELD ||
	        state == JOB_READY);
}

static bool begin(struct spool_printer *p, int64_t id, enum render_turn turn)
{
	struct job_row job;
	struct err err = {0};

	if (p->work || p->is_closing ||
	    job_read(p->spool->db, id, &job, &err) < 0 || !wants_pages(&job))
		return false;
	if (work_start(p, &job, turn == RENDER_AHEAD, &err) == 0)
		return true;
	log_error("job=%lld cannot be rendered now: %s", (long long)id,
	          err.text);
	return false;
}

static void stand_in_line(struct spool_printer *p, int64_t id,
                          enum render_turn turn)
{
	enum render_turn before = p->turn;

	if (p->turn_job_id != 0 && turn > before)
		return;
	if (p->turn_job_id == 0 || turn != before) {
		list_remove(&p->turn_link);
		list_append(&p->spool->turns[turn], &p->turn_link);
	}
	p->turn = turn;
	p->turn_job_id = id;
}

void render_turn_take(struct spool_printer *p, int64_t id,
                      enum render_turn turn)
{
	if (p->work || p->is_closing || p->spool->is_closing)
		return;
	if (!has_room(p->spool, turn)) {
		stand_in_line(p, id, turn);
		return;
	}
	render_turn_leave(p);
	begin(p, id, turn);
}

void render_turn_leave(struct spool_printer *p)
{
	list_remove(&p->turn_link);
	p->turn_job_id = 0;
}

void render_turn_begin(struct spool *spool)
{
	spool->n_works++;
}

/* The job may be gone: then the printer looks what else there is. */
static void give_turn(struct spool_printer *p)
{
	int64_t id = p->turn_job_id;
	enum render_turn turn = (enum render_turn)p->turn;

	render_turn_leave(p);
	if (!begin(p, id, turn))
		dispatch_look(p);
}

void render_turn_end(struct spool *spool)
{
	spool->n_works--;
	for (enum render_turn turn = RENDER_NOW; turn <= RENDER_AHEAD; turn++) {
		struct list *line = &spool->turns[turn];

		while (!spool->is_closing && !list_is_empty(line) &&
		       has_room(spool, turn))
			give_turn(LIST_ENTRY(line->next, struct spool_printer,
			                     turn_link));
	}
}
