/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>

#include "base/mem.h"
#include "db/job_steps.h"
#include "db/sql.h"

enum {
	INSERT,
	CREATED,
	DELIVERED,
	OVER,
};

static const char *const texts[] = {
	[INSERT] = "INSERT INTO attempt (job_id, printer_id, epoch, tag, step, "
		   "first_document, last_document, n_documents, started_at) "
		   "VALUES (?, ?, ?, ?, 'intent', ?, ?, ?, ?)",
	[CREATED] = "UPDATE attempt SET step = 'created', printer_job_id = ? "
		    "WHERE id = ? AND job_id = ?",
	[DELIVERED] = "UPDATE attempt SET step = 'delivered' "
		      "WHERE id = ? AND job_id = ?",
	[OVER] = "UPDATE attempt SET step = 'over', ended_at = ?, outcome = ?, "
		 "is_blank = is_blank OR ? WHERE id = ? AND job_id = ?",
};
const struct sql_statements attempt_write_statements = {
	texts,
	ARRAY_LEN(texts),
};

static int begin(struct db_conn *conn, struct job_set *set, struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_ATTEMPT_WRITE, INSERT);
	int r;

	sql_int(&sql, set->job_id);
	sql_int(&sql, set->printer_id);
	sql_int(&sql, set->epoch);
	sql_text(&sql, set->tag);
	sql_int(&sql, set->first_document);
	sql_int(&sql, set->last_document);
	sql_int(&sql, set->n_documents);
	sql_int(&sql, set->now);
	r = sql_exec(&sql, err);
	if (r == 0)
		set->attempt_id = sql_last_id(&sql);
	return r;
}

/* Bind the attempt, which stands last, and change it. */
static int update(struct sql *sql, const struct job_set *set, struct err *err)
{
	sql_int(sql, set->attempt_id);
	sql_int(sql, set->job_id);
	return sql_change(sql, err, "job %lld has no attempt %lld",
	                  (long long)set->job_id, (long long)set->attempt_id);
}

static int created(struct db_conn *conn, const struct job_set *set,
                   struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_ATTEMPT_WRITE, CREATED);

	sql_int(&sql, set->printer_job_id);
	return update(&sql, set, err);
}

static int delivered(struct db_conn *conn, const struct job_set *set,
                     struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_ATTEMPT_WRITE, DELIVERED);

	return update(&sql, set, err);
}

static int over(struct db_conn *conn, const struct job_set *set,
                struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_ATTEMPT_WRITE, OVER);

	sql_int(&sql, set->now);
	sql_text(&sql, set->outcome);
	sql_int(&sql, set->is_blank);
	return update(&sql, set, err);
}

int attempt_store(struct db_conn *conn, struct job_set *set, struct err *err)
{
	switch (set->attempt) {
	case ATTEMPT_LEAVE: return 0;
	case ATTEMPT_BEGIN: return begin(conn, set, err);
	case ATTEMPT_CREATED: return created(conn, set, err);
	case ATTEMPT_DELIVERED: return delivered(conn, set, err);
	case ATTEMPT_OVER: return over(conn, set, err);
	}
	abort();
}
