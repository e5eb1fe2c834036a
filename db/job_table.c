/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>

#include "base/mem.h"
#include "db/job_row.h"

enum {
	ONE,
	EACH,
	EACH_LIVE,
	IN_HAND,
	HAS_FILE,
};

static const char *const texts[] = {
	[ONE] = "SELECT " JOB_COLUMNS " FROM job WHERE id = ?",
	[EACH] = "SELECT " JOB_COLUMNS " FROM job WHERE id > ?1 "
		 "AND (?2 IS NULL OR state = upper(?2)) "
		 "AND (?3 = 0 OR printer_id = ?3) ORDER BY id LIMIT ?4",
	/* few are live among all that ever were: not by walking the table */
	[EACH_LIVE] = "SELECT " JOB_COLUMNS " FROM job WHERE id IN ("
		      "SELECT id FROM job INDEXED BY job_waiting "
		      "WHERE ended_at IS NULL AND id > ?1 "
		      "AND (?2 IS NULL OR state = upper(?2)) "
		      "AND (?3 = 0 OR printer_id = ?3) ORDER BY id LIMIT ?4) "
		      "ORDER BY id",
	[IN_HAND] = "SELECT " JOB_COLUMNS " FROM job WHERE state IN "
		    "('RENDERING', 'SENDING', 'RESOLVE') ORDER BY id",
	[HAS_FILE] = ("SELECT EXISTS (SELECT 1 FROM job WHERE print_file = ?1) "
                      "OR EXISTS (SELECT 1 FROM job WHERE pages_file = ?1)"),
};
const struct sql_statements job_read_statements = {
	texts,
	ARRAY_LEN(texts),
};

int job_read(struct db *db, int64_t id, struct job_row *out, struct err *err)
{
	struct sql sql CLEANUP(sql_end) = sql_read(db, SQL_JOB_READ, ONE);
	int r;

	sql_int(&sql, id);
	r = sql_find(&sql, err, "there is no job %lld", (long long)id);
	if (r == 0)
		job_from_row(&sql, out);
	return r;
}

static int each_row(struct sql *sql,
                    int (*each)(const struct job_row *row, void *arg),
                    void *arg, struct err *err)
{
	struct job_row row;
	int r;

	while ((r = sql_step(sql, err)) > 0) {
		job_from_row(sql, &row);
		r = each(&row, arg);
		if (r < 0)
			break;
	}
	return r;
}

int job_each(struct db *db, const struct job_filter *filter,
             int (*each)(const struct job_row *row, void *arg), void *arg,
             struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_read(db, SQL_JOB_READ,
	                 filter->live_only ? EACH_LIVE : EACH);

	sql_int(&sql, filter->after_id);
	sql_text(&sql, filter->state);
	sql_int(&sql, filter->printer_id);
	sql_int(&sql, filter->limit > 0 ? filter->limit : -1);
	return each_row(&sql, each, arg, err);
}

int job_in_hand(struct db *db,
                int (*each)(const struct job_row *row, void *arg), void *arg,
                struct err *err)
{
	struct sql sql CLEANUP(sql_end) = sql_read(db, SQL_JOB_READ, IN_HAND);

	return each_row(&sql, each, arg, err);
}

int print_file_is_known(struct db *db, const char *file, bool *known,
                        struct err *err)
{
	struct sql sql CLEANUP(sql_end) = sql_read(db, SQL_JOB_READ, HAS_FILE);
	int r;

	sql_text(&sql, file);
	r = sql_step(&sql, err);
	if (r < 0)
		return r;
	*known = sql_get_int(&sql);
	return 0;
}
