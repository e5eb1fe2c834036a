/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "db/db.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>

#include "base/clock.h"
#include "base/fs.h"
#include "base/mem.h"
#include "db/migrate.h"
#include "db/sql.h"
#include "db/writer.h"

#define LOCK_WAIT_MS 1000

/*
 * An open database.
 *
 *   open        lock, create, migrate, start the writer, open the reader
 *   on_writer   call `done` of what was committed; when closing and nothing is
 *               left: close the reader and stop the writer
 *   is_over     on_writer sees that the thread has ended: join it, close the
 *               only handle
 *   on_closed   release the lock, tell, free
 */
struct db {
	uv_async_t async;
	struct writer writer;
	struct db_conn *reader; /* owned */
	int lock_fd;            /* owned */
	unsigned n_backlog;     /* submitted, done not called yet */
	bool is_told_broken, is_closing, is_stopping;
	void (*on_broken)(void *arg);
	void *arg;
	void (*closed)(void *arg);
	void *closed_arg;
};

static void on_closed(uv_handle_t *handle)
{
	struct db *db = CONTAINER_OF(handle, struct db, async);
	void (*closed)(void *arg) = db->closed;
	void *closed_arg = db->closed_arg;

	fs_close(db->lock_fd);
	conn_close(db->reader);
	free(db);
	if (closed)
		closed(closed_arg);
}

static void deliver(struct db *db, struct list *done)
{
	list_for_each (link, done) {
		struct db_op *op = LIST_ENTRY(link, struct db_op, link);

		list_remove(link);
		db->n_backlog--;
		op->done(op, op->status, &op->err);
	}
}

static void tell_if_broken(struct db *db)
{
	if (db->is_told_broken || !writer_is_broken(&db->writer))
		return;
	db->is_told_broken = true;
	if (db->on_broken)
		db->on_broken(db->arg);
}

/* The reader goes first, so that the writer, the last, empties the log. */
static void stop_if_idle(struct db *db)
{
	if (!db->is_closing || db->is_stopping || db->n_backlog > 0)
		return;
	db->is_stopping = true;
	conn_close(TAKE(db->reader));
	writer_stop(&db->writer);
}

static void on_writer(uv_async_t *async)
{
	struct db *db = CONTAINER_OF(async, struct db, async);
	struct list done;
	bool is_over;

	list_init(&done);
	is_over = writer_take_done(&db->writer, &done);
	deliver(db, &done);
	tell_if_broken(db);
	stop_if_idle(db);
	if (is_over) {
		writer_join(&db->writer);
		uv_close((uv_handle_t *)async, on_closed);
	}
}

static void notify(struct writer *writer)
{
	uv_async_send(&CONTAINER_OF(writer, struct db, writer)->async);
}

/* ---- open and close ----------------------------------------------------- */

/*
 * A server that was killed while it started a worker leaves its descriptors
 * with the child until that has called exec: its lock is free in a moment.
 */
static int lock_soon(int fd)
{
	const struct timespec pause = {.tv_nsec = 10000000};
	int64_t deadline = clock_mono_ms() + LOCK_WAIT_MS;

	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EINTR && errno != EWOULDBLOCK)
			return -errno;
		if (clock_mono_ms() > deadline)
			return -EBUSY;
		nanosleep(&pause, NULL);
	}
	return 0;
}

static int lock_dir(int dir, const char *path, int *out, struct err *err)
{
	int fd CLEANUP(fs_close) =
		openat(dir, "lock", O_CREAT | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_errno(err, errno, "cannot open the lock of '%s'",
		                 path);
	int r = lock_soon(fd);
	if (r == -EBUSY)
		return err_set(err, r, "another platend uses '%s'", path);
	if (r < 0)
		return err_errno(err, -r, "cannot lock '%s'", path);
	*out = fd;
	fd = -1;
	return 0;
}

static int open_dir_of(const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	char *dir CLEANUP(xfree) =
		slash ? xstrndup(path, (size_t)(slash - path) + 1)
		      : xstrdup(".");

	return fs_open_dir(AT_FDCWD, dir, err);
}

static int open_connections(const char *path, int *lock_fd,
                            struct db_conn **writer, struct db_conn **reader,
                            struct err *err)
{
	struct db_conn *conn CLEANUP(conn_close) = NULL;
	int lock CLEANUP(fs_close) = -1;
	int dir CLEANUP(fs_close) = open_dir_of(path, err);
	int r = dir;

	if (r >= 0)
		r = lock_dir(dir, path, &lock, err);
	if (r >= 0)
		r = migrate_create(path, dir, err);
	if (r >= 0)
		r = conn_open_writer(path, &conn, err);
	if (r >= 0)
		r = migrate(conn, err);
	if (r >= 0)
		r = conn_prepare_writer(conn, err);
	if (r >= 0)
		r = conn_open_reader(path, reader, err);
	if (r < 0)
		return r;
	*writer = TAKE(conn);
	*lock_fd = lock;
	lock = -1;
	return 0;
}

int db_open(uv_loop_t *loop, const char *path, void (*on_broken)(void *arg),
            void *arg, struct db **out, struct err *err)
{
	struct db *db CLEANUP(xfree) = xcalloc(1, sizeof *db);
	struct db_conn *writer = NULL;
	int r;

	db->on_broken = on_broken;
	db->arg = arg;
	r = open_connections(path, &db->lock_fd, &writer, &db->reader, err);
	if (r < 0)
		return err_wrap(err, r, "cannot open the spool '%s'", path);
	r = uv_async_init(loop, &db->async, on_writer);
	if (r < 0) {
		conn_close(writer);
		conn_close(db->reader);
		fs_close(db->lock_fd);
		return err_set(err, r, "cannot open the spool: %s",
		               uv_strerror(r));
	}
	r = writer_start(&db->writer, writer, path, notify, err);
	if (r < 0) {
		uv_close((uv_handle_t *)&TAKE(db)->async, on_closed);
		return r;
	}
	*out = TAKE(db);
	return 0;
}

void db_close(struct db *db, void (*closed)(void *arg), void *arg)
{
	assert(!db->is_closing);
	db->is_closing = true;
	db->closed = closed;
	db->closed_arg = arg;
	uv_async_send(&db->async);
}

/* ---- operations --------------------------------------------------------- */

void db_submit(struct db *db, struct db_op *op, db_run_fn *run,
               db_done_fn *done)
{
	op->run = run;
	op->done = done;
	op->is_waited_for = false;
	db->n_backlog++;
	writer_submit(&db->writer, op);
}

int db_run(struct db *db, struct db_op *op, db_run_fn *run, struct err *err)
{
	op->run = run;
	op->done = NULL;
	op->is_waited_for = true;
	writer_submit(&db->writer, op);
	writer_wait(&db->writer, op);
	if (err && op->status < 0)
		*err = op->err;
	return op->status;
}

void db_checkpoint(struct db *db, struct db_op *op, db_done_fn *done)
{
	db_submit(db, op, writer_checkpoint, done);
}

unsigned db_backlog(const struct db *db)
{
	return db->n_backlog;
}

bool db_is_broken(const struct db *db)
{
	/* the mutex inside is not part of what the caller sees */
	return writer_is_broken((struct writer *)&db->writer);
}

struct sql sql_read(struct db *db, enum sql_set set, int i)
{
	return sql_start(db->reader, set, i);
}
