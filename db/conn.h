/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef DB_CONN_H
#define DB_CONN_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdint.h>

#include "base/err.h"

/*
 * One SQLite connection with its statements, all of them prepared when it is
 * opened, so that a typo fails the first test. Only for files of db/.
 */

/* Each set of statements stands in the file that uses it. */
enum sql_set {
	SQL_TRANSACTION,
	SQL_PRINTER_WRITE,
	SQL_REGISTRATION_WRITE,
	SQL_MESSAGE_WRITE,
	SQL_JOB_SET,
	SQL_JOB_RENDERED,
	SQL_ATTEMPT_WRITE,
	SQL_JOBS_WRITE,
	SQL_PICTURE_WRITE,
	SQL_N_WRITER_SETS, /* above: the writer's; below: the reader's */
	SQL_PRINTER_READ = SQL_N_WRITER_SETS,
	SQL_REGISTRATION_READ,
	SQL_MESSAGE_READ,
	SQL_JOB_READ,
	SQL_JOB_QUEUE,
	SQL_JOB_PARTS,
	SQL_PICTURE_READ,
	SQL_N_SETS,
};

struct sql_statements {
	const char *const *text;
	int n;
};

extern const struct sql_statements transaction_statements,
	printer_write_statements, registration_write_statements,
	message_write_statements, job_set_statements, job_rendered_statements,
	attempt_write_statements, jobs_write_statements,
	printer_read_statements, registration_read_statements,
	message_read_statements, job_read_statements, job_queue_statements,
	job_parts_statements, picture_write_statements, picture_read_statements;

/* Because of which failure the spool must not be written any more. */
enum conn_damage {
	CONN_WHOLE,
	CONN_FULL,   /* the disk is full: the whole transaction has to go */
	CONN_BROKEN, /* I/O error or damaged file */
};

struct db_conn {
	sqlite3 *sqlite;
	sqlite3_stmt **statements[SQL_N_SETS]; /* owned; NULL: not its set */
	enum conn_damage damage;               /* the worst seen */
};

/*
 * The writer's connection to an existing file: WAL, synchronous=FULL,
 * secure_delete; nothing is prepared yet. -EIO with a sentence when the file is
 * damaged or no database.
 */
int conn_open_writer(const char *path, struct db_conn **out, struct err *err);

/* The loop's: read-only, never checkpoints. Statements are prepared. */
int conn_open_reader(const char *path, struct db_conn **out, struct err *err);

/* For making a new file: rollback journal, so that one file is all there is. */
int conn_open_new(const char *path, struct db_conn **out, struct err *err);

/* Prepare the writer's statements: the tables exist now. */
int conn_prepare_writer(struct db_conn *conn, struct err *err);

/* The last one to close writes the log back, unless it is broken. */
void conn_close(struct db_conn *conn);
DEFINE_CLEANUP(struct db_conn *, conn_close)

/*
 * Translate SQLite's code, remember damage, say why. -EEXIST: not unique,
 * -ENOENT: no such row is there to refer to, -EINVAL: a value that the schema
 * refuses, -EBUSY: locked by another program, -ENOSPC, -EIO. Never 0.
 */
int conn_error(struct db_conn *conn, int code, struct err *err);

/* Run statements that are not prepared: pragmas and migrations. */
int conn_exec(struct db_conn *conn, const char *sql, struct err *err);

/* The single number that a statement yields. */
int conn_number(struct db_conn *conn, const char *sql, int64_t *out,
                struct err *err);

#endif
