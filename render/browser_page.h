/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_BROWSER_PAGE_H
#define RENDER_BROWSER_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "render/cdp.h"
#include "render/convert.h"
#include "render/limit.h"

/*
 * One page in the browser, from the opening of a context of its own to the PDF:
 * no document meets what another one left. A pure reader of messages: what it
 * says is sent, what comes of it is returned.
 */

/* Where mail is shown; names under .invalid exist nowhere (RFC 2606). */
#define BROWSER_PAGE_ADDRESS "http://mail.invalid/"

enum browser_page_step {
	BROWSER_PAGE_OPENS,
	BROWSER_PAGE_IS_READY, /* waits for a document */
	BROWSER_PAGE_LOADS,
	BROWSER_PAGE_SCROLLS, /* one of the web, to its end */
	BROWSER_PAGE_SETTLES, /* its timers run, in virtual time */
	BROWSER_PAGE_IS_MEASURED,
	BROWSER_PAGE_IS_LOOKED_AT,
	BROWSER_PAGE_PRINTS, /* and the PDF is read */
	BROWSER_PAGE_IS_DONE,
	BROWSER_PAGE_IS_BROKEN,
};

struct browser_page {
	struct list link; /* the browser's */
	struct cdp *cdp;  /* borrowed */
	enum browser_page_step step;
	bool is_of_web; /* made to show one, with scripts and frames */
	int awaited_id; /* of the reply that the page waits for */
	char context[80], session[80], stream[80]; /* the browser's names */
	char frame[80];   /* its target's name is that of its own frame */
	char request[80]; /* for the document; its name, too */
	unsigned n_unset; /* commands of the setting up not yet answered */
	bool has_target;  /* and asks for its session */
	bool is_turned;   /* for the paper turned, which is wider */
	bool is_served;   /* the document itself has been asked for */
	struct convert_job *job; /* borrowed; NULL: none yet */
	struct browser_web *web; /* owned; NULL: the job came by mail */
	struct browser_pictures *pictures; /* owned; NULL: none of the web */
	int64_t deadline_ms;               /* the browser's; monotonic */
	uint64_t n_answered;               /* bytes given to it */
	struct buf left_out; /* addresses that were counted, a line each */
	uint64_t max_pdf;    /* bytes */
	struct buf pdf;
	char sentence[LIMIT_SENTENCE]; /* why it is broken */
	bool is_hopeless;              /* a second try would end so, too */
};

/* Begin; the page becomes ready, for mail or for a page of the web, or broken.
 */
struct browser_page *browser_page_open(struct cdp *cdp, bool is_of_web);

/* Show and print: only when ready. It becomes done, or broken. */
void browser_page_load(struct browser_page *page, struct convert_job *job);

/* Whose message it is. */
bool browser_page_is_of(const struct browser_page *page, const json_t *message);

/*
 * A page of the web that wanted to go elsewhere does not: it is loaded as far
 * as it will ever be.
 */
void browser_page_stay(struct browser_page *page);

/* Read a message of this page's; page->step says what has become of it. */
void browser_page_take(struct browser_page *page, const json_t *message);

/*
 * The job it had, or NULL; nothing is fetched for it any more. The page is of
 * no more use.
 */
struct convert_job *browser_page_let_go(struct browser_page *page);

/* Its browser is gone: nobody is to be told of its end. */
void browser_page_forget(struct browser_page *page);

/* Dispose of the context, if the browser still lives, and free. */
void browser_page_free(struct browser_page *page);

/* Send a command to the page, whose reply nobody waits for. */
void browser_page_tell(struct browser_page *page, const char *method,
                       json_t *params);

#endif
