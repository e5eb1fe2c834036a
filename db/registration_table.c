/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "db/registration_table.h"

#include <errno.h>

#include "base/mem.h"
#include "db/sql.h"

enum {
	ADD,
	SET,
	FOLLOW,
	REMOVE,
};

#define NO_REGISTRATION "there is no registration %lld"

#define OPTION_COLUMNS                                                         \
	"what, media, colour, sides, dpi, copies, tray, pages, number_up, "    \
	"scaling, head, banner, web"

static const char *const write_texts[] = {
	[ADD] = "INSERT INTO registration (printer_id, sender, address, "
		"retention_s, recovery_wait_s, " OPTION_COLUMNS ", "
		"page_limit, over_limit, stored_form, format, "
		"remote_pictures, added_at) "
		"VALUES (?, ?, ?, nullif(?, -1), nullif(?, -1), ?, "
		"?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[SET] = "UPDATE registration SET printer_id = ?, sender = ?, "
		"address = ?, retention_s = nullif(?, -1), "
		"recovery_wait_s = nullif(?, -1), (" OPTION_COLUMNS ") = "
		"(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?), page_limit = ?, "
		"over_limit = ?, stored_form = ?, format = ?, "
		"remote_pictures = ? WHERE id = ?",
	[FOLLOW] = "UPDATE job SET expires_at = received_at + ?, "
		   "recovery_wait_s = ? WHERE registration_id = ? "
		   "AND ended_at IS NULL",
	[REMOVE] = "DELETE FROM registration WHERE id = ?",
};
const struct sql_statements registration_write_statements = {
	write_texts,
	ARRAY_LEN(write_texts),
};

static void bind_options(struct sql *sql, const struct job_options *options)
{
	sql_text(sql, options->what);
	sql_text(sql, options->media);
	sql_text(sql, options->colour);
	sql_text(sql, options->sides);
	sql_int(sql, options->dpi);
	sql_int(sql, options->copies);
	sql_text(sql, options->tray);
	sql_text(sql, options->pages);
	sql_int(sql, options->number_up);
	sql_text(sql, options->scaling);
	sql_int(sql, options->head);
	sql_int(sql, options->banner);
	sql_text(sql, options->web);
}

static void bind_row(struct sql *sql, const struct registration_row *row)
{
	sql_int(sql, row->printer_id);
	sql_text(sql, row->sender);
	sql_text(sql, row->address);
	sql_int(sql, row->retention_s);
	sql_int(sql, row->recovery_wait_s);
	bind_options(sql, &row->options);
	sql_int(sql, row->page_limit);
	sql_text(sql, row->over_limit);
	sql_text(sql, row->stored_form);
	sql_text(sql, row->format);
	sql_int(sql, row->remote_pictures);
}

/* Name what the schema refused. */
static int explain(const struct registration_row *row, int r, struct err *err)
{
	if (r == -EEXIST)
		return err_set(err, r, "'%s' is registered for '%s' already",
		               row->sender, row->address);
	if (r == -ENOENT)
		return err_set(err, r, "there is no printer %lld",
		               (long long)row->printer_id);
	return r;
}

int registration_add_run(struct db_conn *conn, struct db_op *op,
                         struct err *err)
{
	struct registration_add *add =
		CONTAINER_OF(op, struct registration_add, op);
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_REGISTRATION_WRITE, ADD);
	int r;

	bind_row(&sql, &add->row);
	sql_int(&sql, add->row.added_at);
	r = sql_exec(&sql, err);
	if (r < 0)
		return explain(&add->row, r, err);
	add->id = sql_last_id(&sql);
	return 0;
}

static int follow(struct db_conn *conn, const struct registration_set *set,
                  struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_REGISTRATION_WRITE, FOLLOW);

	sql_int(&sql, set->retention_now);
	sql_int(&sql, set->recovery_wait_now);
	sql_int(&sql, set->row.id);
	return sql_exec(&sql, err);
}

int registration_set_run(struct db_conn *conn, struct db_op *op,
                         struct err *err)
{
	struct registration_set *set =
		CONTAINER_OF(op, struct registration_set, op);
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_REGISTRATION_WRITE, SET);
	int r;

	bind_row(&sql, &set->row);
	sql_int(&sql, set->row.id);
	r = sql_exec(&sql, err);
	if (r < 0)
		return explain(&set->row, r, err);
	if (sql_changes(&sql) == 0)
		return err_set(err, -ENOENT, NO_REGISTRATION,
		               (long long)set->row.id);
	return set->follow ? follow(conn, set, err) : 0;
}

int registration_remove_run(struct db_conn *conn, struct db_op *op,
                            struct err *err)
{
	struct registration_remove *remove =
		CONTAINER_OF(op, struct registration_remove, op);
	struct sql sql CLEANUP(sql_end) =
		sql_start(conn, SQL_REGISTRATION_WRITE, REMOVE);

	sql_int(&sql, remove->id);
	return sql_change(&sql, err, NO_REGISTRATION, (long long)remove->id);
}

/* ---- reading ------------------------------------------------------------ */

#define COLUMNS                                                                \
	"r.id, r.printer_id, r.sender, r.address, coalesce(r.retention_s, "    \
	"-1), coalesce(r.recovery_wait_s, -1), " OPTION_COLUMNS ", "           \
	"r.page_limit, r.over_limit, r.stored_form, r.format, "                \
	"r.remote_pictures, r.added_at"

enum {
	BY_ID,
	FIND,
	HAS_ADDRESS,
	EACH,
};

static const char *const read_texts[] = {
	[BY_ID] = "SELECT " COLUMNS " FROM registration r WHERE r.id = ?",
	[FIND] = "SELECT " COLUMNS " FROM registration r "
		 "WHERE r.address = ?1 AND r.sender IN (?2, ?3, '*') "
		 "ORDER BY r.sender = ?2 DESC, r.sender = '*' LIMIT 1",
	[HAS_ADDRESS] = "SELECT 1 FROM registration WHERE address = ? LIMIT 1",
	[EACH] = "SELECT " COLUMNS ", p.name FROM registration r "
		 "JOIN printer p ON p.id = r.printer_id ORDER BY r.id",
};
const struct sql_statements registration_read_statements = {
	read_texts,
	ARRAY_LEN(read_texts),
};

static void options_from_row(struct sql *sql, struct job_options *out)
{
	GET_TEXT(sql, out->what);
	GET_TEXT(sql, out->media);
	GET_TEXT(sql, out->colour);
	GET_TEXT(sql, out->sides);
	out->dpi = (int)sql_get_int(sql);
	out->copies = (int)sql_get_int(sql);
	GET_TEXT(sql, out->tray);
	GET_TEXT(sql, out->pages);
	out->number_up = (int)sql_get_int(sql);
	GET_TEXT(sql, out->scaling);
	out->head = sql_get_int(sql);
	out->banner = sql_get_int(sql);
	GET_TEXT(sql, out->web);
}

static void registration_from_row(struct sql *sql, struct registration_row *out)
{
	out->id = sql_get_int(sql);
	out->printer_id = sql_get_int(sql);
	GET_TEXT(sql, out->sender);
	GET_TEXT(sql, out->address);
	out->retention_s = sql_get_int(sql);
	out->recovery_wait_s = sql_get_int(sql);
	options_from_row(sql, &out->options);
	out->page_limit = (int)sql_get_int(sql);
	GET_TEXT(sql, out->over_limit);
	GET_TEXT(sql, out->stored_form);
	GET_TEXT(sql, out->format);
	out->remote_pictures = sql_get_int(sql);
	out->added_at = sql_get_int(sql);
}

int registration_read(struct db *db, int64_t id, struct registration_row *out,
                      struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_read(db, SQL_REGISTRATION_READ, BY_ID);
	int r;

	sql_int(&sql, id);
	r = sql_find(&sql, err, NO_REGISTRATION, (long long)id);
	if (r == 0)
		registration_from_row(&sql, out);
	return r;
}

/* 0: there is one; REGISTRATION_NO_ADDRESS; -errno. */
static int has_address(struct db *db, const char *address, struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_read(db, SQL_REGISTRATION_READ, HAS_ADDRESS);
	int r;

	sql_text(&sql, address);
	r = sql_step(&sql, err);
	if (r < 0)
		return r;
	return r > 0 ? 0 : REGISTRATION_NO_ADDRESS;
}

int registration_find(struct db *db, const char *sender, const char *address,
                      struct registration_row *out, struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_read(db, SQL_REGISTRATION_READ, FIND);
	const char *at = strrchr(sender, '@');
	char *domain CLEANUP(xfree) = at ? xasprintf("*%s", at) : NULL;
	int r;

	sql_text(&sql, address);
	sql_text(&sql, sender);
	sql_text(&sql, domain);
	r = sql_step(&sql, err);
	if (r < 0)
		return r;
	if (r > 0) {
		registration_from_row(&sql, out);
		return 0;
	}
	r = has_address(db, address, err);
	return r == 0 ? REGISTRATION_NO_SENDER : r;
}

int registration_each(struct db *db,
                      int (*each)(const struct registration_row *row,
                                  const char *printer_name, void *arg),
                      void *arg, struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_read(db, SQL_REGISTRATION_READ, EACH);
	struct registration_row row;
	char printer_name[64];
	int r;

	while ((r = sql_step(&sql, err)) > 0) {
		registration_from_row(&sql, &row);
		GET_TEXT(&sql, printer_name);
		r = each(&row, printer_name, arg);
		if (r < 0)
			break;
	}
	return r;
}
