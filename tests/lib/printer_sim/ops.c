/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "ops.h"

#include "attributes.h"
#include "base/mem.h"

typedef void (*op_cb)(struct op *op);

static void get_printer_attributes(struct op *op);
static void validate_job(struct op *op);
static void create_job(struct op *op);
static void print_job(struct op *op);
static void send_document(struct op *op);
static void get_job_attributes(struct op *op);
static void get_jobs(struct op *op);
static void cancel_job(struct op *op);

/* clang-format off */
static const struct operation {
	ipp_op_t id;
	op_cb begin;
	enum answer_to answer_to;
	bool is_create_job_family;
} operations[] = {
	{IPP_OP_GET_PRINTER_ATTRIBUTES, get_printer_attributes, ANSWER_TO_STATE,    false},
	{IPP_OP_VALIDATE_JOB,           validate_job,           ANSWER_TO_ANY,      false},
	{IPP_OP_CREATE_JOB,             create_job,             ANSWER_TO_CREATE,   true},
	{IPP_OP_SEND_DOCUMENT,          send_document,          ANSWER_TO_DOCUMENT, true},
	{IPP_OP_PRINT_JOB,              print_job,              ANSWER_TO_DOCUMENT, false},
	{IPP_OP_GET_JOB_ATTRIBUTES,     get_job_attributes,     ANSWER_TO_JOB,      false},
	{IPP_OP_GET_JOBS,               get_jobs,               ANSWER_TO_JOB,      false},
	{IPP_OP_CANCEL_JOB,             cancel_job,             ANSWER_TO_CANCEL,   false},
};
/* clang-format on */

static const struct operation *find_operation(const struct op *op)
{
	for (size_t i = 0; i < ARRAY_LEN(operations); i++) {
		if (operations[i].id == ippGetOperation(op->request))
			return operations[i].is_create_job_family &&
			                       !op->printer->settings.create_job
			               ? NULL
			               : &operations[i];
	}
	return NULL;
}

static void refuse(struct op *op, ipp_status_t status, const char *why)
{
	ippSetStatusCode(op->response, status);
	ippAddString(op->response, IPP_TAG_OPERATION, IPP_TAG_TEXT,
	             "status-message", NULL, why);
}

/* Whether the settings want an odd answer to it. */
static bool is_meant(const struct op *op, const struct operation *operation)
{
	const struct settings *settings = &op->printer->settings;

	return settings->answer != ANSWER_NORMAL && settings->times != 0 &&
	       (settings->answer_to == ANSWER_TO_ANY ||
	        (operation &&
	         (int)operation->answer_to == settings->answer_to));
}

void ops_begin(struct op *op, struct printer *printer, ipp_t *request)
{
	*op = (struct op){
		.printer = printer,
		.request = request,
		.response = ippNewResponse(request),
	};
	const struct operation *operation = find_operation(op);
	printer->n_requests++;
	if (is_meant(op, operation) && printer->settings.answer == ANSWER_DROP)
		return;
	if (operation)
		operation->begin(op);
	else
		refuse(op, IPP_STATUS_ERROR_OPERATION_NOT_SUPPORTED,
		       "this printer does not know that operation");
}

static void get_printer_attributes(struct op *op)
{
	op->printer->n_state_reads++;
	attributes_add_printer(op->response, op->request, op->printer);
}

static void validate_job(struct op *op)
{
	if (!printer_is_accepting(op->printer))
		refuse(op, IPP_STATUS_ERROR_NOT_ACCEPTING_JOBS,
		       "not accepting jobs");
}

/* A new job, or NULL after a refusal. */
static struct job *admit(struct op *op)
{
	struct settings *settings = &op->printer->settings;
	ipp_attribute_t *name =
		ippFindAttribute(op->request, "job-name", IPP_TAG_NAME);

	if (!printer_is_accepting(op->printer)) {
		refuse(op, IPP_STATUS_ERROR_NOT_ACCEPTING_JOBS,
		       "not accepting jobs");
		return NULL;
	}
	if (settings->busy != 0) {
		settings->busy -= settings->busy > 0;
		refuse(op, IPP_STATUS_ERROR_BUSY, "printing another job");
		return NULL;
	}
	if (settings->ignores_copies &&
	    ippFindAttribute(op->request, "copies", IPP_TAG_INTEGER)) {
		ippSetStatusCode(op->response,
		                 IPP_STATUS_OK_IGNORED_OR_SUBSTITUTED);
		ippAddOutOfBand(op->response, IPP_TAG_UNSUPPORTED_GROUP,
		                IPP_TAG_UNSUPPORTED_VALUE, "copies");
	}
	return job_new(op->printer, name ? ippGetString(name, 0, NULL) : "");
}

static const char *format_of(const struct op *op)
{
	ipp_attribute_t *format =
		ippFindAttribute(op->request, "document-format",
	                         IPP_TAG_MIMETYPE);

	return format ? ippGetString(format, 0, NULL) : NULL;
}

static void create_job(struct op *op)
{
	struct job *job = admit(op);

	if (job)
		attributes_add_job(op->response, op->request, job);
}

static void print_job(struct op *op)
{
	op->job = admit(op);
	if (op->job)
		job_document_begin(op->job, format_of(op));
}

/* The job that the request names by job-id or job-uri; NULL after refusing. */
static struct job *named_job(struct op *op)
{
	ipp_attribute_t *attr =
		ippFindAttribute(op->request, "job-id", IPP_TAG_INTEGER);
	struct job *job = NULL;

	if (attr) {
		job = printer_find_job(op->printer, ippGetInteger(attr, 0));
	} else {
		attr = ippFindAttribute(op->request, "job-uri", IPP_TAG_URI);
		const char *uri = attr ? ippGetString(attr, 0, NULL) : "";
		const char *slash = strrchr(uri, '/');
		job = slash ? printer_find_job(op->printer,
		                               (int)strtol(slash + 1, NULL, 10))
		            : NULL;
	}
	if (!job)
		refuse(op, IPP_STATUS_ERROR_NOT_FOUND, "no such job");
	return job;
}

/* Print-Job has no last-document: it is always the last. */
static bool is_last(const struct op *op)
{
	ipp_attribute_t *last =
		ippFindAttribute(op->request, "last-document", IPP_TAG_BOOLEAN);

	return !last || ippGetBoolean(last, 0);
}

/* Whether it takes one of several documents. */
static bool takes_many(const struct op *op)
{
	return op->printer->settings.many == 1;
}

static bool only_says_many(const struct op *op)
{
	return op->printer->settings.many == 2;
}

static void send_document(struct op *op)
{
	struct job *job = named_job(op);

	if (!job)
		return;
	if (job_has_ended(job)) {
		refuse(op, IPP_STATUS_ERROR_NOT_POSSIBLE, "the job has ended");
		return;
	}
	/* An open job may also be closed by a Send-Document without data. */
	if (job->data == JOB_DATA_OPEN && !takes_many(op)) {
		op->job = job;
		return;
	}
	if (!takes_many(op) && !op->printer->settings.twice &&
	    (job->documents > 0 || (only_says_many(op) && !is_last(op)))) {
		refuse(op, IPP_STATUS_ERROR_MULTIPLE_JOBS_NOT_SUPPORTED,
		       "a job has one document");
		return;
	}
	op->job = job;
	job_document_begin(job, format_of(op));
}

static void get_job_attributes(struct op *op)
{
	struct job *job = named_job(op);

	if (job)
		attributes_add_job(op->response, op->request, job);
}

static bool is_wanted(const struct op *op, const struct job *job,
                      const char *which)
{
	if (op->printer->settings.forget && job_has_ended(job))
		return false;
	if (strcmp(which, "all") == 0)
		return true;
	return job_has_ended(job) == (strcmp(which, "completed") == 0);
}

static void get_jobs(struct op *op)
{
	ipp_attribute_t *which_attr =
		ippFindAttribute(op->request, "which-jobs", IPP_TAG_KEYWORD);
	ipp_attribute_t *limit_attr =
		ippFindAttribute(op->request, "limit", IPP_TAG_INTEGER);
	const char *which = which_attr ? ippGetString(which_attr, 0, NULL)
	                               : "not-completed";
	int limit = limit_attr ? ippGetInteger(limit_attr, 0) : INT32_MAX;
	int n = 0;

	list_for_each (pos, &op->printer->jobs) {
		struct job *job = LIST_ENTRY(pos, struct job, link);
		if (n >= limit || !is_wanted(op, job, which))
			continue;
		if (n++ > 0)
			ippAddSeparator(op->response);
		attributes_add_job(op->response, op->request, job);
	}
}

static void cancel_job(struct op *op)
{
	struct job *job = named_job(op);

	if (!job)
		return;
	if (job_has_ended(job)) {
		refuse(op, IPP_STATUS_ERROR_NOT_POSSIBLE, "the job has ended");
		return;
	}
	job_set_end(job, IPP_JSTATE_CANCELED);
}

void ops_end(struct op *op)
{
	if (!op->job)
		return;
	if (!job_has_ended(op->job))
		job_document_end(op->job, is_last(op));
	attributes_add_job(op->response, op->request, op->job);
	op->job = NULL;
}

void ops_fini(struct op *op)
{
	ippDelete(op->request);
	ippDelete(op->response);
	*op = (struct op){0};
}

enum answer ops_answer(const struct op *op)
{
	const struct operation *operation = find_operation(op);
	struct settings *settings = &op->printer->settings;

	if (!is_meant(op, operation))
		return ANSWER_NORMAL;
	settings->times -= settings->times > 0;
	return (enum answer)settings->answer;
}
