/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/mem.h"
#include "printers/http_fault.h"
#include "printers/http_private.h"
#include "printers/ipp.h"
#include "printers/pin.h"

/*
 * One POST.
 *
 *   start     set up an easy handle, hand it to the multi
 *   on_begin  connected: now bytes leave, unless they did before
 *   on_read   curl takes bytes: the IPP message, then the document; with
 *             nothing to give it pauses until http_request_write()
 *   on_write  a piece of the answer
 *   notify    outside of curl: first byte, room for more
 *   done      the owner gets the answer; the one place that frees
 */
struct http_request {
	struct list link;   /* in transport->requests */
	struct list notice; /* in transport->notices, or alone */
	struct http_transport *transport;
	CURL *easy;
	char *url;
	char *pin; /* NULL: none known yet */
	struct buf head;
	size_t head_pos;
	struct buf stream;
	size_t stream_pos; /* taken bytes at the beginning of stream */
	uint64_t n_taken;
	struct buf answer;
	unsigned timeout_ms;
	unsigned n_begun; /* times that the request went out */
	bool is_once;
	bool has_stream;
	bool is_finished; /* all of the document is in stream */
	bool is_paused;
	bool is_full; /* the owner waits for on_drain */
	bool is_early;
	bool is_too_long;
	bool wants_first_byte, wants_drain; /* to tell */
	http_answer_cb *on_answer;
	void (*on_first_byte)(void *arg);
	void (*on_drain)(void *arg);
	void *arg;
};

struct http_request *http_request_of(struct list *link)
{
	return LIST_ENTRY(link, struct http_request, link);
}

static void notice(struct http_request *r, bool *what)
{
	*what = true;
	list_remove(&r->notice);
	list_append(&r->transport->notices, &r->notice);
}

/*
 * curl sends a request again when a kept connection turns out dead. That is
 * welcome for a question, but Create-Job or a document might arrive twice.
 */
static int on_begin(void *arg, char *peer_ip, char *local_ip, int peer_port,
                    int local_port)
{
	struct http_request *r = arg;

	r->n_begun++;
	if (r->is_once && r->n_begun > 1)
		return CURL_PREREQFUNC_ABORT;
	return CURL_PREREQFUNC_OK;
}

static size_t take_head(struct http_request *r, char *out, size_t size)
{
	size_t n = r->head.len - r->head_pos;

	if (n > size)
		n = size;
	memcpy(out, r->head.data + r->head_pos, n);
	r->head_pos += n;
	return n;
}

static size_t stream_left(const struct http_request *r)
{
	return r->stream.len - r->stream_pos;
}

static size_t take_stream(struct http_request *r, char *out, size_t size)
{
	size_t n = stream_left(r);

	if (n > size)
		n = size;
	memcpy(out, r->stream.data + r->stream_pos, n);
	r->stream_pos += n;
	if (stream_left(r) == 0) {
		buf_clear(&r->stream);
		r->stream_pos = 0;
	}
	if (r->n_taken == 0)
		notice(r, &r->wants_first_byte);
	r->n_taken += n;
	if (r->is_full && stream_left(r) < HTTP_STREAM_BUFFER / 2) {
		r->is_full = false;
		notice(r, &r->wants_drain);
	}
	return n;
}

static size_t on_read(char *out, size_t size, size_t n_items, void *arg)
{
	struct http_request *r = arg;

	size *= n_items;
	if (r->head_pos < r->head.len)
		return take_head(r, out, size);
	if (stream_left(r) > 0)
		return take_stream(r, out, size);
	if (r->is_finished)
		return 0;
	r->is_paused = true;
	return CURL_READFUNC_PAUSE;
}

/* Only the IPP message may be read a second time, never the document. */
static int on_seek(void *arg, curl_off_t offset, int origin)
{
	struct http_request *r = arg;

	if (r->n_taken > 0 || offset != 0 || origin != SEEK_SET)
		return CURL_SEEKFUNC_FAIL;
	r->head_pos = 0;
	return CURL_SEEKFUNC_OK;
}

/*
 * A printer that refuses does so before the document's end, and then reads no
 * further: end here, or we would wait for it. An early success goes on.
 */
static bool is_early_refusal(const struct http_request *r)
{
	return r->has_stream && !(r->is_finished && stream_left(r) == 0) &&
	       ipp_peek_status(r->answer.data, r->answer.len) >= 0x400;
}

static size_t on_write(char *data, size_t size, size_t n_items, void *arg)
{
	struct http_request *r = arg;

	size *= n_items;
	if (r->answer.len + size > HTTP_ANSWER_MAX) {
		r->is_too_long = true;
		return 0;
	}
	buf_append(&r->answer, data, size);
	if (is_early_refusal(r)) {
		r->is_early = true;
		return 0;
	}
	return size;
}

static void set_limits(struct http_request *r)
{
	CURL *easy = r->easy;

	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	/* else a name server that is silent would block the loop at a timeout
	 */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
	                 (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 8192L);
	/* addresses move; and curl walks its whole cache after each request */
	curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)r->timeout_ms);
	if (!r->has_stream) {
		curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)r->timeout_ms);
		return;
	}
	/* no deadline, but a printer whose plug was pulled is noticed */
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, 30L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPINTVL, 10L);
}

static void set_trust(struct http_request *r)
{
	/* printers sign their certificates themselves: the key counts */
	curl_easy_setopt(r->easy, CURLOPT_SSL_VERIFYPEER, 0L);
	curl_easy_setopt(r->easy, CURLOPT_SSL_VERIFYHOST, 0L);
	if (strncmp(r->url, "https:", 6) != 0)
		return;
	if (r->pin) {
		curl_easy_setopt(r->easy, CURLOPT_PINNEDPUBLICKEY, r->pin);
		return;
	}
	/* the key is seen in a handshake only, so let there be one */
	curl_easy_setopt(r->easy, CURLOPT_CERTINFO, 1L);
	curl_easy_setopt(r->easy, CURLOPT_FRESH_CONNECT, 1L);
}

static void set_body(struct http_request *r, int64_t stream_len)
{
	CURL *easy = r->easy;
	curl_off_t length = (curl_off_t)r->head.len;
	bool is_chunked = r->has_stream && stream_len < 0;

	curl_easy_setopt(easy, CURLOPT_POST, 1L);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER,
	                 is_chunked ? r->transport->headers_chunked
	                            : r->transport->headers);
	if (!r->has_stream) {
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, length);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, r->head.data);
		return;
	}
	curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
	                 is_chunked ? (curl_off_t)-1 : length + stream_len);
	curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(easy, CURLOPT_READDATA, r);
	curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, on_seek);
	curl_easy_setopt(easy, CURLOPT_SEEKDATA, r);
}

static void set_callbacks(struct http_request *r)
{
	curl_easy_setopt(r->easy, CURLOPT_PRIVATE, r);
	curl_easy_setopt(r->easy, CURLOPT_URL, r->url);
	curl_easy_setopt(r->easy, CURLOPT_PREREQFUNCTION, on_begin);
	curl_easy_setopt(r->easy, CURLOPT_PREREQDATA, r);
	curl_easy_setopt(r->easy, CURLOPT_WRITEFUNCTION, on_write);
	curl_easy_setopt(r->easy, CURLOPT_WRITEDATA, r);
}

int http_request_start(struct http_transport *transport,
                       const struct http_post *post, struct http_request **out,
                       struct err *err)
{
	struct http_request *r;
	char *url = NULL;
	int status = http_url_from_printer_uri(post->uri, &url, err);

	if (status < 0)
		return status;
	r = xcalloc(1, sizeof *r);
	r->transport = transport;
	r->url = url;
	r->pin = post->pin && post->pin[0] ? xstrdup(post->pin) : NULL;
	buf_append(&r->head, post->head, post->head_len);
	r->has_stream = post->has_stream;
	r->is_once = post->is_once;
	r->timeout_ms = post->timeout_ms;
	r->on_answer = post->on_answer;
	r->on_first_byte = post->on_first_byte;
	r->on_drain = post->on_drain;
	r->arg = post->arg;
	list_init(&r->notice);
	list_append(&transport->requests, &r->link);
	r->easy = http_transport_take_easy(transport);
	set_callbacks(r);
	set_limits(r);
	set_trust(r);
	set_body(r, post->stream_len);
	if (curl_multi_add_handle(curl_loop_multi(transport->curl), r->easy) !=
	    CURLM_OK)
		abort(); /* out of memory, or a misuse of ours */
	*out = r;
	return 0;
}

static void resume(struct http_request *r)
{
	if (!r->is_paused)
		return;
	r->is_paused = false;
	curl_easy_pause(r->easy, CURLPAUSE_CONT);
}

bool http_request_write(struct http_request *r, const void *data, size_t len)
{
	if (r->stream_pos > HTTP_STREAM_BUFFER / 2) {
		buf_consume(&r->stream, r->stream_pos);
		r->stream_pos = 0;
	}
	buf_append(&r->stream, data, len);
	if (stream_left(r) >= HTTP_STREAM_BUFFER)
		r->is_full = true;
	if (len > 0)
		resume(r);
	return !r->is_full;
}

void http_request_finish(struct http_request *r)
{
	r->is_finished = true;
	resume(r);
}

uint64_t http_request_taken(const struct http_request *request)
{
	return request->n_taken;
}

void http_request_notify(struct list *notice)
{
	struct http_request *r =
		LIST_ENTRY(notice, struct http_request, notice);

	if (r->wants_first_byte) {
		r->wants_first_byte = false;
		if (r->on_first_byte) {
			r->on_first_byte(r->arg); /* may cancel: look again */
			return;
		}
	}
	list_remove(&r->notice);
	if (r->wants_drain) {
		r->wants_drain = false;
		if (r->on_drain)
			r->on_drain(r->arg);
	}
}

static void request_free(struct http_request *r)
{
	list_remove(&r->link);
	list_remove(&r->notice);
	curl_multi_remove_handle(curl_loop_multi(r->transport->curl), r->easy);
	http_transport_give_easy(r->transport, r->easy);
	free(r->url);
	free(r->pin);
	buf_fini(&r->head);
	buf_fini(&r->stream);
	buf_fini(&r->answer);
	free(r);
}

void http_request_cancel(struct http_request *request)
{
	request_free(request);
}

static void find_pin(struct http_request *r, char out[HTTP_PIN_SIZE])
{
	struct curl_certinfo *info = NULL;

	out[0] = '\0';
	if (r->pin) {
		snprintf(out, HTTP_PIN_SIZE, "%s", r->n_begun ? r->pin : "");
		return;
	}
	curl_easy_getinfo(r->easy, CURLINFO_CERTINFO, &info);
	if (!info || info->num_of_certs < 1)
		return;
	for (struct curl_slist *s = info->certinfo[0]; s; s = s->next)
		if (strncmp(s->data, "Cert:", 5) == 0)
			pin_from_pem(s->data + 5, out);
}

void http_request_done(struct http_request *r, CURLcode code)
{
	struct http_answer answer = {.data = r->answer.data,
	                             .len = r->answer.len,
	                             .is_connected = r->n_begun > 0,
	                             .is_document_begun = r->n_taken > 0,
	                             .is_early = r->is_early};
	char pin_seen[HTTP_PIN_SIZE];
	struct err err = {0};

	find_pin(r, pin_seen);
	answer.pin_seen = pin_seen;
	answer.err = &err;
	if (r->is_too_long)
		answer.status = err_set(&err, -EFBIG,
		                        "the printer's answer is too long");
	else if (r->is_early)
		answer.status = 0;
	else
		answer.status = http_fault(r->easy, code, r->n_begun > 0,
		                           r->timeout_ms, &err);
	/* the answer outlives the handle: its owner may close the transport */
	http_answer_cb *cb = r->on_answer;
	void *arg = r->arg;
	struct buf body = r->answer;

	r->answer = (struct buf){0};
	request_free(r);
	cb(&answer, arg);
	buf_fini(&body);
}
