/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/mem.h"
#include "db/job_row.h"
#include "db/job_steps.h"
#include "db/sql.h"

enum {
	SET_READ,
	SET_PAGES,
	SET_DRAWINGS,
	DELETE_PAGES,
	INSERT_PAGE,
	DELETE_PARTS,
	INSERT_PART,
	ERASE_JOB,
	ERASE_PARTS,
};

static const char *const texts[] = {
	[SET_READ] = "UPDATE job SET subject = ?1, remarks = ?2, options = ?3, "
		     "media = ?4, is_colour = ?5, tray = ?6, "
		     "pages = iif(?7 = 0, pages, ?7) WHERE id = ?8",
	[SET_PAGES] =
		"UPDATE job SET pages = ?, print_format = ?, "
		"print_target = ?, print_file = ?, print_bytes = ?, print_key = ? "
		"WHERE id = ?",
	[SET_DRAWINGS] = "UPDATE job SET pages = ?, pages_file = ?, "
			 "pages_bytes = ?, pages_key = ?, pages_margins = ? "
			 "WHERE id = ?",
	[DELETE_PAGES] = "DELETE FROM job_page WHERE job_id = ?",
	[INSERT_PAGE] = "INSERT INTO job_page (job_id, page, end_offset) "
			"VALUES (?, ?, ?)",
	[DELETE_PARTS] = "DELETE FROM part WHERE job_id = ?",
	[INSERT_PART] = "INSERT INTO part (job_id, position, part, type, size, "
			"name, fate, why) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
	[ERASE_JOB] = "UPDATE job SET subject = NULL, remarks = '', "
		      "is_erased = 1 WHERE id = ?",
	[ERASE_PARTS] = "UPDATE part SET name = NULL WHERE job_id = ?",
};
const struct sql_statements job_rendered_statements = {
	texts,
	ARRAY_LEN(texts),
};

static int exec_id(struct db_conn *conn, int statement, int64_t id,
                   struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_JOB_RENDERED, statement);

	sql_int(&sql, id);
	return sql_exec(&sql, err);
}

static int set_read(struct db_conn *conn, int64_t job_id,
                    const struct job_rendered *rendered, struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_JOB_RENDERED, SET_READ);

	sql_text_or_null(&sql, rendered->subject);
	sql_text(&sql, rendered->remarks);
	sql_text(&sql, rendered->options);
	job_kind_bind(&sql, &rendered->kind);
	sql_int(&sql, rendered->pages);
	sql_int(&sql, job_id);
	return sql_exec(&sql, err);
}

static int insert_parts(struct db_conn *conn, int64_t job_id,
                        const struct job_rendered *rendered, struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_JOB_RENDERED, INSERT_PART);
	int r = 0;

	for (size_t i = 0; r == 0 && i < rendered->n_parts; i++) {
		const struct part_row *part = &rendered->parts[i];

		sql_again(&sql);
		sql_int(&sql, job_id);
		sql_int(&sql, (int64_t)i);
		sql_text(&sql, part->part);
		sql_text(&sql, part->type);
		sql_int(&sql, part->size);
		sql_text_or_null(&sql, part->name);
		sql_text(&sql, part->fate);
		sql_text(&sql, part->why);
		r = sql_exec(&sql, err);
	}
	return r;
}

static int insert_pages(struct db_conn *conn, int64_t job_id,
                        const struct job_rendered *rendered, struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_JOB_RENDERED, INSERT_PAGE);
	int r = 0;

	for (int page = 1; r == 0 && page <= rendered->pages; page++) {
		sql_again(&sql);
		sql_int(&sql, job_id);
		sql_int(&sql, page);
		sql_int(&sql, rendered->page_ends[page - 1]);
		r = sql_exec(&sql, err);
	}
	return r;
}

static int set_pages(struct db_conn *conn, int64_t job_id,
                     const struct job_rendered *rendered, struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_JOB_RENDERED, SET_PAGES);

	sql_int(&sql, rendered->pages);
	sql_text(&sql, rendered->format);
	sql_text(&sql, rendered->target);
	sql_text(&sql, rendered->file);
	sql_int(&sql, rendered->bytes);
	sql_blob(&sql, rendered->key, rendered->key_len);
	sql_int(&sql, job_id);
	return sql_exec(&sql, err);
}

/* They end nowhere: nobody sends a part of them. */
static int set_drawings(struct db_conn *conn, int64_t job_id,
                        const struct job_rendered *rendered, struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_JOB_RENDERED, SET_DRAWINGS);

	sql_int(&sql, rendered->pages);
	sql_text(&sql, rendered->file);
	sql_int(&sql, rendered->bytes);
	sql_blob(&sql, rendered->key, rendered->key_len);
	sql_text(&sql, rendered->margins);
	sql_int(&sql, job_id);
	return sql_exec(&sql, err);
}

int job_rendered_forget(struct db_conn *conn, int64_t job_id, struct err *err)
{
	return exec_id(conn, DELETE_PAGES, job_id, err);
}

static int store_parts(struct db_conn *conn, const struct job_set *set,
                       struct err *err)
{
	const struct job_rendered *rendered = set->rendered;
	int r = exec_id(conn, DELETE_PARTS, set->job_id, err);

	if (r == 0)
		r = pictures_remember(conn, &rendered->pictures, set->now, err);
	return r < 0 ? r : insert_parts(conn, set->job_id, rendered, err);
}

int job_rendered_store(struct db_conn *conn, const struct job_set *set,
                       struct err *err)
{
	const struct job_rendered *rendered = set->rendered;
	int r = rendered->from_drawings ? 0 : store_parts(conn, set, err);

	if (r == 0 && rendered->subject)
		r = set_read(conn, set->job_id, rendered, err);
	if (r < 0 || !rendered->has_pages)
		return r;
	if (rendered->as_drawings)
		return set_drawings(conn, set->job_id, rendered, err);
	r = set_pages(conn, set->job_id, rendered, err);
	if (r == 0)
		r = job_rendered_forget(conn, set->job_id, err);
	return r < 0 ? r : insert_pages(conn, set->job_id, rendered, err);
}

int job_erase(struct db_conn *conn, int64_t job_id, struct err *err)
{
	int r = exec_id(conn, ERASE_JOB, job_id, err);

	return r < 0 ? r : exec_id(conn, ERASE_PARTS, job_id, err);
}
