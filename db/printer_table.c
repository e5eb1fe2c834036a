/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "db/printer_table.h"

#include <errno.h>

#include "base/mem.h"
#include "db/sql.h"

enum {
	ADD,
	USE,
	REMOVE,
	SET_TOKEN,
	SET_URI,
	SAVE,
	SAVE_CAPS,
	DELETE_TRAYS,
	INSERT_TRAY,
	DELETE_SUPPLIES,
	INSERT_SUPPLY,
};

static const char *const texts[] = {
	[ADD] = "INSERT INTO printer (name, uri, pin, token_hash, "
		"make_and_model, format, media_default, capabilities, "
		"verdict, reason, sentence, state, checked_at, changed_at, "
		"announced_at, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, "
		"iif(?9 = '', 'unknown', ?9), ?, ?, ?, ?, ?, ?, ?)",
	[USE] = "SELECT (SELECT count(*) FROM registration "
		"WHERE printer_id = ?1), (SELECT count(*) FROM job "
		"INDEXED BY job_waiting WHERE printer_id = ?1 "
		"AND ended_at IS NULL)",
	[REMOVE] = "DELETE FROM printer WHERE id = ?",
	[SET_TOKEN] = "UPDATE printer SET token_hash = ? WHERE id = ?",
	[SET_URI] = "UPDATE printer SET uri = ? WHERE id = ?",
	[SAVE] = "UPDATE printer SET verdict = ?, reason = ?, sentence = ?, "
		 "state = ?, checked_at = ?, changed_at = ?, "
		 "announced_at = ?, pin = ?, learned = ? WHERE id = ?",
	[SAVE_CAPS] = "UPDATE printer SET make_and_model = ?, format = ?, "
		      "media_default = ?, capabilities = ? WHERE id = ?",
	[DELETE_TRAYS] = "DELETE FROM printer_tray WHERE printer_id = ?",
	[INSERT_TRAY] = "INSERT INTO printer_tray (printer_id, position, name, "
			"media, type, level) VALUES (?, ?, ?, ?, ?, ?)",
	[DELETE_SUPPLIES] = "DELETE FROM printer_supply WHERE printer_id = ?",
	[INSERT_SUPPLY] = "INSERT INTO printer_supply (printer_id, position, "
			  "name, colour, type, level) "
			  "VALUES (?, ?, ?, ?, ?, ?)",
};
const struct sql_statements printer_write_statements = {
	texts,
	ARRAY_LEN(texts),
};

/* Run a statement that changes printer `id`; -ENOENT when there is none. */
static int change(struct sql *sql, int64_t id, struct err *err)
{
	sql_int(sql, id);
	return sql_change(sql, err, "there is no printer %lld", (long long)id);
}

static int add(struct db_conn *conn, struct printer_add *add, struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_PRINTER_WRITE, ADD);
	const struct printer_row *row = &add->row;
	int r;

	sql_text(&sql, row->name);
	sql_text(&sql, row->uri);
	sql_text(&sql, row->pin);
	sql_blob(&sql, row->has_token ? row->token_hash : NULL,
	         sizeof row->token_hash);
	sql_text(&sql, row->make_and_model);
	sql_text(&sql, row->format);
	sql_text(&sql, row->media_default);
	sql_text(&sql, row->capabilities ? row->capabilities : "");
	sql_text(&sql, row->verdict);
	sql_text(&sql, row->reason);
	sql_text(&sql, row->sentence);
	sql_text(&sql, row->state);
	sql_int(&sql, row->checked_at);
	sql_int(&sql, row->changed_at);
	sql_int(&sql, row->announced_at);
	sql_int(&sql, row->added_at);
	r = sql_exec(&sql, err);
	if (r == 0)
		add->id = sql_last_id(&sql);
	return r;
}

int printer_add_run(struct db_conn *conn, struct db_op *op, struct err *err)
{
	struct printer_add *printer = CONTAINER_OF(op, struct printer_add, op);
	int r = add(conn, printer, err);

	if (r == -EEXIST)
		return err_set(err, r, "there is a printer '%s' already",
		               printer->row.name);
	return r;
}

/* -EBUSY while somebody needs it. */
static int check_unused(struct db_conn *conn, int64_t id, struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_PRINTER_WRITE, USE);
	long long registrations, jobs;
	int r;

	sql_int(&sql, id);
	r = sql_step(&sql, err);
	if (r < 0)
		return r;
	registrations = sql_get_int(&sql);
	jobs = sql_get_int(&sql);
	if (registrations > 0)
		return err_set(
			err, -EBUSY,
			"this printer is named by %lld in 'platen registration list': remove what names it first",
			registrations);
	if (jobs > 0)
		return err_set(
			err, -EBUSY,
			"%lld in 'platen job list' wait for this printer: let them print or cancel them first",
			jobs);
	return 0;
}

int printer_remove_run(struct db_conn *conn, struct db_op *op, struct err *err)
{
	struct printer_remove *printer =
		CONTAINER_OF(op, struct printer_remove, op);
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_PRINTER_WRITE, REMOVE);
	int r = check_unused(conn, printer->id, err);

	return r < 0 ? r : change(&sql, printer->id, err);
}

int printer_set_token_run(struct db_conn *conn, struct db_op *op,
                          struct err *err)
{
	struct printer_set_token *set =
		CONTAINER_OF(op, struct printer_set_token, op);
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_PRINTER_WRITE, SET_TOKEN);

	sql_blob(&sql, set->token_hash, sizeof set->token_hash);
	return change(&sql, set->id, err);
}

int printer_set_uri_run(struct db_conn *conn, struct db_op *op, struct err *err)
{
	struct printer_set_uri *set =
		CONTAINER_OF(op, struct printer_set_uri, op);
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_PRINTER_WRITE, SET_URI);

	sql_text(&sql, set->uri);
	return change(&sql, set->id, err);
}

/* ---- what it said ------------------------------------------------------- */

static int save_state(struct db_conn *conn, const struct printer_row *row,
                      struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_PRINTER_WRITE, SAVE);

	sql_text(&sql, row->verdict);
	sql_text(&sql, row->reason);
	sql_text(&sql, row->sentence);
	sql_text(&sql, row->state);
	sql_int(&sql, row->checked_at);
	sql_int(&sql, row->changed_at);
	sql_int(&sql, row->announced_at);
	sql_text(&sql, row->pin);
	sql_text(&sql, row->learned);
	return change(&sql, row->id, err);
}

static int save_caps(struct db_conn *conn, const struct printer_row *row,
                     struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_PRINTER_WRITE, SAVE_CAPS);

	sql_text(&sql, row->make_and_model);
	sql_text(&sql, row->format);
	sql_text(&sql, row->media_default);
	sql_text(&sql, row->capabilities ? row->capabilities : "");
	return change(&sql, row->id, err);
}

/* One tray or supply: both are three words and a level. */
struct level_line {
	const char *words[3];
	int level;
};

static int add_line(struct sql *sql, int64_t printer_id, size_t i,
                    const struct level_line *line, struct err *err)
{
	sql_again(sql);
	sql_int(sql, printer_id);
	sql_int(sql, (int64_t)i);
	for (size_t k = 0; k < ARRAY_LEN(line->words); k++)
		sql_text(sql, line->words[k]);
	sql_int(sql, line->level);
	return sql_exec(sql, err);
}

static int delete_of(struct db_conn *conn, int statement, int64_t id,
                     struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_PRINTER_WRITE, statement);

	sql_int(&sql, id);
	return sql_exec(&sql, err);
}

static int save_trays(struct db_conn *conn, const struct printer_save *save,
                      struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_PRINTER_WRITE, INSERT_TRAY);
	int r = delete_of(conn, DELETE_TRAYS, save->row.id, err);

	for (size_t i = 0; r == 0 && i < save->n_trays; i++) {
		const struct printer_tray_row *t = &save->trays[i];
		struct level_line line = {{t->name, t->media, t->type},
		                          t->level};

		r = add_line(&sql, save->row.id, i, &line, err);
	}
	return r;
}

static int save_supplies(struct db_conn *conn, const struct printer_save *save,
                         struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_PRINTER_WRITE, INSERT_SUPPLY);
	int r = delete_of(conn, DELETE_SUPPLIES, save->row.id, err);

	for (size_t i = 0; r == 0 && i < save->n_supplies; i++) {
		const struct printer_supply_row *s = &save->supplies[i];
		struct level_line line = {{s->name, s->colour, s->type},
		                          s->level};

		r = add_line(&sql, save->row.id, i, &line, err);
	}
	return r;
}

int printer_save_run(struct db_conn *conn, struct db_op *op, struct err *err)
{
	struct printer_save *save = CONTAINER_OF(op, struct printer_save, op);
	int r = save_state(conn, &save->row, err);

	if (r == 0 && save->with_caps)
		r = save_caps(conn, &save->row, err);
	if (r < 0 || !save->with_levels)
		return r;
	r = save_trays(conn, save, err);
	return r < 0 ? r : save_supplies(conn, save, err);
}
