/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/http_transport.h"

#include "base/mem.h"
#include "printers/http_private.h"

#define CONNECTIONS_KEPT 64L /* curl looks at all of them each time */
#define CONNECTION_AGE_S 20L /* within a burst; printers have few sockets */

static void on_step(void *arg)
{
	struct http_transport *t = arg;

	while (!list_is_empty(&t->notices))
		http_request_notify(t->notices.next);
}

static void on_done(CURL *easy, CURLcode code, void *arg)
{
	struct http_request *request = NULL;

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&request);
	http_request_done(request, code);
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

struct http_transport *http_transport_new(uv_loop_t *loop)
{
	static const struct curl_loop_events events = {.on_step = on_step,
	                                               .on_done = on_done};
	struct http_transport *t = xcalloc(1, sizeof *t);

	list_init(&t->requests);
	list_init(&t->notices);
	list_init(&t->users);
	t->curl = curl_loop_new(loop, &events, t);
	t->headers = header_list(false);
	t->headers_chunked = header_list(true);
	curl_multi_setopt(curl_loop_multi(t->curl), CURLMOPT_MAXCONNECTS,
	                  CONNECTIONS_KEPT);
	return t;
}

uv_loop_t *http_transport_loop(struct http_transport *transport)
{
	return curl_loop_uv(transport->curl);
}

static void on_closed(void *arg)
{
	struct http_transport *t = arg;
	http_transport_closed_cb *cb = t->closed_cb;
	void *cb_arg = t->closed_arg;

	while (t->n_spare)
		curl_easy_cleanup(t->spare[--t->n_spare]);
	curl_slist_free_all(t->headers);
	curl_slist_free_all(t->headers_chunked);
	free(t);
	if (cb)
		cb(cb_arg);
}

void http_transport_close(struct http_transport *t,
                          http_transport_closed_cb *closed_cb, void *arg)
{
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
	curl_loop_close(t->curl, on_closed, t);
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
