/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTER_SIM_PRINTER_H
#define PRINTER_SIM_PRINTER_H

#include <cups/ipp.h>
#include <stdbool.h>
#include <uv.h>

#include "base/list.h"
#include "job.h"
#include "settings.h"

struct sim;

/*
 * One printer: prints one job at a time, the oldest whole one first, and
 * waits while its condition does not let it print.
 */
struct printer {
	struct sim *sim; /* borrowed; outlives the printer */
	unsigned index;
	struct settings settings;
	struct list jobs; /* of struct job.link, all since the start */
	int last_job_id;
	struct job *printing; /* NULL: idle */
	uv_timer_t timer;     /* end of the job that prints */
	uint64_t n_requests;
	uint64_t n_state_reads;
};

void printer_init(struct printer *printer, struct sim *sim, unsigned index);
void printer_close(struct printer *printer); /* its timer, within the loop */
void printer_fini(struct printer *printer);  /* after the loop */

/* Look again whether something can be printed. */
void printer_kick(struct printer *printer);
void printer_job_ended(struct printer *printer, struct job *job);

/* NULL if there is none. */
struct job *printer_find_job(struct printer *printer, int id);

ipp_pstate_t printer_state(const struct printer *printer);
bool printer_is_accepting(const struct printer *printer);
int printer_n_queued(const struct printer *printer);

#endif
