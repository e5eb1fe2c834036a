/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/mem.h"
#include "db/job_table.h"
#include "db/sql.h"

/* What belongs to a job: its parts, the ends of its pages, its attempts. */

enum {
	PARTS,
	PAGES,
	ATTEMPTS,
};

static const char *const texts[] = {
	[PARTS] = "SELECT part, type, size, name, fate, why FROM part "
		  "WHERE job_id = ? ORDER BY position",
	[PAGES] = "SELECT end_offset FROM job_page WHERE job_id = ? "
		  "ORDER BY page",
	[ATTEMPTS] = "SELECT id, job_id, printer_id, epoch, tag, step, "
		     "printer_job_id, first_document, last_document, "
		     "n_documents, started_at, ended_at, outcome "
		     "FROM attempt WHERE job_id = ? ORDER BY id",
};
const struct sql_statements job_parts_statements = {
	texts,
	ARRAY_LEN(texts),
};

static void part_from_row(struct sql *sql, void *out)
{
	struct part_row *part = out;

	GET_TEXT(sql, part->part);
	GET_TEXT(sql, part->type);
	part->size = sql_get_int(sql);
	GET_TEXT(sql, part->name);
	GET_TEXT(sql, part->fate);
	GET_TEXT(sql, part->why);
}

static void page_from_row(struct sql *sql, void *out)
{
	*(int64_t *)out = sql_get_int(sql);
}

static void attempt_from_row(struct sql *sql, void *out)
{
	struct attempt_row *attempt = out;

	attempt->id = sql_get_int(sql);
	attempt->job_id = sql_get_int(sql);
	attempt->printer_id = sql_get_int(sql);
	attempt->epoch = sql_get_int(sql);
	GET_TEXT(sql, attempt->tag);
	GET_TEXT(sql, attempt->step);
	attempt->printer_job_id = (int)sql_get_int(sql);
	attempt->first_document = (int)sql_get_int(sql);
	attempt->last_document = (int)sql_get_int(sql);
	attempt->n_documents = (int)sql_get_int(sql);
	attempt->started_at = sql_get_int(sql);
	attempt->ended_at = sql_get_int(sql);
	GET_TEXT(sql, attempt->outcome);
}

int part_read(struct db *db, int64_t job_id, struct part_row **out, size_t *n,
              struct err *err)
{
	struct sql sql CLEANUP(sql_end) = sql_read(db, SQL_JOB_PARTS, PARTS);
	void *array = NULL;
	int r;

	sql_int(&sql, job_id);
	r = sql_read_array(&sql, sizeof **out, part_from_row, &array, n, err);
	if (r == 0)
		*out = array;
	return r;
}

int page_read(struct db *db, int64_t job_id, int64_t **out, size_t *n,
              struct err *err)
{
	struct sql sql CLEANUP(sql_end) = sql_read(db, SQL_JOB_PARTS, PAGES);
	void *array = NULL;
	int r;

	sql_int(&sql, job_id);
	r = sql_read_array(&sql, sizeof **out, page_from_row, &array, n, err);
	if (r == 0)
		*out = array;
	return r;
}

int attempt_read(struct db *db, int64_t job_id, struct attempt_row **out,
                 size_t *n, struct err *err)
{
	struct sql sql CLEANUP(sql_end) = sql_read(db, SQL_JOB_PARTS, ATTEMPTS);
	void *array = NULL;
	int r;

	sql_int(&sql, job_id);
	r = sql_read_array(&sql, sizeof **out, attempt_from_row, &array, n,
	                   err);
	if (r == 0)
		*out = array;
	return r;
}
