/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef DB_JOB_ROW_H
#define DB_JOB_ROW_H

#include "db/job_table.h"
#include "db/sql.h"

/* The columns of job_row, in the order in which job_from_row() takes them. */
#define JOB_COLUMNS                                                                   \
	"id, message_id, registration_id, printer_id, printer_name, sender, "         \
	"address, suffix, subject, state, reason, remarks, options, "                 \
	"approval, waits_as, media, is_colour, tray, received_at, "                   \
	"state_at, tried_at, recovery_wait_s, expires_at, ended_at, "                 \
	"is_erased, renders, pages, print_format, print_target, print_file, "         \
	"print_bytes, print_key, pages_file, pages_bytes, pages_key, pages_margins, " \
	"documents_done, only_pages, impressions, confirmed, is_reprint"

void job_from_row(struct sql *sql, struct job_row *out);

/* media, is_colour, tray: as columns, and as parameters. */
void job_kind_from_row(struct sql *sql, struct job_kind *out);
void job_kind_bind(struct sql *sql, const struct job_kind *kind);

#endif
