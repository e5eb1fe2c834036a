/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_FUZZ_FUZZ_SPOOL_H
#define TESTS_FUZZ_FUZZ_SPOOL_H

#include <assert.h>
#include <errno.h>

#include "base/mem.h"
#include "spool/job.h"
#include "spool/picture.h"
#include "spool/printer.h"
#include "spool/registration.h"

/*
 * In place of the spool, but for its database: it looks at what it is asked to
 * do, and tells what the input says.
 */
/* What the spool was asked to do, which it tells later. */
static struct {
	printer_cb *cb; /* and the others of the same shape */
	printer_token_cb *token_cb;
	registration_cb *registration_cb;
	void *arg; /* NULL: nothing */
	int64_t id;
} asked;
static struct db *db;

struct db *spool_db(struct spool *spool)
{
	return db;
}

static void ask(printer_cb *cb, void *arg)
{
	assert(!asked.arg && arg);
	asked.cb = cb;
	asked.arg = arg;
}

void printer_add(struct spool *spool, const char *name, const char *uri,
                 printer_cb *cb, void *arg)
{
	ask(cb, arg);
}

void printer_remove(struct spool *spool, const char *name, printer_cb *cb,
                    void *arg)
{
	ask(cb, arg);
}

void printer_check(struct spool *spool, const char *name, printer_cb *cb,
                   void *arg)
{
	ask(cb, arg);
}

void printer_trust(struct spool *spool, const char *name, printer_cb *cb,
                   void *arg)
{
	ask(cb, arg);
}

void printer_forget(struct spool *spool, const char *name, printer_cb *cb,
                    void *arg)
{
	ask(cb, arg);
}

void printer_token(struct spool *spool, const char *name, printer_token_cb *cb,
                   void *arg)
{
	ask(NULL, arg);
	asked.token_cb = cb;
}

static void check_text(const char *text, size_t size)
{
	assert(memchr(text, '\0', size));
	for (; *text; text++)
		assert((unsigned char)*text >= ' ');
}

void printer_announce(struct spool *spool, const char *name, const char *token,
                      const struct announcement *announcement, printer_cb *cb,
                      void *arg)
{
	assert(token && announcement->n_reasons <= ANNOUNCE_REASONS_MAX);
	check_text(announcement->uri, sizeof announcement->uri);
	check_text(announcement->mac, sizeof announcement->mac);
	for (unsigned i = 0; i < announcement->n_reasons; i++)
		check_text(announcement->reasons[i],
		           sizeof announcement->reasons[i]);
	ask(cb, arg);
}

int64_t printer_asked_at(struct spool *spool, int64_t id)
{
	return 0;
}

void job_cancel(struct spool *spool, int64_t id, job_cb *cb, void *arg)
{
	ask(cb, arg);
}

void job_release(struct spool *spool, int64_t id, const char *pages, job_cb *cb,
                 void *arg)
{
	ask(cb, arg);
}

void job_retry(struct spool *spool, int64_t id, const char *pages, job_cb *cb,
               void *arg)
{
	ask(cb, arg);
}

struct job_watch *job_watch_start(struct spool *spool, job_watch_cb *cb,
                                  void *arg)
{
	return NULL;
}

void job_watch_cancel(struct job_watch *watch)
{
}

void picture_forget(struct spool *spool, const char *hash, picture_cb *cb,
                    void *arg)
{
	ask(cb, arg);
}

/* What is shown may be written again, and is the same then. */
static void check_row(const struct registration_row *row)
{
	for (size_t i = 0; registration_keys[i]; i++) {
		struct registration_row again = *row;
		const char *key = registration_keys[i];
		char text[1024], text_again[1024];
		struct err err = {0};

		registration_get_field(row, key, text, sizeof text);
		assert(registration_set_field(&again, key, text, &err) == 0);
		registration_get_field(&again, key, text_again,
		                       sizeof text_again);
		assert(strcmp(text, text_again) == 0);
	}
}

void registration_add(struct spool *spool, const struct registration_row *row,
                      registration_cb *cb, void *arg)
{
	assert(row->printer_id && row->sender[0] && row->address[0]);
	check_row(row);
	ask(NULL, arg);
	asked.registration_cb = cb;
	asked.id = 1;
}

void registration_set(struct spool *spool, const struct registration_row *row,
                      registration_cb *cb, void *arg)
{
	check_row(row);
	ask(NULL, arg);
	asked.registration_cb = cb;
	asked.id = row->id;
}

void registration_remove(struct spool *spool, int64_t id, registration_cb *cb,
                         void *arg)
{
	ask(NULL, arg);
	asked.registration_cb = cb;
	asked.id = id;
}

static void spool_tells(uint8_t how)
{
	static const int outcomes[] = {0,       -ENOENT, -EEXIST, -EACCES,
	                               -EAGAIN, -EINVAL, -EIO,    -EPERM};
	int status = outcomes[how % ARRAY_LEN(outcomes)];
	struct err err = {0};
	void *arg = asked.arg;

	if (status < 0 && how & 0x80)
		err_set(&err, status, "it is '\xc3\x28'");
	asked.arg = NULL;
	if (asked.cb)
		asked.cb(status, &err, arg);
	else if (asked.token_cb)
		asked.token_cb(status, status == 0 ? "dG9rZW4" : NULL, &err,
		               arg);
	else
		asked.registration_cb(status, asked.id, &err, arg);
}

#endif
