/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_PRINTER_H
#define SPOOL_PRINTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "printers/announce.h"
#include "spool/spool.h"

/*
 * Printers as the administrator sees them. Every callback comes once, later,
 * after what it tells is durable.
 */
typedef void printer_cb(int status, const struct err *err, void *arg);

/*
 * Add a printer: it is asked first, what it can do is stored, and then how it
 * is. -EINVAL for a
 * bad name ([a-z0-9][a-z0-9._-]*, 1 to 63) or address, -EEXIST, -ENOTSUP when
 * it takes no format that we make, or why it could not be asked.
 */
void printer_add(struct spool *spool, const char *name, const char *uri,
                 printer_cb *cb, void *arg);

/* -ENOENT; -EBUSY while registrations or jobs need it. */
void printer_remove(struct spool *spool, const char *name, printer_cb *cb,
                    void *arg);

/* Ask it now, and act on the answer. status 0 also when it is off: the answer
 * stands in the database. -ENOENT. */
void printer_check(struct spool *spool, const char *name, printer_cb *cb,
                   void *arg);

/* The same, and take the key that it shows now for its own: an administrator
 * knows why its certificate has changed. */
void printer_trust(struct spool *spool, const char *name, printer_cb *cb,
                   void *arg);

/* The same, and forget what was learned from how it took jobs: it may have been
 * taught better without a new name or firmware. */
void printer_forget(struct spool *spool, const char *name, printer_cb *cb,
                    void *arg);

/*
 * Make a new announcement token, 256 random bits in base64url; the old one is
 * void. Only its hash is stored.
 */
typedef void printer_token_cb(int status, const char *token,
                              const struct err *err, void *arg);
void printer_token(struct spool *spool, const char *name, printer_token_cb *cb,
                   void *arg);

/*
 * An announcement (K9, K14, K18). Checks token and rate, stores that it came
 * and the address it names (K12), then asks the printer; cb comes as soon as
 * the announcement is judged, before the printer answered. -EACCES: unknown
 * printer or wrong token, not told apart; -EAGAIN: too many.
 */
void printer_announce(struct spool *spool, const char *name, const char *token,
                      const struct announcement *announcement, printer_cb *cb,
                      void *arg);

/* When it was last asked, which may be newer than the database says; 0 never.
 */
int64_t printer_asked_at(struct spool *spool, int64_t id);

#endif
