/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTERS_RESOLVE_H
#define PRINTERS_RESOLVE_H

#include <stdbool.h>

#include "base/err.h"
#include "printers/query.h"

/*
 * What became of a job? Asked after a crash, a cut or a timeout: by the
 * printer's job-id if it is known (Get-Job-Attributes), else, or when that id
 * is not known there, by the tag that begins its job-name (Get-Jobs, both
 * not-completed and completed).
 */
struct resolve;

struct resolve_result {
	bool reachable;          /* the printer answered every question */
	bool found;              /* the job is known there */
	int printer_job_id;      /* 0 unless found */
	int job_state;           /* IPP job-state, 0 unknown */
	int number_of_documents; /* -1 unknown */
	int impressions;         /* -1 unknown; 0 is no evidence by itself */
	int sheets;              /* -1 unknown */
	char reasons[256];       /* job-state-reasons, comma separated */
	struct err err;          /* why not, when not reachable */
};

typedef void resolve_cb(const struct resolve_result *result, void *arg);

/* Which job. Strings are copied. */
struct resolve_question {
	struct printer_target target;
	int printer_job_id; /* 0: search by tag alone */
	const char *tag;    /* NULL: by id alone */
	unsigned timeout_ms;
	resolve_cb *cb;
	void *arg;
};

/*
 * Ask what became of it. 0: cb comes exactly once, later, and the resolve is
 * gone. -EINVAL: not an address, or neither id nor tag.
 */
int resolve_start(struct http_transport *transport,
                  const struct resolve_question *question, struct resolve **out,
                  struct err *err);

/*
 * Cancel-Job, then ask until the job has ended (canceled, aborted, completed)
 * or timeout_ms is over; the last state seen is reported either way. A job that
 * is not known there any more is not found. The tag does not count.
 */
int resolve_cancel_job_start(struct http_transport *transport,
                             const struct resolve_question *question,
                             struct resolve **out, struct err *err);

/* The callback does not come any more. */
void resolve_cancel(struct resolve *resolve);

/* canceled, aborted, completed (RFC 8011 5.3.7) */
static inline bool job_state_is_final(int job_state)
{
	return job_state >= 7;
}

#endif
