/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/browser_request.h"

#include <strings.h>

#include "base/mem.h"
#include "render/browser_answer.h"
#include "render/browser_pictures.h"
#include "render/browser_web.h"

#define ANSWERS_FLOOR (1 << 20) /* bytes */

static bool is_picture_of_web(const char *type, const char *url)
{
	return strcmp(type, "Image") == 0 && strncasecmp(url, "http", 4) == 0;
}

/*
 * There is nothing behind the request. A page that is sent elsewhere (meta
 * refresh) and a frame get 204, No Content: what is shown stays, while an error
 * would be shown in its place.
 */
static void refuse(struct browser_page *page, const char *id, bool is_document)
{
	if (is_document)
		browser_page_tell(page, "Fetch.fulfillRequest",
		                  json_pack("{s:s, s:i}", "requestId", id,
		                            "responseCode", 204));
	else
		browser_answer_refuse(page, id);
}

/*
 * Every answer waits in our memory until the browser has read it, and a page
 * may ask for the same picture under ever new addresses.
 */
static uint64_t answers_max(const struct convert_job *job)
{
	uint64_t sum = job->document.len;

	for (size_t i = 0; i < job->n_resources; i++)
		sum += job->resources[i].bytes.len;
	return 4 * sum + ANSWERS_FLOOR;
}

static void fulfil(struct browser_page *page, const char *id, const char *type,
                   const struct buf *body)
{
	page->n_answered += body->len;
	if (page->n_answered > answers_max(page->job)) {
		browser_answer_refuse(page, id);
		return;
	}
	browser_answer_typed(page, id, type, body->data, body->len);
}

static int hex(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
	                              : -1;
}

/* Content-IDs stand percent-encoded in their URLs (RFC 2392, 2). */
static char *decoded(const char *url)
{
	char *out = xmalloc(strlen(url) + 1), *at = out;

	while (*url) {
		if (url[0] == '%' && hex(url[1]) >= 0 && hex(url[2]) >= 0) {
			*at++ = (char)(hex(url[1]) << 4 | hex(url[2]));
			url += 3;
		} else {
			*at++ = *url++;
		}
	}
	*at = '\0';
	return out;
}

/*
 * A mail's part by its address, or by the name that it may have: behind "cid:",
 * or the last of a path.
 */
static const struct convert_resource *find(const struct convert_job *job,
                                           const char *url)
{
	const char *slash = strrchr(url, '/');
	char *address CLEANUP(xfree) = decoded(url);
	const struct convert_resource *found =
		convert_job_find_location(job, address, BROWSER_PAGE_ADDRESS);

	if (found)
		return found;
	if (strncasecmp(url, "cid:", 4) == 0)
		url += 4;
	else if (slash)
		url = slash + 1;
	char *name CLEANUP(xfree) = decoded(url);
	return convert_job_find(job, name);
}

/* What a frame of a saved page shows. */
static bool is_html(const struct convert_resource *resource)
{
	return strncasecmp(resource->type, "text/html", 9) == 0;
}

void browser_request_serve(struct browser_page *page, const char *id)
{
	page->is_served = true;
	fulfil(page, id, "text/html; charset=utf-8", &page->job->document);
}

void browser_request_answer(struct browser_page *page, const json_t *params)
{
	const json_t *request = json_object_get(params, "request");
	const char *id =
		json_string_value(json_object_get(params, "requestId"));
	const char *url = json_string_value(json_object_get(request, "url"));
	const char *type =
		json_string_value(json_object_get(params, "resourceType"));
	bool is_document = type && strcmp(type, "Document") == 0;
	const struct convert_resource *resource;

	if (!id || !url)
		return;
	/* a page of the web has no business with the mail's pictures */
	resource = page->job && !page->web ? find(page->job, url) : NULL;
	if (page->job && is_document && !page->is_served) {
		browser_request_serve(page, id);
	} else if (resource && (!is_document || is_html(resource))) {
		fulfil(page, id, resource->type, &resource->bytes);
	} else if (page->job && page->web) {
		browser_web_answer(page->web, params);
	} else if (page->job && page->pictures && !is_document) {
		browser_pictures_answer(page->pictures, params);
	} else {
		if (page->job && type && is_picture_of_web(type, url))
			browser_answer_count(page, url);
		refuse(page, id, is_document);
	}
}
