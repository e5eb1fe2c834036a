/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/status.h"

#include <errno.h>
#include <limits.h>

#include "base/mem.h"
#include "printers/ipp.h"
#include "printers/supply.h"
#include "printers/tray.h"

void printer_status_init_off(struct printer_status *out)
{
	*out = (struct printer_status){.queued_job_count = -1, .up_time = -1};
}

static void reasons_from_ipp(ipp_t *ipp, struct printer_status *out)
{
	ipp_attribute_t *attr =
		ipp_find(ipp, IPP_TAG_PRINTER, "printer-state-reasons");

	for (int i = 0; i < ipp_count(attr); i++) {
		char *reason = out->reasons[out->n_reasons];

		if (ipp_keyword_at(attr, i, reason, sizeof out->reasons[0]) &&
		    strcmp(reason, "none") != 0 &&
		    ++out->n_reasons == PRINTER_REASONS_MAX)
			break;
	}
}

static void media_ready_from_ipp(ipp_t *ipp, struct printer_status *out)
{
	ipp_attribute_t *attr = ipp_find(ipp, IPP_TAG_PRINTER, "media-ready");

	for (int i = 0; i < ipp_count(attr); i++) {
		char *media = out->media_ready[out->n_media_ready];

		if (ipp_keyword_at(attr, i, media,
		                   sizeof out->media_ready[0]) &&
		    ++out->n_media_ready == PRINTER_READY_MAX)
			break;
	}
}

int printer_status_from_ipp(ipp_t *ipp, struct printer_status *out,
                            struct err *err)
{
	int state = ipp_int(ipp, IPP_TAG_PRINTER, "printer-state", 3, 5, 0);

	if (state == 0)
		return err_set(err, -EBADMSG,
		               "the printer does not tell its state");
	printer_status_init_off(out);
	out->reachable = true;
	out->state = (enum printer_state)state;
	out->accepting = ipp_bool(ipp, IPP_TAG_PRINTER,
	                          "printer-is-accepting-jobs", true);
	out->queued_job_count = ipp_int(ipp, IPP_TAG_PRINTER,
	                                "queued-job-count", 0, INT_MAX, -1);
	out->up_time = ipp_int(ipp, IPP_TAG_PRINTER, "printer-up-time", 0,
	                       INT_MAX, -1);
	ipp_text(ipp, IPP_TAG_PRINTER, "printer-state-message", out->message,
	         sizeof out->message);
	reasons_from_ipp(ipp, out);
	media_ready_from_ipp(ipp, out);
	printer_trays_from_ipp(ipp, out);
	printer_supplies_from_ipp(ipp, out);
	printer_caps_from_ipp(ipp, &out->caps);
	return 0;
}
