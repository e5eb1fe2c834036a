/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SERVER_HTTP_REQUEST_H
#define SERVER_HTTP_REQUEST_H

#include <jansson.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/list.h"
#include "server/http/service.h"

/*
 * One request, from its headers to its answer.
 *
 *   http_request_new()   headers are there; a route may refuse at once
 *   handler              all of the body is there; answers now, or starts an
 *                        operation with the request as its arg
 *   http_request_claim() first line of the operation's callback, or
 *   http_request_succeeded()
 *   http_answer(), http_refuse()   exactly once; then the request is not
 *                        touched any more
 *
 * While an operation runs the connection is suspended. If the listener closes
 * meanwhile, the peer is told 503, and the claim frees what is left.
 */
#define HTTP_BODY_MAX  65536
#define HTTP_PARAM_MAX 128

struct http_route;
struct http_daemon;

struct http_request {
	struct http_service *service; /* borrowed */
	const struct http_route *route;
	char param[HTTP_PARAM_MAX]; /* what stands for {...} in the path */
	struct buf body;

	/* the daemon's */
	struct list link; /* while it waits */
	struct http_daemon *daemon;
	struct MHD_Connection *connection;
	struct MHD_Response *answer; /* owned until it is queued */
	unsigned status;             /* 0: not answered */
	bool is_started, is_suspended, is_abandoned;
};

struct http_request *http_request_new(struct http_service *service,
                                      struct http_daemon *daemon,
                                      struct MHD_Connection *connection);
void http_request_free(struct http_request *req);

/* ---- what was asked ------------------------------------------------------ */

/* NULL when absent; borrowed. */
const char *http_request_query(const struct http_request *req, const char *key);

/* The token of "Authorization: Bearer TOKEN", NULL; borrowed. RFC 6750 2.1. */
const char *http_request_bearer(const struct http_request *req);

/*
 * The body as a JSON object, which is the caller's. NULL: it is none, and the
 * request has been refused with 400. An empty body counts as {}.
 */
json_t *http_request_object(struct http_request *req);

/* {id} as a number; false: there is none, refused with 404. */
bool http_request_id(struct http_request *req, int64_t *id);

/* A query value from min to max, or otherwise; false: refused with 400. */
bool http_request_number(struct http_request *req, const char *key, int64_t min,
                         int64_t max, int64_t otherwise, int64_t *out);

/* ---- answering ----------------------------------------------------------- */

/* Whether somebody still waits; if not, the request is gone. */
bool http_request_claim(struct http_request *req);

/* Steals body. */
void http_answer(struct http_request *req, unsigned status, json_t *body);

/* Text of static life, as it is. */
void http_answer_text(struct http_request *req, unsigned status,
                      const char *type, const char *text);

/* {"error": "sentence"} */
void http_refuse(struct http_request *req, unsigned status, const char *fmt,
                 ...) PRINTF_LIKE(3, 4);

/* The same for -errno: -ENOENT is 404, -EEXIST 409, ... */
void http_refuse_err(struct http_request *req, int code, const struct err *err);

/*
 * First line of a callback that answers or refuses by status: false when
 * nobody waits any more, or when the request was refused with err.
 */
bool http_request_succeeded(struct http_request *req, int status,
                            const struct err *err);

/* {key: array}, or refused when status is -errno. Steals array. */
void http_answer_list(struct http_request *req, int status,
                      const struct err *err, const char *key, json_t *array);

/* Once the answer is there: a header more. */
void http_request_header(struct http_request *req, const char *name,
                         const char *value);

#endif
