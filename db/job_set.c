/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <assert.h>
#include <errno.h>

#include "base/mem.h"
#include "db/job_steps.h"
#include "db/sql.h"

/*
 * One change of a job's state:
 *
 *   load      what it is now; in another state: nothing happens
 *   change    the state and what is counted with it
 *   choose    pages, when only some are asked for
 *   forget    the stored pages, when they have to be made again
 *   store     what rendering made, and the step of the attempt
 *   end       a final state: content goes, and with the last job the message's
 */
struct job_now {
	int64_t message_id;
	char print_file[64], pages_file[64];
	bool is_over, will_be_over;
};

enum {
	LOAD,
	IS_FINAL,
	CHANGE,
	FORGET_PAGES,
	CHOOSE_PAGES,
	END,
	LAST_OF_MESSAGE,
	FORGET_MESSAGE,
	FORGET_CONTENT,
};

static const char *const texts[] = {
	[LOAD] = "SELECT message_id, print_file, pages_file, "
		 "ended_at IS NOT NULL FROM job WHERE id = ? AND state = ?",
	[IS_FINAL] = "SELECT is_final FROM job_state WHERE name = ?",
	[CHANGE] =
		"UPDATE job SET "
		"state_at = iif(state = ?1, state_at, ?2), state = ?1, "
		"reason = iif(?13, reason, ?3), tried_at = iif(?4, ?2, tried_at), "
		"renders = renders + ?5, is_reprint = is_reprint OR ?6, "
		"impressions = iif(?7 = -1, impressions, ?7), "
		"confirmed = iif(?8 = '', confirmed, ?8), "
		"waits_as = iif(?9 = '', waits_as, ?9), "
		"approval = iif(?10 = '', approval, ?10), "
		"documents_done = iif(?11 = -1, documents_done, ?11) "
		"WHERE id = ?12",
	[FORGET_PAGES] =
		"UPDATE job SET print_format = '', print_target = '', "
		"print_file = NULL, print_bytes = 0, print_key = NULL, "
		"is_reprint = is_reprint OR documents_done > 0, "
		"documents_done = 0 WHERE id = ?",
	[CHOOSE_PAGES] = "UPDATE job SET only_pages = ?, "
			 "is_reprint = is_reprint OR documents_done > 0, "
			 "documents_done = 0 WHERE id = ?",
	/* how many pages it had is history, and stays */
	[END] = "UPDATE job SET ended_at = coalesce(ended_at, ?), "
		"print_format = '', print_target = '', "
		"print_file = NULL, print_bytes = 0, "
		"print_key = NULL, pages_file = NULL, pages_bytes = 0, "
		"pages_key = NULL WHERE id = ?",
	[LAST_OF_MESSAGE] = "SELECT file FROM message WHERE id = ?1 AND NOT "
			    "EXISTS (SELECT 1 FROM job WHERE message_id = ?1 "
			    "AND ended_at IS NULL)",
	[FORGET_MESSAGE] =
		"UPDATE message SET key = NULL, file = NULL WHERE id = ?",
	[FORGET_CONTENT] = "DELETE FROM message_content WHERE message_id = ?",
};
const struct sql_statements job_set_statements = {
	texts,
	ARRAY_LEN(texts),
};

static int exec_id(struct db_conn *conn, int statement, int64_t id,
                   struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_JOB_SET, statement);

	sql_int(&sql, id);
	return sql_exec(&sql, err);
}

/* 1: it is in state set->from; 0: it is not. */
static int load(struct db_conn *conn, const struct job_set *set,
                struct job_now *now, struct err *err)
{
	struct sql sql CLEANUP(sql_end) = sql_start(conn, SQL_JOB_SET, LOAD);
	int r;

	sql_int(&sql, set->job_id);
	sql_text(&sql, set->from);
	r = sql_step(&sql, err);
	if (r <= 0)
		return r;
	now->message_id = sql_get_int(&sql);
	sql_get_text(&sql, now->print_file, sizeof now->print_file);
	sql_get_text(&sql, now->pages_file, sizeof now->pages_file);
	now->is_over = sql_get_int(&sql);
	return 1;
}

/* Whether it ends with this; what is over stays over: its content is gone. */
static int check(struct db_conn *conn, const struct job_set *set,
                 struct job_now *now, struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_JOB_SET, IS_FINAL);
	int r;

	sql_text(&sql, set->to);
	r = sql_step(&sql, err);
	if (r < 0)
		return r;
	if (r == 0)
		return err_set(err, -EINVAL, "'%s' is no state of a job",
		               set->to);
	now->will_be_over = sql_get_int(&sql);
	if (now->is_over && !now->will_be_over)
		return err_set(err, -EINVAL, "job %lld is over",
		               (long long)set->job_id);
	return 0;
}

static int change(struct db_conn *conn, const struct job_set *set,
                  struct err *err)
{
	struct sql sql CLEANUP(sql_end) = sql_start(conn, SQL_JOB_SET, CHANGE);

	sql_text(&sql, set->to);
	sql_int(&sql, set->now);
	sql_text(&sql, set->reason);
	sql_int(&sql, set->set_tried);
	sql_int(&sql, set->count_render);
	sql_int(&sql, set->set_reprint);
	sql_int(&sql, set->impressions);
	sql_text(&sql, set->confirmed);
	sql_text(&sql, set->waits_as);
	sql_text(&sql, set->approval);
	sql_int(&sql, set->documents_done);
	sql_int(&sql, set->job_id);
	sql_int(&sql, set->keeps_reason);
	return sql_exec(&sql, err);
}

static int forget_pages(struct db_conn *conn, const struct job_set *set,
                        struct err *err)
{
	int r = exec_id(conn, FORGET_PAGES, set->job_id, err);

	return r < 0 ? r : job_rendered_forget(conn, set->job_id, err);
}

static int choose_pages(struct db_conn *conn, const struct job_set *set,
                        struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_JOB_SET, CHOOSE_PAGES);

	sql_text(&sql, set->only_pages);
	sql_int(&sql, set->job_id);
	return sql_exec(&sql, err);
}

/* 1: its last job is over; file is the message's. */
static int is_last(struct db_conn *conn, int64_t message_id, char *file,
                   size_t size, struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_JOB_SET, LAST_OF_MESSAGE);
	int r;

	sql_int(&sql, message_id);
	r = sql_step(&sql, err);
	if (r > 0)
		sql_get_text(&sql, file, size);
	return r;
}

static int end_message(struct db_conn *conn, struct job_set *set,
                       int64_t message_id, struct err *err)
{
	int r = is_last(conn, message_id, set->dead_message,
	                sizeof set->dead_message, err);

	if (r <= 0)
		return r;
	r = exec_id(conn, FORGET_MESSAGE, message_id, err);
	return r < 0 ? r : exec_id(conn, FORGET_CONTENT, message_id, err);
}

static int end_job(struct db_conn *conn, const struct job_set *set,
                   struct err *err)
{
	struct sql sql CLEANUP(sql_end) = sql_start(conn, SQL_JOB_SET, END);
	int r;

	sql_int(&sql, set->now);
	sql_int(&sql, set->job_id);
	r = sql_exec(&sql, err);
	return r < 0 ? r : job_rendered_forget(conn, set->job_id, err);
}

static int end(struct db_conn *conn, struct job_set *set,
               const struct job_now *now, struct err *err)
{
	bool is_private = strcmp(set->to, "EXPIRED") == 0 ||
	                  strcmp(set->to, "CANCELLED") == 0;
	int r = end_job(conn, set, err);

	if (r == 0 && is_private)
		r = job_erase(conn, set->job_id, err);
	return r < 0 ? r : end_message(conn, set, now->message_id, err);
}

static bool is_replaced(const struct job_rendered *rendered, bool as_drawings,
                        const char *file)
{
	return rendered && rendered->has_pages &&
	       rendered->as_drawings == as_drawings &&
	       strcmp(rendered->file, file) != 0;
}

/* The files that this step makes useless. */
static void name_dead_files(struct job_set *set, const struct job_now *now)
{
	if (set->forget_pages || now->will_be_over ||
	    is_replaced(set->rendered, false, now->print_file))
		memcpy(set->dead_print, now->print_file,
		       sizeof set->dead_print);
	if (now->will_be_over ||
	    is_replaced(set->rendered, true, now->pages_file))
		memcpy(set->dead_pages, now->pages_file,
		       sizeof set->dead_pages);
}

int job_set_run(struct db_conn *conn, struct db_op *op, struct err *err)
{
	struct job_set *set = CONTAINER_OF(op, struct job_set, op);
	struct job_now now = {0};
	int r = load(conn, set, &now, err);

	set->changed = false;
	set->dead_print[0] = set->dead_pages[0] = set->dead_message[0] = '\0';
	if (r <= 0)
		return r;
	r = check(conn, set, &now, err);
	/* pages of a job that ends would be a file without a row */
	assert(!now.will_be_over || !set->rendered ||
	       !set->rendered->has_pages);
	if (r == 0)
		r = change(conn, set, err);
	if (r == 0 && set->set_only_pages)
		r = choose_pages(conn, set, err);
	if (r == 0 && set->forget_pages)
		r = forget_pages(conn, set, err);
	if (r == 0 && set->rendered)
		r = job_rendered_store(conn, set, err);
	if (r == 0)
		r = attempt_store(conn, set, err);
	if (r == 0 && now.will_be_over)
		r = end(conn, set, &now, err);
	if (r < 0)
		return r;
	name_dead_files(set, &now);
	set->changed = true;
	return 0;
}
