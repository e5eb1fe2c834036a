/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTERS_HTTP_PRIVATE_H
#define PRINTERS_HTTP_PRIVATE_H

#include "base/curl_loop.h"
#include "printers/http_transport.h"

/* Between http_transport.c and http_request.c only. */

#define HTTP_SPARE_MAX 32 /* easy handles kept for the next requests */

struct http_transport {
	struct curl_loop *curl;
	struct list requests; /* every struct http_request under way */
	struct list notices;  /* those with something to tell their owner */
	struct list users;    /* struct http_user */
	CURL *spare[HTTP_SPARE_MAX];
	unsigned n_spare;
	struct curl_slist *headers;         /* of a request with a length */
	struct curl_slist *headers_chunked; /* of one without */
	http_transport_closed_cb *closed_cb;
	void *closed_arg;
};

CURL *http_transport_take_easy(struct http_transport *transport);
void http_transport_give_easy(struct http_transport *transport, CURL *easy);

/* Tell the owner what curl's callbacks noted; outside of them. */
void http_request_notify(struct list *notice);

/* curl is through with it: tell the owner, free. */
void http_request_done(struct http_request *request, CURLcode code);

struct http_request *http_request_of(struct list *link);

#endif
