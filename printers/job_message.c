/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/job_message.h"

#include "base/mem.h"
#include "printers/formats.h"
#include "printers/ipp.h"
#include "printers/job_facts.h"
#include "printers/media.h"

#define NAME_OCTETS 255

static void add_keyword(ipp_t *ipp, ipp_tag_t group, const char *name,
                        const char *value)
{
	ippAddString(ipp, group, IPP_CONST_TAG(IPP_TAG_KEYWORD), name, NULL,
	             value);
}

static void add_no_margins(ipp_t *col)
{
	static const char *const names[] = {"media-bottom-margin",
	                                    "media-left-margin",
	                                    "media-right-margin",
	                                    "media-top-margin"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		ippAddInteger(col, IPP_TAG_ZERO, IPP_TAG_INTEGER, names[i], 0);
}

/*
 * Paper of one tray, or without edges (PWG 5100.7 6.3). "media" beside it would
 * contradict it (6.3.1), so a paper without a known size keeps its name alone.
 */
static void add_media(ipp_t *ipp, const struct job_ticket *ticket)
{
	ipp_t *col CLEANUP(ippDelete) = NULL, *size CLEANUP(ippDelete) = NULL;
	unsigned width, height;

	bool has_source = ticket->source && ticket->source[0];

	if ((!has_source && !ticket->is_borderless) ||
	    media_size_from_name(ticket->media, &width, &height) < 0) {
		add_keyword(ipp, IPP_TAG_JOB, "media", ticket->media);
		return;
	}
	col = ippNew();
	size = ippNew();
	ippAddInteger(size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "x-dimension",
	              (int)width);
	ippAddInteger(size, IPP_TAG_ZERO, IPP_TAG_INTEGER, "y-dimension",
	              (int)height);
	ippAddCollection(col, IPP_TAG_ZERO, "media-size", size);
	if (ticket->is_borderless)
		add_no_margins(col);
	if (has_source)
		add_keyword(col, IPP_TAG_ZERO, "media-source", ticket->source);
	ippAddCollection(ipp, IPP_TAG_JOB, "media-col", col);
}

/*
 * Only what differs from nothing at all: an empty job group makes one Brother
 * refuse the request, and libcups writes none as long as none is added.
 */
static void add_job_group(ipp_t *ipp, const struct job_ticket *ticket)
{
	if (ticket->copies > 1)
		ippAddInteger(ipp, IPP_TAG_JOB, IPP_TAG_INTEGER, "copies",
		              (int)ticket->copies);
	if (ticket->is_plain)
		return;
	if (ticket->media && ticket->media[0])
		add_media(ipp, ticket);
	add_keyword(ipp, IPP_TAG_JOB, "sides",
	            print_sides_keyword(ticket->sides));
	if (ticket->tells_colour)
		add_keyword(ipp, IPP_TAG_JOB, "print-color-mode",
		            ticket->colour ? "color" : "monochrome");
	if (ticket->scaling)
		add_keyword(ipp, IPP_TAG_JOB, "print-scaling", ticket->scaling);
	/* each document a set of its own, which begins on a new sheet
	   (RFC 8011 5.2.4); "single-document" would run them together */
	if (ticket->n_documents > 1)
		add_keyword(ipp, IPP_TAG_JOB, "multiple-document-handling",
		            "separate-documents-collated-copies");
}

static void add_format(ipp_t *ipp, const struct job_ticket *ticket)
{
	ippAddString(ipp, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE,
	             "document-format", NULL, ticket->format);
	if (ticket->has_gzip)
		add_keyword(ipp, IPP_TAG_OPERATION, "compression", "gzip");
}

/* A name has 255 octets at most (RFC 8011 5.1.3), and no half character. */
static void add_name(ipp_t *ipp, const char *name)
{
	char cut[NAME_OCTETS + 1];
	size_t len = strlen(name);

	if (len > NAME_OCTETS)
		for (len = NAME_OCTETS; (name[len] & 0xc0) == 0x80; len--)
			;
	memcpy(cut, name, len);
	cut[len] = '\0';
	ippAddString(ipp, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", NULL,
	             cut);
}

ipp_t *job_message_new(ipp_op_t op, const struct job_ticket *ticket)
{
	ipp_t *ipp = ipp_request_new(op, ticket->uri, ticket->user);

	add_name(ipp, ticket->name);
	/* Create-Job has no document yet, hence no format */
	if (op != IPP_OP_CREATE_JOB)
		add_format(ipp, ticket);
	add_job_group(ipp, ticket);
	return ipp;
}

static ipp_t *about_job(ipp_op_t op, const char *uri, const char *user,
                        int job_id)
{
	ipp_t *ipp = ippNew();
	ipp_t *base CLEANUP(ippDelete) = ipp_request_new(op, uri, user);
	ipp_attribute_t *attr = ippFirstAttribute(base);

	if (!ipp)
		abort();
	ippSetOperation(ipp, op);
	ippSetRequestId(ipp, 1);
	/* job-id follows printer-uri: RFC 8011 4.1.5, and some insist */
	for (; attr; attr = ippNextAttribute(base)) {
		ippCopyAttribute(ipp, attr, 0);
		if (strcmp(ippGetName(attr), "printer-uri") == 0)
			ippAddInteger(ipp, IPP_TAG_OPERATION, IPP_TAG_INTEGER,
			              "job-id", job_id);
	}
	return ipp;
}

ipp_t *job_message_document(const struct job_ticket *ticket, int job_id,
                            bool is_last)
{
	ipp_t *ipp = about_job(IPP_OP_SEND_DOCUMENT, ticket->uri, ticket->user,
	                       job_id);

	add_format(ipp, ticket);
	ippAddBoolean(ipp, IPP_TAG_OPERATION, "last-document", is_last);
	return ipp;
}

ipp_t *job_message_ask(const char *uri, const char *user, int job_id)
{
	ipp_t *ipp = about_job(IPP_OP_GET_JOB_ATTRIBUTES, uri, user, job_id);

	ipp_request_attributes(ipp, job_facts_attributes,
	                       n_job_facts_attributes);
	return ipp;
}

ipp_t *job_message_cancel(const char *uri, const char *user, int job_id)
{
	return about_job(IPP_OP_CANCEL_JOB, uri, user, job_id);
}

ipp_t *job_message_list(const char *uri, const char *user, const char *which,
                        int limit)
{
	ipp_t *ipp = ipp_request_new(IPP_OP_GET_JOBS, uri, user);

	add_keyword(ipp, IPP_TAG_OPERATION, "which-jobs", which);
	ippAddInteger(ipp, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "limit", limit);
	ipp_request_attributes(ipp, job_facts_attributes,
	                       n_job_facts_attributes);
	return ipp;
}

enum job_answer job_answer_of(int code)
{
	if (code < 0x400)
		return JOB_ANSWER_OK;
	switch (code) {
	case IPP_STATUS_ERROR_ATTRIBUTES_OR_VALUES:
	case IPP_STATUS_ERROR_CONFLICTING: return JOB_ANSWER_ATTRIBUTES;
	case IPP_STATUS_ERROR_OPERATION_NOT_SUPPORTED:
		return JOB_ANSWER_NO_OPERATION;
	case IPP_STATUS_ERROR_FORBIDDEN:
	case IPP_STATUS_ERROR_NOT_AUTHENTICATED:
	case IPP_STATUS_ERROR_NOT_AUTHORIZED:
	case IPP_STATUS_ERROR_NOT_FOUND:
	case IPP_STATUS_ERROR_GONE: return JOB_ANSWER_DENIED;
	case IPP_STATUS_ERROR_NOT_POSSIBLE:
	case IPP_STATUS_ERROR_TIMEOUT:
	case IPP_STATUS_ERROR_INTERNAL:
	case IPP_STATUS_ERROR_SERVICE_UNAVAILABLE:
	case IPP_STATUS_ERROR_DEVICE:
	case IPP_STATUS_ERROR_TEMPORARY:
	case IPP_STATUS_ERROR_NOT_ACCEPTING_JOBS:
	case IPP_STATUS_ERROR_BUSY: return JOB_ANSWER_BUSY;
	default: return JOB_ANSWER_REFUSED;
	}
}
