/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/browser_web.h"

#include <errno.h>
#include <stdio.h>
#include <strings.h>

#include "base/clock.h"
#include "base/list.h"
#include "base/mem.h"
#include "render/browser_answer.h"
#include "render/fetch.h"

/*
 * Life of a request:
 *
 *   answer     the browser waits; a fetch begins
 *   on_answer  what came goes to the browser: gone
 *   free       the page is gone first: the fetch is dropped
 */
#define REQUESTS_MAX 300
#define REQUEST_MS   8000  /* a slow advertisement holds up no page */
#define PAGE_MS      12000 /* nor do pages that ask and ask again */
#define ID_SIZE      80

struct browser_web {
	struct browser_page *page;
	struct fetcher *fetcher;
	char *url;
	struct list requests;
	unsigned n_requests;
	size_t n_bytes, max_bytes;
	int64_t until_ms; /* monotonic */
};

struct request {
	struct list link;
	struct browser_web *web;
	struct fetch *fetch;
	char id[ID_SIZE];
	bool is_page; /* the page itself goes there */
	char *url;
};

struct browser_web *browser_web_new(struct browser_page *page,
                                    const struct convert_web *from,
                                    size_t document_len)
{
	struct browser_web *web = xcalloc(1, sizeof *web);

	web->page = page;
	web->fetcher = from->fetcher;
	web->url = xstrdup(from->url);
	web->max_bytes = fetcher_max_bytes(from->fetcher);
	/* as UTF-8 it may be larger than what came */
	web->n_bytes =
		document_len < web->max_bytes ? document_len : web->max_bytes;
	web->until_ms = clock_mono_ms() + PAGE_MS;
	list_init(&web->requests);
	return web;
}

static void request_free(struct request *request)
{
	free(request->url);
	free(request);
}

void browser_web_free(struct browser_web *web)
{
	if (!web)
		return;
	list_for_each (link, &web->requests) {
		struct request *request =
			LIST_ENTRY(link, struct request, link);

		fetch_cancel(request->fetch);
		request_free(request);
	}
	free(web->url);
	free(web);
}

/* The body goes unpacked and whole; what would reload the page stays away. */
static bool is_passed_on(const char *name, size_t len)
{
	static const char *const dropped[] = {"Content-Encoding",
	                                      "Content-Length",
	                                      "Transfer-Encoding",
	                                      "Connection",
	                                      "Keep-Alive",
	                                      "Refresh",
	                                      "Alt-Svc",
	                                      "Link"};

	for (size_t i = 0; i < ARRAY_LEN(dropped); i++)
		if (strlen(dropped[i]) == len &&
		    strncasecmp(dropped[i], name, len) == 0)
			return false;
	return len > 0;
}

static void add_header(json_t *headers, const char *line, size_t len)
{
	const char *colon = memchr(line, ':', len);
	const char *value = colon ? colon + 1 : NULL, *end = line + len;
	json_t *pair;

	if (!colon || !is_passed_on(line, (size_t)(colon - line)))
		return;
	while (value < end && (*value == ' ' || *value == '\t'))
		value++;
	/* NULL when it is not UTF-8: such a header says nothing */
	pair = json_pack("{s:s%, s:s%}", "name", line, (size_t)(colon - line),
	                 "value", value, (size_t)(end - value));
	if (pair)
		json_array_append_new(headers, pair);
}

static json_t *headers_of(const struct fetch_answer *answer)
{
	json_t *headers = json_array();
	const char *at = answer->headers->data,
		   *end = at + answer->headers->len;

	while (at < end) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((lf ? lf : end) - at);

		add_header(headers, at, len);
		at += len + 1;
	}
	return headers;
}

/*
 * What is shown stays, where an error would be shown in its place. It may have
 * been left before it was loaded, and is not loaded further then.
 */
static void refuse(struct browser_web *web, const char *id, bool is_page)
{
	if (!is_page) {
		browser_answer_refuse(web->page, id);
		return;
	}
	browser_page_tell(web->page, "Fetch.failRequest",
	                  json_pack("{s:s, s:s}", "requestId", id,
	                            "errorReason", "Aborted"));
	browser_page_stay(web->page);
}

static void on_answer(const struct fetch_answer *answer, void *arg)
{
	struct request *request = arg;
	struct browser_web *web = request->web;

	list_remove(&request->link);
	if (answer->status == -EFBIG ||
	    answer->len > web->max_bytes - web->n_bytes) {
		browser_answer_leave_out(web->page, request->id, request->url);
	} else if (answer->status < 0 || answer->http_status < 200) {
		refuse(web, request->id, request->is_page);
	} else {
		web->n_bytes += answer->len;
		browser_answer(web->page, request->id, (int)answer->http_status,
		               headers_of(answer), answer->data, answer->len);
	}
	request_free(request);
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* Another page would be in its place. */
static bool is_for_page(const struct browser_page *page, const json_t *params)
{
	return strcmp(text_of(params, "resourceType"), "Document") == 0 &&
	       strcmp(text_of(params, "frameId"), page->frame) == 0;
}

void browser_web_answer(struct browser_web *web, const json_t *params)
{
	const json_t *asked = json_object_get(params, "request");
	const char *id = text_of(params, "requestId");
	struct fetch_wish wish = {
		.url = text_of(asked, "url"),
		.accept = NULL,
		.referer = web->url,
		.max_bytes = web->max_bytes - web->n_bytes,
		.done = on_answer,
	};
	int64_t left_ms = web->until_ms - clock_mono_ms();
	bool is_page = is_for_page(web->page, params);
	struct request *request;

	wish.max_ms = left_ms < REQUEST_MS ? (unsigned)left_ms : REQUEST_MS;
	if (strlen(id) >= ID_SIZE ||
	    strcmp(text_of(asked, "method"), "GET") != 0) {
		refuse(web, id, is_page);
		return;
	}
	if (web->n_requests == REQUESTS_MAX || wish.max_bytes == 0 ||
	    left_ms <= 0) {
		browser_answer_leave_out(web->page, id, wish.url);
		return;
	}
	web->n_requests++;
	request = xcalloc(1, sizeof *request);
	request->web = web;
	request->is_page = is_page;
	snprintf(request->id, sizeof request->id, "%s", id);
	request->url = xstrdup(wish.url);
	list_append(&web->requests, &request->link);
	wish.arg = request;
	request->fetch = fetch_start(web->fetcher, &wish);
}
