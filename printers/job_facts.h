/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTERS_JOB_FACTS_H
#define PRINTERS_JOB_FACTS_H

#include <cups/ipp.h>

/* What a printer says of one job (RFC 8011 5.3). */
struct job_facts {
	int id;                  /* 0 unknown */
	int state;               /* 3 to 9, 0 unknown */
	int impressions;         /* -1 unknown */
	int sheets;              /* -1 unknown */
	int number_of_documents; /* -1 unknown */
	char name[256];
	char uri[256];     /* to show; never a place to connect to */
	char reasons[256]; /* keywords, comma separated, without "none" */
};

#define JOB_STATE_STOPPED   6
#define JOB_STATE_COMPLETED 9

/* The requested-attributes that job_facts_read() understands. */
extern const char *const job_facts_attributes[];
extern const unsigned n_job_facts_attributes;

/*
 * Read the next group of job attributes from attr on (ippFirstAttribute() to
 * begin with). Returns where to go on, NULL at the end; a group without job-id
 * and job-state gives id 0, state 0.
 */
ipp_attribute_t *job_facts_read(ipp_t *ipp, ipp_attribute_t *attr,
                                struct job_facts *out);

#endif
