/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_UNIT_DB_SPOOL_H
#define TESTS_UNIT_DB_SPOOL_H

#include <ftw.h>
#include <stdio.h>
#include <uv.h>

#include "base/mem.h"
#include "db/db.h"
#include "db/job_table.h"
#include "db/printer_table.h"
#include "db/registration_table.h"
#include "tests/unit/check_run.h"

/* A spool in a folder of its own, with a printer, and helpers to fill it. */
static uv_loop_t loop;
static struct db *db;
static char dir[64], path[96];
static __attribute__((unused)) int64_t printer_id;
static struct err err;

static __attribute__((unused)) int
remove_one(const char *name, const struct stat *st, int flag, struct FTW *ftw)
{
	return remove(name);
}

static void dir_make(void)
{
	memcpy(dir, "/tmp/platen-db-XXXXXX", 22);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/spool.db", dir);
	ck_assert_int_eq(uv_loop_init(&loop), 0);
}

static void dir_remove(void)
{
	ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
	nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static __attribute__((unused)) void must(int r)
{
	ck_assert_msg(r == 0, "%d: %s", r, err.text);
}

static void spool_open(void)
{
	must(db_open(&loop, path, NULL, NULL, &db, &err));
}

static void set_true(void *arg)
{
	*(bool *)arg = true;
}

static void spool_close(void)
{
	bool is_closed = false;

	db_close(db, set_true, &is_closed);
	ck_assert(!is_closed);
	while (!is_closed)
		uv_run(&loop, UV_RUN_ONCE);
}

static __attribute__((unused)) void setup(void)
{
	struct printer_add add = {.row.name = "hall",
	                          .row.uri = "ipp://h/",
	                          .row.added_at = 1};

	dir_make();
	spool_open();
	must(db_run(db, &add.op, printer_add_run, &err));
	printer_id = add.id;
}

static __attribute__((unused)) void teardown(void)
{
	spool_close();
	dir_remove();
}

static __attribute__((unused)) struct job_row job_example(void)
{
	struct job_row row = {
		.registration_id = 7,
		.printer_id = printer_id,
		.printer_name = "hall",
		.sender = "ann@example.org",
		.address = "print",
		.subject = "Letter",
		.state = "ACCEPTED",
		.kind.media = "iso_a4_210x297mm",
		.received_at = 1000,
		.state_at = 1000,
		.recovery_wait_s = 60,
		.expires_at = 5000,
	};

	return row;
}

/* A message with one job like `row`; the job's id. */
static __attribute__((unused)) int64_t job_make(const struct job_row *row,
                                                const char *content)
{
	struct job_new job = {.row = *row};
	struct message_accept accept = {
		.received_at = row->received_at,
		.size = (int64_t)strlen(content),
		.content = content,
		.content_len = strlen(content),
		.key = (const unsigned char *)"wrapped",
		.key_len = 7,
		.jobs = &job,
		.n_jobs = 1,
	};

	must(db_run(db, &accept.op, message_accept_run, &err));
	ck_assert_int_gt(job.id, 0);
	return job.id;
}

static __attribute__((unused)) struct job_row job_get(int64_t id)
{
	struct job_row row;

	must(job_read(db, id, &row, &err));
	return row;
}

/* A change that does nothing else. */
static __attribute__((unused)) struct job_set
job_step(int64_t id, const char *from, const char *to)
{
	struct job_set set = {.job_id = id,
	                      .now = 2000,
	                      .impressions = -1,
	                      .documents_done = -1,
	                      .first_document = 1,
	                      .last_document = 1,
	                      .n_documents = 1};

	snprintf(set.from, sizeof set.from, "%s", from);
	snprintf(set.to, sizeof set.to, "%s", to);
	return set;
}

static __attribute__((unused)) void job_move(int64_t id, const char *from,
                                             const char *to)
{
	struct job_set set = job_step(id, from, to);

	must(db_run(db, &set.op, job_set_run, &err));
	ck_assert(set.changed);
}

#endif
