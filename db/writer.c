/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "db/writer.h"

#include <assert.h>
#include <errno.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "db/sql.h"

enum {
	BEGIN,
	COMMIT,
	ROLLBACK,
	SAVEPOINT,
	RELEASE,
	ROLLBACK_TO,
};

static const char *const texts[] = {
	[BEGIN] = "BEGIN IMMEDIATE", [COMMIT] = "COMMIT",
	[ROLLBACK] = "ROLLBACK",     [SAVEPOINT] = "SAVEPOINT op",
	[RELEASE] = "RELEASE op",    [ROLLBACK_TO] = "ROLLBACK TO op",
};
const struct sql_statements transaction_statements = {
	texts,
	ARRAY_LEN(texts),
};

static int exec(struct db_conn *conn, int i, struct err *err)
{
	struct sql sql CLEANUP(sql_end) = sql_start(conn, SQL_TRANSACTION, i);

	return sql_exec(&sql, err);
}

/* < 0: the transaction itself is in trouble, beyond this operation. */
static int run_one(struct db_conn *conn, struct db_op *op, struct err *err)
{
	int r = exec(conn, SAVEPOINT, err);

	if (r < 0)
		return r;
	op->err = (struct err){0};
	op->status = op->run(conn, op, &op->err);
	if (conn->damage != CONN_WHOLE) {
		*err = op->err;
		return op->status;
	}
	if (op->status < 0)
		r = exec(conn, ROLLBACK_TO, err);
	return r < 0 ? r : exec(conn, RELEASE, err);
}

/* Each operation by itself, so that one that fails is undone alone. */
static int run_apart(struct db_conn *conn, struct list *group, struct err *err)
{
	int r = exec(conn, BEGIN, err);

	list_for_each (link, group) {
		if (r < 0 || conn->damage != CONN_WHOLE)
			break;
		r = run_one(conn, LIST_ENTRY(link, struct db_op, link), err);
	}
	if (r < 0 || conn->damage != CONN_WHOLE)
		return r < 0 ? r : -EIO;
	return exec(conn, COMMIT, err);
}

/*
 * All at once: a savepoint costs a copy of each page that is touched, and most
 * groups have no operation that fails. 1: one has, and nothing was kept.
 */
static int run_together(struct db_conn *conn, struct list *group,
                        struct err *err)
{
	int r = exec(conn, BEGIN, err);

	list_for_each (link, group) {
		struct db_op *op = LIST_ENTRY(link, struct db_op, link);

		if (r < 0)
			break;
		op->status = op->run(conn, op, &op->err);
		if (conn->damage != CONN_WHOLE) {
			*err = op->err;
			return op->status < 0 ? op->status : -EIO;
		}
		if (op->status < 0) {
			r = exec(conn, ROLLBACK, err);
			return r < 0 ? r : 1;
		}
	}
	return r < 0 ? r : exec(conn, COMMIT, err);
}

static void fail_all(struct list *group, int status, const struct err *err)
{
	list_for_each (link, group) {
		struct db_op *op = LIST_ENTRY(link, struct db_op, link);

		op->status = status;
		op->err = *err;
		op->err.code = status;
	}
}

/*
 * A failed COMMIT may have reached the disk all the same. Only a full disk is
 * certain: then the record that makes the transaction count was not written
 * whole, and ROLLBACK forgets the rest. After an I/O error nobody knows what
 * the kernel still holds, and trying again may succeed without having written
 * anything (fsync): so we stop writing.
 */
static int undo(struct db_conn *conn, int cause)
{
	struct err ignored;
	bool is_undone = sqlite3_get_autocommit(conn->sqlite) ||
	                 exec(conn, ROLLBACK, &ignored) == 0;

	if (!is_undone || conn->damage == CONN_BROKEN) {
		conn->damage = CONN_BROKEN;
		return -EIO;
	}
	if (conn->damage == CONN_FULL)
		cause = -ENOSPC;
	conn->damage = CONN_WHOLE;
	return cause;
}

/*
 * Nothing fits on the disk. The group has failed; the next one finds the room
 * that the log had taken.
 */
static void give_back_log(struct writer *w)
{
	reserve_give_up(&w->reserve);
	sqlite3_wal_checkpoint_v2(w->conn->sqlite, NULL,
	                          SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	reserve_take(&w->reserve);
}

static void run_group(struct writer *w, struct list *group)
{
	struct db_conn *conn = w->conn;
	struct err err = {0};
	int r;

	if (conn->damage == CONN_BROKEN) {
		err_set(&err, -EIO, "the spool's database cannot be written");
		fail_all(group, -EIO, &err);
		return;
	}
	r = run_together(conn, group, &err);
	if (r > 0)
		r = run_apart(conn, group, &err);
	if (r < 0) {
		r = undo(conn, r);
		fail_all(group, r, &err);
	}
	if (r == -ENOSPC)
		give_back_log(w);
}

/* ---- checkpoint --------------------------------------------------------- */

int writer_checkpoint(struct db_conn *conn, struct db_op *op, struct err *err)
{
	int in_log = -1, written = -1;
	int code;

	code = sqlite3_wal_checkpoint_v2(conn->sqlite, NULL,
	                                 SQLITE_CHECKPOINT_TRUNCATE, &in_log,
	                                 &written);
	if (code != SQLITE_OK)
		return conn_error(conn, code, err);
	if (in_log != 0)
		return err_set(err, -EBUSY, "the log is still needed");
	return 0;
}

/* SQLite's word is checked: what is left in the file could be read. */
static int check_log_is_empty(const char *wal_path, struct err *err)
{
	struct stat st;

	if (stat(wal_path, &st) < 0)
		return errno == ENOENT
		               ? 0
		               : err_errno(err, errno, "cannot examine '%s'",
		                           wal_path);
	if (st.st_size > 0)
		return err_set(err, -EBUSY, "the log is not empty");
	return 0;
}

static void run_checkpoint(struct writer *w, struct db_op *op)
{
	struct db_conn *conn = w->conn;

	if (conn->damage == CONN_BROKEN)
		op->status = err_set(&op->err, -EIO,
		                     "the spool's database cannot be written");
	else
		op->status = op->run(conn, op, &op->err);
	if (conn->damage == CONN_FULL)
		conn->damage = CONN_WHOLE; /* the log stays as it is */
	if (op->status == 0)
		op->status = check_log_is_empty(w->wal_path, &op->err);
	reserve_take(&w->reserve);
}

/* ---- the thread --------------------------------------------------------- */

static bool is_checkpoint(const struct list *link)
{
	return LIST_ENTRY(link, struct db_op, link)->run == writer_checkpoint;
}

/* All that waits, up to a checkpoint; or one checkpoint. */
static void take_group(struct writer *w, struct list *group)
{
	list_init(group);
	list_for_each (link, &w->queue) {
		if (is_checkpoint(link) && !list_is_empty(group))
			break;
		list_remove(link);
		list_append(group, link);
		if (is_checkpoint(link))
			break;
	}
}

static void hand_back(struct writer *w, struct list *group)
{
	w->is_broken = w->conn->damage == CONN_BROKEN;
	list_for_each (link, group) {
		struct db_op *op = LIST_ENTRY(link, struct db_op, link);

		list_remove(link);
		if (op->is_waited_for)
			op->is_over = true;
		else
			list_append(&w->done, link);
	}
	uv_cond_broadcast(&w->finished);
}

static void run(struct writer *w)
{
	struct list group;

	while (!list_is_empty(&w->queue)) {
		take_group(w, &group);
		uv_mutex_unlock(&w->mutex);
		if (is_checkpoint(group.next))
			run_checkpoint(w, LIST_ENTRY(group.next, struct db_op,
			                             link));
		else
			run_group(w, &group);
		uv_mutex_lock(&w->mutex);
		hand_back(w, &group);
		w->notify(w);
	}
}

static void main_of_thread(void *arg)
{
	struct writer *w = arg;

	uv_mutex_lock(&w->mutex);
	for (;;) {
		run(w);
		if (w->is_stopping)
			break;
		uv_cond_wait(&w->work, &w->mutex);
	}
	uv_mutex_unlock(&w->mutex);
	conn_close(TAKE(w->conn)); /* writes the log back: not on the loop */

	/* notify() under the mutex: the loop joins us before it frees `w` */
	uv_mutex_lock(&w->mutex);
	w->is_over = true;
	w->notify(w);
	uv_mutex_unlock(&w->mutex);
}

/* ---- for the loop ------------------------------------------------------- */

static void fini(struct writer *w)
{
	uv_cond_destroy(&w->finished);
	uv_cond_destroy(&w->work);
	uv_mutex_destroy(&w->mutex);
	free(w->wal_path);
	reserve_fini(&w->reserve);
}

int writer_start(struct writer *w, struct db_conn *conn, const char *path,
                 void (*notify)(struct writer *w), struct err *err)
{
	int r;

	w->conn = conn;
	w->wal_path = xasprintf("%s-wal", path);
	reserve_init(&w->reserve, path);
	w->notify = notify;
	list_init(&w->queue);
	list_init(&w->done);
	if (uv_mutex_init(&w->mutex) != 0 || uv_cond_init(&w->work) != 0 ||
	    uv_cond_init(&w->finished) != 0)
		abort(); /* out of memory */
	r = uv_thread_create(&w->thread, main_of_thread, w);
	if (r == 0)
		return 0;
	/* UNTESTED: no thread to be had at start */
	conn_close(TAKE(w->conn));
	fini(w);
	return err_set(err, r, "cannot start the writer: %s", uv_strerror(r));
}

void writer_submit(struct writer *w, struct db_op *op)
{
	op->is_over = false;
	op->status = 0;
	op->err.code = 0;
	op->err.text[0] = '\0';
	uv_mutex_lock(&w->mutex);
	assert(!w->is_stopping);
	list_append(&w->queue, &op->link);
	uv_cond_signal(&w->work);
	uv_mutex_unlock(&w->mutex);
}

void writer_wait(struct writer *w, const struct db_op *op)
{
	uv_mutex_lock(&w->mutex);
	while (!op->is_over)
		uv_cond_wait(&w->finished, &w->mutex);
	uv_mutex_unlock(&w->mutex);
}

bool writer_take_done(struct writer *w, struct list *out)
{
	bool is_over;

	uv_mutex_lock(&w->mutex);
	list_for_each (link, &w->done) {
		list_remove(link);
		list_append(out, link);
	}
	is_over = w->is_over;
	uv_mutex_unlock(&w->mutex);
	return is_over;
}

bool writer_is_broken(struct writer *w)
{
	bool is_broken;

	uv_mutex_lock(&w->mutex);
	is_broken = w->is_broken;
	uv_mutex_unlock(&w->mutex);
	return is_broken;
}

void writer_stop(struct writer *w)
{
	uv_mutex_lock(&w->mutex);
	w->is_stopping = true;
	uv_cond_signal(&w->work);
	uv_mutex_unlock(&w->mutex);
}

void writer_join(struct writer *w)
{
	uv_thread_join(&w->thread);
	fini(w);
}
