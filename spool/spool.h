/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_SPOOL_H
#define SPOOL_SPOOL_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "db/db.h"
#include "render/fetch.h"
#include "render/pool.h"

/*
 * The spool: jobs and their states, stored content, printers and when to ask
 * them. Knows no byte of SMTP, HTTP or IPP. Everything runs on one loop.
 *
 *   spool/intake.h        messages come in
 *   spool/registration.h  who may print where
 *   spool/printer.h       printers: add, ask, announce
 *   spool/job.h           jobs: states, cancel, retry, wait
 */
struct spool;

/* As what a held job waits (K8). */
enum stored_form {
	STORED_AUTO,  /* the first of these that is not too large */
	STORED_DATA,  /* print data: goes to this printer as it is */
	STORED_PAGES, /* a PDF of its pages, for any printer */
	STORED_MAIL,
};

struct spool_options {
	const char *state_dir;    /* made if missing, mode 0700 */
	const char *worker_path;  /* platen-render */
	const char *browser_path; /* for HTML; "" or missing: none */
	const char *office_path;  /* LibreOffice's programs; the same */
	bool keep_warm; /* both run from the start, and at all times */
	unsigned browser_documents; /* a fresh one after so many, */
	uint64_t browser_memory;    /* or with so many bytes in memory */
	unsigned workers;           /* documents rendered at a time */
	bool allow_unsandboxed;
	bool allow_postscript; /* run by Ghostscript, in a box */
	struct render_limits render_limits;
	unsigned render_ahead; /* jobs with pages per printer that is held */
	unsigned state_timeout_ms; /* no answer within this counts as off */
	unsigned state_fresh_ms;   /* a state this young is not asked again */
	int64_t recovery_wait_s;   /* default for registrations */
	int64_t retention_s;       /* default for registrations */
	bool retention_follows;    /* stored jobs follow a changed limit */
	int64_t max_message_size;  /* bytes */
	enum stored_form stored_form; /* default for registrations */
	int64_t held_print_bytes; /* STORED_AUTO: print data beyond it goes */
	int64_t held_pages_bytes; /* and so do pages, if the mail is smaller */
	int64_t disk_reserve;     /* refuse mail below this many free bytes */
	struct fetcher_options web; /* guard NULL: no pages are fetched */
	unsigned web_links;         /* pages fetched for one mail */
};

/*
 * Open the database and folders in state_dir, recover what the last run left,
 * start workers. Options and their strings are copied. on_broken: see
 * db_open(). What a failure leaves behind ends by itself when the loop runs.
 */
int spool_open(uv_loop_t *loop, const struct spool_options *options,
               void (*on_broken)(void *arg), void *arg, struct spool **out,
               struct err *err);

/* Replace the options that may change while running (waits, limits). */
void spool_set_options(struct spool *spool,
                       const struct spool_options *options);

/*
 * Stop: no new work; documents being sent go on until they are delivered or
 * grace_ms is over; what is committed stays. closed comes once, later.
 */
void spool_close(struct spool *spool, unsigned grace_ms,
                 void (*closed)(void *arg), void *arg);

struct db *spool_db(struct spool *spool); /* for reading */
const struct spool_options *spool_options(const struct spool *spool);

#endif
