/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/dispatch.h"

#include <errno.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "printers/formats.h"
#include "spool/job_change.h"
#include "spool/printer_check.h"
#include "spool/printer_state.h"
#include "spool/render_turn.h"
#include "spool/resolving.h"
#include "spool/sending.h"
#include "spool/work.h"

#define BUSY_PAUSE_MS     2000
#define TRIED_AGAIN_MS    60000  /* how often a try without news is stored */
#define FAILURE_PAUSE_MS  1000   /* doubles with each failure in a row ... */
#define FAILURE_PAUSE_MAX 600000 /* ... up to this */

/*
 * What happens for a printer, in order:
 *
 *   look      anything waiting? nothing under way?
 *   ask       the state, unless a fresh one is there; meanwhile pages of the
 *             oldest job are made
 *   decide    kind by kind of job: hold it, or take its oldest job
 *   send      one job alone; when it is done, the held ones of its kind are
 *             released and the next one is taken
 *   timer     the recovery wait (K10), or a pause after busy or failure
 */
static void on_timer(uv_timer_t *timer);

static void arm(struct spool_printer *p, int64_t ms)
{
	if (!p->is_closing)
		uv_timer_start(&p->timer, on_timer, ms > 0 ? (uint64_t)ms : 0,
		               0);
}

static void on_timer(uv_timer_t *timer)
{
	struct spool_printer *p = timer->data;

	if (p->resolving)
		resolving_again(p->resolving);
	else
		dispatch_ask(p);
}

struct spool_printer *dispatch_printer(struct spool *spool, int64_t id)
{
	if (id <= 0 || (size_t)id >= spool->n_by_id)
		return NULL;
	return spool->by_id[id];
}

static struct held_class *find_class(struct held_class *held, size_t n,
                                     const struct job_kind *kind)
{
	for (size_t i = 0; i < n; i++)
		if (job_kind_is_same(&held[i].kind, kind))
			return &held[i];
	return NULL;
}

static struct held_class *find_held(struct spool_printer *p,
                                    const struct job_kind *kind)
{
	return find_class(p->held, p->n_held, kind);
}

static void add_held(struct spool_printer *p, const struct job_class *class,
                     const char *sentence)
{
	struct held_class *held;

	if (p->n_held == HELD_CLASSES_MAX)
		return;
	p->held = xrealloc(p->held, (p->n_held + 1) * sizeof *held);
	held = &p->held[p->n_held++];
	*held = (struct held_class){.kind = class->kind};
	snprintf(held->sentence, sizeof held->sentence, "%s", sentence);
}

bool dispatch_is_held(struct spool *spool, int64_t printer_id,
                      const struct job_kind *kind, char *reason, size_t size)
{
	struct spool_printer *p = dispatch_printer(spool, printer_id);
	struct held_class *held = p ? find_held(p, kind) : NULL;

	if (!held)
		return false;
	snprintf(reason, size, "%s", held->sentence);
	return true;
}

static void judge(const struct spool_printer *p, const struct job_kind *kind,
                  struct verdict *out)
{
	struct verdict_job job = {.is_colour = kind->is_colour};

	snprintf(job.media, sizeof job.media, "%s", kind->media);
	snprintf(job.source, sizeof job.source, "%s", kind->tray);
	verdict_judge(p->status, &job, out);
}

/* The sentence of a failed read says more. */
static const char *why(const struct spool_printer *p,
                       const struct verdict *verdict)
{
	return p->status->reachable ? verdict->sentence : p->verdict.sentence;
}

/* Print data of no use are made again; that is no fault of anything. */
static void tell_not_sent(const struct job_row *job, const struct err *err)
{
	if (err->code != -ESTALE)
		log_error("job=%lld cannot be sent: %s", (long long)job->id,
		          err->text);
}

/* ---- rendering ---------------------------------------------------------- */

/*
 * Pages are made ahead while the printer is busy or held, so that they leave at
 * once; but only so many, because mails are small and pages are not.
 */
static void render_ahead(struct spool_printer *p)
{
	struct job_class classes[HELD_CLASSES_MAX];
	size_t n = 0;
	int64_t n_rendered = 0, id = 0;

	if (p->work || p->turn_job_id != 0 || p->is_ahead_enough ||
	    p->is_ahead_done ||
	    (p->n_failures > 0 && uv_is_active((uv_handle_t *)&p->timer)))
		return;
	if (job_count_rendered(p->spool->db, p->id, &n_rendered, NULL) < 0)
		return;
	if (n_rendered >= p->spool->options.render_ahead) {
		p->is_ahead_enough = true;
		return;
	}
	if (job_oldest_without_pages(p->spool->db, p->id, "ACCEPTED", &id,
	                             NULL) < 0)
		return;
	if (id == 0 && job_oldest_without_pages(p->spool->db, p->id, "HELD",
	                                        &id, NULL) < 0)
		return;
	if (id != 0)
		render_turn_take(p, id, RENDER_AHEAD);
	else if (job_classes(p->spool->db, p->id, classes, ARRAY_LEN(classes),
	                     &n, NULL) == 0)
		p->is_ahead_done = n > 0 && p->n_held > 0;
}

/* ---- holding and releasing ---------------------------------------------- */

struct moving {
	struct jobs_move move;
	struct spool_printer *printer; /* NULL: nobody looks afterwards */
};

static void on_moved(struct db_op *op, int status, const struct err *err)
{
	struct jobs_move *move = CONTAINER_OF(op, struct jobs_move, op);
	struct moving *moving = CONTAINER_OF(move, struct moving, move);

	if (status == 0 && move->n_moved > 0)
		log_info("printer=%lld %d jobs %s%s%s",
		         (long long)move->printer_id, move->n_moved,
		         move->hold ? "held" : "released",
		         move->hold ? ": " : "", move->reason);
	free(moving);
}

static void move_class(struct spool_printer *p, const struct job_kind *kind,
                       bool hold, const char *sentence)
{
	struct moving *moving = xcalloc(1, sizeof *moving);
	struct jobs_move *move = &moving->move;

	move->printer_id = p->id;
	move->now = clock_now();
	move->kind = *kind;
	move->hold = hold;
	move->set_tried = hold;
	snprintf(move->reason, sizeof move->reason, "%s", sentence);
	db_submit(p->spool->db, &move->op, jobs_move_run, on_moved);
}

/* Hold this kind, unless nothing about it is new. */
static void hold_class(struct spool_printer *p, const struct job_class *class,
                       const char *sentence, const struct held_class *before)
{
	bool is_new = !before || strcmp(before->sentence, sentence) != 0 ||
	              class->n_held < class->n;

	add_held(p, class, sentence);
	if (!is_new && clock_mono_ms() - p->tried_ms < TRIED_AGAIN_MS)
		return;
	p->tried_ms = clock_mono_ms();
	move_class(p, &class->kind, true, sentence);
}

/* ---- deciding ----------------------------------------------------------- */

static void send_job(struct spool_printer *p, const struct job_class *class)
{
	struct job_row job;
	struct err err = {0};

	if (job_read(p->spool->db, class->oldest_id, &job, &err) < 0)
		return;
	if (job.print_format[0] == '\0') {
		render_turn_take(p, job.id, RENDER_NOW);
		return;
	}
	if (sending_start(p, &job, NULL, &err) < 0) {
		tell_not_sent(&job, &err);
		arm(p, FAILURE_PAUSE_MAX);
	}
}

/* The job being rendered goes first when it is older than what waits. */
static bool send_work(struct spool_printer *p, int64_t oldest_id)
{
	struct verdict verdict;
	const struct job_row *job;
	struct err err = {0};

	if (!p->work || (oldest_id != 0 && work_job_id(p->work) > oldest_id))
		return false;
	job = work_job(p->work);
	judge(p, &job->kind, &verdict);
	if (verdict.kind != VERDICT_NORMAL)
		return false;
	if (work_has_begun(p->work) && sending_start(p, job, p->work, &err) < 0)
		tell_not_sent(job, &err);
	return true; /* it is its turn, even if nothing is there yet */
}

/*
 * Each kind of job against the state: held, or the oldest one is taken. Returns
 * the pause until the next look in ms, -1 for none.
 */
static int64_t decide_classes(struct spool_printer *p,
                              const struct job_class *classes, size_t n,
                              const struct job_class **take)
{
	struct held_class *before = TAKE(p->held);
	size_t n_before = p->n_held;
	int64_t pause = -1;

	p->n_held = 0;
	for (size_t i = 0; i < n; i++) {
		const struct job_class *class = &classes[i];
		struct verdict verdict;
		int64_t wait = class->min_recovery_wait_s * 1000;

		judge(p, &class->kind, &verdict);
		if (verdict.kind == VERDICT_NORMAL) {
			if (!*take)
				*take = class;
			continue;
		}
		if (verdict.kind == VERDICT_BUSY) {
			wait = BUSY_PAUSE_MS;
		} else {
			hold_class(p, class, why(p, &verdict),
			           find_class(before, n_before, &class->kind));
		}
		if (pause < 0 || wait < pause)
			pause = wait;
	}
	free(before);
	return pause;
}

/* The job being rendered waits for the printer, too, before it is HELD. */
static void hold_work(struct spool_printer *p)
{
	struct job_class class = {0};
	struct verdict verdict;

	if (!p->work)
		return;
	class.kind = work_job(p->work)->kind;
	judge(p, &class.kind, &verdict);
	if (verdict.kind == VERDICT_ABNORMAL && !find_held(p, &class.kind))
		add_held(p, &class, why(p, &verdict));
}

/* The state was of use for this; a held printer must not cost its memory. */
static void forget_state(struct spool_printer *p)
{
	if (p->n_held > 0 && !p->sending)
		printer_state_forget(p);
}

void dispatch_decide(struct spool_printer *p)
{
	struct job_class classes[HELD_CLASSES_MAX];
	const struct job_class *take = NULL;
	size_t n = 0;
	int64_t pause;
	struct err err = {0};

	if (p->resolving) {
		if (p->status->reachable)
			resolving_again(p->resolving);
		return;
	}
	if (p->sending || p->saves_caps || p->spool->is_closing)
		return;
	if (job_classes(p->spool->db, p->id, classes, ARRAY_LEN(classes), &n,
	                &err) < 0) {
		log_error("printer=%s %s", p->name, err.text);
		arm(p, FAILURE_PAUSE_MAX);
		return;
	}
	pause = decide_classes(p, classes, n, &take);
	hold_work(p);
	if (pause >= 0)
		arm(p, pause > 0 ? pause : 1000);
	if (!send_work(p, take ? take->oldest_id : 0) && take)
		send_job(p, take);
	if (!take) {
		if (p->turn == RENDER_NOW) /* not now, after all */
			render_turn_leave(p);
		render_ahead(p);
	}
	forget_state(p);
}

void dispatch_look(struct spool_printer *p)
{
	struct job_class classes[HELD_CLASSES_MAX];
	size_t n = 0;
	bool has_news = false;

	if (p->is_closing || p->spool->is_closing || p->resolving)
		return;
	if (p->sending || p->query) {
		render_ahead(p);
		return;
	}
	if (job_classes(p->spool->db, p->id, classes, ARRAY_LEN(classes), &n,
	                NULL) < 0)
		return;
	for (size_t i = 0; i < n; i++)
		has_news |= !find_held(p, &classes[i].kind);
	if (n == 0 && !p->work)
		return;
	if (uv_is_active((uv_handle_t *)&p->timer) &&
	    (p->n_failures > 0 || (!has_news && !p->work))) {
		render_ahead(p);
		return;
	}
	if (printer_state_is_fresh(p)) {
		dispatch_decide(p);
		return;
	}
	printer_state_ask(p);
	if (n > 0 && classes[0].oldest_id != 0 &&
	    strcmp(classes[0].oldest_state, "ACCEPTED") == 0)
		render_turn_take(p, classes[0].oldest_id, RENDER_NOW);
}

void dispatch_ask(struct spool_printer *p)
{
	if (p->is_closing || p->spool->is_closing)
		return;
	if (p->query) {
		p->wants_ask = true;
		return;
	}
	printer_state_ask(p);
}

/* ---- what others tell us ------------------------------------------------ */

void dispatch_job_accepted(struct spool *spool, const struct job_row *job)
{
	struct spool_printer *p = dispatch_printer(spool, job->printer_id);

	if (!p || spool->is_closing || p->resolving)
		return;
	if (job->waits_as[0] == '\0')
		p->is_ahead_done = false;
	/*
	 * Mail for a printer that is held, of which nothing is made ahead:
	 * nothing new. A look would count all that wait.
	 */
	if ((p->is_ahead_enough || p->is_ahead_done) && p->n_held == 1 &&
	    !p->work && !p->sending && uv_is_active((uv_handle_t *)&p->timer))
		return;
	if (p->work && (p->query || p->sending))
		return;
	dispatch_look(p);
}

void dispatch_work_has_begun(struct spool_printer *p)
{
	dispatch_look(p);
}

void dispatch_work_ended(struct spool_printer *p)
{
	dispatch_look(p);
}

void dispatch_sending_ended(struct spool_printer *p, bool was_sent,
                            const struct job_kind *kind)
{
	p->is_ahead_enough = p->is_ahead_done = false;
	if (!was_sent) {
		dispatch_pause(p);
		return;
	}
	p->n_failures = 0;
	uv_timer_stop(&p->timer);
	/* One alone came through: now the rest. */
	move_class(p, kind, false, "");
	dispatch_look(p);
}

void dispatch_pause(struct spool_printer *p)
{
	int64_t pause = FAILURE_PAUSE_MS;

	p->n_failures++;
	for (unsigned i = 1; i < p->n_failures && pause < FAILURE_PAUSE_MAX;
	     i++)
		pause *= 2;
	if (pause > FAILURE_PAUSE_MAX)
		pause = FAILURE_PAUSE_MAX;
	printer_state_forget(p);
	arm(p, pause);
}

void dispatch_end_job(struct spool *spool, int64_t id, enum job_state from,
                      enum job_state to, const char *reason)
{
	struct job_row job;
	struct spool_printer *p;

	if (job_read(spool->db, id, &job, NULL) < 0)
		return;
	p = dispatch_printer(spool, job.printer_id);
	if (p && p->sending && sending_job_id(p->sending) == id)
		sending_cancel(p->sending, to, reason);
	else if (p && p->work && work_job_id(p->work) == id)
		work_cancel(p->work, to, reason);
	else if (p && p->resolving && resolving_job_id(p->resolving) == id)
		resolving_cancel(p->resolving, to, reason);
	else
		job_change_start(job_change_new(spool, id, from, to, reason),
		                 NULL, NULL);
}

/* ---- start -------------------------------------------------------------- */

static int on_printer_with_jobs(int64_t printer_id, void *arg)
{
	struct spool_printer *p = dispatch_printer(arg, printer_id);

	if (p && !p->sending && !p->resolving)
		arm(p, 0);
	return 0;
}

void dispatch_start(struct spool *spool)
{
	struct err err = {0};

	if (job_printers(spool->db, on_printer_with_jobs, spool, &err) < 0)
		log_error("spool: %s", err.text);
}
