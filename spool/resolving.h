/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_RESOLVING_H
#define SPOOL_RESOLVING_H

#include "spool/dispatch.h"

/*
 * A job whose try ended without an answer: ask the printer what it has, until
 * it answers, then decide (see ARCHITECTURE.md, "Printed once, or said
 * otherwise"). Nothing else is sent to that printer meanwhile.
 */
int resolving_start(struct spool_printer *printer, const struct job_row *job,
                    bool no_byte_was_sent, struct err *err);

/* Ask again now: the printer may be back. */
void resolving_again(struct resolving *resolving);

void resolving_cancel(struct resolving *resolving, enum job_state to,
                      const char *reason);
void resolving_drop(struct resolving *resolving);
int64_t resolving_job_id(const struct resolving *resolving);

/* Pure, for tests: what the evidence means. n_documents: of that try. */
struct resolve_result;
enum resolve_verdict {
	RESOLVE_RETRY,  /* nothing was printed: send it again */
	RESOLVE_CANCEL, /* end it at the printer, then ask again */
	RESOLVE_PRINTED,
	RESOLVE_FOLLOW,  /* delivered, and the printer still has it */
	RESOLVE_FAILED,  /* delivered, and the printer gave it up */
	RESOLVE_UNKNOWN, /* may have been printed */
};
enum resolve_verdict resolving_judge(const char *step, bool no_byte_was_sent,
                                     bool counts_pages, unsigned n_documents,
                                     const struct resolve_result *result);

#endif
