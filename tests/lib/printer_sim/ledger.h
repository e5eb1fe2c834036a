/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTER_SIM_LEDGER_H
#define PRINTER_SIM_LEDGER_H

#include "job.h"
#include "sim.h"

/* With --events: one JSON line on standard output, what happened to this job.
 */
void ledger_event(const struct job *job, const char *what);

/* Every job of printers first..last as JSON text; the caller frees it. */
char *ledger_dump(const struct sim *sim, unsigned first, unsigned last);

/* How many requests, state reads and jobs there were; the caller frees it. */
char *ledger_counts(const struct sim *sim, unsigned first, unsigned last);

#endif
