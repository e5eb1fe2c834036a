/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTERS_HTTP_TRANSPORT_H
#define PRINTERS_HTTP_TRANSPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "base/list.h"

/*
 * HTTP towards printers: libcurl's multi interface on a libuv loop. One thread
 * serves every printer; nothing blocks, names are resolved in curl's threads.
 * No proxies, no redirects, no cookies; an answer is held in memory and ends at
 * HTTP_ANSWER_MAX bytes. Connections are kept, but only a bounded number.
 */
#define HTTP_ANSWER_MAX (1024 * 1024)
#define HTTP_PIN_SIZE   72 /* "sha256//" and 44 characters of base64 */

struct http_transport;
struct http_request;

typedef void http_transport_closed_cb(void *arg);

struct http_transport *http_transport_new(uv_loop_t *loop);

/*
 * Drop everything under way (no callback of a query, delivery or resolve comes
 * any more), then free; closed_cb (may be NULL) comes last, from the loop.
 */
void http_transport_close(struct http_transport *transport,
                          http_transport_closed_cb *closed_cb, void *arg);

uv_loop_t *http_transport_loop(struct http_transport *transport);

/*
 * Whoever runs on the transport for longer than one request. drop() is called
 * when the transport closes: forget everything, call nobody.
 */
struct http_user {
	struct list link;
	void (*drop)(struct http_user *user);
};

void http_transport_enter(struct http_transport *transport,
                          struct http_user *user);
void http_transport_leave(struct http_user *user);

/* What came back. Everything is borrowed for the time of the callback. */
struct http_answer {
	/*
	 * 0: an HTTP answer with status 200. Otherwise -errno and a sentence:
	 * -ETIMEDOUT, -ECONNREFUSED, -EHOSTUNREACH, -EADDRNOTAVAIL (name not
	 * found), -ECONNRESET (cut), -EKEYREJECTED (not the pinned key),
	 * -EACCES (401, 403), -ENOENT (404), -EBUSY (503), -EPROTO (TLS, other
	 * HTTP status), -EFBIG (answer too long).
	 */
	int status;
	const char *data;
	size_t len;
	const char *pin_seen;   /* "sha256//...", "" without TLS or unknown */
	bool is_connected;      /* the request went out, at least in part */
	bool is_document_begun; /* a byte of the stream was taken */
	bool is_early;          /* it came before the stream was all sent */
	const struct err *err;  /* the sentence when status < 0 */
};

typedef void http_answer_cb(const struct http_answer *answer, void *arg);

/* All pointers are copied or used during the call only. */
struct http_post {
	const char *uri;  /* ipp, ipps, http, https */
	const char *pin;  /* "sha256//...", NULL or "": report the key seen */
	const void *head; /* the IPP message */
	size_t head_len;
	bool has_stream;     /* http_request_write() adds the document */
	int64_t stream_len;  /* bytes of the document; -1: chunked */
	bool is_once;        /* never sent again on a fresh connection */
	unsigned timeout_ms; /* connect; and the whole, unless has_stream */
	http_answer_cb *on_answer;
	void (*on_first_byte)(void *arg); /* document byte taken; may be NULL */
	void (*on_drain)(void *arg);      /* room for more; may be NULL */
	void *arg;
};

/*
 * POST application/ipp. 0: on_answer comes exactly once, later, and the request
 * is gone after it. -EINVAL: not a printer's address. A streaming request has
 * no deadline once connected: a printer without paper stops taking bytes for
 * hours, and giving up would print the beginning twice.
 */
int http_request_start(struct http_transport *transport,
                       const struct http_post *post, struct http_request **out,
                       struct err *err);

/* Copies. false: HTTP_STREAM_BUFFER is full, wait for on_drain. */
#define HTTP_STREAM_BUFFER (512 * 1024)
bool http_request_write(struct http_request *request, const void *data,
                        size_t len);

/* No more bytes will be written. */
void http_request_finish(struct http_request *request);

/* Bytes of the stream that have been taken; a stall shows here. */
uint64_t http_request_taken(const struct http_request *request);

/* Close the connection; no callback comes any more. */
void http_request_cancel(struct http_request *request);

/*
 * "ipp://host/ipp/print" -> "http://host:631/ipp/print". Only ipp, ipps, http
 * and https without user names. -EINVAL with a sentence; *out is the caller's.
 */
int http_url_from_printer_uri(const char *uri, char **out, struct err *err);

#endif
