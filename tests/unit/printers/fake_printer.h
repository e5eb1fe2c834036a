/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_UNIT_PRINTERS_FAKE_PRINTER_H
#define TESTS_UNIT_PRINTERS_FAKE_PRINTER_H

#include <check.h>
#include <stdio.h>
#include <uv.h>

#include "base/buf.h"
#include "base/mem.h"
#include "printers/http_transport.h"
#include "printers/ipp.h"

/*
 * A printer on the test's own loop: reads HTTP requests, answers by `answer`.
 * What it does wrong is chosen by the fields below.
 */
struct fake_printer {
	uv_loop_t loop;
	uv_tcp_t server;
	struct http_transport *transport;
	char uri[64];
	/* the answer to one request; NULL: stay silent */
	ipp_t *(*answer)(struct fake_printer *fake, ipp_t *request,
	                 size_t document_len);
	const char *raw;     /* sent instead of any answer */
	size_t cut_after;    /* > 0: close once so many bytes have come */
	unsigned early_code; /* > 0: refuse chunked requests at their head */
	bool is_dripping;    /* answers come byte by byte */
	int min_version;     /* e.g. 11: only that IPP version is taken */

	int n_requests;
	int ops[64];         /* of each request */
	struct buf document; /* of the last request that had one */
	char job_name[128];
	bool had_job_group;
	void *test;
};

struct fake_peer {
	uv_tcp_t tcp;
	struct fake_printer *fake;
	struct buf in;
	struct buf out; /* what is still to drip */
	bool is_early_done;
	char space[65536];
};

static void fake_peer_closed(uv_handle_t *handle)
{
	struct fake_peer *peer = handle->data;

	buf_fini(&peer->in);
	buf_fini(&peer->out);
	free(peer);
}

static void fake_peer_close(struct fake_peer *peer)
{
	if (!uv_is_closing((uv_handle_t *)&peer->tcp))
		uv_close((uv_handle_t *)&peer->tcp, fake_peer_closed);
}

struct fake_write {
	uv_write_t write;
	struct fake_peer *peer;
	char *data;
};

static void fake_drip(struct fake_peer *peer);

static void fake_written(uv_write_t *write, int status)
{
	struct fake_write *w = (struct fake_write *)write;
	struct fake_peer *peer = w->peer;

	free(w->data);
	free(w);
	if (status == 0 && peer->out.len > 0)
		fake_drip(peer);
}

static void fake_write(struct fake_peer *peer, const void *data, size_t len)
{
	struct fake_write *w = xcalloc(1, sizeof *w);
	uv_buf_t buf;

	w->peer = peer;
	w->data = xmemdup(data, len);
	buf = uv_buf_init(w->data, (unsigned)len);
	uv_write(&w->write, (uv_stream_t *)&peer->tcp, &buf, 1, fake_written);
}

static void fake_drip(struct fake_peer *peer)
{
	char c = peer->out.data[0];

	buf_consume(&peer->out, 1);
	fake_write(peer, &c, 1);
}

static void fake_respond(struct fake_peer *peer, ipp_t *answer)
{
	struct buf body = {0}, http = {0};

	ipp_encode(answer, &body);
	buf_printf(&http,
	           "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\n"
	           "Content-Length: %zu\r\n\r\n",
	           body.len);
	buf_append(&http, body.data, body.len);
	if (peer->fake->is_dripping) {
		buf_append(&peer->out, http.data, http.len);
		fake_drip(peer);
	} else {
		fake_write(peer, http.data, http.len);
	}
	buf_fini(&body);
	buf_fini(&http);
}

/* A bare answer with a status code; the test adds to it. */
static ipp_t *fake_answer(int code)
{
	ipp_t *ipp = ippNew();

	ippSetStatusCode(ipp, (ipp_status_t)code);
	ippSetRequestId(ipp, 1);
	ippSetVersion(ipp, 2, 0);
	ippAddString(ipp, IPP_TAG_OPERATION, IPP_TAG_CHARSET,
	             "attributes-charset", NULL, "utf-8");
	ippAddString(ipp, IPP_TAG_OPERATION, IPP_TAG_LANGUAGE,
	             "attributes-natural-language", NULL, "en");
	return ipp;
}

static size_t fake_ipp_len(const char *data, size_t len)
{
	/* the message ends where one more byte makes no difference */
	for (size_t n = 9; n <= len; n++)
		if (data[n - 1] == 3 && ipp_scan(data, n, NULL) == 0)
			return n;
	ck_abort_msg("no IPP message in the request");
}

static void fake_request(struct fake_peer *peer, const char *body, size_t len)
{
	struct fake_printer *fake = peer->fake;
	size_t ipp_len = fake_ipp_len(body, len);
	ipp_t *request CLEANUP(ippDelete) = NULL;
	ipp_t *answer CLEANUP(ippDelete) = NULL;
	int major, minor;

	ck_assert_int_eq(ipp_decode(body, ipp_len, &request, NULL), 0);
	ck_assert_int_lt(fake->n_requests, 64);
	fake->ops[fake->n_requests++] = ippGetOperation(request);
	fake->had_job_group = false;
	for (ipp_attribute_t *a = ippFirstAttribute(request); a;
	     a = ippNextAttribute(request))
		if (ippGetGroupTag(a) == IPP_TAG_JOB)
			fake->had_job_group = true;
	ipp_text(request, IPP_TAG_OPERATION, "job-name", fake->job_name,
	         sizeof fake->job_name);
	if (len > ipp_len) {
		buf_clear(&fake->document);
		buf_append(&fake->document, body + ipp_len, len - ipp_len);
	}
	major = ippGetVersion(request, &minor);
	if (fake->raw)
		fake_write(peer, fake->raw, strlen(fake->raw));
	else if (fake->min_version && major * 10 + minor != fake->min_version)
		answer = fake_answer(IPP_STATUS_ERROR_VERSION_NOT_SUPPORTED);
	else
		answer = fake->answer(fake, request, len - ipp_len);
	if (answer)
		fake_respond(peer, answer);
}

/* Body of a chunked request in plain; false: not complete yet. */
static bool fake_dechunk(const char *s, size_t len, struct buf *out)
{
	size_t pos = 0;

	for (;;) {
		char *end;
		unsigned long n = strtoul(s + pos, &end, 16);

		if (end + 2 > s + len || end == s + pos)
			return false;
		pos = (size_t)(end - s) + 2;
		if (len < pos + n + 2)
			return false;
		if (n == 0)
			return true;
		buf_append(out, s + pos, n);
		pos += n + 2;
	}
}

static void fake_look(struct fake_peer *peer)
{
	struct fake_printer *fake = peer->fake;
	const char *text = buf_str(&peer->in);
	const char *end = strstr(text, "\r\n\r\n");
	const char *length = strstr(text, "Content-Length: ");
	struct buf body = {0};
	size_t head_len;

	if (!end)
		return;
	ck_assert(!strstr(text, "Expect:"));
	head_len = (size_t)(end - text) + 4;
	if (fake->early_code && !(length && length < end) &&
	    peer->in.len > head_len && !peer->is_early_done) {
		ipp_t *refusal = fake_answer((int)fake->early_code);

		peer->is_early_done = true;
		fake_respond(peer, refusal);
		ippDelete(refusal);
	}
	if (peer->is_early_done)
		return;
	if (length && length < end) {
		size_t n = strtoul(length + 16, NULL, 10);

		if (peer->in.len >= head_len + n) {
			fake_request(peer, end + 4, n);
			buf_consume(&peer->in, head_len + n);
		}
	} else if (fake_dechunk(end + 4, peer->in.len - head_len, &body)) {
		fake_request(peer, body.data, body.len);
		buf_clear(&peer->in);
	}
	buf_fini(&body);
}

static void fake_alloc(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
	struct fake_peer *peer = handle->data;

	*buf = uv_buf_init(peer->space, sizeof peer->space);
}

static void fake_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct fake_peer *peer = stream->data;

	if (n < 0) {
		fake_peer_close(peer);
		return;
	}
	buf_append(&peer->in, buf->base, (size_t)n);
	if (peer->fake->cut_after && peer->in.len >= peer->fake->cut_after) {
		fake_peer_close(peer);
		return;
	}
	fake_look(peer);
}

static void fake_connection(uv_stream_t *server, int status)
{
	struct fake_peer *peer = xcalloc(1, sizeof *peer);

	ck_assert_int_eq(status, 0);
	peer->fake = server->data;
	uv_tcp_init(server->loop, &peer->tcp);
	peer->tcp.data = peer;
	ck_assert_int_eq(uv_accept(server, (uv_stream_t *)&peer->tcp), 0);
	uv_read_start((uv_stream_t *)&peer->tcp, fake_alloc, fake_read);
}

static void fake_printer_open(struct fake_printer *fake)
{
	struct sockaddr_in address;
	int len = sizeof address;

	*fake = (struct fake_printer){0};
	uv_loop_init(&fake->loop);
	uv_tcp_init(&fake->loop, &fake->server);
	fake->server.data = fake;
	uv_ip4_addr("127.0.0.1", 0, &address);
	ck_assert_int_eq(uv_tcp_bind(&fake->server, (struct sockaddr *)&address,
	                             0),
	                 0);
	ck_assert_int_eq(uv_listen((uv_stream_t *)&fake->server, 16,
	                           fake_connection),
	                 0);
	uv_tcp_getsockname(&fake->server, (struct sockaddr *)&address, &len);
	snprintf(fake->uri, sizeof fake->uri, "ipp://127.0.0.1:%d/ipp/print",
	         ntohs(address.sin_port));
	fake->transport = http_transport_new(&fake->loop);
}

/* From a test's last callback: nothing more is to happen. */
static void fake_printer_stop(struct fake_printer *fake)
{
	http_transport_close(fake->transport, NULL, NULL);
	uv_close((uv_handle_t *)&fake->server, NULL);
}

/* Run until all is over; the loop must be empty then. */
static void fake_printer_run(struct fake_printer *fake)
{
	uv_run(&fake->loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(uv_loop_close(&fake->loop), 0);
	buf_fini(&fake->document);
}

#endif
