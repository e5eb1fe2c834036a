/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef DB_REGISTRATION_TABLE_H
#define DB_REGISTRATION_TABLE_H

#include "db/db.h"
#include "db/job_options.h"

/* Rows of registration: who may print where, and how (K3). */

#define ADDRESS_MAX 321 /* RFC 5321 4.5.3.1: 64 + @ + 255, and the NUL */

struct registration_row {
	int64_t id;
	int64_t printer_id;
	char sender[ADDRESS_MAX];  /* canonical, '*@domain' or '*' */
	char address[ADDRESS_MAX]; /* local part */
	int64_t retention_s;       /* -1: the server's setting */
	int64_t recovery_wait_s;   /* -1: the server's setting */
	struct job_options options;
	int page_limit;      /* 0: none of its own */
	char over_limit[8];  /* refuse, first, ask */
	char stored_form[8]; /* auto, data, pages, mail; "": the server's */
	char format[16]; /* print_format_from_word(), pdf-as-is; "": chosen */
	bool remote_pictures; /* HTML shows those that it left on the web */
	int64_t added_at;
};

/* out: id. -EEXIST: the pair of sender and address is taken. -ENOENT: no such
 * printer. */
struct registration_add {
	struct db_op op;
	struct registration_row row;
	int64_t id;
};
db_run_fn registration_add_run;

/*
 * Replace all columns of row.id but added_at. When `follow`, jobs of it that
 * are not over get expires_at = received_at + retention_now and the new
 * recovery wait (both resolved by the caller). -ENOENT; -EEXIST.
 */
struct registration_set {
	struct db_op op;
	struct registration_row row;
	bool follow;
	int64_t retention_now, recovery_wait_now;
};
db_run_fn registration_set_run;

/* Remove. Its jobs keep going. -ENOENT. */
struct registration_remove {
	struct db_op op;
	int64_t id;
};
db_run_fn registration_remove_run;

int registration_read(struct db *db, int64_t id, struct registration_row *out,
                      struct err *err);

/*
 * The registration of sender and address: the exact sender, else '*@domain',
 * else '*'. 0; REGISTRATION_NO_ADDRESS: nobody is registered for that address;
 * REGISTRATION_NO_SENDER: others are, this sender is not; or -errno.
 */
enum {
	REGISTRATION_NO_ADDRESS = 1,
	REGISTRATION_NO_SENDER = 2,
};
int registration_find(struct db *db, const char *sender, const char *address,
                      struct registration_row *out, struct err *err);

/* Each registration by id; printer_name is borrowed for the call. */
int registration_each(struct db *db,
                      int (*each)(const struct registration_row *row,
                                  const char *printer_name, void *arg),
                      void *arg, struct err *err);

#endif
