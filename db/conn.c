/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "db/conn.h"

#include <errno.h>

#include "base/mem.h"

/* A reader in the way of a checkpoint, or an operator's sqlite3. */
#define BUSY_TIMEOUT_MS 100

static const struct sql_statements *const sets[SQL_N_SETS] = {
	[SQL_TRANSACTION] = &transaction_statements,
	[SQL_PRINTER_WRITE] = &printer_write_statements,
	[SQL_REGISTRATION_WRITE] = &registration_write_statements,
	[SQL_MESSAGE_WRITE] = &message_write_statements,
	[SQL_JOB_SET] = &job_set_statements,
	[SQL_JOB_RENDERED] = &job_rendered_statements,
	[SQL_ATTEMPT_WRITE] = &attempt_write_statements,
	[SQL_JOBS_WRITE] = &jobs_write_statements,
	[SQL_PICTURE_WRITE] = &picture_write_statements,
	[SQL_PRINTER_READ] = &printer_read_statements,
	[SQL_REGISTRATION_READ] = &registration_read_statements,
	[SQL_MESSAGE_READ] = &message_read_statements,
	[SQL_JOB_READ] = &job_read_statements,
	[SQL_JOB_QUEUE] = &job_queue_statements,
	[SQL_JOB_PARTS] = &job_parts_statements,
	[SQL_PICTURE_READ] = &picture_read_statements,
};

static int constraint_error(int code)
{
	switch (code) {
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_PRIMARYKEY: return -EEXIST;
	case SQLITE_CONSTRAINT_FOREIGNKEY: return -ENOENT;
	default: return -EINVAL;
	}
}

static int errno_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_CONSTRAINT: return constraint_error(code);
	case SQLITE_BUSY:
	case SQLITE_LOCKED: return -EBUSY;
	case SQLITE_FULL: return -ENOSPC;
	case SQLITE_TOOBIG: return -EFBIG;
	case SQLITE_READONLY: return -EROFS;
	case SQLITE_PERM:
	case SQLITE_AUTH: return -EACCES;
	default: return -EIO;
	}
}

static enum conn_damage damage_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_FULL: return CONN_FULL;
	case SQLITE_IOERR:
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_CANTOPEN: return CONN_BROKEN;
	default: return CONN_WHOLE;
	}
}

int conn_error(struct db_conn *conn, int code, struct err *err)
{
	enum conn_damage damage = damage_of(code);

	if ((code & 0xff) == SQLITE_NOMEM)
		abort();
	if (damage > conn->damage)
		conn->damage = damage;
	return err_set(err, errno_of(code), "the spool's database: %s",
	               sqlite3_errmsg(conn->sqlite));
}

int conn_exec(struct db_conn *conn, const char *sql, struct err *err)
{
	int code = sqlite3_exec(conn->sqlite, sql, NULL, NULL, NULL);

	return code == SQLITE_OK ? 0 : conn_error(conn, code, err);
}

int conn_number(struct db_conn *conn, const char *sql, int64_t *out,
                struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(conn->sqlite, sql, -1, &stmt, NULL);
	int r = 0;

	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code == SQLITE_ROW)
		*out = sqlite3_column_int64(stmt, 0);
	else
		r = conn_error(conn, code, err);
	sqlite3_finalize(stmt);
	return r;
}

static int prepare_set(struct db_conn *conn, enum sql_set set, struct err *err)
{
	int n = sets[set]->n;

	conn->statements[set] = xcalloc((size_t)n, sizeof(sqlite3_stmt *));
	for (int i = 0; i < n; i++) {
		int code = sqlite3_prepare_v3(conn->sqlite, sets[set]->text[i],
		                              -1, SQLITE_PREPARE_PERSISTENT,
		                              &conn->statements[set][i], NULL);
		int r;

		if (code == SQLITE_OK)
			continue;
		r = conn_error(conn, code, err);
		return err_wrap(err, r, "cannot prepare '%s'",
		                sets[set]->text[i]);
	}
	return 0;
}

static int prepare(struct db_conn *conn, int first, int end, struct err *err)
{
	for (int set = first; set < end; set++) {
		int r = prepare_set(conn, (enum sql_set)set, err);

		if (r < 0)
			return r;
	}
	return 0;
}

int conn_prepare_writer(struct db_conn *conn, struct err *err)
{
	return prepare(conn, 0, SQL_N_WRITER_SETS, err);
}

static int conn_open(const char *path, int flags, const char *pragmas,
                     struct db_conn **out, struct err *err)
{
	struct db_conn *conn CLEANUP(conn_close) = xcalloc(1, sizeof *conn);
	int code, r;

	/* Counting memory costs a fifth of an accepted message. Only the first
	 * call in a process counts. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	/* Each connection is used by one thread at a time. */
	code = sqlite3_open_v2(path, &conn->sqlite, flags | SQLITE_OPEN_NOMUTEX,
	                       NULL);
	if (!conn->sqlite)
		abort();
	if (code != SQLITE_OK) {
		r = conn_error(conn, code, err);
		return err_wrap(err, r, "cannot open '%s'", path);
	}
	sqlite3_extended_result_codes(conn->sqlite, 1);
	sqlite3_busy_timeout(conn->sqlite, BUSY_TIMEOUT_MS);
	/* The schema is ours, but the file may have come from anywhere. */
	sqlite3_db_config(conn->sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(conn->sqlite, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0,
	                  NULL);
	r = conn_exec(conn, pragmas, err);
	if (r < 0)
		return err_wrap(err, r, "cannot open '%s'", path);
	*out = TAKE(conn);
	return 0;
}

/*
 * Temporary data stays in memory: nothing of a message may lie about in a
 * temporary file. No mmap: it made the WAL-reset bug worse. A checkpoint comes
 * by itself after 16 MB of log.
 */
int conn_open_writer(const char *path, struct db_conn **out, struct err *err)
{
	return conn_open(path, SQLITE_OPEN_READWRITE,
	                 "PRAGMA journal_mode = WAL;"
	                 "PRAGMA synchronous = FULL;"
	                 "PRAGMA secure_delete = ON;"
	                 "PRAGMA foreign_keys = ON;"
	                 "PRAGMA mmap_size = 0;"
	                 "PRAGMA temp_store = MEMORY;"
	                 "PRAGMA cache_size = -16384;"
	                 "PRAGMA wal_autocheckpoint = 4000;",
	                 out, err);
}

int conn_open_new(const char *path, struct db_conn **out, struct err *err)
{
	return conn_open(path, SQLITE_OPEN_READWRITE,
	                 "PRAGMA synchronous = FULL;"
	                 "PRAGMA foreign_keys = ON;",
	                 out, err);
}

int conn_open_reader(const char *path, struct db_conn **out, struct err *err)
{
	struct db_conn *conn CLEANUP(conn_close) = NULL;
	int r = conn_open(path, SQLITE_OPEN_READONLY,
	                  "PRAGMA query_only = ON;"
	                  "PRAGMA mmap_size = 0;"
	                  "PRAGMA temp_store = MEMORY;"
	                  "PRAGMA wal_autocheckpoint = 0;",
	                  &conn, err);

	if (r < 0)
		return r;
	/* Two connections that checkpoint can meet the WAL-reset bug. */
	sqlite3_db_config(conn->sqlite, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
	                  NULL);
	r = prepare(conn, SQL_N_WRITER_SETS, SQL_N_SETS, err);
	if (r < 0)
		return r;
	*out = TAKE(conn);
	return 0;
}

static void finalize_set(struct db_conn *conn, int set)
{
	for (int i = 0; conn->statements[set] && i < sets[set]->n; i++)
		sqlite3_finalize(conn->statements[set][i]);
	free(conn->statements[set]);
}

void conn_close(struct db_conn *conn)
{
	if (!conn)
		return;
	for (int set = 0; set < SQL_N_SETS; set++)
		finalize_set(conn, set);
	if (conn->damage == CONN_BROKEN)
		sqlite3_db_config(conn->sqlite,
		                  SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_close(conn->sqlite);
	free(conn);
}
