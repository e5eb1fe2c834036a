/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_BROWSER_REQUEST_H
#define RENDER_BROWSER_REQUEST_H

#include "render/browser_page.h"

/* Answer the request of that name with the document of the page's job. */
void browser_request_serve(struct browser_page *page, const char *id);

/*
 * Answer what a page asks for ("Fetch.requestPaused"): the document itself,
 * once; pictures of the mail by "cid:" (RFC 2392) or by their file names;
 * pictures of the web where they are wanted; nothing else. The browser has no
 * network: what is not answered here is not there.
 */
void browser_request_answer(struct browser_page *page, const json_t *params);

#endif
