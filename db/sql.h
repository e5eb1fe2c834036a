/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef DB_SQL_H
#define DB_SQL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/conn.h"

struct db;

/*
 * One run of a prepared statement. Values are bound, and columns are read, in
 * the order in which they stand in its text; nobody counts.
 *
 *     struct sql sql CLEANUP(sql_end) = sql_start(conn, SQL_JOB_READ, ONE);
 *
 *     sql_int(&sql, id);
 *     r = sql_step(&sql, err);
 */
struct sql {
	struct db_conn *conn;
	sqlite3_stmt *stmt;
	int param, column; /* used up */
};

/* The statement is free: it must not be running further up the stack. */
struct sql sql_start(struct db_conn *conn, enum sql_set set, int i);
void sql_end(struct sql sql);
DEFINE_CLEANUP(struct sql, sql_end)

/* On the reader's connection. */
struct sql sql_read(struct db *db, enum sql_set set, int i);

/* The next parameter. Borrowed until sql_end(). */
void sql_int(struct sql *sql, int64_t value);
void sql_text(struct sql *sql, const char *text);             /* NULL: NULL */
void sql_blob(struct sql *sql, const void *data, size_t len); /* NULL: NULL */
void sql_text_or_null(struct sql *sql, const char *text);     /* "": NULL */

/* Bind from the start again, for the next row to write. */
void sql_again(struct sql *sql);

/* Go on: 1 a row is there, 0 no more, -errno. */
int sql_step(struct sql *sql, struct err *err);

/*
 * Go on to the one row that is looked for: 0 it is there, -errno; where it is
 * not, -ENOENT and the sentence of fmt.
 */
int sql_find(struct sql *sql, struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Run a statement that yields no row: 0 or -errno. */
int sql_exec(struct sql *sql, struct err *err);

/* The same for the one row that it changes; -ENOENT as sql_find() says it. */
int sql_change(struct sql *sql, struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Rows that the last sql_exec() changed; the id that it inserted. */
int64_t sql_changes(const struct sql *sql);
int64_t sql_last_id(const struct sql *sql);

/* The next column; NULL reads as 0 and "". Longer text is cut at a character.
 */
int64_t sql_get_int(struct sql *sql);
void sql_get_text(struct sql *sql, char *out, size_t size);
#define GET_TEXT(sql, array) sql_get_text(sql, array, sizeof(array))
char *sql_get_text_new(struct sql *sql); /* the caller's */
/* Length of what was copied: at most size, 0 for NULL. */
int sql_get_blob(struct sql *sql, void *out, size_t size);
void *sql_get_blob_new(struct sql *sql, size_t *len); /* the caller's */

/*
 * All rows that are left as one array of n elements of `size` bytes, each
 * filled by from_row; the caller's to free(), NULL when there are none.
 */
int sql_read_array(struct sql *sql, size_t size,
                   void (*from_row)(struct sql *sql, void *element), void **out,
                   size_t *n, struct err *err);

#endif
