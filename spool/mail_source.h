/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_MAIL_SOURCE_H
#define SPOOL_MAIL_SOURCE_H

#include "db/job_table.h"
#include "spool/spool_private.h"

/*
 * A stored mail, decrypted as a worker takes it; never whole in memory unless
 * it is small.
 */
struct mail_source;

/* -ENOENT when its content was destroyed, -EBADMSG when it is damaged. */
int mail_source_open(struct spool *spool, int64_t message_id,
                     struct mail_source **out, struct err *err);

/* The same of a job's stored pages: a mail that holds nothing but their PDF. */
int mail_source_open_pages(struct spool *spool, const struct job_row *job,
                           struct mail_source **out, struct err *err);

/* Begin to feed; call pump() when the render says that it has room again. A
 * mail that proves damaged on the way ends the render with render_cancel(). */
void mail_source_feed(struct mail_source *source, struct render *render);
void mail_source_pump(struct mail_source *source);

void mail_source_free(struct mail_source *source); /* NULL is fine */

#endif
