/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/registration.h"

#include <errno.h>

#include "base/clock.h"
#include "base/mem.h"
#include "spool/spool_private.h"

/*
 * One change of the table: started here, checked and run by the writer, told
 * and freed in on_done().
 */
struct registration_change {
	union {
		struct db_op op;
		struct registration_add add;
		struct registration_set set;
		struct registration_remove remove;
	};
	struct spool *spool; /* borrowed */
	int64_t id;
	registration_cb *cb; /* NULL: nobody to tell */
	void *arg;
};

static struct registration_change *change_new(struct spool *spool,
                                              registration_cb *cb, void *arg)
{
	struct registration_change *change = xcalloc(1, sizeof *change);

	change->spool = spool;
	change->cb = cb;
	change->arg = arg;
	return change;
}

static void on_done(struct db_op *op, int status, const struct err *err)
{
	struct registration_change *change =
		CONTAINER_OF(op, struct registration_change, op);

	if (change->cb)
		change->cb(status, change->id, err, change->arg);
	free(change);
}

static void on_added(struct db_op *op, int status, const struct err *err)
{
	struct registration_change *change =
		CONTAINER_OF(op, struct registration_change, op);

	change->id = change->add.id;
	on_done(op, status, err);
}

static int check_row(const struct registration_row *row, struct err *err)
{
	if (!row->sender[0])
		return err_set(err, -EINVAL,
		               "a registration needs 'from': who may print");
	if (!row->address[0])
		return err_set(
			err, -EINVAL,
			"a registration needs 'address': the local part of the print address");
	return 0;
}

/* Checked here and not before, so that every answer comes the same way. */
static int add_run(struct db_conn *conn, struct db_op *op, struct err *err)
{
	struct registration_change *change =
		CONTAINER_OF(op, struct registration_change, op);
	int r = check_row(&change->add.row, err);

	return r < 0 ? r : registration_add_run(conn, op, err);
}

static int set_run(struct db_conn *conn, struct db_op *op, struct err *err)
{
	struct registration_change *change =
		CONTAINER_OF(op, struct registration_change, op);
	int r = check_row(&change->set.row, err);

	return r < 0 ? r : registration_set_run(conn, op, err);
}

void registration_add(struct spool *spool, const struct registration_row *row,
                      registration_cb *cb, void *arg)
{
	struct registration_change *change = change_new(spool, cb, arg);

	change->add.row = *row;
	change->add.row.added_at = clock_now();
	db_submit(spool->db, &change->op, add_run, on_added);
}

void registration_set(struct spool *spool, const struct registration_row *row,
                      registration_cb *cb, void *arg)
{
	struct registration_change *change = change_new(spool, cb, arg);

	change->id = row->id;
	change->set.row = *row;
	change->set.follow = spool->options.retention_follows;
	change->set.retention_now = registration_retention(spool, row);
	change->set.recovery_wait_now = registration_recovery_wait(spool, row);
	db_submit(spool->db, &change->op, set_run, on_done);
}

void registration_remove(struct spool *spool, int64_t id, registration_cb *cb,
                         void *arg)
{
	struct registration_change *change = change_new(spool, cb, arg);

	change->id = id;
	change->remove.id = id;
	db_submit(spool->db, &change->op, registration_remove_run, on_done);
}

int64_t registration_retention(const struct spool *spool,
                               const struct registration_row *row)
{
	return row->retention_s >= 0 ? row->retention_s
	                             : spool->options.retention_s;
}

int64_t registration_recovery_wait(const struct spool *spool,
                                   const struct registration_row *row)
{
	return row->recovery_wait_s >= 0 ? row->recovery_wait_s
	                                 : spool->options.recovery_wait_s;
}

enum stored_form registration_stored_form(const struct spool *spool,
                                          const struct registration_row *row)
{
	if (strcmp(row->stored_form, "data") == 0)
		return STORED_DATA;
	if (strcmp(row->stored_form, "pages") == 0)
		return STORED_PAGES;
	if (strcmp(row->stored_form, "mail") == 0)
		return STORED_MAIL;
	return row->stored_form[0] ? STORED_AUTO : spool->options.stored_form;
}
