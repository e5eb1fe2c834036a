/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/exchange.h"

#include <errno.h>

#include "base/mem.h"

/*
 *   start      encode, post
 *   on_answer  decode; wrong version: post again in an older one;
 *              else tell the owner and free
 */
struct ipp_exchange {
	struct http_transport *transport;
	struct http_request *http; /* NULL while its answer is looked at */
	char *uri, *pin;
	ipp_t *request;
	int version; /* 20, 11, 10 */
	bool is_once;
	unsigned timeout_ms;
	ipp_exchange_cb *cb;
	void *arg;
};

static void exchange_free(struct ipp_exchange *x)
{
	ippDelete(x->request);
	free(x->uri);
	free(x->pin);
	free(x);
}

static void on_answer(const struct http_answer *answer, void *arg);

static int exchange_post(struct ipp_exchange *x, struct err *err)
{
	struct buf bytes = {0};
	struct http_post post = {.uri = x->uri,
	                         .pin = x->pin,
	                         .is_once = x->is_once,
	                         .timeout_ms = x->timeout_ms,
	                         .on_answer = on_answer,
	                         .arg = x};
	int status;

	ippSetVersion(x->request, x->version / 10, x->version % 10);
	ipp_encode(x->request, &bytes);
	post.head = bytes.data;
	post.head_len = bytes.len;
	status = http_request_start(x->transport, &post, &x->http, err);
	buf_fini(&bytes);
	return status;
}

static bool is_older_wanted(const struct ipp_exchange *x, int code)
{
	return x->version > 10 &&
	       (code == IPP_STATUS_ERROR_BAD_REQUEST ||
	        code == IPP_STATUS_ERROR_VERSION_NOT_SUPPORTED);
}

static void exchange_end(struct ipp_exchange *x, struct ipp_exchanged *result)
{
	ipp_exchange_cb *cb = x->cb;
	void *arg = x->arg;

	result->version = x->version;
	exchange_free(x);
	cb(result, arg);
	ippDelete(result->answer);
}

static void on_answer(const struct http_answer *answer, void *arg)
{
	struct ipp_exchange *x = arg;
	struct ipp_exchanged result = {.status = answer->status,
	                               .pin_seen = answer->pin_seen,
	                               .err = answer->err};
	struct err err = {0};

	x->http = NULL;
	if (result.status == 0) {
		result.err = &err;
		result.status = ipp_decode(answer->data, answer->len,
		                           &result.answer, &err);
	}
	if (result.status == 0) {
		result.code = ippGetStatusCode(result.answer);
		if (is_older_wanted(x, result.code)) {
			ippDelete(result.answer);
			x->version = x->version == 20 ? 11 : 10;
			if (exchange_post(x, NULL) < 0)
				abort(); /* it was an address before */
			return;
		}
	}
	exchange_end(x, &result);
}

int ipp_exchange_start(struct http_transport *transport,
                       const struct ipp_question *question,
                       struct ipp_exchange **out, struct err *err)
{
	struct ipp_exchange *x = xcalloc(1, sizeof *x);
	int status;

	x->transport = transport;
	x->uri = xstrdup(question->target.uri);
	x->pin = xstrdup(question->target.pin);
	x->request = question->request;
	x->version = 20;
	x->is_once = question->is_once;
	x->timeout_ms = question->timeout_ms;
	x->cb = question->cb;
	x->arg = question->arg;
	status = exchange_post(x, err);
	if (status < 0) {
		exchange_free(x);
		return status;
	}
	*out = x;
	return 0;
}

void ipp_exchange_cancel(struct ipp_exchange *exchange)
{
	if (!exchange)
		return;
	if (exchange->http)
		http_request_cancel(exchange->http);
	exchange_free(exchange);
}
