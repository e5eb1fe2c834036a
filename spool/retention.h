/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_RETENTION_H
#define SPOOL_RETENTION_H

#include "spool/spool.h"

/*
 * What is over, or has waited too long, is destroyed (K11): the key is dropped
 * and the row's content deleted in one transaction (job_change), then the files
 * are unlinked, then the write-ahead log is cut and verified to be empty, so
 * that nothing is left of it on disk.
 */
struct retention;

/* Starts looking for jobs that are due. */
struct retention *retention_new(struct spool *spool);
void retention_close(struct retention *retention);

/* Delete files of messages/ and pages/; "" for none. */
void retention_discard(struct spool *spool, const char *message_file,
                       const char *print_file, const char *pages_file);

/* Content was dropped from the database: cut the log soon. */
void retention_content_died(struct spool *spool);

#endif
