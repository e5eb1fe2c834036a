/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/mem.h"
#include "db/job_row.h"
#include "db/job_steps.h"
#include "db/sql.h"

/* Changes of many jobs at once. */

enum {
	HOLD_AGAIN,
	HOLD,
	RELEASE,
	EXPIRE_DEDUPE,
	IS_OVER,
};

static const char *const texts[] = {
	[HOLD_AGAIN] = "UPDATE job SET reason = ?1, "
		       "tried_at = iif(?2, ?3, tried_at) "
		       "WHERE printer_id = ?4 AND media = ?5 "
		       "AND is_colour = ?6 AND tray = ?7 AND ended_at IS NULL "
		       "AND state = 'HELD' AND approval <> 'asked' "
		       "AND (?2 OR reason <> ?1)",
	[HOLD] = "UPDATE job SET state = 'HELD', reason = ?1, state_at = ?3, "
		 "tried_at = iif(?2, ?3, tried_at) "
		 "WHERE printer_id = ?4 AND media = ?5 "
		 "AND is_colour = ?6 AND tray = ?7 AND ended_at IS NULL "
		 "AND state IN ('ACCEPTED', 'READY')",
	[RELEASE] = "UPDATE job SET "
		    "state = iif(print_format = '', 'ACCEPTED', 'READY'), "
		    "reason = ?, state_at = ? WHERE printer_id = ? "
		    "AND media = ? AND is_colour = ? AND tray = ? "
		    "AND ended_at IS NULL "
		    "AND state = 'HELD' AND approval <> 'asked'",
	[EXPIRE_DEDUPE] = "DELETE FROM dedupe WHERE expires_at <= ?",
	[IS_OVER] = "SELECT ended_at IS NOT NULL FROM job WHERE id = ?",
};
const struct sql_statements jobs_write_statements = {
	texts,
	ARRAY_LEN(texts),
};

/* Bind the class, which stands last; how many were changed, or -errno. */
static int change(struct sql *sql, const struct jobs_move *move,
                  struct err *err)
{
	int r;

	sql_int(sql, move->printer_id);
	job_kind_bind(sql, &move->kind);
	r = sql_exec(sql, err);
	return r < 0 ? r : (int)sql_changes(sql);
}

static int hold(struct db_conn *conn, const struct jobs_move *move,
                int statement, struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_JOBS_WRITE, statement);

	sql_text(&sql, move->reason);
	sql_int(&sql, move->set_tried);
	sql_int(&sql, move->now);
	return change(&sql, move, err);
}

static int release(struct db_conn *conn, const struct jobs_move *move,
                   struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_JOBS_WRITE, RELEASE);

	sql_text(&sql, move->reason);
	sql_int(&sql, move->now);
	return change(&sql, move, err);
}

int jobs_move_run(struct db_conn *conn, struct db_op *op, struct err *err)
{
	struct jobs_move *move = CONTAINER_OF(op, struct jobs_move, op);
	int r = 0;

	if (move->hold)
		r = hold(conn, move, HOLD_AGAIN, err);
	if (r >= 0)
		r = move->hold ? hold(conn, move, HOLD, err)
		               : release(conn, move, err);
	if (r < 0)
		return r;
	move->n_moved = r;
	return 0;
}

/* 1 or 0; a job that is not there is not over. */
static int is_over(struct db_conn *conn, int64_t id, struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_JOBS_WRITE, IS_OVER);
	int r;

	sql_int(&sql, id);
	r = sql_step(&sql, err);
	return r > 0 ? sql_get_int(&sql) != 0 : r;
}

int jobs_erase_run(struct db_conn *conn, struct db_op *op, struct err *err)
{
	struct jobs_erase *erase = CONTAINER_OF(op, struct jobs_erase, op);
	int r = 0;

	for (size_t i = 0; r >= 0 && i < erase->n; i++) {
		r = is_over(conn, erase->ids[i], err);
		if (r > 0)
			r = job_erase(conn, erase->ids[i], err);
	}
	return r < 0 ? r : 0;
}

int dedupe_expire_run(struct db_conn *conn, struct db_op *op, struct err *err)
{
	struct dedupe_expire *expire =
		CONTAINER_OF(op, struct dedupe_expire, op);
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_JOBS_WRITE, EXPIRE_DEDUPE);
	int r;

	sql_int(&sql, expire->now);
	r = sql_exec(&sql, err);
	return r < 0 ? r : pictures_expire(conn, expire->now, err);
}
