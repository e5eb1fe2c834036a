/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/query.h"

#include <errno.h>

#include "base/mem.h"
#include "printers/exchange.h"

/*
 *   start      Get-Printer-Attributes
 *   on_answer  decode, tell the owner, free
 */
struct printer_query {
	struct http_user user;
	struct ipp_exchange *exchange;
	printer_query_cb *cb;
	void *arg;
};

/*
 * Named one by one, never "all": some printers take seconds for all, and
 * media-col-database alone can be a megabyte. State first, so that a question
 * for the state is the beginning of this list.
 */
static const char *const attributes[] = {
	"printer-state",
	"printer-state-reasons",
	"printer-state-message",
	"printer-is-accepting-jobs",
	"queued-job-count",
	"printer-up-time",
	"printer-supply",
	"printer-supply-description",
	"marker-names",
	"marker-colors",
	"marker-types",
	"marker-levels",
	"printer-input-tray",
	"media-ready",
	"media-col-ready",
#define N_STATE_ATTRIBUTES 15
	"printer-make-and-model",
	"printer-uuid",
	"printer-firmware-string-version",
	"document-format-supported",
	"operations-supported",
	"pwg-raster-document-type-supported",
	"pwg-raster-document-resolution-supported",
	"pwg-raster-document-sheet-back",
	"urf-supported",
	"pclm-source-resolution-supported",
	"pclm-strip-height-preferred",
	"pclm-raster-back-side",
	"printer-resolution-supported",
	"sides-supported",
	"color-supported",
	"print-color-mode-supported",
	"print-scaling-supported",
	"compression-supported",
	"copies-supported",
	"multiple-document-jobs-supported",
	"media-default",
	"media-col-default",
	"media-supported",
	"media-source-supported",
	"media-left-margin-supported",
	"media-right-margin-supported",
	"media-top-margin-supported",
	"media-bottom-margin-supported",
};

static void query_free(struct printer_query *q)
{
	http_transport_leave(&q->user);
	free(q);
}

/* An answer, but an error: in words. */
static int refusal(const struct ipp_exchanged *result, struct err *err)
{
	char why[256];

	ipp_status_sentence(result->answer, why, sizeof why);
	switch (result->code) {
	case IPP_STATUS_ERROR_FORBIDDEN:
	case IPP_STATUS_ERROR_NOT_AUTHENTICATED:
	case IPP_STATUS_ERROR_NOT_AUTHORIZED:
		return err_set(err, -EACCES,
		               "the printer asks for a password: %s", why);
	case IPP_STATUS_ERROR_NOT_FOUND:
		return err_set(err, -ENOENT,
		               "there is no printer at this path: %s", why);
	case IPP_STATUS_ERROR_BUSY:
	case IPP_STATUS_ERROR_SERVICE_UNAVAILABLE:
		return err_set(err, -EBUSY, "the printer is busy: %s", why);
	default:
		return err_set(err, -EPROTO,
		               "the printer does not tell its state: %s", why);
	}
}

static void on_answer(const struct ipp_exchanged *result, void *arg)
{
	struct printer_query *q = arg;
	printer_query_cb *cb = q->cb;
	void *cb_arg = q->arg;
	struct printer_status st;
	struct err err = {0};
	int status = result->status;

	query_free(q);
	printer_status_init_off(&st);
	if (status < 0)
		err = *result->err;
	else if (result->code >= 0x400)
		status = refusal(result, &err);
	else
		status = printer_status_from_ipp(result->answer, &st, &err);
	cb(status, &st, result->pin_seen, status < 0 ? &err : NULL, cb_arg);
}

static void query_drop(struct http_user *user)
{
	printer_query_cancel(LIST_ENTRY(user, struct printer_query, user));
}

int printer_query_start(struct http_transport *transport,
                        const struct printer_target *target,
                        unsigned timeout_ms, bool with_caps,
                        struct printer_query **out, printer_query_cb *cb,
                        void *arg, struct err *err)
{
	struct printer_query *q = xcalloc(1, sizeof *q);
	const struct ipp_question question = {
		.target = *target,
		.request = ipp_request_new(IPP_OP_GET_PRINTER_ATTRIBUTES,
	                                   target->uri, "platen"),
		.timeout_ms = timeout_ms,
		.cb = on_answer,
		.arg = q,
	};
	int status;

	ipp_request_attributes(question.request, attributes,
	                       with_caps ? ARRAY_LEN(attributes)
	                                 : N_STATE_ATTRIBUTES);
	q->cb = cb;
	q->arg = arg;
	q->user.drop = query_drop;
	list_init(&q->user.link);
	status = ipp_exchange_start(transport, &question, &q->exchange, err);
	if (status < 0) {
		query_free(q);
		return status;
	}
	http_transport_enter(transport, &q->user);
	*out = q;
	return 0;
}

void printer_query_cancel(struct printer_query *query)
{
	ipp_exchange_cancel(query->exchange);
	query_free(query);
}
