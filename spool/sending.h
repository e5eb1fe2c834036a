/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_SENDING_H
#define SPOOL_SENDING_H

#include "spool/dispatch.h"

/*
 * One try to hand a job to its printer.
 *
 *   start       the attempt (its tag) is committed
 *   created     the printer's job number is committed before the first byte,
 *               and while the first page is drawn
 *   pump        document bytes from the spool, as they are there; where there
 *               are several documents (documents.h), one after the other
 *   delivered   the printer's success answer is committed
 *   follow      until the printer says what became of it
 *   end         committed; dispatch_sending_ended()
 *
 * Where the printer takes one document at a time, a try sends one, and its end
 * makes the job READY for the next: what is printed is committed, so no restart
 * prints it twice.
 *
 * work is the rendering that still goes on, or NULL.
 */
int sending_start(struct spool_printer *printer, const struct job_row *job,
                  struct work *work, struct err *err);

/* Follow a job that was delivered before a restart. */
int sending_resume(struct spool_printer *printer, const struct job_row *job,
                   const struct attempt_row *attempt, struct err *err);

/* Give up: cancel it at the printer, then the job goes to the final state. */
void sending_cancel(struct sending *sending, enum job_state to,
                    const char *reason);

/*
 * The rendering it reads from has ended. Without all of its pages, `to` says
 * what becomes of the job: FAILED, or, where another rendering may succeed,
 * RESOLVE, for the printer may have begun.
 */
void sending_work_ended(struct sending *sending, bool ok, enum job_state to,
                        const char *sentence);

void sending_drop(struct sending *sending); /* shutdown: say nothing */
int64_t sending_job_id(const struct sending *sending);
bool sending_is_delivering(const struct sending *sending);

#endif
