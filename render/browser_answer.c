/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/browser_answer.h"

#include "base/base64.h"

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
