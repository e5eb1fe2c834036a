/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_DISPATCH_H
#define SPOOL_DISPATCH_H

#include "db/job_table.h"
#include "db/printer_table.h"
#include "printers/query.h"
#include "printers/verdict.h"
#include "spool/job_state.h"
#include "spool/printer.h"
#include "spool/spool_private.h"

struct work;
struct sending;
struct resolving;

/*
 * One printer, and what is going on for it. One at a time: a state read, a
 * rendering, a sending. Jobs themselves stay in the database; of those that
 * wait only the kinds (media, colour, tray) that are held are known here, so
 * that a printer costs little memory, however much waits for it.
 */
struct held_class {
	struct job_kind kind;
	char sentence[256];
};

#define HELD_CLASSES_MAX 64

struct spool_printer {
	struct list link; /* in spool->printers */
	struct spool *spool;
	int64_t id, epoch;
	char name[PRINTER_NAME_MAX];
	char *uri, *pin; /* owned */
	unsigned char token_hash[32];
	bool has_token, has_create_job, may_colour;

	/* what it said last */
	struct verdict verdict; /* for a job of any kind */
	char state[16];
	int64_t asked_at, changed_at, announced_at; /* UTC, 0 never */
	int64_t asked_ms;                           /* monotonic */
	int64_t saved_ms, tried_ms; /* last time that was written down */
	uint64_t levels_hash;
	struct printer_status *status; /* owned; NULL: to be asked again */
	struct list state_link;        /* in spool->states while it is there */
	struct held_class *held;       /* owned */
	size_t n_held;

	/* what is going on */
	struct printer_query *query;
	struct list checks; /* struct printer_check waiting for the query */
	struct work *work;
	struct list turn_link; /* in spool->turns, or none */
	int64_t turn_job_id;   /* that it wants rendered, 0 none */
	int turn;              /* enum render_turn */
	struct sending *sending;
	struct resolving *resolving;
	int64_t ending_id;    /* the job that dispatch_end_job() waits for */
	unsigned learned;     /* enum learned */
	bool is_ahead_enough; /* no more rendering ahead while held */
	bool is_ahead_done;   /* and nothing to do until new mail comes */
	bool wants_ask;       /* ask again as soon as the query is over */
	bool wants_caps;      /* and what it can do, for it may be another */
	bool asks_caps;       /* the query does */
	bool saves_caps;      /* nothing is decided until they are committed */
	struct announce_gate gate;
	unsigned n_failures; /* tries in a row that ended without a job done */
	uv_timer_t timer;    /* next look */
	bool is_closing;
};

/* Look what can be done for this printer now, and do it. Cheap when nothing. */
void dispatch_look(struct spool_printer *printer);

/* The same, but read its state first, however fresh (an announcement, a
 * retry, an administrator). */
void dispatch_ask(struct spool_printer *printer);

/* Leave the printer alone for a while, which grows with failures in a row. */
void dispatch_pause(struct spool_printer *printer);

/* A rendering has its first print data, or has ended (spool/work.c). */
void dispatch_work_has_begun(struct spool_printer *printer);
void dispatch_work_ended(struct spool_printer *printer);

/*
 * A try at the printer is over (spool/sending.c). was_sent: the job is done;
 * else dispatch_pause().
 */
void dispatch_sending_ended(struct spool_printer *printer, bool was_sent,
                            const struct job_kind *kind);

/*
 * End a job for good: stops its rendering or sending, then the change. cb may
 * be NULL and is for job_cancel().
 */
void dispatch_end_job(struct spool *spool, int64_t id, enum job_state from,
                      enum job_state to, const char *reason);

/* A job was accepted for its printer: see to it. */
void dispatch_job_accepted(struct spool *spool, const struct job_row *job);

/* Is every job of this kind held just now? Then reason is its sentence. */
bool dispatch_is_held(struct spool *spool, int64_t printer_id,
                      const struct job_kind *kind, char *reason, size_t size);

/* NULL when there is none. */
struct spool_printer *dispatch_printer(struct spool *spool, int64_t id);

/* Decide on jobs with what the printer just said (printer_state.c calls). */
void dispatch_decide(struct spool_printer *printer);

/* Start and stop (spool.c). */
void dispatch_start(struct spool *spool);

#endif
