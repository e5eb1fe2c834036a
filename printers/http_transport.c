/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/http_transport.h"

#include <errno.h>
#include <sys/epoll.h>

#include "base/fs.h"
#include "base/mem.h"
#include "printers/http_private.h"

/*
 * curl's sockets live in one epoll set, and only that set is polled by libuv:
 * no handle to allocate and close for each of the hundreds of connections that
 * come and go every second, and a socket that curl closes leaves by itself.
 *
 *   on_socket      curl wants to wait for a socket: epoll_ctl
 *   on_curl_timer  curl wants to be called later: arm the timer
 *   on_ready       epoll has events: hand each to curl, then dispatch
 *   on_timer       the time has come: tell curl, then dispatch
 *   dispatch       outside of curl's callbacks: owners are told, and may
 *                  start, write to, or cancel any request
 */

#define CONNECTIONS_KEPT 64L /* curl looks at all of them each time */
#define CONNECTION_AGE_S 20L /* within a burst; printers have few sockets */

static void dispatch(struct http_transport *t)
{
	CURLMsg *message;
	int n_left;

	while (!list_is_empty(&t->notices))
		http_request_notify(t->notices.next);
	while ((message = curl_multi_info_read(t->multi, &n_left))) {
		struct http_request *request = NULL;
		CURLcode code = message->data.result;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
		                  (char **)&request);
		http_request_done(request, code);
	}
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *arg,
                     void *is_known)
{
	struct http_transport *t = arg;
	struct epoll_event event = {.data.fd = fd};

	if (what == CURL_POLL_REMOVE) {
		epoll_ctl(t->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
		curl_multi_assign(t->multi, fd, NULL);
		return 0;
	}
	if (what & CURL_POLL_IN)
		event.events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		event.events |= EPOLLOUT;
	if (epoll_ctl(t->epoll_fd, is_known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd,
	              &event) < 0)
		return -1;
	curl_multi_assign(t->multi, fd, t);
	return 0;
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
	struct http_transport *t = poll->data;
	struct epoll_event ready[64];
	int n = epoll_wait(t->epoll_fd, ready, ARRAY_LEN(ready), 0);

	for (int i = 0; i < n && !t->is_closing; i++) {
		int mask = 0, n_running;

		if (ready[i].events & EPOLLIN)
			mask |= CURL_CSELECT_IN;
		if (ready[i].events & EPOLLOUT)
			mask |= CURL_CSELECT_OUT;
		if (ready[i].events & (EPOLLERR | EPOLLHUP))
			mask |= CURL_CSELECT_ERR;
		curl_multi_socket_action(t->multi, ready[i].data.fd, mask,
		                         &n_running);
	}
	dispatch(t);
}

static void on_timer(uv_timer_t *timer)
{
	struct http_transport *t = timer->data;
	int n_running;

	curl_multi_socket_action(t->multi, CURL_SOCKET_TIMEOUT, 0, &n_running);
	dispatch(t);
}

static int on_curl_timer(CURLM *multi, long timeout_ms, void *arg)
{
	struct http_transport *t = arg;

	if (t->is_closing)
		return 0;
	if (timeout_ms < 0)
		uv_timer_stop(&t->timer);
	else
		uv_timer_start(&t->timer, on_timer, (uint64_t)timeout_ms, 0);
	return 0;
}

static struct curl_slist *header_list(bool is_chunked)
{
	struct curl_slist *list = NULL;

	/* no 100-continue: printers answer it late or never */
	list = curl_slist_append(list, "Expect:");
	list = curl_slist_append(list, "Content-Type: application/ipp");
	if (is_chunked)
		list = curl_slist_append(list, "Transfer-Encoding: chunked");
	return list;
}

static void multi_init(struct http_transport *t)
{
	t->multi = curl_multi_init();
	if (!t->multi)
		abort();
	curl_multi_setopt(t->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(t->multi, CURLMOPT_SOCKETDATA, t);
	curl_multi_setopt(t->multi, CURLMOPT_TIMERFUNCTION, on_curl_timer);
	curl_multi_setopt(t->multi, CURLMOPT_TIMERDATA, t);
	curl_multi_setopt(t->multi, CURLMOPT_MAXCONNECTS, CONNECTIONS_KEPT);
}

struct http_transport *http_transport_new(uv_loop_t *loop)
{
	struct http_transport *t = xcalloc(1, sizeof *t);

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
		abort();
	t->loop = loop;
	list_init(&t->requests);
	list_init(&t->notices);
	list_init(&t->users);
	t->headers = header_list(false);
	t->headers_chunked = header_list(true);
	t->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (t->epoll_fd < 0 || uv_poll_init(loop, &t->poll, t->epoll_fd) < 0)
		abort();
	uv_timer_init(loop, &t->timer);
	t->open_handles = 2;
	t->poll.data = t->timer.data = t;
	multi_init(t);
	uv_poll_start(&t->poll, UV_READABLE, on_ready);
	return t;
}

uv_loop_t *http_transport_loop(struct http_transport *transport)
{
	return transport->loop;
}

static void on_closed(uv_handle_t *handle)
{
	struct http_transport *t = handle->data;
	http_transport_closed_cb *cb = t->closed_cb;
	void *arg = t->closed_arg;

	if (--t->open_handles > 0)
		return;
	while (t->n_spare)
		curl_easy_cleanup(t->spare[--t->n_spare]);
	curl_multi_cleanup(t->multi);
	curl_slist_free_all(t->headers);
	curl_slist_free_all(t->headers_chunked);
	curl_global_cleanup();
	fs_close(t->epoll_fd);
	free(t);
	if (cb)
		cb(arg);
}

void http_transport_close(struct http_transport *t,
                          http_transport_closed_cb *closed_cb, void *arg)
{
	t->is_closing = true;
	t->closed_cb = closed_cb;
	t->closed_arg = arg;
	while (!list_is_empty(&t->users)) {
		struct http_user *user =
			LIST_ENTRY(t->users.next, struct http_user, link);

		http_transport_leave(user);
		user->drop(user);
	}
	while (!list_is_empty(&t->requests))
		http_request_cancel(http_request_of(t->requests.next));
	uv_close((uv_handle_t *)&t->poll, on_closed);
	uv_close((uv_handle_t *)&t->timer, on_closed);
}

void http_transport_enter(struct http_transport *transport,
                          struct http_user *user)
{
	list_append(&transport->users, &user->link);
}

void http_transport_leave(struct http_user *user)
{
	list_remove(&user->link);
}

CURL *http_transport_take_easy(struct http_transport *t)
{
	CURL *easy = t->n_spare ? t->spare[--t->n_spare] : curl_easy_init();

	if (!easy)
		abort();
	curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, CONNECTION_AGE_S);
	return easy;
}

void http_transport_give_easy(struct http_transport *t, CURL *easy)
{
	if (t->n_spare == HTTP_SPARE_MAX) {
		curl_easy_cleanup(easy);
		return;
	}
	curl_easy_reset(easy);
	t->spare[t->n_spare++] = easy;
}
