/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_JOB_PLAN_H
#define SPOOL_JOB_PLAN_H

#include "base/buf.h"
#include "db/job_table.h"
#include "db/registration_table.h"
#include "printers/formats.h"
#include "spool/job_options.h"

/*
 * How a job comes out of its printer: what its registration says, changed by
 * the subject's words, changed by the address's suffix, as far as the printer
 * can do it. Pure.
 */

/*
 * The options that count. subject NULL: not known yet. Sentences about what
 * could not be done go to *remarks.
 */
void job_plan_options(const struct registration_row *registration,
                      const char *subject, const char *suffix,
                      const struct printer_caps *caps, struct job_options *out,
                      struct buf *remarks);

/*
 * The options of a job that was planned before, as its row has them, on the
 * paper that it was planned for; what the printer cannot do any more falls as
 * above.
 */
void job_plan_options_again(const struct job_row *job,
                            const struct printer_caps *caps,
                            struct job_options *out, struct buf *remarks);

/*
 * The kind of job that these options make: what a verdict depends on.
 * media_default: the printer's, or "".
 */
void job_plan_kind(const struct job_options *options, const char *media_default,
                   const struct printer_caps *caps, struct job_kind *out);

/*
 * The one target that a job of this kind has on its printer, format "" or the
 * one that the printer is sent. 0, or -errno with a sentence, as
 * print_format_choose().
 */
int job_plan_format(const struct job_options *options,
                    const struct job_row *job, const char *format,
                    const struct printer_caps *caps, struct print_format *out,
                    struct err *err);

/* Tell what was asked for and is not in the format. */
void job_plan_compare(const struct job_options *options,
                      const struct print_format *format, struct buf *remarks);

/*
 * The first n pages of page ranges ("" is all), as page ranges. out has room
 * for any struct job_options' pages.
 */
void job_plan_first_pages(const char *ranges, unsigned n, char out[64]);

#endif
