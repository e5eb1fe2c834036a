/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_RUN_PRIVATE_H
#define RENDER_RUN_PRIVATE_H

#include "render/protocol.h"
#include "render/run.h"

/* Shared by run.c, which is the life of a render, and run_answer.c, which reads
 * what the worker says. */

struct run_page {
	struct list link;
	unsigned number;
	uint64_t end;
	char part[64];
};

struct render {
	struct list link; /* in the pool */
	struct render_pool *pool;
	run_gone_fn *gone;
	struct process *process; /* borrowed until on_gone; NULL: none */
	struct render_events events;
	void *arg;
	const struct render_pool_options *options; /* the pool's */
	struct buf early; /* message bytes fed before */
	bool early_full, early_end;
	uv_timer_t timer;
	int64_t left_ms;  /* of its time */
	int64_t since_ms; /* the clock runs since; 0: it stands */
	bool had_turn;    /* the pool counts it as running */
	bool ready, planning, converting, done, ending;
	bool ledger_due; /* parts may be told: at first, and after an attach */
	bool told;       /* on_end has been */
	bool has_engine; /* one works for it, or has */
	struct conversion *conversion;
	uint64_t bytes;
	uint64_t total_bytes; /* that the last word speaks of */
	unsigned pages;
	struct list waiting_pages;
	unsigned n_waiting_pages;
	unsigned last_page; /* that the worker told, and where it ends */
	uint64_t last_end;
	struct buf url; /* an address, until its last piece is there */
	unsigned long long link_number;
	bool link_bare;
	int status; /* first reason wins; 0 needs `done` */
	char sentence[512];
};

/* First reason wins. */
void run_settle(struct render *render, int status, const char *sentence);

/* Whose time it is: see run.c. */
void run_stop_clock(struct render *render);

/* One line of the worker. */
void run_take_line(struct render *render, const struct protocol_line *line);

/* The pages whose last byte has been. */
void run_tell_pages(struct render *render);

/* The worker broke the protocol. */
void run_kill_nonsense(struct render *render);

#endif
