/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef DB_WRITER_H
#define DB_WRITER_H

#include <uv.h>

#include "db/conn.h"
#include "db/db.h"
#include "db/reserve.h"

/*
 * The thread that owns the writing connection.
 *
 *   submit     the operation waits in `queue`
 *   group      all that waits, up to a checkpoint, runs in one transaction
 *   commit     the group moves to `done`, notify() wakes the loop
 *   stop       what waits is finished, the connection closed, notify() comes
 *              once more with is_over set
 *
 * The mutex guards everything below it; operations in a group belong to the
 * thread alone.
 */
struct writer {
	struct db_conn *conn;             /* owned; only the thread's */
	char *wal_path;                   /* owned */
	struct reserve reserve;           /* only the thread's */
	void (*notify)(struct writer *w); /* in the thread */
	uv_thread_t thread;

	uv_mutex_t mutex;
	uv_cond_t work, finished;
	struct list queue, done;
	bool is_stopping, is_over, is_broken;
};

/* Takes conn. 0 or -errno; then nothing is left to undo. */
int writer_start(struct writer *w, struct db_conn *conn, const char *path,
                 void (*notify)(struct writer *w), struct err *err);

void writer_submit(struct writer *w, struct db_op *op);

/* Wait for an operation that was submitted with is_waited_for. */
void writer_wait(struct writer *w, const struct db_op *op);

/* Move what is done to the empty list `out`; whether the thread has ended. */
bool writer_take_done(struct writer *w, struct list *out);

bool writer_is_broken(struct writer *w);

void writer_stop(struct writer *w);
void writer_join(struct writer *w); /* after is_over */

/* The run function that makes an operation a checkpoint: alone, and outside of
 * a transaction. */
db_run_fn writer_checkpoint;

#endif
