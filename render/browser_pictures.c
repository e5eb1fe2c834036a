/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/browser_pictures.h"

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
 *   on_answer  a picture goes to the browser, or it hears no: gone
 *   free       the page is gone first: the fetch is dropped
 */
#define PICTURES_MAX 100
#define PICTURE_MAX  (8u << 20)  /* bytes of one */
#define SUM_MAX      (32u << 20) /* of all */
#define PICTURE_MS   5000
#define PAGE_MS      10000
#define ID_SIZE      80
#define TYPE_SIZE    80

struct browser_pictures {
	struct browser_page *page;
	struct fetcher *fetcher;
	struct list requests;
	unsigned n_requests;
	size_t n_bytes;
	int64_t until_ms; /* monotonic */
};

struct request {
	struct list link;
	struct browser_pictures *pictures;
	struct fetch *fetch;
	char id[ID_SIZE];
	char *url;
};

struct browser_pictures *browser_pictures_new(struct browser_page *page,
                                              struct fetcher *fetcher)
{
	struct browser_pictures *pictures = xcalloc(1, sizeof *pictures);

	pictures->page = page;
	pictures->fetcher = fetcher;
	pictures->until_ms = clock_mono_ms() + PAGE_MS;
	list_init(&pictures->requests);
	return pictures;
}

static void request_free(struct request *request)
{
	free(request->url);
	free(request);
}

void browser_pictures_free(struct browser_pictures *pictures)
{
	if (!pictures)
		return;
	list_for_each (link, &pictures->requests) {
		struct request *request =
			LIST_ENTRY(link, struct request, link);

		fetch_cancel(request->fetch);
		request_free(request);
	}
	free(pictures);
}

/* Nothing of what the server says beside the type reaches the browser. */
static void fulfil(struct browser_pictures *pictures, const char *id,
                   const struct fetch_answer *answer)
{
	char type[TYPE_SIZE];

	snprintf(type, sizeof type, "%.*s", (int)strcspn(answer->type, "; "),
	         answer->type);
	browser_answer_typed(pictures->page, id, type, answer->data,
	                     answer->len);
}

/* A type that is not UTF-8 would make no message. */
static bool is_picture(const struct fetch_answer *answer)
{
	for (const char *c = answer->type; *c; c++)
		if (*c < ' ' || *c > '~')
			return false;
	return answer->status == 0 && answer->http_status == 200 &&
	       answer->len > 0 && strncasecmp(answer->type, "image/", 6) == 0;
}

static void on_answer(const struct fetch_answer *answer, void *arg)
{
	struct request *request = arg;
	struct browser_pictures *pictures = request->pictures;

	list_remove(&request->link);
	if (is_picture(answer) && answer->len <= SUM_MAX - pictures->n_bytes) {
		pictures->n_bytes += answer->len;
		fulfil(pictures, request->id, answer);
	} else {
		browser_answer_leave_out(pictures->page, request->id,
		                         request->url);
	}
	request_free(request);
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static bool may_ask(const struct browser_pictures *pictures,
                    const json_t *params, const json_t *asked, int64_t left_ms)
{
	return strlen(text_of(params, "requestId")) < ID_SIZE &&
	       strcmp(text_of(params, "resourceType"), "Image") == 0 &&
	       strcmp(text_of(asked, "method"), "GET") == 0 &&
	       pictures->n_requests < PICTURES_MAX &&
	       pictures->n_bytes < SUM_MAX && left_ms > 0;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

void browser_pictures_answer(struct browser_pictures *pictures,
                             const json_t *params)
{
	const json_t *asked = json_object_get(params, "request");
	const char *id = text_of(params, "requestId");
	int64_t left_ms = pictures->until_ms - clock_mono_ms();
	struct fetch_wish wish = {
		.url = text_of(asked, "url"),
		.accept = "image/*",
		.follow = true,
		.max_bytes = smaller(PICTURE_MAX, SUM_MAX - pictures->n_bytes),
		.max_ms = left_ms < PICTURE_MS ? (unsigned)left_ms : PICTURE_MS,
		.done = on_answer,
	};
	struct request *request;

	if (!may_ask(pictures, params, asked, left_ms)) {
		browser_answer_leave_out(pictures->page, id, wish.url);
		return;
	}
	pictures->n_requests++;
	request = xcalloc(1, sizeof *request);
	request->pictures = pictures;
	snprintf(request->id, sizeof request->id, "%s", id);
	request->url = xstrdup(wish.url);
	list_append(&pictures->requests, &request->link);
	wish.arg = request;
	request->fetch = fetch_start(pictures->fetcher, &wish);
}
