/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTERS_EXCHANGE_H
#define PRINTERS_EXCHANGE_H

#include "printers/http_transport.h"
#include "printers/ipp.h"
#include "printers/query.h"

/*
 * One IPP operation without a document: encoded, sent, the answer decoded. A
 * printer that does not know IPP/2.0 is asked again in 1.1, then 1.0.
 */
struct ipp_exchange;

struct ipp_exchanged {
	int status;    /* 0, or -errno as in struct http_answer, -EBADMSG */
	ipp_t *answer; /* borrowed; NULL unless status is 0 */
	int code;      /* ipp_status_t of the answer */
	int version;   /* 20, 11, 10: the one that went through */
	const char *pin_seen; /* "" none */
	const struct err *err;
};

typedef void ipp_exchange_cb(const struct ipp_exchanged *result, void *arg);

struct ipp_question {
	struct printer_target target; /* copied */
	ipp_t *request;               /* taken in any case */
	bool is_once;                 /* see struct http_post */
	unsigned timeout_ms;
	ipp_exchange_cb *cb;
	void *arg;
};

/*
 * 0: cb comes exactly once, later, and the exchange is gone. -EINVAL: not an
 * address.
 */
int ipp_exchange_start(struct http_transport *transport,
                       const struct ipp_question *question,
                       struct ipp_exchange **out, struct err *err);

/* The callback does not come any more. NULL is fine. */
void ipp_exchange_cancel(struct ipp_exchange *exchange);

#endif
