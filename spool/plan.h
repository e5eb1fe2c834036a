/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_PLAN_H
#define SPOOL_PLAN_H

#include "db/job_table.h"
#include "render/pool.h"

/*
 * Which parts of a mail are printed (K5). Pure: the ledger of parts in, a
 * decision for each part out.
 *
 *   auto         documents that are attached; the body when there is none
 *   body         the body alone
 *   attachments  documents alone
 *   all          the body, then the documents
 *
 * A picture that the HTML shows by its cid belongs to the body and is no
 * document; a PDF always is one, whatever its disposition says.
 */
struct plan_part {
	struct render_part part;
	bool print;
	char why[256]; /* why it is not printed; "" when it is */
};

/* Decide; parts in the order of the mail, which is the order of printing. */
void plan_decide(struct plan_part *parts, size_t n, const char *what);

#endif
