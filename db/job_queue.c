/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stdint.h>

#include "base/mem.h"
#include "db/job_row.h"
#include "db/sql.h"

/* What waits: questions of the dispatcher, the retry and the retention. */

enum {
	CLASSES,
	OLDEST,
	COUNT_RENDERED,
	PRINTERS,
	DUE,
	COUNTS,
};

static const char *const texts[] = {
	[CLASSES] =
		"SELECT c.media, c.is_colour, c.tray, c.oldest, j.state, c.n, "
		"c.n_held, c.wait FROM (SELECT media, is_colour, tray, "
		"min(id) AS oldest, count(*) AS n, "
		"sum(state = 'HELD') AS n_held, min(recovery_wait_s) AS wait "
		"FROM job INDEXED BY job_waiting WHERE printer_id = ? "
		"AND ended_at IS NULL "
		"AND state IN ('ACCEPTED', 'READY', 'HELD') "
		"AND approval <> 'asked' "
		"GROUP BY media, is_colour, tray) c JOIN job j ON j.id = c.oldest "
		"ORDER BY c.oldest LIMIT ?",
	[OLDEST] = "SELECT id FROM job INDEXED BY job_waiting "
		   "WHERE printer_id = ? AND state = ? AND ended_at IS NULL "
		   "AND print_format = '' AND waits_as = '' "
		   "ORDER BY id LIMIT 1",
	[COUNT_RENDERED] = "SELECT count(*) FROM job INDEXED BY job_rendered "
			   "WHERE printer_id = ? AND ended_at IS NULL "
			   "AND (print_format <> '' OR pages_file IS NOT "
			   "NULL)",
	[PRINTERS] = "SELECT DISTINCT printer_id FROM job "
		     "INDEXED BY job_waiting WHERE ended_at IS NULL",
	[DUE] = "SELECT id, state, ended_at IS NOT NULL FROM job "
		"INDEXED BY job_by_expiry WHERE is_erased = 0 "
		"AND expires_at <= ? ORDER BY expires_at, id LIMIT ?",
	[COUNTS] = "SELECT count(*), sum(state = 'HELD') FROM job "
		   "INDEXED BY job_waiting WHERE ended_at IS NULL",
};
const struct sql_statements job_queue_statements = {
	texts,
	ARRAY_LEN(texts),
};

static void class_from_row(struct sql *sql, struct job_class *out)
{
	job_kind_from_row(sql, &out->kind);
	out->oldest_id = sql_get_int(sql);
	sql_get_text(sql, out->oldest_state, sizeof out->oldest_state);
	out->n = sql_get_int(sql);
	out->n_held = sql_get_int(sql);
	out->min_recovery_wait_s = sql_get_int(sql);
}

int job_classes(struct db *db, int64_t printer_id, struct job_class *out,
                size_t max, size_t *n, struct err *err)
{
	struct sql sql CLEANUP(sql_end) = sql_read(db, SQL_JOB_QUEUE, CLASSES);
	size_t count = 0;
	int r;

	sql_int(&sql, printer_id);
	sql_int(&sql, (int64_t)max);
	while ((r = sql_step(&sql, err)) > 0)
		class_from_row(&sql, &out[count++]);
	if (r < 0)
		return r;
	*n = count;
	return 0;
}

int job_oldest_without_pages(struct db *db, int64_t printer_id,
                             const char *state, int64_t *id, struct err *err)
{
	struct sql sql CLEANUP(sql_end) = sql_read(db, SQL_JOB_QUEUE, OLDEST);
	int r;

	sql_int(&sql, printer_id);
	sql_text(&sql, state);
	r = sql_step(&sql, err);
	if (r < 0)
		return r;
	*id = r > 0 ? sql_get_int(&sql) : 0;
	return 0;
}

int job_count_rendered(struct db *db, int64_t printer_id, int64_t *n,
                       struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_read(db, SQL_JOB_QUEUE, COUNT_RENDERED);
	int r;

	sql_int(&sql, printer_id);
	r = sql_step(&sql, err);
	if (r < 0)
		return r;
	*n = sql_get_int(&sql);
	return 0;
}

int job_printers(struct db *db, int (*each)(int64_t printer_id, void *arg),
                 void *arg, struct err *err)
{
	struct sql sql CLEANUP(sql_end) = sql_read(db, SQL_JOB_QUEUE, PRINTERS);
	int r;

	while ((r = sql_step(&sql, err)) > 0) {
		r = each(sql_get_int(&sql), arg);
		if (r < 0)
			break;
	}
	return r;
}

int job_due(struct db *db, int64_t now, struct job_due *out, size_t max,
            size_t *n, struct err *err)
{
	struct sql sql CLEANUP(sql_end) = sql_read(db, SQL_JOB_QUEUE, DUE);
	size_t count = 0;
	int r;

	sql_int(&sql, now);
	sql_int(&sql, (int64_t)max);
	while ((r = sql_step(&sql, err)) > 0) {
		struct job_due *due = &out[count++];

		due->id = sql_get_int(&sql);
		sql_get_text(&sql, due->state, sizeof due->state);
		due->is_over = sql_get_int(&sql);
	}
	if (r < 0)
		return r;
	*n = count;
	return 0;
}

int job_counts(struct db *db, int64_t *live, int64_t *held, struct err *err)
{
	struct sql sql CLEANUP(sql_end) = sql_read(db, SQL_JOB_QUEUE, COUNTS);
	int r = sql_step(&sql, err);

	if (r < 0)
		return r;
	*live = sql_get_int(&sql);
	*held = sql_get_int(&sql);
	return 0;
}
