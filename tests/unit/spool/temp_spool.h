/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_UNIT_SPOOL_TEMP_SPOOL_H
#define TESTS_UNIT_SPOOL_TEMP_SPOOL_H

#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/mem.h"
#include "db/printer_table.h"
#include "db/registration_table.h"
#include "spool/registration.h"
#include "spool/spool_private.h"

/*
 * The parts of a spool that intake and registrations need: a real database in
 * a folder of its own, keys, limits; no printers that are asked, no workers.
 */
struct temp_spool {
	struct spool spool;
	uv_loop_t loop;
	char path[64];
	bool is_db_closed;
};

static inline void temp_spool_open(struct temp_spool *t)
{
	char file[128];
	struct err err = {0};

	*t = (struct temp_spool){.path = "/tmp/platen-spool-XXXXXX"};
	ck_assert_ptr_nonnull(mkdtemp(t->path));
	ck_assert_int_eq(uv_loop_init(&t->loop), 0);
	content_init();
	content_key_random(&t->spool.master);
	fingerprint_secret_make(&t->spool.master, &t->spool.fingerprint_secret);
	t->spool.loop = &t->loop;
	t->spool.options.max_message_size = 10 << 20;
	t->spool.options.retention_s = 3600;
	t->spool.options.recovery_wait_s = 60;
	list_init(&t->spool.printers);
	list_init(&t->spool.watches);
	t->spool.state_dir = open(t->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	t->spool.messages_dir =
		fs_open_dir(t->spool.state_dir, "messages", &err);
	ck_assert_int_ge(t->spool.messages_dir, 0);
	snprintf(file, sizeof file, "%s/spool.db", t->path);
	ck_assert_msg(db_open(&t->loop, file, NULL, NULL, &t->spool.db, &err) ==
	                      0,
	              "%s", err.text);
}

static inline void temp_spool_on_db_closed(void *arg)
{
	*(bool *)arg = true;
}

/* Files directly below dir; with `remove` they go. */
static inline int temp_spool_files(int dir, bool remove)
{
	DIR *d = fdopendir(openat(dir, ".", O_RDONLY | O_DIRECTORY));
	struct dirent *entry;
	int n = 0;

	while ((entry = readdir(d))) {
		if (entry->d_type != DT_REG)
			continue;
		n++;
		if (remove)
			unlinkat(dir, entry->d_name, 0);
	}
	closedir(d);
	return n;
}

static inline void temp_spool_close(struct temp_spool *t)
{
	db_close(t->spool.db, temp_spool_on_db_closed, &t->is_db_closed);
	while (!t->is_db_closed)
		uv_run(&t->loop, UV_RUN_ONCE);
	uv_run(&t->loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(uv_loop_close(&t->loop), 0);
	temp_spool_files(t->spool.messages_dir, true);
	close(t->spool.messages_dir);
	unlinkat(t->spool.state_dir, "messages", AT_REMOVEDIR);
	temp_spool_files(t->spool.state_dir, true);
	close(t->spool.state_dir);
	ck_assert_int_eq(rmdir(t->path), 0);
}

static inline int64_t temp_spool_add_printer(struct temp_spool *t,
                                             const char *name,
                                             const char *media,
                                             char *capabilities)
{
	struct printer_add add = {.row = {.added_at = 1}};
	struct err err = {0};

	snprintf(add.row.name, sizeof add.row.name, "%s", name);
	snprintf(add.row.uri, sizeof add.row.uri, "ipp://p.example/%s", name);
	snprintf(add.row.format, sizeof add.row.format, "image/pwg-raster");
	snprintf(add.row.verdict, sizeof add.row.verdict, "unknown");
	snprintf(add.row.media_default, sizeof add.row.media_default, "%s",
	         media);
	add.row.capabilities = capabilities;
	ck_assert_msg(db_run(t->spool.db, &add.op, printer_add_run, &err) == 0,
	              "%s", err.text);
	return add.id;
}

static inline int64_t
temp_spool_add_registration(struct temp_spool *t,
                            const struct registration_row *row)
{
	struct registration_add add = {.row = *row};
	struct err err = {0};

	ck_assert_msg(db_run(t->spool.db, &add.op, registration_add_run,
	                     &err) == 0,
	              "%s", err.text);
	return add.id;
}

/* Anything that is registered the usual way: sender, address, printer. */
static inline int64_t temp_spool_register(struct temp_spool *t,
                                          const char *sender,
                                          const char *address,
                                          int64_t printer_id)
{
	struct registration_row row;

	registration_init(&row);
	row.printer_id = printer_id;
	snprintf(row.sender, sizeof row.sender, "%s", sender);
	snprintf(row.address, sizeof row.address, "%s", address);
	return temp_spool_add_registration(t, &row);
}

#endif
