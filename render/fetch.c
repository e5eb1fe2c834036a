/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/fetch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <strings.h>

#include "base/clock.h"
#include "base/curl_loop.h"
#include "base/list.h"
#include "base/mem.h"

/*
 * Life of a fetch:
 *
 *   start        queued; the timer begins the first hop, so that no callback
 *                comes from inside the call
 *   hop          the guard reads the URL; a handle goes to curl
 *   on_open      curl wants a socket: the guard looks at the address
 *   on_header, on_body
 *                bounded; what is too much ends the hop
 *   on_done      a redirect that is followed: the next hop, from the fetcher's
 *                step; else the answer
 *   finish       the callback; the one place that frees
 *
 * Redirects are ours, not curl's: each hop is a new URL for the guard, and
 * whether the admin's list knows its host is asked for each of them.
 */
#define HEADERS_MAX  (64 * 1024)
#define PER_HOST_MAX 6L
#define AGENT        "Mozilla/5.0 (compatible; platen/" PLATEN_VERSION ")"

struct fetcher {
	struct curl_loop *curl;
	uv_timer_t timer; /* begins hops */
	struct fetch_guard guard;
	struct fetch_limits limits;
	struct list fetches; /* under way in curl */
	struct list hops;    /* to begin */
	int open_handles;    /* freed when this reaches 0, and only there */
	void (*closed)(void *arg);
	void *closed_arg;
};

struct fetch {
	struct list link; /* in fetches or in hops */
	struct fetcher *fetcher;
	CURL *easy;
	struct curl_slist *request_headers;
	char *url;
	char *accept, *referer; /* NULL: none */
	bool follow, is_known_host, is_added;
	const char *refusal; /* static; noted in curl's callbacks */
	bool is_too_long;
	unsigned n_hops;
	size_t max_bytes;
	unsigned total_ms;
	int64_t until_ms;
	struct buf headers, body;
	fetch_cb *done;
	void *arg;
};

static void leave_curl(struct fetch *f)
{
	if (f->is_added)
		curl_multi_remove_handle(curl_loop_multi(f->fetcher->curl),
		                         f->easy);
	f->is_added = false;
}

static void fetch_free(struct fetch *f)
{
	list_remove(&f->link);
	leave_curl(f);
	curl_easy_cleanup(f->easy);
	curl_slist_free_all(f->request_headers);
	free(f->url);
	free(f->accept);
	free(f->referer);
	buf_fini(&f->headers);
	buf_fini(&f->body);
	free(f);
}

void fetch_cancel(struct fetch *fetch)
{
	fetch_free(fetch);
}

/* The answer's parts live in the fetch, which is out of every list by now. */
static void finish(struct fetch *f, int status, const struct err *err)
{
	struct fetch_answer answer = {
		.status = status,
		.err = err,
		.url = f->url,
		.type = "",
		.location = "",
		.headers = &f->headers,
		.data = f->body.data,
		.len = f->body.len,
	};
	char *type = NULL, *location = NULL;
	long code = 0;

	curl_easy_getinfo(f->easy, CURLINFO_RESPONSE_CODE, &code);
	curl_easy_getinfo(f->easy, CURLINFO_CONTENT_TYPE, &type);
	curl_easy_getinfo(f->easy, CURLINFO_REDIRECT_URL, &location);
	answer.http_status = (unsigned)code;
	if (type)
		answer.type = type;
	if (location)
		answer.location = location;
	list_remove(&f->link);
	f->done(&answer, f->arg);
	fetch_free(f);
}

/* ---- curl's callbacks ---------------------------------------------------- */

static curl_socket_t on_open(void *arg, curlsocktype purpose,
                             struct curl_sockaddr *address)
{
	struct fetch *f = arg;
	const char *refusal =
		fetch_guard_refusal(&f->fetcher->guard, f->is_known_host,
	                            &address->addr);

	if (refusal) {
		f->refusal = refusal;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC,
	              address->protocol);
}

/* A status line begins anew: what came before was of a 1xx answer. */
static size_t on_header(char *data, size_t size, size_t n_items, void *arg)
{
	struct fetch *f = arg;

	n_items *= size;
	size = n_items;
	if (size >= 5 && memcmp(data, "HTTP/", 5) == 0) {
		buf_clear(&f->headers);
		return n_items;
	}
	if (f->headers.len + size > HEADERS_MAX) {
		f->is_too_long = true;
		return 0;
	}
	while (size > 0 && strchr("\r\n", data[size - 1]))
		size--;
	if (size > 0) {
		buf_append(&f->headers, data, size);
		buf_puts(&f->headers, "\n");
	}
	return n_items;
}

static size_t on_body(char *data, size_t size, size_t n_items, void *arg)
{
	struct fetch *f = arg;

	size *= n_items;
	if (size > f->max_bytes - f->body.len) {
		f->is_too_long = true;
		return 0;
	}
	buf_append(&f->body, data, size);
	return size;
}

/* ---- hops ---------------------------------------------------------------- */

static void begin_hops(uv_timer_t *timer);

static void queue_hop(struct fetch *f)
{
	list_remove(&f->link);
	list_append(&f->fetcher->hops, &f->link);
	uv_timer_start(&f->fetcher->timer, begin_hops, 0, 0);
}

static void set_callbacks(struct fetch *f)
{
	CURL *easy = f->easy;

	curl_easy_setopt(easy, CURLOPT_PRIVATE, f);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, f);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, f);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, f);
}

static void set_manners(struct fetch *f)
{
	CURL *easy = f->easy;

	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	/* else a silent name server would block the loop when we give up */
	curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
	/* each hop asks anew, and each answer meets the guard */
	curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
	curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(easy, CURLOPT_USERAGENT, AGENT);
	/* kept in memory for this fetch: some sites redirect until they see
	 * their cookie */
	curl_easy_setopt(easy, CURLOPT_COOKIEFILE, "");
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, f->request_headers);
	if (f->referer)
		curl_easy_setopt(easy, CURLOPT_REFERER, f->referer);
}

static int begin_hop(struct fetch *f, struct err *err)
{
	char *host CLEANUP(xfree) = NULL, *url = NULL;
	int64_t left = f->until_ms - clock_mono_ms();
	int r = fetch_guard_check_url(f->url, &host, &url, err);

	if (r < 0)
		return r;
	free(f->url);
	f->url = url;
	if (left <= 0)
		return err_set(err, -ETIMEDOUT, "it did not answer within %u s",
		               f->total_ms / 1000);
	f->is_known_host = fetch_guard_knows_host(&f->fetcher->guard, host);
	f->refusal = NULL;
	buf_clear(&f->headers);
	buf_clear(&f->body);
	curl_easy_setopt(f->easy, CURLOPT_URL, f->url);
	curl_easy_setopt(f->easy, CURLOPT_TIMEOUT_MS, (long)left);
	if (curl_multi_add_handle(curl_loop_multi(f->fetcher->curl), f->easy) !=
	    CURLM_OK)
		abort(); /* out of memory, or a misuse of ours */
	f->is_added = true;
	list_remove(&f->link);
	list_append(&f->fetcher->fetches, &f->link);
	return 0;
}

static void begin_hops(uv_timer_t *timer)
{
	struct fetcher *fetcher = timer->data;

	while (!list_is_empty(&fetcher->hops)) {
		struct fetch *f =
			LIST_ENTRY(fetcher->hops.next, struct fetch, link);
		struct err err = {0};
		int r = begin_hop(f, &err);

		if (r < 0)
			finish(f, r, &err);
	}
}

/* ---- the end of a hop ---------------------------------------------------- */

static int fault_of(struct fetch *f, CURLcode code, struct err *err)
{
	if (code == CURLE_OK)
		return 0;
	if (f->is_too_long)
		return err_set(err, -EFBIG, "it is larger than %zu kB",
		               f->max_bytes >> 10);
	if (f->refusal)
		return err_set(err, -EPERM, "%s", f->refusal);
	switch ((int)code) {
	case CURLE_OPERATION_TIMEDOUT:
		return err_set(err, -ETIMEDOUT, "it did not answer within %u s",
		               f->total_ms / 1000);
	case CURLE_COULDNT_RESOLVE_HOST:
		return err_set(err, -EADDRNOTAVAIL,
		               "there is no host of that name");
	case CURLE_COULDNT_CONNECT:
		return err_set(err, -ECONNREFUSED,
		               "its server does not answer");
	case CURLE_PEER_FAILED_VERIFICATION:
		return err_set(err, -EKEYREJECTED,
		               "its certificate is not valid");
	default:
		return err_set(err, -EPROTO, "it could not be read: %s",
		               curl_easy_strerror(code));
	}
}

/* The next URL into *out, if this answer is a redirect to be followed. */
static int next_url(struct fetch *f, char **out, struct err *err)
{
	char *location = NULL;

	if (!f->follow)
		return 0;
	curl_easy_getinfo(f->easy, CURLINFO_REDIRECT_URL, &location);
	if (!location)
		return 0;
	if (f->n_hops == f->fetcher->limits.redirects)
		return err_set(err, -ELOOP,
		               "it sends its visitors on more than %u times",
		               f->fetcher->limits.redirects);
	*out = xstrdup(location);
	return 0;
}

static void on_done(CURL *easy, CURLcode code, void *arg)
{
	struct fetch *f = NULL;
	struct err err = {0};
	char *next = NULL;
	int r;

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&f);
	leave_curl(f);
	r = fault_of(f, code, &err);
	if (r == 0)
		r = next_url(f, &next, &err);
	if (!next) {
		finish(f, r, &err);
		return;
	}
	f->n_hops++;
	free(f->url);
	f->url = next;
	queue_hop(f);
}

/* ---- the owner's side ---------------------------------------------------- */

static size_t smaller(size_t wish, size_t limit)
{
	return wish > 0 && wish < limit ? wish : limit;
}

struct fetch *fetch_start(struct fetcher *fetcher,
                          const struct fetch_wish *wish)
{
	struct fetch *f = xcalloc(1, sizeof *f);
	char *accept CLEANUP(xfree) = NULL;

	list_init(&f->link);
	f->fetcher = fetcher;
	f->easy = curl_easy_init();
	if (!f->easy)
		abort();
	f->url = xstrdup(wish->url);
	f->referer = xstrdup(wish->referer);
	f->follow = wish->follow;
	f->max_bytes = smaller(wish->max_bytes, fetcher->limits.bytes);
	f->total_ms =
		(unsigned)smaller(wish->max_ms, fetcher->limits.timeout_ms);
	f->until_ms = clock_mono_ms() + f->total_ms;
	f->done = wish->done;
	f->arg = wish->arg;
	accept = xasprintf("Accept: %s", wish->accept ? wish->accept : "*/*");
	f->request_headers = curl_slist_append(NULL, accept);
	set_callbacks(f);
	set_manners(f);
	queue_hop(f);
	return f;
}

struct fetcher *fetcher_new(uv_loop_t *loop,
                            const struct fetcher_options *options)
{
	static const struct curl_loop_events events = {.on_done = on_done};
	struct fetcher *fetcher = xcalloc(1, sizeof *fetcher);
	CURLM *multi;

	fetcher->guard = *options->guard;
	fetcher->limits = options->limits;
	list_init(&fetcher->fetches);
	list_init(&fetcher->hops);
	fetcher->curl = curl_loop_new(loop, &events, fetcher);
	multi = curl_loop_multi(fetcher->curl);
	curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS,
	                  (long)options->limits.connections);
	curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, PER_HOST_MAX);
	uv_timer_init(loop, &fetcher->timer);
	fetcher->timer.data = fetcher;
	fetcher->open_handles = 2;
	return fetcher;
}

size_t fetcher_max_bytes(const struct fetcher *fetcher)
{
	return fetcher->limits.bytes;
}

static void on_part_closed(void *arg)
{
	struct fetcher *fetcher = arg;

	if (--fetcher->open_handles > 0)
		return;
	if (fetcher->closed)
		fetcher->closed(fetcher->closed_arg);
	free(fetcher);
}

static void on_timer_closed(uv_handle_t *handle)
{
	on_part_closed(handle->data);
}

static void cancel_all(struct list *fetches)
{
	while (!list_is_empty(fetches))
		fetch_cancel(LIST_ENTRY(fetches->next, struct fetch, link));
}

void fetcher_close(struct fetcher *fetcher, void (*closed)(void *arg),
                   void *arg)
{
	fetcher->closed = closed;
	fetcher->closed_arg = arg;
	cancel_all(&fetcher->hops);
	cancel_all(&fetcher->fetches);
	uv_close((uv_handle_t *)&fetcher->timer, on_timer_closed);
	curl_loop_close(fetcher->curl, on_part_closed, fetcher);
}
