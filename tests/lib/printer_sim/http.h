/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef PRINTER_SIM_HTTP_H
#define PRINTER_SIM_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * As much of HTTP/1.1 (RFC 9112) as a printer needs to be a server. Pure: bytes
 * in, values out.
 */
struct http_head {
	char method[8];
	char target[512];
	int64_t content_length; /* 0 when none was named */
	bool chunked;
	bool expects_continue;
	bool close;
};

/* Outcome of http_head_parse(): the head is not complete yet. */
#define HTTP_MORE 1

/*
 * Read the head of a request from data[len]. 0 with *out and *used (bytes of
 * the head) filled; HTTP_MORE; -EPROTO when it is no HTTP or beyond 16 kB.
 */
int http_head_parse(const char *data, size_t len, struct http_head *out,
                    size_t *used);

enum http_body_step {
	HTTP_BODY_LENGTH,
	HTTP_CHUNK_SIZE,
	HTTP_CHUNK_SKIP, /* the rest of the size line */
	HTTP_CHUNK_DATA,
	HTTP_CHUNK_END, /* CRLF after the data */
	HTTP_TRAILER,
	HTTP_BODY_DONE,
};

struct http_body {
	enum http_body_step step;
	uint64_t left;   /* of the body, or of this chunk */
	size_t line_len; /* of the trailer line being read */
};

void http_body_init(struct http_body *body, const struct http_head *head);

/*
 * Take one step through data[len]: *used bytes were consumed and *out,*out_len
 * is what they carried (may be none). 0, or -EPROTO. Ask `step` for the end.
 */
int http_body_next(struct http_body *body, const char *data, size_t len,
                   size_t *used, const char **out, size_t *out_len);

#endif
