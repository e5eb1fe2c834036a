/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>

#include "base/mem.h"
#include "db/printer_table.h"
#include "db/sql.h"

#define COLUMNS                                                                    \
	"id, name, uri, pin, token_hash, make_and_model, format, "                 \
	"media_default, capabilities, learned, verdict, reason, sentence, state, " \
	"checked_at, changed_at, announced_at, added_at, epoch"

enum {
	BY_ID,
	BY_NAME,
	EACH,
	TRAYS,
	SUPPLIES,
};

static const char *const texts[] = {
	[BY_ID] = "SELECT " COLUMNS " FROM printer WHERE id = ?",
	[BY_NAME] = "SELECT " COLUMNS " FROM printer WHERE name = ?",
	[EACH] = "SELECT " COLUMNS " FROM printer ORDER BY name",
	[TRAYS] = "SELECT name, media, type, level FROM printer_tray "
		  "WHERE printer_id = ? ORDER BY position",
	[SUPPLIES] = "SELECT name, colour, type, level FROM printer_supply "
		     "WHERE printer_id = ? ORDER BY position",
};
const struct sql_statements printer_read_statements = {
	texts,
	ARRAY_LEN(texts),
};

void printer_row_fini(struct printer_row *row)
{
	free(row->capabilities);
	row->capabilities = NULL;
}

static void printer_from_row(struct sql *sql, struct printer_row *out)
{
	out->id = sql_get_int(sql);
	GET_TEXT(sql, out->name);
	GET_TEXT(sql, out->uri);
	GET_TEXT(sql, out->pin);
	out->has_token =
		sql_get_blob(sql, out->token_hash, sizeof out->token_hash) ==
		(int)sizeof out->token_hash;
	GET_TEXT(sql, out->make_and_model);
	GET_TEXT(sql, out->format);
	GET_TEXT(sql, out->media_default);
	out->capabilities = sql_get_text_new(sql);
	GET_TEXT(sql, out->learned);
	GET_TEXT(sql, out->verdict);
	GET_TEXT(sql, out->reason);
	GET_TEXT(sql, out->sentence);
	GET_TEXT(sql, out->state);
	out->checked_at = sql_get_int(sql);
	out->changed_at = sql_get_int(sql);
	out->announced_at = sql_get_int(sql);
	out->added_at = sql_get_int(sql);
	out->epoch = sql_get_int(sql);
}

int printer_read(struct db *db, int64_t id, struct printer_row *out,
                 struct err *err)
{
	struct sql sql CLEANUP(sql_end) = sql_read(db, SQL_PRINTER_READ, BY_ID);
	int r;

	sql_int(&sql, id);
	r = sql_find(&sql, err, "there is no printer %lld", (long long)id);
	if (r == 0)
		printer_from_row(&sql, out);
	return r;
}

int printer_read_by_name(struct db *db, const char *name,
                         struct printer_row *out, struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_read(db, SQL_PRINTER_READ, BY_NAME);
	int r;

	sql_text(&sql, name);
	r = sql_find(&sql, err, "there is no printer '%s'", name);
	if (r == 0)
		printer_from_row(&sql, out);
	return r;
}

int printer_each(struct db *db,
                 int (*each)(const struct printer_row *row, void *arg),
                 void *arg, struct err *err)
{
	struct sql sql CLEANUP(sql_end) = sql_read(db, SQL_PRINTER_READ, EACH);
	struct printer_row row = {0};
	int r;

	while ((r = sql_step(&sql, err)) > 0) {
		printer_from_row(&sql, &row);
		r = each(&row, arg);
		printer_row_fini(&row);
		if (r < 0)
			break;
	}
	return r;
}

static void tray_from_row(struct sql *sql, void *out)
{
	struct printer_tray_row *tray = out;

	GET_TEXT(sql, tray->name);
	GET_TEXT(sql, tray->media);
	GET_TEXT(sql, tray->type);
	tray->level = (int)sql_get_int(sql);
}

int printer_read_trays(struct db *db, int64_t id, struct printer_tray_row **out,
                       size_t *n, struct err *err)
{
	struct sql sql CLEANUP(sql_end) = sql_read(db, SQL_PRINTER_READ, TRAYS);
	void *array = NULL;
	int r;

	sql_int(&sql, id);
	r = sql_read_array(&sql, sizeof **out, tray_from_row, &array, n, err);
	if (r == 0)
		*out = array;
	return r;
}

static void supply_from_row(struct sql *sql, void *out)
{
	struct printer_supply_row *supply = out;

	GET_TEXT(sql, supply->name);
	GET_TEXT(sql, supply->colour);
	GET_TEXT(sql, supply->type);
	supply->level = (int)sql_get_int(sql);
}

int printer_read_supplies(struct db *db, int64_t id,
                          struct printer_supply_row **out, size_t *n,
                          struct err *err)
{
	struct sql sql CLEANUP(sql_end) =
		sql_read(db, SQL_PRINTER_READ, SUPPLIES);
	void *array = NULL;
	int r;

	sql_int(&sql, id);
	r = sql_read_array(&sql, sizeof **out, supply_from_row, &array, n, err);
	if (r == 0)
		*out = array;
	return r;
}
