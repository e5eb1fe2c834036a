/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "db/picture_table.h"

#include <errno.h>

#include "base/mem.h"
#include "db/sql.h"

#define HALF_A_YEAR (INT64_C(182) * 24 * 3600)

enum {
	REMEMBER,
	KEEP_FEW,
	EXPIRE,
	FORGET,
};

static const char *const write_texts[] = {
	[REMEMBER] = "INSERT INTO sender_picture (sender, hash, body, seen_at) "
		     "VALUES (?, ?, ?, ?) ON CONFLICT (sender, hash, body) "
		     "DO UPDATE SET seen_at = excluded.seen_at",
	/* more of them would tell nothing new */
	[KEEP_FEW] = "DELETE FROM sender_picture WHERE sender = ?1 "
		     "AND hash = ?2 AND body NOT IN (SELECT body "
		     "FROM sender_picture WHERE sender = ?1 AND hash = ?2 "
		     "ORDER BY seen_at DESC LIMIT 5)",
	[EXPIRE] = "DELETE FROM sender_picture WHERE seen_at <= ?",
	[FORGET] = "DELETE FROM sender_picture WHERE hash = ?",
};
const struct sql_statements picture_write_statements = {
	write_texts,
	ARRAY_LEN(write_texts),
};

static int remember(struct db_conn *conn, const struct pictures_seen *seen,
                    const char *hash, int64_t now, struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_PICTURE_WRITE, REMEMBER);

	sql_text(&sql, seen->sender);
	sql_text(&sql, hash);
	sql_text(&sql, seen->body);
	sql_int(&sql, now);
	return sql_exec(&sql, err);
}

static int keep_few(struct db_conn *conn, const struct pictures_seen *seen,
                    const char *hash, struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_PICTURE_WRITE, KEEP_FEW);

	sql_text(&sql, seen->sender);
	sql_text(&sql, hash);
	return sql_exec(&sql, err);
}

int pictures_remember(struct db_conn *conn, const struct pictures_seen *seen,
                      int64_t now, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < seen->n; i++) {
		r = remember(conn, seen, seen->hashes[i], now, err);
		if (r == 0)
			r = keep_few(conn, seen, seen->hashes[i], err);
	}
	return r;
}

int pictures_expire(struct db_conn *conn, int64_t now, struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_PICTURE_WRITE, EXPIRE);

	sql_int(&sql, now - HALF_A_YEAR);
	return sql_exec(&sql, err);
}

int picture_forget_run(struct db_conn *conn, struct db_op *op, struct err *err)
{
	struct picture_forget *forget =
		CONTAINER_OF(op, struct picture_forget, op);
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_PICTURE_WRITE, FORGET);

	sql_text(&sql, forget->hash);
	return sql_change(&sql, err, "there is no picture '%s'", forget->hash);
}

/* ---- reading ------------------------------------------------------------ */

enum {
	COUNT,
	EACH,
};

static const char *const read_texts[] = {
	[COUNT] = "SELECT count(*) FROM sender_picture WHERE sender = ? "
		  "AND hash = ? AND body <> ?",
	[EACH] = "SELECT sender, hash, count(*), min(seen_at), max(seen_at) "
		 "FROM sender_picture GROUP BY sender, hash "
		 "ORDER BY sender, hash",
};
const struct sql_statements picture_read_statements = {
	read_texts,
	ARRAY_LEN(read_texts),
};

int picture_count(struct db *db, const char *sender, const char *hash,
                  const char *body, int64_t *n, struct err *err)
{
	struct sql sql CLEANUP(sql_end) = sql_read(db, SQL_PICTURE_READ, COUNT);
	int r;

	sql_text(&sql, sender);
	sql_text(&sql, hash);
	sql_text(&sql, body);
	r = sql_step(&sql, err);
	if (r < 0)
		return r;
	*n = sql_get_int(&sql);
	return 0;
}

int picture_each(struct db *db,
                 int (*each)(const struct picture_row *row, void *arg),
                 void *arg, struct err *err)
{
	struct sql sql CLEANUP(sql_end) = sql_read(db, SQL_PICTURE_READ, EACH);
	struct picture_row row;
	int r;

	while ((r = sql_step(&sql, err)) > 0) {
		sql_get_text(&sql, row.sender, sizeof row.sender);
		sql_get_text(&sql, row.hash, sizeof row.hash);
		row.n_mails = sql_get_int(&sql);
		row.first_seen_at = sql_get_int(&sql);
		row.last_seen_at = sql_get_int(&sql);
		r = each(&row, arg);
		if (r < 0)
			break;
	}
	return r;
}
