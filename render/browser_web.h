/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_BROWSER_WEB_H
#define RENDER_BROWSER_WEB_H

#include "render/browser_page.h"

/*
 * What a page of the web asks for while it is shown: read for it by the
 * fetcher, behind its guard, as the browser has no network. GET alone, so many
 * things and so many bytes; the rest is refused. Redirects go back to the
 * browser, which asks again.
 */
struct browser_web;

/* *web is used during the call only; the page outlives it. */
struct browser_web *browser_web_new(struct browser_page *page,
                                    const struct convert_web *web,
                                    size_t document_len);

/* Answer a "Fetch.requestPaused", now or later. */
void browser_web_answer(struct browser_web *web, const json_t *params);

/* Drops what is under way. NULL is fine. */
void browser_web_free(struct browser_web *web);

#endif
