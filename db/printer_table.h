/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef DB_PRINTER_TABLE_H
#define DB_PRINTER_TABLE_H

#include "db/db.h"

/* Rows of printer, printer_tray and printer_supply (schema/0001_spool.sql). */

#define PRINTER_NAME_MAX 64
#define PRINTER_URI_MAX  1024

struct printer_tray_row {
	char name[64];
	char media[64];
	char type[64];
	int level; /* percent; -1 no limit, -2 unknown, -3 some */
};

struct printer_supply_row {
	char name[128];
	char colour[32];
	char type[32];
	int level;
};

struct printer_row {
	int64_t id;
	char name[PRINTER_NAME_MAX];
	char uri[PRINTER_URI_MAX];
	char pin[128];
	unsigned char token_hash[32];
	bool has_token;
	char make_and_model[128];
	char format[64];
	char media_default[64];
	char *capabilities; /* owned; never NULL after reading */
	char verdict[16];
	char reason[64];
	char sentence[256];
	char state[16];
	char learned[128]; /* in the words of the table */
	int64_t checked_at, changed_at, announced_at, added_at;
	int64_t epoch;
};

void printer_row_fini(struct printer_row *row);

/* Add; out: id. -EEXIST when the name is taken. */
struct printer_add {
	struct db_op op;
	struct printer_row row; /* in; the caller's */
	int64_t id;             /* out */
};
db_run_fn printer_add_run;

/*
 * Remove with trays and supplies. -EBUSY with a sentence while registrations
 * name it or jobs of it are not over. -ENOENT.
 */
struct printer_remove {
	struct db_op op;
	int64_t id;
};
db_run_fn printer_remove_run;

/* Replace the announcement token's hash. */
struct printer_set_token {
	struct db_op op;
	int64_t id;
	unsigned char token_hash[32];
};
db_run_fn printer_set_token_run;

/* It has another address now (K9: an announcement with its token). -ENOENT. */
struct printer_set_uri {
	struct db_op op;
	int64_t id;
	char uri[PRINTER_URI_MAX];
};
db_run_fn printer_set_uri_run;

/*
 * Store what the printer said: verdict, reason, sentence, state, checked_at,
 * changed_at, announced_at, pin, learned, and, where `with_caps`,
 * make_and_model, format, media_default, capabilities; trays and supplies
 * replace the old ones when `with_levels`.
 */
struct printer_save {
	struct db_op op;
	struct printer_row row; /* in; id decides */
	bool with_caps, with_levels;
	struct printer_tray_row *trays;
	size_t n_trays;
	struct printer_supply_row *supplies;
	size_t n_supplies;
};
db_run_fn printer_save_run;

/* Reading, on the loop thread. 0, -ENOENT, or another -errno with a sentence.
 */
int printer_read(struct db *db, int64_t id, struct printer_row *out,
                 struct err *err);
int printer_read_by_name(struct db *db, const char *name,
                         struct printer_row *out, struct err *err);

/* Each printer by name; the row is borrowed for the call. each: < 0 stops. */
int printer_each(struct db *db,
                 int (*each)(const struct printer_row *row, void *arg),
                 void *arg, struct err *err);

/* Arrays are the caller's to free(); NULL and 0 when there are none. */
int printer_read_trays(struct db *db, int64_t id, struct printer_tray_row **out,
                       size_t *n, struct err *err);
int printer_read_supplies(struct db *db, int64_t id,
                          struct printer_supply_row **out, size_t *n,
                          struct err *err);

#endif
