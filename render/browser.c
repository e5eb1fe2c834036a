/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/browser.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "render/browser_pages.h"
#include "render/browser_rest.h"
#include "render/cdp.h"
#include "render/words.h"

/*
 * Life of a browser:
 *
 *   start       a job is queued; everything else is a later step
 *   step        start the program, open pages, give jobs to those that are
 *               ready, arm the timer for what may come first
 *   on_message  a page reads it; what is done is told, what is broken is tried
 *               once more, by itself
 *   rest        a page of mail that is done is closed, the next one opened
 *   on_timer    a document, or the start, takes too long: kill; idle: kill
 *   on_gone     jobs go back to the queue, in front; step
 *   close       kill; the timer's end frees it
 *
 * A program that dies before its first page is ready makes documents wait for
 * nothing: they fail at once for a while.
 */
#define START_MS   20000
#define FAILING_MS 60000
#define TRIES_MAX  2
#define NEVER      BROWSER_PAGES_NEVER

struct browser {
	struct convert_engine engine;
	uv_loop_t *loop;
	struct browser_options options;
	char **argv;     /* owned; what options points at */
	struct cdp *cdp; /* NULL: does not run */
	struct list queue, pages;
	bool has_been_ready, is_killed;
	struct browser_wear wear; /* of this browser */
	struct browser_rest rest;
	int64_t failing_until_ms, idle_since_ms;
	int64_t warm_from_ms; /* not started for nobody before */
	char why[256];        /* it fails */
	uv_timer_t timer;
	bool is_closing;
	void (*closed)(void *arg);
	void *closed_arg;
};

static void start_program(struct browser *browser);
static void close_timer(struct browser *browser);
static void step(struct browser *browser);

static struct convert_job *job_from(struct list *link)
{
	return LIST_ENTRY(link, struct convert_job, link);
}

static bool is_worn(const struct browser *browser)
{
	return browser_wear_is_over(&browser->wear, &browser->options.wear);
}

/* Nothing of what it says is read any more. */
static void kill_browser(struct browser *browser)
{
	browser->is_killed = true;
	cdp_kill(browser->cdp);
}

/* Not the job's fault: to the front. */
static void put_back(struct browser *browser, struct convert_job *job)
{
	list_append(browser->queue.next, &job->link);
}

/*
 * It broke a page, or may have broken the browser: once more, then no more.
 * Whoever is told may close the browser: no page is held over this call.
 */
static void blame(struct browser *browser, struct convert_job *job,
                  const char *sentence)
{
	if (++job->tries < TRIES_MAX)
		put_back(browser, job);
	else
		job->done(job, CONVERT_FAILED, NULL, sentence);
}

/* ---- messages ----------------------------------------------------------- */

static void on_done(struct browser *browser, struct browser_page *page)
{
	struct convert_job *job = browser_page_let_go(page);
	struct buf pdf CLEANUP(buf_fini) = page->pdf;

	page->pdf = (struct buf){0};
	browser_wear_add(&browser->wear, job->document.len + pdf.len,
	                 cdp_pid(browser->cdp));
	browser_rest_begin(&browser->rest, page);
	job->done(job, 0, &pdf, "");
}

static void on_broken(struct browser *browser, struct browser_page *page)
{
	struct convert_job *job = browser_page_let_go(page);
	char sentence[LIMIT_SENTENCE];

	memcpy(sentence, page->sentence, sizeof sentence);
	log_warn("browser: %s", sentence);
	if (job && page->is_hopeless)
		job->tries = TRIES_MAX;
	browser_page_free(page);
	if (job)
		blame(browser, job, sentence);
	else
		kill_browser(browser); /* it opens pages no more */
}

static void look_at(struct browser *browser, struct browser_page *page)
{
	switch (page->step) {
	case BROWSER_PAGE_OPENS:
	case BROWSER_PAGE_LOADS:
	case BROWSER_PAGE_SCROLLS:
	case BROWSER_PAGE_SETTLES:
	case BROWSER_PAGE_IS_MEASURED:
	case BROWSER_PAGE_IS_LOOKED_AT:
	case BROWSER_PAGE_PRINTS: return;
	case BROWSER_PAGE_IS_READY:
		browser->has_been_ready = true;
		page->deadline_ms = NEVER;
		log_debug("browser: a page is ready");
		break;
	case BROWSER_PAGE_IS_DONE: on_done(browser, page); break;
	case BROWSER_PAGE_IS_BROKEN: on_broken(browser, page); break;
	}
	step(browser);
}

static void on_message(struct cdp *cdp, const json_t *message, void *arg)
{
	struct browser *browser = arg;
	struct browser_page *page =
		browser_pages_find(&browser->pages, message);

	if (!page || browser->is_killed)
		return;
	browser_page_take(page, message);
	look_at(browser, page);
}

static void remember_failure(struct browser *browser, const char *said)
{
	browser->failing_until_ms = clock_mono_ms() + FAILING_MS;
	browser->warm_from_ms = browser->failing_until_ms;
	snprintf(browser->why, sizeof browser->why,
	         "the browser does not start");
	log_error("browser: does not start, next try in %d s: %s",
	          FAILING_MS / 1000, said);
}

/*
 * Who it was is known when one page was at fault alone or when we killed it,
 * which was for a page that is blamed already, or for none.
 */
static void on_gone(struct cdp *cdp, const char *said, void *arg)
{
	struct browser *browser = arg;

	browser->cdp = NULL;
	browser_rest_close(&browser->rest, true);
	if (browser->is_closing) {
		close_timer(browser);
		return;
	}
	if (!browser->is_killed) {
		log_warn("browser: ended by itself");
		browser->warm_from_ms = clock_mono_ms() + FAILING_MS;
	}
	if (!browser->has_been_ready)
		remember_failure(browser, said);
	while (!list_is_empty(&browser->pages)) {
		struct browser_page *page =
			browser_page_from(browser->pages.next);
		struct convert_job *job = browser_page_let_go(page);

		browser_page_forget(page);
		browser_page_free(page);
		if (job && browser->is_killed)
			put_back(browser, job);
		else if (job)
			blame(browser, job, "the browser breaks on it");
	}
	if (is_worn(browser) && !browser->is_closing)
		start_program(browser);
	step(browser);
}

/* ---- one step ----------------------------------------------------------- */

static void fail_queue(struct browser *browser)
{
	while (!list_is_empty(&browser->queue)) {
		struct convert_job *job = job_from(browser->queue.next);

		list_remove(&job->link);
		job->done(job, -EIO, NULL, browser->why);
	}
}

static void start_program(struct browser *browser)
{
	static const struct cdp_events events = {
		.on_message = on_message,
		.on_gone = on_gone,
	};
	struct err err = {0};

	browser->wear = (struct browser_wear){0};
	browser->has_been_ready = browser->is_killed = false;
	if (cdp_start(browser->loop, browser->options.argv, &events, browser,
	              &browser->cdp, &err) < 0)
		remember_failure(browser, err.text);
}

static void open_page(struct browser *browser, bool is_of_web)
{
	struct browser_page *page = browser_page_open(browser->cdp, is_of_web);

	/* no more of them than there are documents at once */
	browser_rest_close(&browser->rest, false);
	page->max_pdf = browser->options.max_pdf;
	page->deadline_ms = clock_mono_ms() + START_MS;
	list_append(&browser->pages, &page->link);
}

static bool next_is_of_web(const struct browser *browser)
{
	return job_from(browser->queue.next)->web != NULL;
}

/* Whoever has broken something has the browser for itself. */
static bool may_run_next(struct browser *browser)
{
	unsigned n = browser_pages_count(&browser->pages, true);

	if (list_is_empty(&browser->queue))
		return false;
	if (n == 0)
		return true;
	return n < browser->options.documents &&
	       job_from(browser->queue.next)->tries == 0 &&
	       !browser_pages_have_suspect(&browser->pages);
}

static void give_jobs(struct browser *browser)
{
	struct browser_page *page;

	while (!is_worn(browser) && may_run_next(browser) &&
	       (page = browser_pages_ready(&browser->pages,
	                                   next_is_of_web(browser)))) {
		struct convert_job *job = job_from(browser->queue.next);

		list_remove(&job->link);
		job->engine_data = page;
		page->deadline_ms = clock_mono_ms() +
		                    (int64_t)browser->options.seconds * 1000;
		browser_page_load(page, job);
	}
}

/* One that was opened for a job of the web, which was cancelled meanwhile. */
static void drop_unwanted(struct browser *browser)
{
	struct browser_page *page = browser_pages_ready(&browser->pages, true);

	if (page &&
	    (list_is_empty(&browser->queue) || !next_is_of_web(browser)))
		browser_page_free(page);
}

/*
 * One page waits for the next mail: opening it costs as much as printing.
 * Not while a document is printed, nor right after, while a worker draws it:
 * that would be slowed down.
 */
static bool wants_page_ahead(const struct browser *browser)
{
	return browser_pages_count(&browser->pages, true) == 0 &&
	       browser_pages_count(&browser->pages, false) == 0;
}

static void open_pages(struct browser *browser)
{
	if (is_worn(browser))
		return;
	if (may_run_next(browser)) {
		if (!browser_pages_spare(&browser->pages,
		                         next_is_of_web(browser)))
			open_page(browser, next_is_of_web(browser));
	} else if (wants_page_ahead(browser) &&
	           browser_rest_is_over(&browser->rest)) {
		open_page(browser, false);
	}
}

static int64_t first_deadline(const struct browser *browser)
{
	int64_t first = browser_pages_deadline(&browser->pages);

	if (wants_page_ahead(browser) || browser_rest_has_page(&browser->rest))
		return browser->rest.until_ms < first ? browser->rest.until_ms
		                                      : first;
	if (first != NEVER || browser->options.keep_warm ||
	    browser_pages_count(&browser->pages, true) > 0)
		return first;
	return browser->idle_since_ms +
	       (int64_t)browser->options.idle_seconds * 1000;
}

static void on_timer(uv_timer_t *timer);

static void arm(struct browser *browser, int64_t at_ms)
{
	int64_t left = at_ms - clock_mono_ms();

	uv_timer_start(&browser->timer, on_timer,
	               (uint64_t)(left > 0 ? left : 0), 0);
}

/* For a document, or to be there for the next one. */
static bool is_wanted(const struct browser *browser)
{
	int64_t now = clock_mono_ms();

	if (list_is_empty(&browser->queue))
		return browser->options.keep_warm &&
		       browser->warm_from_ms <= now;
	return browser->failing_until_ms <= now;
}

static void step(struct browser *browser)
{
	if (browser->is_closing || (browser->cdp && browser->is_killed))
		return;
	if (!browser->cdp && is_wanted(browser))
		start_program(browser);
	if (!browser->cdp) {
		fail_queue(browser);
		if (browser->options.keep_warm)
			arm(browser, browser->warm_from_ms);
		return;
	}
	if (is_worn(browser) &&
	    browser_pages_count(&browser->pages, true) == 0) {
		kill_browser(browser);
		return;
	}
	if (browser_pages_count(&browser->pages, true) > 0 ||
	    !list_is_empty(&browser->queue))
		browser->idle_since_ms = clock_mono_ms();
	if (browser_rest_is_over(&browser->rest))
		browser_rest_close(&browser->rest, false);
	give_jobs(browser);
	drop_unwanted(browser);
	open_pages(browser);
	arm(browser, first_deadline(browser));
}

static void on_timer(uv_timer_t *timer)
{
	struct browser *browser = timer->data;
	struct browser_page *page;
	int64_t now = clock_mono_ms();
	char late[LIMIT_SENTENCE];

	step(browser);
	if (!browser->cdp || browser->is_killed ||
	    first_deadline(browser) > now)
		return;
	while ((page = browser_pages_late(&browser->pages, now))) {
		struct convert_job *job = browser_page_let_go(page);

		log_warn("browser: a page takes too long");
		page->deadline_ms = NEVER;
		if (job)
			blame(browser, job,
			      limit_time(browser->options.seconds, late));
	}
	kill_browser(browser);
}

/* ---- from outside ------------------------------------------------------- */

static void start(struct convert_engine *engine, struct convert_job *job)
{
	struct browser *browser = CONTAINER_OF(engine, struct browser, engine);

	assert(!browser->is_closing);
	job->tries = 0;
	job->engine_data = NULL;
	list_append(&browser->queue, &job->link);
	arm(browser, 0);
}

static void cancel(struct convert_engine *engine, struct convert_job *job)
{
	struct browser *browser = CONTAINER_OF(engine, struct browser, engine);
	struct browser_page *page = job->engine_data;

	if (!page) {
		list_remove(&job->link);
		return;
	}
	browser_page_let_go(page);
	browser_page_free(page);
	arm(browser, 0);
}

struct browser *browser_new(uv_loop_t *loop,
                            const struct browser_options *options)
{
	struct browser *browser = xcalloc(1, sizeof *browser);

	browser->engine = (struct convert_engine){
		.start = start,
		.cancel = cancel,
	};
	browser->loop = loop;
	browser->options = *options;
	browser->argv = words_copy(options->argv);
	browser->options.argv = (const char *const *)browser->argv;
	list_init(&browser->queue);
	list_init(&browser->pages);
	browser_rest_init(&browser->rest);
	uv_timer_init(loop, &browser->timer);
	browser->timer.data = browser;
	if (options->keep_warm)
		arm(browser, 0);
	return browser;
}

struct convert_engine *browser_engine(struct browser *browser)
{
	return browser ? &browser->engine : NULL;
}

static void on_closed(uv_handle_t *handle)
{
	struct browser *browser = handle->data;

	if (browser->closed)
		browser->closed(browser->closed_arg);
	words_free(browser->argv);
	free(browser);
}

static void close_timer(struct browser *browser)
{
	uv_close((uv_handle_t *)&browser->timer, on_closed);
}

void browser_close(struct browser *browser, void (*closed)(void *arg),
                   void *arg)
{
	assert(list_is_empty(&browser->queue));
	assert(browser_pages_count(&browser->pages, true) == 0);
	browser->is_closing = true;
	browser->closed = closed;
	browser->closed_arg = arg;
	list_for_each (link, &browser->pages)
		browser_page_free(browser_page_from(link));
	browser_rest_close(&browser->rest, false);
	uv_timer_stop(&browser->timer);
	if (browser->cdp)
		kill_browser(browser);
	else
		close_timer(browser);
}
