/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include "db/conn.h"

/* A file of schema/, embedded by the build; in order, from 1, without gaps. */
struct migration {
	const char *name;
	const char *sql;
};
extern const struct migration migrations[];
extern const int n_migrations;

/*
 * Bring the database up to this program: each step and its PRAGMA user_version
 * in one transaction. Refused with -EINVAL, naming both versions, when it is
 * newer; with -EIO when it is damaged or was not made by us.
 */
int migrate(struct db_conn *conn, struct err *err);

/*
 * Make the file `path` when it is missing: under another name, which is renamed
 * when it is complete. So an empty file is always a damaged one, and so is a
 * log without its database; both are refused with -EIO.
 */
int migrate_create(const char *path, int dir, struct err *err);

#endif
