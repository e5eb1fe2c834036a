/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_WEB_PAGES_H
#define SPOOL_WEB_PAGES_H

#include "render/fetch.h"
#include "render/pool.h"
#include "spool/web_plan.h"

/*
 * The pages behind a mail's links, fetched one after the other and handed to
 * the worker that has the mail, where each becomes a part.
 */
struct web_pages;

/* A page that will not come; `why` names what was found instead. */
typedef void web_page_failed_cb(const char *id, const char *url,
                                const char *why, void *arg);

struct web_pages_options {
	struct fetcher *fetcher; /* borrowed; outlives the pages */
	struct render *render;   /* borrowed; outlives the pages */
	enum web_mode mode;
	size_t max_pages; /* of one mail; the others fail */
	unsigned max_ms;  /* for all of them together */
	web_page_failed_cb *on_failed;
	void (*on_done)(void *arg); /* the last one failed: go on */
	void *arg;
};

/* *links is taken over and left empty. */
struct web_pages *web_pages_new(const struct web_pages_options *options,
                                struct web_links *links);

/*
 * Go on: at first, and on each on_ledger that follows a render_attach(). True:
 * later comes a render_attach(), and so an on_ledger, or on_done. False: there
 * is no more to fetch, and on_done does not come.
 */
bool web_pages_next(struct web_pages *pages);

void web_pages_free(struct web_pages *pages); /* NULL is fine */

#endif
