/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_PAGES_H
#define RENDER_WORKER_PAGES_H

#include "base/sandbox.h"
#include "render/worker/control.h"
#include "render/worker/ledger.h"
#include "render/worker/page.h"
#include "render/worker/plan.h"

/* What main.c brings as far as the request, and pages.c to the last page. */
struct worker {
	struct control control;
	struct protocol_line arguments;
	struct sandbox_report sandbox;
	struct page_spec spec;
	struct buf request; /* what `words` point into */
	struct protocol_line words;
	struct buf message;
	struct ledger ledger;
	struct plan plan;
	struct raster *raster;
	const char *part;  /* being rendered */
	struct err no_pdf; /* why its Office file became none */
	unsigned pages;    /* in the output */
	uint64_t written;
};

/*
 * Read the plan, print its parts on standard output, and say "done". Fails with
 * a sentence when the message as a whole cannot be printed; a part that cannot
 * be is told and passed over.
 */
int pages_make(struct worker *worker, struct err *err);

#endif
