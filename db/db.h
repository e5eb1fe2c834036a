/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef DB_DB_H
#define DB_DB_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "base/list.h"

/*
 * The spool's database: one writer, one reader.
 *
 * All writing happens on one connection in one thread (SQLite 3.40.1 has the
 * WAL-reset bug that two writing or checkpointing connections can hit). What
 * waits is run as one group inside one transaction, committed with
 * synchronous=FULL; the callbacks come on the loop after the commit. So many
 * messages share one fsync, and nobody is told before it is durable.
 *
 * Reading happens on the loop thread through a second, read-only connection
 * and is short.
 *
 * This file knows no table; every statement stands in a *_table.c, and each
 * operation there is one `run` function with a struct of its own:
 *
 *     struct job_set { struct db_op op; in-fields; out-fields; };
 *     db_submit(db, &set->op, job_set_run, on_set);
 */
struct db;
struct db_conn; /* the writer's connection: only inside run functions */
struct db_op;

/*
 * Does the work of one operation on the writer thread, inside the transaction:
 * < 0 undoes this operation alone, and `done` is told. Touches only its own
 * struct, and may be run once more from the start: when an operation of its
 * group fails, the others are done again without it.
 */
typedef int db_run_fn(struct db_conn *conn, struct db_op *op, struct err *err);

/*
 * Called once on the loop, after the commit. status: what run returned; or
 * -EIO when the commit failed, which means that the outcome is UNKNOWN: tell
 * the peer to try again, and let the fingerprint make that harmless; or -ENOSPC
 * when the disk is full (undone for sure); or -EBUSY when another program holds
 * the database's write lock (nothing was done).
 */
typedef void db_done_fn(struct db_op *op, int status, const struct err *err);

struct db_op {
	struct list link; /* the database's, until done is called */
	db_run_fn *run;
	db_done_fn *done;
	int status;
	struct err err;
	bool is_waited_for, is_over; /* the database's: db_run() */
};

/*
 * Open or create `path`, take the exclusive lock on its folder's "lock" file
 * (-EBUSY: another platend runs there), migrate, start the writer thread.
 * An unreadable or damaged database is an error (-EIO; the small tables
 * are checked here), never silently replaced; so is a log without its
 * database. A
 * database newer than this program is refused, naming both versions.
 *
 * on_broken (may be NULL) is called once on the loop after an I/O error while
 * writing: nothing is written any more, every operation ends with -EIO, and the
 * program should end with exit code 75 so that its supervisor restarts it.
 */
int db_open(uv_loop_t *loop, const char *path, void (*on_broken)(void *arg),
            void *arg, struct db **out, struct err *err);

/* Everything submitted is finished first; then closed(arg) comes, and `db` is
 * gone. */
void db_close(struct db *db, void (*closed)(void *arg), void *arg);

/* On the loop thread. Queue; never blocks. The op belongs to the database until
 * done was called. */
void db_submit(struct db *db, struct db_op *op, db_run_fn *run,
               db_done_fn *done);

/*
 * The same, waiting for the commit in the caller's thread: for start-up, the
 * command line of tests, and nothing else. Returns what done would be told.
 */
int db_run(struct db *db, struct db_op *op, db_run_fn *run, struct err *err);

/*
 * Checkpoint the write-ahead log with TRUNCATE and verify that it is complete:
 * afterwards no deleted content is left in it. done: 0, or -EBUSY when a reader
 * still needs the log (ask again soon).
 */
void db_checkpoint(struct db *db, struct db_op *op, db_done_fn *done);

/* Operations queued or being committed. */
unsigned db_backlog(const struct db *db);

/* True between on_broken's cause and the end of the program. */
bool db_is_broken(const struct db *db);

/* PRAGMA user_version that this program makes. */
int db_schema_version(void);

#endif
