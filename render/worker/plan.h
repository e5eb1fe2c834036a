/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PLAN_H
#define RENDER_WORKER_PLAN_H

#include "render/worker/control.h"
#include "render/worker/ledger.h"

/* Which parts are printed, in which order. Zero-initialised is empty. */
#define PLAN_PARTS 1024

struct plan {
	struct ledger_part *parts[PLAN_PARTS]; /* in the ledger */
	size_t n_parts;
};

/* What the daemon decided. -ECONNABORTED: it left; -EINVAL: nonsense. */
int plan_read(struct control *control, const struct ledger *ledger,
              struct plan *plan, struct err *err);

/*
 * What a reader would call the message's content: nobody decides. Of
 * alternatives it is the first that can be read, mostly the plain text.
 */
void plan_wanted(const struct ledger *ledger, struct plan *plan);

/* Whether part is in the struct plan that arg is: a head_printed_fn. */
bool plan_has(const struct ledger_part *part, void *arg);

/*
 * The mail's head, with what becomes of each part, goes above the first part of
 * the body that is printed. A plan of documents alone gets none.
 */
void plan_place_head(struct plan *plan, struct ledger *ledger);

/* Heads of attached mails go where the plan lets them be seen. */
void plan_keep_heads(struct plan *plan, struct ledger *ledger);

#endif
