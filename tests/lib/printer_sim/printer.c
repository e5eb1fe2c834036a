/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printer.h"

#include "base/mem.h"
#include "sim.h"

static void on_printed(uv_timer_t *timer);

void printer_init(struct printer *printer, struct sim *sim, unsigned index)
{
	printer->sim = sim;
	printer->index = index;
	list_init(&printer->jobs);
	uv_timer_init(sim->loop, &printer->timer);
	printer->timer.data = printer;
}

void printer_close(struct printer *printer)
{
	uv_close((uv_handle_t *)&printer->timer, NULL);
}

void printer_fini(struct printer *printer)
{
	list_for_each (pos, &printer->jobs)
		job_free(LIST_ENTRY(pos, struct job, link));
}

static bool can_print(const struct printer *printer)
{
	switch ((enum condition)printer->settings.condition) {
	case CONDITION_NORMAL:
	case CONDITION_MEDIA_LOW:
	case CONDITION_NOT_ACCEPTING: return true;
	case CONDITION_MEDIA_EMPTY:
	case CONDITION_TONER_EMPTY:
	case CONDITION_JAM:
	case CONDITION_COVER_OPEN:
	case CONDITION_STOPPED: break;
	}
	return false;
}

/* A cut document counts as whole where the printer takes it for one. */
static bool is_ready(const struct job *job)
{
	return job->state == IPP_JSTATE_PENDING &&
	       (job->data == JOB_DATA_WHOLE ||
	        (job->data == JOB_DATA_CUT &&
	         job->printer->settings.on_cut == FATE_COMPLETED));
}

static struct job *next_job(struct printer *printer)
{
	list_for_each (pos, &printer->jobs) {
		struct job *job = LIST_ENTRY(pos, struct job, link);
		if (is_ready(job))
			return job;
	}
	return NULL;
}

void printer_kick(struct printer *printer)
{
	bool can = can_print(printer);

	if (!printer->printing)
		printer->printing = next_job(printer);
	if (!printer->printing)
		return;
	printer->printing->state =
		can ? IPP_JSTATE_PROCESSING : IPP_JSTATE_STOPPED;
	if (!can || printer->settings.on_job == FATE_STUCK)
		uv_timer_stop(&printer->timer);
	else if (!uv_is_active((uv_handle_t *)&printer->timer))
		uv_timer_start(&printer->timer, on_printed,
		               (uint64_t)printer->settings.job_ms, 0);
}

static void on_printed(uv_timer_t *timer)
{
	struct printer *printer = timer->data;
	static const ipp_jstate_t ends[] = {
		[FATE_COMPLETED] = IPP_JSTATE_COMPLETED,
		[FATE_ABORTED] = IPP_JSTATE_ABORTED,
		[FATE_CANCELED] = IPP_JSTATE_CANCELED,
		[FATE_STUCK] = IPP_JSTATE_COMPLETED,
	};

	job_set_end(printer->printing, ends[printer->settings.on_job]);
}

void printer_job_ended(struct printer *printer, struct job *job)
{
	if (printer->printing != job)
		return;
	printer->printing = NULL;
	uv_timer_stop(&printer->timer);
	printer_kick(printer);
}

struct job *printer_find_job(struct printer *printer, int id)
{
	/* Asked for is nearly always a young one. */
	for (struct list *pos = printer->jobs.prev; pos != &printer->jobs;
	     pos = pos->prev) {
		struct job *job = LIST_ENTRY(pos, struct job, link);
		if (job->id == id)
			return printer->settings.forget && job_has_ended(job)
			               ? NULL
			               : job;
	}
	return NULL;
}

ipp_pstate_t printer_state(const struct printer *printer)
{
	if (!can_print(printer))
		return IPP_PSTATE_STOPPED;
	return printer->printing ? IPP_PSTATE_PROCESSING : IPP_PSTATE_IDLE;
}

bool printer_is_accepting(const struct printer *printer)
{
	return printer->settings.condition != CONDITION_NOT_ACCEPTING;
}

int printer_n_queued(const struct printer *printer)
{
	int n = 0;

	for (const struct list *pos = printer->jobs.prev; pos != &printer->jobs;
	     pos = pos->prev)
		n += !job_has_ended(LIST_ENTRY(pos, struct job, link));
	return n;
}
