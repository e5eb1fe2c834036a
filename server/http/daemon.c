/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/http/daemon.h"

#include <errno.h>

#include "base/fs.h"
#include "base/mem.h"
#include "server/http/request.h"
#include "server/http/route.h"
#include "server/http/socket.h"

/*
 * Life of a daemon:
 *
 *   start      hand the socket to libmicrohttpd; watch its epoll descriptor
 *   turn       it is readable, a timeout of its own is due, or an answer is
 *              there: let libmicrohttpd do what can be done, re-arm the timer
 *   close      tell 503 to who waits, one last turn, stop, close both handles
 *   on_closed  last handle gone: tell, free
 */
struct http_daemon {
	struct MHD_Daemon *mhd;
	uv_poll_t poll;
	uv_timer_t timer;
	int open_handles; /* freed when this reaches 0, and only there */
	int port;
	bool is_admin;
	struct http_service *service; /* borrowed */
	struct list waiting;          /* suspended requests */
	http_daemon_cb *closed;
	void *arg;
};

#define IDLE_SECONDS      10 /* of a connection that says nothing */
#define CONNECTIONS       256
#define CONNECTIONS_OF_IP 64

static void on_timer(uv_timer_t *timer);

static void turn(struct http_daemon *d)
{
	MHD_UNSIGNED_LONG_LONG ms = 0;

	MHD_run(d->mhd);
	if (MHD_get_timeout(d->mhd, &ms) == MHD_YES)
		uv_timer_start(&d->timer, on_timer, ms, 0);
	else
		uv_timer_stop(&d->timer);
}

static void on_timer(uv_timer_t *timer)
{
	turn(timer->data);
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
	turn(poll->data);
}

/* ---- requests ------------------------------------------------------------ */

static enum MHD_Result queue_answer(struct http_request *req)
{
	return MHD_queue_response(req->connection, req->status, req->answer);
}

/* Headers are there: refuse what no body can make right. */
static enum MHD_Result begin(struct http_request *req, const char *url,
                             const char *method)
{
	const char *length =
		MHD_lookup_connection_value(req->connection, MHD_HEADER_KIND,
	                                    MHD_HTTP_HEADER_CONTENT_LENGTH);

	http_route_find(req, method, url);
	if (req->status == 0 && length &&
	    strtoull(length, NULL, 10) > HTTP_BODY_MAX)
		http_refuse(req, MHD_HTTP_CONTENT_TOO_LARGE,
		            "the body is larger than %d bytes", HTTP_BODY_MAX);
	return req->status ? queue_answer(req) : MHD_YES;
}

/* A body without a length, too large: libmicrohttpd can only hang up here. */
static enum MHD_Result take(struct http_request *req, const char *data,
                            size_t *size)
{
	if (*size > HTTP_BODY_MAX - req->body.len)
		return MHD_NO;
	buf_append(&req->body, data, *size);
	*size = 0;
	return MHD_YES;
}

static enum MHD_Result handle(struct http_daemon *d, struct http_request *req)
{
	if (!req->is_started) {
		req->is_started = true;
		req->route->handle(req);
	}
	if (req->status)
		return queue_answer(req);
	req->is_suspended = true;
	list_append(&d->waiting, &req->link);
	MHD_suspend_connection(req->connection);
	return MHD_YES;
}

static enum MHD_Result on_access(void *arg, struct MHD_Connection *connection,
                                 const char *url, const char *method,
                                 const char *version, const char *data,
                                 size_t *size, void **state)
{
	struct http_daemon *d = arg;
	struct http_request *req = *state;

	if (!req) {
		req = http_request_new(d->service, d, connection);
		*state = req;
		return begin(req, url, method);
	}
	if (*size)
		return take(req, data, size);
	return handle(d, req);
}

static void on_completed(void *arg, struct MHD_Connection *connection,
                         void **state, enum MHD_RequestTerminationCode why)
{
	struct http_request *req = *state;

	*state = NULL;
	if (req && req->is_abandoned)
		req->connection = NULL; /* http_request_claim() frees */
	else
		http_request_free(req);
}

void http_daemon_answered(struct http_daemon *d, struct http_request *req)
{
	if (!req->is_suspended)
		return;
	req->is_suspended = false;
	list_remove(&req->link);
	MHD_resume_connection(req->connection);
	uv_timer_start(&d->timer, on_timer, 0, 0);
}

/* ---- lifecycle ----------------------------------------------------------- */

static struct MHD_Daemon *start_mhd(struct http_daemon *d, int fd)
{
	return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME |
	                                MHD_USE_TURBO,
	                        0, NULL, NULL, on_access, d,
	                        MHD_OPTION_LISTEN_SOCKET, fd,
	                        MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
	                        MHD_OPTION_CONNECTION_LIMIT,
	                        (unsigned)CONNECTIONS,
	                        MHD_OPTION_PER_IP_CONNECTION_LIMIT,
	                        d->is_admin ? 0u : (unsigned)CONNECTIONS_OF_IP,
	                        MHD_OPTION_CONNECTION_TIMEOUT,
	                        (unsigned)IDLE_SECONDS,
	                        MHD_OPTION_STRICT_FOR_CLIENT, 1,
	                        MHD_OPTION_END);
}

int http_daemon_start(uv_loop_t *loop, int fd, bool is_admin,
                      struct http_service *service, struct http_daemon **out,
                      struct err *err)
{
	struct http_daemon *d CLEANUP(xfree) = xcalloc(1, sizeof *d);
	const union MHD_DaemonInfo *info;

	d->is_admin = is_admin;
	d->service = service;
	d->port = http_socket_port(fd);
	list_init(&d->waiting);
	d->mhd = start_mhd(d, fd);
	if (!d->mhd) {
		fs_close(fd);
		return err_set(err, -EIO, "cannot start the HTTP server");
	}
	info = MHD_get_daemon_info(d->mhd, MHD_DAEMON_INFO_EPOLL_FD);
	if (uv_poll_init(loop, &d->poll, info->epoll_fd) < 0)
		abort(); /* epoll descriptors can always be polled */
	uv_timer_init(loop, &d->timer);
	d->open_handles = 2;
	d->poll.data = d;
	d->timer.data = d;
	uv_poll_start(&d->poll, UV_READABLE, on_readable);
	*out = TAKE(d);
	return 0;
}

int http_daemon_port(const struct http_daemon *daemon)
{
	return daemon->port;
}

bool http_daemon_is_admin(const struct http_daemon *daemon)
{
	return daemon->is_admin;
}

static void on_closed(uv_handle_t *handle)
{
	struct http_daemon *d = handle->data;

	if (--d->open_handles > 0)
		return;
	if (d->closed)
		d->closed(d->arg);
	free(d);
}

void http_daemon_close(struct http_daemon *d, http_daemon_cb *closed, void *arg)
{
	d->closed = closed;
	d->arg = arg;
	list_for_each (link, &d->waiting) {
		struct http_request *req =
			LIST_ENTRY(link, struct http_request, link);

		http_refuse(req, MHD_HTTP_SERVICE_UNAVAILABLE,
		            "the server is stopping");
		req->is_abandoned = true;
	}
	MHD_run(d->mhd); /* what is answered goes out */
	uv_poll_stop(&d->poll);
	MHD_stop_daemon(d->mhd);
	uv_close((uv_handle_t *)&d->poll, on_closed);
	uv_close((uv_handle_t *)&d->timer, on_closed);
}
