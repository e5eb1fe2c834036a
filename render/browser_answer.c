/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/browser_answer.h"

#include "base/base64.h"

#define LEFT_OUT_BYTES (64 << 10) /* of addresses */

void browser_answer(struct browser_page *page, const char *id, int status,
                    json_t *headers, const void *data, size_t len)
{
	struct buf text CLEANUP(buf_fini) = {0};

	if (len > 0)
		base64_encode(data, len, &text);
	browser_page_tell(page, "Fetch.fulfillRequest",
	                  json_pack("{s:s, s:i, s:o, s:s%}", "requestId", id,
	                            "responseCode", status, "responseHeaders",
	                            headers, "body", text.data ? text.data : "",
	                            text.len));
}

void browser_answer_typed(struct browser_page *page, const char *id,
                          const char *type, const void *data, size_t len)
{
	json_t *headers =
		json_pack("[{s:s, s:s}, {s:s, s:s}]", "name", "Content-Type",
	                  "value", type, "name", "X-Content-Type-Options",
	                  "value", "nosniff");

	browser_answer(page, id, 200, headers, data, len);
}

void browser_answer_refuse(struct browser_page *page, const char *id)
{
	browser_page_tell(page, "Fetch.failRequest",
	                  json_pack("{s:s, s:s}", "requestId", id,
	                            "errorReason", "BlockedByClient"));
}

void browser_answer_count(struct browser_page *page, const char *url)
{
	struct buf *seen = &page->left_out;
	struct buf line CLEANUP(buf_fini) = {0};

	buf_printf(&line, "\n%s\n", url);
	if (buf_contains(seen, buf_str(&line)))
		return;
	page->job->n_left_out++;
	if (seen->len + line.len <= LEFT_OUT_BYTES)
		buf_append(seen, line.data, line.len);
}

void browser_answer_leave_out(struct browser_page *page, const char *id,
                              const char *url)
{
	browser_answer_count(page, url);
	browser_answer_refuse(page, id);
}
