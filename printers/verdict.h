/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTERS_VERDICT_H
#define PRINTERS_VERDICT_H

#include <stdbool.h>

#include "printers/status.h"

/*
 * May this job go to that printer now? (K7)
 *
 * Judged by the base keyword of each reason, whatever its suffix: printers
 * report media-empty-report and media-empty-warning while they print nothing.
 * Levels that are unknown never make a printer abnormal.
 */
struct verdict_job {
	char media[64]; /* PWG name, "" any */
	bool is_colour;
	char source[32]; /* media-source keyword of the tray, "" any */
	/* An empty colour does not stop a job without colour. */
	bool may_lack_colour;
};

enum verdict_kind {
	VERDICT_NORMAL,
	VERDICT_BUSY,     /* takes no job just now: wait, do not hold */
	VERDICT_ABNORMAL, /* hold */
};

struct verdict {
	enum verdict_kind kind;
	char reason[64];    /* "", "off", "media-empty", "toner-empty", ... */
	char sentence[256]; /* "the printer is out of A4 paper"; "" if normal */
};

/* Never fails. An unreachable printer is abnormal with reason "off". */
void verdict_judge(const struct printer_status *status,
                   const struct verdict_job *job, struct verdict *out);

#endif
