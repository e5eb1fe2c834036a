/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/curl_loop.h"

#include <stdbool.h>
#include <sys/epoll.h>

#include "base/fs.h"
#include "base/mem.h"

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
 *                  start, write to, or cancel any transfer
 */
struct curl_loop {
	uv_loop_t *loop; /* borrowed */
	CURLM *multi;
	int epoll_fd;   /* all of curl's sockets */
	uv_poll_t poll; /* of epoll_fd */
	uv_timer_t timer;
	int open_handles; /* freed when this reaches 0, and only there */
	bool is_closing;
	struct curl_loop_events events;
	void *arg;
	void (*closed)(void *arg);
	void *closed_arg;
};

static void dispatch(struct curl_loop *c)
{
	CURLMsg *message;
	int n_left;

	if (c->events.on_step)
		c->events.on_step(c->arg);
	while ((message = curl_multi_info_read(c->multi, &n_left)))
		if (message->msg == CURLMSG_DONE)
			c->events.on_done(message->easy_handle,
			                  message->data.result, c->arg);
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *arg,
                     void *is_known)
{
	struct curl_loop *c = arg;
	struct epoll_event event = {.data.fd = fd};

	if (what == CURL_POLL_REMOVE) {
		epoll_ctl(c->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
		curl_multi_assign(c->multi, fd, NULL);
		return 0;
	}
	if (what & CURL_POLL_IN)
		event.events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		event.events |= EPOLLOUT;
	if (epoll_ctl(c->epoll_fd, is_known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd,
	              &event) < 0)
		return -1;
	curl_multi_assign(c->multi, fd, c);
	return 0;
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
	struct curl_loop *c = poll->data;
	struct epoll_event ready[64];
	int n = epoll_wait(c->epoll_fd, ready, ARRAY_LEN(ready), 0);

	for (int i = 0; i < n && !c->is_closing; i++) {
		int mask = 0, n_running;

		if (ready[i].events & EPOLLIN)
			mask |= CURL_CSELECT_IN;
		if (ready[i].events & EPOLLOUT)
			mask |= CURL_CSELECT_OUT;
		if (ready[i].events & (EPOLLERR | EPOLLHUP))
			mask |= CURL_CSELECT_ERR;
		curl_multi_socket_action(c->multi, ready[i].data.fd, mask,
		                         &n_running);
	}
	dispatch(c);
}

static void on_timer(uv_timer_t *timer)
{
	struct curl_loop *c = timer->data;
	int n_running;

	curl_multi_socket_action(c->multi, CURL_SOCKET_TIMEOUT, 0, &n_running);
	dispatch(c);
}

static int on_curl_timer(CURLM *multi, long timeout_ms, void *arg)
{
	struct curl_loop *c = arg;

	if (c->is_closing)
		return 0;
	if (timeout_ms < 0)
		uv_timer_stop(&c->timer);
	else
		uv_timer_start(&c->timer, on_timer, (uint64_t)timeout_ms, 0);
	return 0;
}

struct curl_loop *
curl_loop_new(uv_loop_t *loop, const struct curl_loop_events *events, void *arg)
{
	struct curl_loop *c = xcalloc(1, sizeof *c);

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
		abort();
	c->loop = loop;
	c->events = *events;
	c->arg = arg;
	c->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	c->multi = curl_multi_init();
	if (!c->multi || c->epoll_fd < 0 ||
	    uv_poll_init(loop, &c->poll, c->epoll_fd) < 0)
		abort();
	uv_timer_init(loop, &c->timer);
	c->open_handles = 2;
	c->poll.data = c->timer.data = c;
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETDATA, c);
	curl_multi_setopt(c->multi, CURLMOPT_TIMERFUNCTION, on_curl_timer);
	curl_multi_setopt(c->multi, CURLMOPT_TIMERDATA, c);
	uv_poll_start(&c->poll, UV_READABLE, on_ready);
	return c;
}

CURLM *curl_loop_multi(struct curl_loop *curl_loop)
{
	return curl_loop->multi;
}

uv_loop_t *curl_loop_uv(struct curl_loop *curl_loop)
{
	return curl_loop->loop;
}

static void on_closed(uv_handle_t *handle)
{
	struct curl_loop *c = handle->data;

	if (--c->open_handles > 0)
		return;
	curl_multi_cleanup(c->multi);
	fs_close(c->epoll_fd);
	if (c->closed)
		c->closed(c->closed_arg);
	curl_global_cleanup();
	free(c);
}

void curl_loop_close(struct curl_loop *c, void (*closed)(void *arg), void *arg)
{
	c->is_closing = true;
	c->closed = closed;
	c->closed_arg = arg;
	uv_close((uv_handle_t *)&c->poll, on_closed);
	uv_close((uv_handle_t *)&c->timer, on_closed);
}
