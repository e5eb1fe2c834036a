/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stdint.h>

#include "base/mem.h"
#include "printers/formats.h"
#include "printers/ipp.h"
#include "printers/job_facts.h"
#include "printers/verdict.h"

/*
 * A printer's answer, from bytes to what is decided by it. The first byte
 * chooses the job that is judged.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_jobs(ipp_t *ipp)
{
	ipp_attribute_t *attr = ippFirstAttribute(ipp);
	struct job_facts facts;

	while (attr) {
		attr = job_facts_read(ipp, attr, &facts);
		if (attr && !ippGetName(attr))
			attr = ippNextAttribute(ipp);
	}
}

static void judge(const struct printer_status *status, uint8_t choice)
{
	struct verdict_job job = {.is_colour = choice & 1,
	                          .may_lack_colour = choice & 2};
	struct print_wish wish = {.colour = choice & 1,
	                          .sides = choice % 3,
	                          .dpi = choice & 4 ? 600 : 0};
	struct verdict verdict;
	struct print_format format;

	if (choice & 8)
		memcpy(job.media, "iso_a4_210x297mm", 17);
	verdict_judge(status, &job, &verdict);
	if (verdict.kind != VERDICT_NORMAL && !verdict.reason[0])
		abort();
	if (print_format_choose(&status->caps, &wish, &format, NULL) == 0 &&
	    (format.dpi == 0 || format.media_width == 0))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	ipp_t *ipp CLEANUP(ippDelete) = NULL;
	struct printer_status status;

	if (size < 1 || ipp_decode(data + 1, size - 1, &ipp, NULL) < 0)
		return 0;
	read_jobs(ipp);
	if (printer_status_from_ipp(ipp, &status, NULL) == 0)
		judge(&status, data[0]);
	return 0;
}
