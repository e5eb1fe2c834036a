/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "db/migrate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/mem.h"
#include "db/db.h"

int db_schema_version(void)
{
	return n_migrations;
}

/*
 * The small tables that every start reads, whole. The large ones would cost
 * seconds with 100,000 jobs; damage there is met where it is read, and then
 * nothing is written any more (CONN_BROKEN).
 */
static int is_sound(struct db_conn *conn, struct err *err)
{
	int64_t sound = 0;
	int r = conn_number(conn,
	                    "SELECT (SELECT quick_check = 'ok' FROM "
	                    "pragma_quick_check('printer')) AND "
	                    "(SELECT quick_check = 'ok' FROM "
	                    "pragma_quick_check('registration')) AND "
	                    "(SELECT quick_check = 'ok' FROM "
	                    "pragma_quick_check('job_state'))",
	                    &sound, err);

	if (r < 0)
		return r;
	if (!sound)
		return err_set(err, -EIO, "the spool's database is damaged");
	return 0;
}

static int step(struct db_conn *conn, int version, struct err *err)
{
	const struct migration *m = &migrations[version - 1];
	char *sql CLEANUP(xfree) =
		xasprintf("BEGIN IMMEDIATE; %s; PRAGMA user_version = %d; "
	                  "COMMIT",
	                  m->sql, version);
	int r = conn_exec(conn, sql, err);

	if (r < 0)
		return err_wrap(err, r, "cannot apply '%s'", m->name);
	return 0;
}

/* A version of 0 is a new file; with tables in it, it is somebody else's. */
static int is_ours(struct db_conn *conn, int64_t version, struct err *err)
{
	int64_t n = 0;
	int r = conn_number(conn, "SELECT count(*) FROM sqlite_schema", &n,
	                    err);

	if (r < 0)
		return r;
	if ((n == 0) != (version == 0))
		return err_set(err, -EIO, "this is no spool of platen's");
	return 0;
}

int migrate(struct db_conn *conn, struct err *err)
{
	int64_t version = 0;
	int r = conn_number(conn, "PRAGMA user_version", &version, err);

	if (r == 0)
		r = is_ours(conn, version, err);
	if (r < 0)
		return r;
	if (version > n_migrations)
		return err_set(err, -EINVAL,
		               "the spool is of version %lld, this program "
		               "knows versions up to %d",
		               (long long)version, n_migrations);
	for (int next = (int)version + 1; r == 0 && next <= n_migrations;
	     next++)
		r = step(conn, next, err);
	return r == 0 ? is_sound(conn, err) : r;
}

static int fill(const char *path, struct err *err)
{
	struct db_conn *conn CLEANUP(conn_close) = NULL;
	int r = conn_open_new(path, &conn, err);

	return r < 0 ? r : migrate(conn, err);
}

/* Left by a start that was cut short. */
static int forget_new(int dir, const char *name, struct err *err)
{
	char *journal CLEANUP(xfree) = xasprintf("%s-journal", name);
	int r = fs_unlink(dir, name, err);

	return r < 0 ? r : fs_unlink(dir, journal, err);
}

static int create(const char *path, int dir, const char *name, struct err *err)
{
	char *new_name CLEANUP(xfree) = xasprintf("%s.new", name);
	char *new_path CLEANUP(xfree) = xasprintf("%s.new", path);
	int r = forget_new(dir, new_name, err);
	int fd CLEANUP(fs_close) = -1;

	if (r < 0)
		return r;
	fd = openat(dir, new_name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(err, errno, "cannot create '%s'", new_path);
	r = fill(new_path, err);
	return r < 0 ? r : fs_publish(dir, fd, new_name, name, err);
}

int migrate_create(const char *path, int dir, struct err *err)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	char *wal CLEANUP(xfree) = xasprintf("%s-wal", name);
	struct stat st;

	if (fstatat(dir, name, &st, 0) == 0)
		return st.st_size > 0
		               ? 0
		               : err_set(err, -EIO,
		                         "'%s' is damaged: it is empty", path);
	if (errno != ENOENT)
		return err_errno(err, errno, "cannot open '%s'", path);
	if (fstatat(dir, wal, &st, 0) == 0)
		return err_set(err, -EIO,
		               "'%s' is missing, but its log '%s' is there",
		               path, wal);
	return create(path, dir, name, err);
}
