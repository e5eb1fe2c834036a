/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/job_facts.h"

#include <limits.h>

#include "base/mem.h"
#include "printers/ipp.h"

const char *const job_facts_attributes[] = {
	"job-id",
	"job-name",
	"job-state",
	"job-state-reasons",
	"job-impressions-completed",
	"job-media-sheets-completed",
	"number-of-documents",
};
const unsigned n_job_facts_attributes = ARRAY_LEN(job_facts_attributes);

static void read_int(ipp_attribute_t *attr, int min, int max, int *out)
{
	ipp_tag_t tag = ippGetValueTag(attr);

	if ((tag == IPP_TAG_INTEGER || tag == IPP_TAG_ENUM) &&
	    ippGetInteger(attr, 0) >= min && ippGetInteger(attr, 0) <= max)
		*out = ippGetInteger(attr, 0);
}

static void read_attribute(ipp_attribute_t *attr, struct job_facts *out)
{
	const char *name = ippGetName(attr);

	if (strcmp(name, "job-id") == 0)
		read_int(attr, 1, INT_MAX, &out->id);
	else if (strcmp(name, "job-state") == 0)
		read_int(attr, 3, 9, &out->state);
	else if (strcmp(name, "job-impressions-completed") == 0)
		read_int(attr, 0, INT_MAX, &out->impressions);
	else if (strcmp(name, "job-media-sheets-completed") == 0)
		read_int(attr, 0, INT_MAX, &out->sheets);
	else if (strcmp(name, "number-of-documents") == 0)
		read_int(attr, 0, INT_MAX, &out->number_of_documents);
	else if (strcmp(name, "job-name") == 0)
		ipp_text_at(attr, 0, out->name, sizeof out->name);
	else if (strcmp(name, "job-uri") == 0)
		ipp_text_at(attr, 0, out->uri, sizeof out->uri);
	else if (strcmp(name, "job-state-reasons") == 0)
		ipp_keywords_of(attr, out->reasons, sizeof out->reasons);
}

ipp_attribute_t *job_facts_read(ipp_t *ipp, ipp_attribute_t *attr,
                                struct job_facts *out)
{
	*out = (struct job_facts){.impressions = -1,
	                          .sheets = -1,
	                          .number_of_documents = -1};
	while (attr && ippGetGroupTag(attr) != IPP_TAG_JOB)
		attr = ippNextAttribute(ipp);
	/* groups are parted by an attribute without name */
	while (attr && ippGetGroupTag(attr) == IPP_TAG_JOB &&
	       ippGetName(attr)) {
		read_attribute(attr, out);
		attr = ippNextAttribute(ipp);
	}
	return attr;
}
