/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/job_progress.h"

#include <stdio.h>

enum job_state job_progress_state(unsigned last, unsigned all)
{
	return last < all ? JOB_READY : JOB_PRINTED;
}

void job_progress_note(const struct job_row *job, unsigned last, unsigned all,
                       struct job_set *set)
{
	if (last < all)
		set->documents_done = (int)last;
	if (set->reason[0])
		return;
	if (last < all)
		snprintf(set->reason, sizeof set->reason,
		         "%u of its %u documents are printed", last, all);
	else if (job->only_pages[0])
		snprintf(set->reason, sizeof set->reason,
		         "of %d pages only %s, as was asked for", job->pages,
		         job->only_pages);
}

int job_progress_impressions(const struct job_row *job, int impressions)
{
	if (impressions < 0 || job->documents_done == 0 || job->impressions < 0)
		return impressions;
	return job->impressions + impressions;
}
