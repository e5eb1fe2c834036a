/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/intake_job.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"
#include "db/printer_table.h"
#include "spool/caps_text.h"
#include "spool/dispatch.h"
#include "spool/job_plan.h"
#include "spool/job_state.h"
#include "spool/registration.h"
#include "spool/tray_paper.h"

/* The kind, as far as it is known before the subject is. */
static void fill_kind(const struct spool *spool,
                      const struct registration_row *registration,
                      const struct printer_row *printer, struct job_row *out)
{
	struct printer_caps *caps CLEANUP(xfree) = xcalloc(1, sizeof *caps);
	struct buf remarks CLEANUP(buf_fini) = {0};
	struct job_options options;

	caps_from_text(printer->capabilities, caps, NULL);
	job_plan_options(registration, NULL, out->suffix, caps, &options,
	                 &remarks);
	if (!options.media[0])
		tray_paper(spool->db, printer->id, options.tray, options.media);
	job_plan_kind(&options, printer->media_default, caps, &out->kind);
}

static void fill_row(const struct spool *spool, const char *sender,
                     const struct registration_row *registration,
                     const struct printer_row *printer, struct job_row *out)
{
	out->registration_id = registration->id;
	out->printer_id = printer->id;
	snprintf(out->printer_name, sizeof out->printer_name, "%s",
	         printer->name);
	snprintf(out->sender, sizeof out->sender, "%s", sender);
	snprintf(out->address, sizeof out->address, "%s",
	         registration->address);
	fill_kind(spool, registration, printer, out);
	if (registration_stored_form(spool, registration) == STORED_MAIL)
		snprintf(out->waits_as, sizeof out->waits_as, "mail");
	out->recovery_wait_s = registration_recovery_wait(spool, registration);
	out->expires_at =
		out->received_at + registration_retention(spool, registration);
	out->impressions = -1;
}

int intake_job_fill(struct spool *spool, const char *sender,
                    int64_t registration_id, const char *suffix,
                    int64_t received_at, struct job_new *out, struct err *err)
{
	struct registration_row registration;
	struct printer_row printer;
	int r = registration_read(spool->db, registration_id, &registration,
	                          err);

	if (r < 0)
		return r;
	r = printer_read(spool->db, registration.printer_id, &printer, err);
	if (r < 0)
		return r;
	*out = (struct job_new){.row.received_at = received_at};
	snprintf(out->row.suffix, sizeof out->row.suffix, "%s", suffix);
	fill_row(spool, sender, &registration, &printer, &out->row);
	printer_row_fini(&printer);
	return 0;
}

void intake_job_seal(struct spool *spool, const struct fingerprint *f,
                     struct job_new *job)
{
	struct job_row *row = &job->row;
	char *address CLEANUP(xfree) =
		xasprintf("%s%s%s", row->address, row->suffix[0] ? "+" : "",
	                  row->suffix);
	bool is_held = dispatch_is_held(spool, row->printer_id, &row->kind,
	                                row->reason, sizeof row->reason);

	snprintf(row->state, sizeof row->state, "%s",
	         job_state_name(is_held ? JOB_HELD : JOB_ACCEPTED));
	row->state_at = clock_now();
	job->has_fingerprint = f != NULL;
	if (f)
		fingerprint_make(f, row->sender, address, job->fingerprint);
}
