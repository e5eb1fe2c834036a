/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_BROWSER_ANSWER_H
#define RENDER_BROWSER_ANSWER_H

#include "render/browser_page.h"

/*
 * What a page hears of a request that waits ("Fetch.requestPaused"), by the
 * request's id. Everything is copied, but for the headers, which are taken
 * over.
 */
void browser_answer(struct browser_page *page, const char *id, int status,
                    json_t *headers, const void *data, size_t len);

/* 200, of this type and of no other that the browser might guess. */
void browser_answer_typed(struct browser_page *page, const char *id,
                          const char *type, const void *data, size_t len);

/* It may not have it. */
void browser_answer_refuse(struct browser_page *page, const char *id);

/*
 * What it lacks is counted, for the sender to be told: an address once, as how
 * often the browser asks for it depends on when it heard no.
 */
void browser_answer_count(struct browser_page *page, const char *url);
void browser_answer_leave_out(struct browser_page *page, const char *id,
                              const char *url);

#endif
