/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef DB_PICTURE_TABLE_H
#define DB_PICTURE_TABLE_H

#include "db/db.h"
#include "db/registration_table.h"

/*
 * Rows of sender_picture: which pictures a sender keeps attaching. Hashes are
 * SHA-256 in hex.
 */
#define PICTURE_HASH_MAX 65

/* Whose pictures a mail brought; part of struct job_rendered. */
struct pictures_seen {
	const char *sender;
	const char *body; /* hash of the mail's text */
	const char *const *hashes;
	size_t n;
};

/* Inside a run function: remember them as of now. */
int pictures_remember(struct db_conn *conn, const struct pictures_seen *seen,
                      int64_t now, struct err *err);

/* Inside a run function: forget what was not seen for half a year. */
int pictures_expire(struct db_conn *conn, int64_t now, struct err *err);

/* In how many mails with another text the sender had this picture before. */
int picture_count(struct db *db, const char *sender, const char *hash,
                  const char *body, int64_t *n, struct err *err);

struct picture_row {
	char sender[ADDRESS_MAX];
	char hash[PICTURE_HASH_MAX];
	int64_t n_mails; /* the last few */
	int64_t first_seen_at, last_seen_at;
};

int picture_each(struct db *db,
                 int (*each)(const struct picture_row *row, void *arg),
                 void *arg, struct err *err);

/* Forget a picture of any sender. -ENOENT. */
struct picture_forget {
	struct db_op op;
	char hash[PICTURE_HASH_MAX];
};
db_run_fn picture_forget_run;

#endif
