/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_REGISTRATION_H
#define SPOOL_REGISTRATION_H

#include "base/err.h"
#include "db/registration_table.h"
#include "spool/spool.h"

/* Registrations (K3): checked here, stored by db/. */

/* Defaults of a new registration: no limits of its own, everything automatic.
 */
void registration_init(struct registration_row *row);

/*
 * Set one column from text, as "retention" "2d", "sides" "two-sided-long-edge".
 * Keys: from, address, retention, recovery-wait, page-limit, over-limit,
 * stored-form, format, remote-pictures, and those of job_options.h. "default"
 * resets what the server or the printer has a setting for. -EINVAL with a
 * sentence that names the key, what is wrong, and what may stand there.
 */
int registration_set_field(struct registration_row *row, const char *key,
                           const char *value, struct err *err);

/* The text of a column, as registration_set_field() takes it. Returns out. */
char *registration_get_field(const struct registration_row *row,
                             const char *key, char *out, size_t size);

/* Keys in the order in which they are shown; ends with NULL. */
extern const char *const registration_keys[];

typedef void registration_cb(int status, int64_t id, const struct err *err,
                             void *arg);

/* cb comes once, after the commit; -EEXIST, -ENOENT, -EINVAL with sentences. */
void registration_add(struct spool *spool, const struct registration_row *row,
                      registration_cb *cb, void *arg);
void registration_set(struct spool *spool, const struct registration_row *row,
                      registration_cb *cb, void *arg);
void registration_remove(struct spool *spool, int64_t id, registration_cb *cb,
                         void *arg);

/* The limits that count for it, defaults resolved. */
int64_t registration_retention(const struct spool *spool,
                               const struct registration_row *row);
int64_t registration_recovery_wait(const struct spool *spool,
                                   const struct registration_row *row);

/* As what its held jobs wait. */
enum stored_form registration_stored_form(const struct spool *spool,
                                          const struct registration_row *row);

#endif
