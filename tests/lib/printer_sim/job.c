/* SPDX-License-Identifier: AGPL-3.0-or-later */
/*
 *   pending  --document whole-->  processing <-> stopped  -->  an end
 *      |                                                         ^
 *      '--document cut (settings.on_cut) or cancelled -----------'
 */
#include "job.h"

#include <uv.h>

#include "base/mem.h"
#include "ledger.h"
#include "printer.h"

struct job *job_new(struct printer *printer, const char *name)
{
	struct job *job = xcalloc(1, sizeof *job);

	job->printer = printer;
	job->id = ++printer->last_job_id;
	job->name = xstrdup(name ? name : "");
	job->state = IPP_JSTATE_PENDING;
	job->created_ns = uv_hrtime();
	list_append(&printer->jobs, &job->link);
	ledger_event(job, "created");
	return job;
}

void job_free(struct job *job)
{
	if (!job)
		return;
	list_remove(&job->link);
	free(job->name);
	free(job->format);
	free(job);
}

void job_document_begin(struct job *job, const char *format)
{
	int pages = job_pages(job);

	job->earlier_pages = pages > 0 ? pages : 0;
	free(job->format);
	job->format = xstrdup(format ? format : "application/octet-stream");
	job->documents++;
	job->data = JOB_DATA_RECEIVING;
	pages_init(&job->pages);
}

void job_document_bytes(struct job *job, const void *data, size_t len)
{
	if (len == 0)
		return;
	job->last_byte_ns = uv_hrtime();
	if (job->first_byte_ns == 0) {
		job->first_byte_ns = job->last_byte_ns;
		ledger_event(job, "first_byte");
	}
	job->bytes += len;
	pages_feed(&job->pages, data, len);
}

void job_document_end(struct job *job, bool last)
{
	job->data = last ? JOB_DATA_WHOLE : JOB_DATA_OPEN;
	ledger_event(job, last ? "whole" : "document");
	if (last)
		printer_kick(job->printer);
}

/* A printer prints as it reads: the whole pages of a fragment are on paper. */
void job_document_cut(struct job *job)
{
	int pages = job_pages(job);

	if (job_has_ended(job))
		return;
	job->data = JOB_DATA_CUT;
	job->impressions = pages > 0 ? pages : 0;
	ledger_event(job, "cut");
	switch ((enum fate)job->printer->settings.on_cut) {
	case FATE_COMPLETED: printer_kick(job->printer); break;
	case FATE_ABORTED: job_set_end(job, IPP_JSTATE_ABORTED); break;
	case FATE_CANCELED: job_set_end(job, IPP_JSTATE_CANCELED); break;
	case FATE_STUCK: break;
	}
}

bool job_has_ended(const struct job *job)
{
	return job->state >= IPP_JSTATE_CANCELED;
}

void job_set_end(struct job *job, ipp_jstate_t state)
{
	int pages = job_pages(job);

	if (job_has_ended(job))
		return;
	job->state = state;
	job->ended_ns = uv_hrtime();
	if (state == IPP_JSTATE_COMPLETED)
		job->impressions = pages < 0 ? 1 : pages;
	ledger_event(job, "ended");
	printer_job_ended(job->printer, job);
}

int job_pages(const struct job *job)
{
	int pages = pages_count(&job->pages);

	return pages < 0 ? -1 : pages + job->earlier_pages;
}

int job_n_documents(const struct job *job)
{
	bool waits = job->data == JOB_DATA_CUT &&
	             job->printer->settings.on_cut == FATE_STUCK;

	return job->documents - (waits || job->data == JOB_DATA_RECEIVING);
}

const char *job_state_reason(const struct job *job)
{
	switch (job->state) {
	case IPP_JSTATE_PENDING:
		return job->data == JOB_DATA_WHOLE ? "none" : "job-incoming";
	case IPP_JSTATE_PROCESSING: return "job-printing";
	case IPP_JSTATE_STOPPED: return "printer-stopped";
	case IPP_JSTATE_CANCELED: return "job-canceled-by-user";
	case IPP_JSTATE_ABORTED: return "aborted-by-system";
	case IPP_JSTATE_COMPLETED: return "job-completed-successfully";
	case IPP_JSTATE_HELD: break;
	}
	return "none";
}
