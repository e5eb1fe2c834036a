/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTERS_JOB_MESSAGE_H
#define PRINTERS_JOB_MESSAGE_H

#include <cups/ipp.h>
#include <stdbool.h>

#include "printers/caps.h"

/* The requests that make, fill, watch and cancel a job; RFC 8011 4.2, 4.3. */
struct job_ticket {
	char *uri; /* of the printer */
	char *user;
	char *name;
	char *format; /* MIME type */
	char *media;  /* PWG name or NULL */
	char *source; /* IPP media-source, or NULL: any tray */
	enum print_sides sides;
	bool colour, tells_colour;
	const char *scaling; /* print-scaling; static, NULL: not said */
	unsigned copies;
	unsigned n_documents; /* 0 or 1, or so many sets of sheets */
	bool is_borderless;   /* paper without edges, if `media` has a size */
	bool is_plain;        /* leave out media, sides, colour, scaling */
	bool has_gzip;        /* the document comes packed */
};

/* Create-Job, Validate-Job or Print-Job: with the job's attributes. */
ipp_t *job_message_new(ipp_op_t op, const struct job_ticket *ticket);

/* Send-Document. */
ipp_t *job_message_document(const struct job_ticket *ticket, int job_id,
                            bool is_last);

/* Get-Job-Attributes, asking for what job_facts.h reads. */
ipp_t *job_message_ask(const char *uri, const char *user, int job_id);

ipp_t *job_message_cancel(const char *uri, const char *user, int job_id);

/* Get-Jobs of everybody; which: "completed" or "not-completed". */
ipp_t *job_message_list(const char *uri, const char *user, const char *which,
                        int limit);

/* How to take an answer to a request that makes or fills a job. */
enum job_answer {
	JOB_ANSWER_OK,
	JOB_ANSWER_BUSY,         /* took nothing; later perhaps */
	JOB_ANSWER_ATTRIBUTES,   /* takes no such attributes: go plain */
	JOB_ANSWER_NO_OPERATION, /* does not know the operation */
	JOB_ANSWER_DENIED,       /* wrong path, password: not this document's
	                            fault */
	JOB_ANSWER_REFUSED,      /* this document, for good */
};

enum job_answer job_answer_of(int code);

#endif
