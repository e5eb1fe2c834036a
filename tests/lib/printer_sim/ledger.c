/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "ledger.h"

#include <jansson.h>

#include "base/mem.h"
#include "printer.h"

static const char *data_name(const struct job *job)
{
	switch (job->data) {
	case JOB_DATA_NONE: return "none";
	case JOB_DATA_RECEIVING: return "receiving";
	case JOB_DATA_OPEN: return "open";
	case JOB_DATA_WHOLE: return "whole";
	case JOB_DATA_CUT: break;
	}
	return "cut";
}

/* A job-name is a stranger's bytes, and jansson takes UTF-8 only. */
static json_t *text(const char *s)
{
	json_t *json = json_string(s);

	return json ? json : json_string("(not UTF-8)");
}

static json_t *job_json(const struct job *job)
{
	int pages = job_pages(job);

	return json_pack("{s:i s:i s:o s:s? s:s s:s s:i s:I s:o s:i s:i s:I "
	                 "s:I s:I s:I}",
	                 "printer", (int)job->printer->index, "job_id", job->id,
	                 "job_name", text(job->name), "format", job->format,
	                 "state", ippEnumString("job-state", (int)job->state),
	                 "data", data_name(job), "documents", job->documents,
	                 "bytes", (json_int_t)job->bytes, "pages",
	                 pages < 0 ? json_null() : json_integer(pages),
	                 "pages_begun", job->pages.started, "impressions",
	                 job->impressions, "created_ns",
	                 (json_int_t)job->created_ns, "first_byte_ns",
	                 (json_int_t)job->first_byte_ns, "last_byte_ns",
	                 (json_int_t)job->last_byte_ns, "ended_ns",
	                 (json_int_t)job->ended_ns);
}

static char *dump(json_t *json)
{
	char *out = json_dumps(json, JSON_COMPACT);

	json_decref(json);
	return out ? out : xstrdup("null");
}

void ledger_event(const struct job *job, const char *what)
{
	if (!job->printer->sim->events)
		return;
	json_t *json = job_json(job);
	json_object_set_new(json, "event", json_string(what));
	char *line CLEANUP(xfree) = dump(json);
	printf("%s\n", line);
	fflush(stdout);
}

char *ledger_dump(const struct sim *sim, unsigned first, unsigned last)
{
	json_t *jobs = json_array();

	for (unsigned i = first; i <= last; i++) {
		list_for_each (pos, &sim->printers[i].jobs)
			json_array_append_new(jobs,
			                      job_json(LIST_ENTRY(pos,
			                                          struct job,
			                                          link)));
	}
	return dump(json_pack("{s:o}", "jobs", jobs));
}

char *ledger_counts(const struct sim *sim, unsigned first, unsigned last)
{
	json_int_t requests = 0, state_reads = 0, jobs = 0, asked = 0;

	for (unsigned i = first; i <= last; i++) {
		const struct printer *p = &sim->printers[i];
		requests += (json_int_t)p->n_requests;
		state_reads += (json_int_t)p->n_state_reads;
		jobs += p->last_job_id;
		asked += p->n_state_reads > 0;
	}
	return dump(json_pack("{s:I s:I s:I s:I}", "requests", requests,
	                      "state_reads", state_reads, "printers_asked",
	                      asked, "jobs", jobs));
}
