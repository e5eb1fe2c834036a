/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_JOB_OPTIONS_H
#define SPOOL_JOB_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "db/job_options.h"

/*
 * The options of a job as key=value, wherever they come from: a registration, a
 * subject, an address, a row of the table job. Pure.
 */

/* What counts where nobody says anything. */
void job_options_init(struct job_options *options);

/*
 * Set one option from text, as "copies" "2". Keys: what, media, colour, sides,
 * tray, pages, scaling, web, dpi, copies, number-up, head, banner. -ENOENT: no
 * such key; -EINVAL with a sentence that names the key, what is wrong, and what
 * may stand there.
 */
int job_options_set(struct job_options *options, const char *key,
                    const char *value, struct err *err);

/* The text of one option as job_options_set() takes it. Returns out. */
char *job_options_get(const struct job_options *options, const char *key,
                      char *out, size_t size);

bool job_options_has_key(const char *key);

/* Key i of job_options_count(), in the order of job_options_to_text(). */
size_t job_options_count(void);
const char *job_options_key(size_t i);

/* What differs from job_options_init(), as "copies=2 pages=1-5,8". */
void job_options_to_text(const struct job_options *options, char *out,
                         size_t size);

/* The other way; words that make no sense are passed over. */
void job_options_from_text(const char *text, struct job_options *out);

#endif
