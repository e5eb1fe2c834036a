/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "conn.h"

#include <errno.h>

#include "answer.h"
#include "base/mem.h"
#include "control.h"

#define ATTRIBUTES_MAX (1024 * 1024)
#define WAITING_MAX    (1024 * 1024) /* pipelined behind an answer */
#define PRINTER_PATH   "/ipp/print"

static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *buf);
static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf);
static void on_paused(uv_timer_t *timer);
static void on_written(uv_write_t *req, int status);
static void on_closed(uv_handle_t *handle);

void conn_start(struct sim *sim)
{
	struct conn *conn = xcalloc(1, sizeof *conn);

	conn->sim = sim;
	conn->open_handles = 2;
	uv_tcp_init(sim->loop, &conn->tcp);
	uv_timer_init(sim->loop, &conn->pause);
	conn->tcp.data = conn->pause.data = conn->write.data = conn;
	list_append(&sim->conns, &conn->link);
	if (uv_accept((uv_stream_t *)&sim->listener,
	              (uv_stream_t *)&conn->tcp) < 0) {
		conn_close(conn);
		return;
	}
	uv_tcp_nodelay(&conn->tcp, 1);
	uv_read_start((uv_stream_t *)&conn->tcp, on_alloc, on_read);
}

static bool is_slow(const struct conn *conn)
{
	return conn->step == CONN_DOCUMENT && conn->op.job &&
	       conn->printer->settings.read_bps > 0;
}

/* A slow reader reads a tenth of a second's bytes at a time. */
static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
	struct conn *conn = handle->data;
	size_t room = sizeof conn->chunk;

	if (is_slow(conn)) {
		int64_t tenth = conn->printer->settings.read_bps / 10 + 1;
		room = (uint64_t)tenth < room ? (size_t)tenth : room;
	}
	*buf = uv_buf_init(conn->chunk, (unsigned)room);
}

static void pause_reading(struct conn *conn, size_t n)
{
	int64_t bps = conn->printer->settings.read_bps;
	int small = 4096; /* or the kernel takes the whole document for us */

	uv_recv_buffer_size((uv_handle_t *)&conn->tcp, &small);
	uv_read_stop((uv_stream_t *)&conn->tcp);
	uv_timer_start(&conn->pause, on_paused,
	               (uint64_t)n * 1000 / (uint64_t)bps + 1, 0);
}

static void on_paused(uv_timer_t *timer)
{
	struct conn *conn = timer->data;

	uv_read_start((uv_stream_t *)&conn->tcp, on_alloc, on_read);
}

static void send_out(struct conn *conn)
{
	uv_buf_t buf = uv_buf_init(conn->out.data, (unsigned)conn->out.len);

	conn->step = CONN_ANSWERING;
	if (uv_write(&conn->write, (uv_stream_t *)&conn->tcp, &buf, 1,
	             on_written) < 0)
		conn_close(conn);
}

static void answer_plain(struct conn *conn, int status, const char *body)
{
	answer_text(&conn->out, status,
	            status == 200 ? "application/json" : "text/plain", body);
	send_out(conn);
}

static void answer_get(struct conn *conn)
{
	char *body CLEANUP(xfree) = NULL;

	int status = control_get(conn->sim, conn->head.target, &body);
	answer_plain(conn, status, body);
}

/* The request is whole: answer it as this printer answers. */
static void answer_request(struct conn *conn)
{
	enum answer answer = ops_answer(&conn->op);

	ops_end(&conn->op);
	conn->flood_left = 0;
	switch (answer) {
	case ANSWER_NORMAL: answer_ipp(&conn->out, conn->op.response); break;
	case ANSWER_NEVER: conn->step = CONN_SILENT; return;
	case ANSWER_DROP:
	case ANSWER_CLOSE: conn_close(conn); return;
	case ANSWER_GARBAGE: answer_garbage(&conn->out); break;
	case ANSWER_HUGE:
	case ANSWER_ENDLESS:
		conn->flood_left =
			answer == ANSWER_HUGE ? ANSWER_HUGE_BLOCKS : -1;
		answer_flood_head(&conn->out, conn->op.response,
		                  answer == ANSWER_ENDLESS);
		break;
	}
	send_out(conn);
}

/* "/ipp/print" and "/ipp/print/N[/job]"; NULL if there is no such printer. */
static struct printer *find_printer(struct conn *conn)
{
	const char *rest = conn->head.target + strlen(PRINTER_PATH);

	if (strncmp(conn->head.target, PRINTER_PATH, strlen(PRINTER_PATH)) != 0)
		return NULL;
	if (*rest == '\0')
		return &conn->sim->printers[0];
	char *end = NULL;
	unsigned long index = *rest == '/' ? strtoul(rest + 1, &end, 10) : 0;
	if (!end || end == rest + 1 || index >= conn->sim->n_printers)
		return NULL;
	return &conn->sim->printers[index];
}

/* One step through CONN_HEAD; HTTP_MORE when bytes are missing. */
static int take_head(struct conn *conn)
{
	size_t used = 0;

	int r = http_head_parse(conn->in.data, conn->in.len, &conn->head,
	                        &used);
	if (r != 0)
		return r;
	buf_consume(&conn->in, used);
	http_body_init(&conn->body, &conn->head);
	buf_clear(&conn->attr);
	conn->scanned = 0;
	conn->document_bytes = 0;
	if (strcmp(conn->head.method, "GET") == 0) {
		answer_get(conn);
		return 0;
	}
	conn->printer = find_printer(conn);
	if (!conn->printer || strcmp(conn->head.method, "POST") != 0) {
		conn->head.close = true;
		answer_plain(conn, 404, "no such printer\n");
		return 0;
	}
	if (conn->head.expects_continue) {
		static char proceed[] = "HTTP/1.1 100 Continue\r\n\r\n";
		uv_buf_t buf = uv_buf_init(proceed, sizeof proceed - 1);
		if (uv_try_write((uv_stream_t *)&conn->tcp, &buf, 1) < 0)
			return -EPIPE;
	}
	conn->step = CONN_ATTRIBUTES;
	return 0;
}

/*
 * Look for the end of the IPP attributes in attr (RFC 8010, 3.1): their length,
 * or 0 when it has not come yet.
 */
static size_t scan_attributes(struct conn *conn)
{
	const unsigned char *p = (const unsigned char *)conn->attr.data;
	size_t len = conn->attr.len;
	size_t at = conn->scanned ? conn->scanned : 8;

	while (at < len && p[at] != IPP_TAG_END) {
		size_t next = at + 1;
		if (p[at] >= 0x10) {
			for (int i = 0; i < 2; i++) {
				if (next + 2 > len)
					return 0;
				next += 2u +
				        (size_t)(p[next] << 8 | p[next + 1]);
			}
		}
		if (next > len)
			return 0;
		conn->scanned = at = next;
	}
	return at < len ? at + 1 : 0;
}

/* Document bytes; false when this printer hung up at one of them. */
static bool take_document(struct conn *conn, const char *data, size_t len)
{
	struct settings *settings = &conn->printer->settings;
	bool dies = settings->die_at >= 0 && settings->times != 0 &&
	            conn->document_bytes + len >= (uint64_t)settings->die_at;

	if (!conn->op.job)
		return true;
	if (dies)
		len = (size_t)settings->die_at - conn->document_bytes;
	if (conn->op.job->data == JOB_DATA_OPEN && len > 0)
		job_document_begin(conn->op.job, conn->op.job->format);
	job_document_bytes(conn->op.job, data, len);
	conn->document_bytes += len;
	if (!dies)
		return true;
	settings->times -= settings->times > 0;
	conn_close(conn);
	return false;
}

static int begin_operation(struct conn *conn, size_t length)
{
	ipp_t *request = answer_read_ipp(conn->attr.data, length);

	if (!request)
		return -EPROTO;
	ops_begin(&conn->op, conn->printer, request);
	conn->step = CONN_DOCUMENT;
	if (conn->attr.len > length)
		take_document(conn, conn->attr.data + length,
		              conn->attr.len - length);
	return 0;
}

/* One step through ATTRIBUTES or DOCUMENT. */
static int take_body(struct conn *conn)
{
	const char *data;
	size_t used, len;

	int r = http_body_next(&conn->body, conn->in.data, conn->in.len, &used,
	                       &data, &len);
	if (r < 0)
		return r;
	if (len > 0 && conn->step == CONN_DOCUMENT) {
		take_document(conn, data, len);
	} else if (len > 0) {
		buf_append(&conn->attr, data, len);
		size_t length = scan_attributes(conn);
		if (length)
			r = begin_operation(conn, length);
		else if (conn->attr.len > ATTRIBUTES_MAX)
			r = -EPROTO;
	}
	buf_consume(&conn->in, used);
	if (r < 0 || conn->step == CONN_CLOSING)
		return r;
	if (conn->body.step != HTTP_BODY_DONE)
		return used ? 0 : HTTP_MORE;
	if (conn->step == CONN_ATTRIBUTES)
		return -EPROTO;
	answer_request(conn);
	return 0;
}

static int take_step(struct conn *conn)
{
	switch (conn->step) {
	case CONN_HEAD: return take_head(conn);
	case CONN_ATTRIBUTES:
	case CONN_DOCUMENT: return take_body(conn);
	case CONN_ANSWERING:
		return conn->in.len > WAITING_MAX ? -EPROTO : HTTP_MORE;
	case CONN_SILENT: buf_clear(&conn->in); return HTTP_MORE;
	case CONN_CLOSING: break;
	}
	return HTTP_MORE;
}

static void process(struct conn *conn)
{
	int r;

	do
		r = take_step(conn);
	while (r == 0);
	if (r < 0)
		conn_close(conn);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct conn *conn = stream->data;

	if (n < 0) {
		conn_close(conn);
		return;
	}
	buf_append(&conn->in, buf->base, (size_t)n);
	process(conn);
	if (is_slow(conn) && n > 0)
		pause_reading(conn, (size_t)n);
}

static void on_written(uv_write_t *req, int status)
{
	struct conn *conn = req->data;

	buf_clear(&conn->out);
	if (conn->step == CONN_CLOSING)
		return;
	if (status < 0 || (conn->flood_left == 0 && conn->head.close)) {
		conn_close(conn);
		return;
	}
	if (conn->flood_left != 0) {
		answer_flood_block(&conn->out, conn->flood_left < 0);
		conn->flood_left -= conn->flood_left > 0;
		send_out(conn);
		return;
	}
	ops_fini(&conn->op);
	conn->step = CONN_HEAD;
	process(conn);
}

void conn_close(struct conn *conn)
{
	if (conn->step == CONN_CLOSING)
		return;
	conn->step = CONN_CLOSING;
	list_remove(&conn->link);
	if (conn->op.job && conn->op.job->data == JOB_DATA_RECEIVING)
		job_document_cut(conn->op.job);
	conn->op.job = NULL;
	uv_close((uv_handle_t *)&conn->tcp, on_closed);
	uv_close((uv_handle_t *)&conn->pause, on_closed);
}

static void on_closed(uv_handle_t *handle)
{
	struct conn *conn = handle->data;

	if (--conn->open_handles > 0)
		return;
	ops_fini(&conn->op);
	buf_fini(&conn->in);
	buf_fini(&conn->attr);
	buf_fini(&conn->out);
	free(conn);
}
