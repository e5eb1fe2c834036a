/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_BROWSER_PICTURES_H
#define RENDER_BROWSER_PICTURES_H

#include "render/browser_page.h"

/*
 * Pictures that a mail leaves on the web, for whoever wants them printed: read
 * by the fetcher, behind its guard, without cookies and without saying from
 * where. So many, so large, in so many seconds; what comes and is no picture is
 * not given to the browser.
 */
struct browser_pictures;

/* The page and the fetcher outlive it. */
struct browser_pictures *browser_pictures_new(struct browser_page *page,
                                              struct fetcher *fetcher);

/* Answer a "Fetch.requestPaused" for something of the web, now or later. */
void browser_pictures_answer(struct browser_pictures *pictures,
                             const json_t *params);

/* Drops what is under way. NULL is fine. */
void browser_pictures_free(struct browser_pictures *pictures);

#endif
