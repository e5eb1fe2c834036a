/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/browser_page.h"

#include <stdio.h>

#include "base/base64.h"
#include "base/mem.h"
#include "render/browser_paper.h"
#include "render/browser_pictures.h"
#include "render/browser_request.h"
#include "render/browser_web.h"
#include "render/page/scripts.h"

/*
 * Life of a page:
 *
 *   open      context, target, session; every request to us. For mail: scripts
 *             and frames off; it goes to where mail is shown, and asks for the
 *             document: ready. For the web: shown as on a screen: ready
 *   load      browser_request.c answers whatever is asked for
 *   on load   a page of the web: scrolled through, as some wait for that
 *   settle    time runs ahead until nothing moves any more
 *   measure   mail: how wide it is; if that fits, it is printed as it is
 *   look      is there anything to see? what scrolls and floats is made fit
 *             for paper, and how wide it is; what is much too wide is printed
 *             on the paper turned
 *   print     to a stream, which is read piece by piece: done
 *
 * One reply at a time is waited for; but for setting up, whose commands are
 * answered by different processes: the page is ready when all of them have
 * been, else it might run scripts, or be loaded before anybody hears it.
 *
 * Nobody sees the frames that a browser draws of what it shows, and they take
 * as long as its printing. What is on the web may wait for them; mail has no
 * scripts that could.
 */
#define READ_BYTES    (1 << 20)
/* Of virtual time, which nobody waits for. */
#define SETTLE_MS     1000
/* A page of the web fills itself by its scripts. */
#define WEB_SETTLE_MS 3000

/* The next step comes with its reply. */
static void ask(struct browser_page *page, const char *method, json_t *params)
{
	page->awaited_id =
		cdp_send(page->cdp, page->session[0] ? page->session : NULL,
	                 method, params);
}

void browser_page_tell(struct browser_page *page, const char *method,
                       json_t *params)
{
	cdp_send(page->cdp, page->session, method, params);
}

/* One of render/page/, called with these arguments. */
static json_t *call_of(const char *script, const char *arguments)
{
	char *expression CLEANUP(xfree) =
		xasprintf("(%s)(%s)", script, arguments);

	return json_pack("{s:s, s:b}", "expression", expression,
	                 "returnByValue", 1);
}

static void break_off(struct browser_page *page, const char *sentence)
{
	page->step = BROWSER_PAGE_IS_BROKEN;
	snprintf(page->sentence, sizeof page->sentence, "%s", sentence);
}

struct browser_page *browser_page_open(struct cdp *cdp, bool is_of_web)
{
	struct browser_page *page = xcalloc(1, sizeof *page);

	list_init(&page->link);
	page->cdp = cdp;
	page->is_of_web = is_of_web;
	ask(page, "Target.createBrowserContext",
	    json_pack("{s:b}", "disposeOnDetach", 1));
	return page;
}

static void go_to(struct browser_page *page, const char *url)
{
	ask(page, "Page.navigate", json_pack("{s:s}", "url", url));
}

/* What the page's style sheets ask for. */
static void show_for(struct browser_page *page, const char *media)
{
	browser_page_tell(page, "Emulation.setEmulatedMedia",
	                  json_pack("{s:s}", "media", media));
}

/* Mail is laid out as wide as the text on paper, at once. */
static void lay_out(struct browser_page *page)
{
	browser_page_tell(page, "Emulation.setDeviceMetricsOverride",
	                  browser_paper_screen(&page->job->page));
}

void browser_page_load(struct browser_page *page, struct convert_job *job)
{
	page->job = job;
	job->n_left_out = 0; /* it may be a second try */
	if (job->pictures && !job->web)
		page->pictures = browser_pictures_new(page, job->pictures);
	page->step = BROWSER_PAGE_LOADS;
	if (job->web) {
		page->web = browser_web_new(page, job->web, job->document.len);
		go_to(page, job->web->url);
	} else {
		lay_out(page);
		browser_request_serve(page, page->request);
	}
}

struct convert_job *browser_page_let_go(struct browser_page *page)
{
	struct convert_job *job = page->job;

	browser_web_free(page->web);
	browser_pictures_free(page->pictures);
	page->web = NULL;
	page->pictures = NULL;
	page->job = NULL;
	if (job)
		job->engine_data = NULL;
	return job;
}

void browser_page_forget(struct browser_page *page)
{
	page->context[0] = '\0';
}

void browser_page_free(struct browser_page *page)
{
	if (!page)
		return;
	if (page->context[0])
		cdp_send(page->cdp, NULL, "Target.disposeBrowserContext",
		         json_pack("{s:s}", "browserContextId", page->context));
	list_remove(&page->link);
	browser_page_let_go(page);
	buf_fini(&page->pdf);
	buf_fini(&page->left_out);
	free(page);
}

bool browser_page_is_of(const struct browser_page *page, const json_t *message)
{
	const char *session =
		json_string_value(json_object_get(message, "sessionId"));
	const json_t *id = json_object_get(message, "id");

	if (session)
		return strcmp(page->session, session) == 0;
	return json_is_integer(id) &&
	       json_integer_value(id) == page->awaited_id;
}

/* One of the browser's names. */
static bool take_name(char out[80], const json_t *result, const char *key)
{
	const char *name = json_string_value(json_object_get(result, key));

	if (!name || !*name || strlen(name) >= 80)
		return false;
	snprintf(out, 80, "%s", name);
	return true;
}

static void open_target(struct browser_page *page, const json_t *result)
{
	if (!take_name(page->context, result, "browserContextId"))
		break_off(page, "the browser opens no page");
	else
		ask(page, "Target.createTarget",
		    json_pack("{s:s, s:s, s:b}", "url", "about:blank",
		              "browserContextId", page->context,
		              "enableBeginFrameControl", !page->is_of_web));
}

static void attach(struct browser_page *page, const json_t *result)
{
	page->has_target = take_name(page->frame, result, "targetId");
	if (!page->has_target)
		break_off(page, "the browser opens no page");
	else
		ask(page, "Target.attachToTarget",
		    json_pack("{s:s, s:b}", "targetId", page->frame, "flatten",
		              1));
}

static void set_up(struct browser_page *page, const json_t *result)
{
	if (!take_name(page->session, result, "sessionId")) {
		break_off(page, "the browser opens no page");
		return;
	}
	page->n_unset = 4;
	browser_page_tell(page, "Page.enable", NULL);
	browser_page_tell(page, "Inspector.enable", NULL);
	if (page->is_of_web)
		show_for(page, "screen");
	else
		browser_page_tell(page, "Emulation.setScriptExecutionDisabled",
		                  json_pack("{s:b}", "value", 1));
	browser_page_tell(page, "Fetch.enable",
	                  json_pack("{s:[{s:s}]}", "patterns", "urlPattern",
	                            "*"));
}

static void end_set_up(struct browser_page *page)
{
	if (page->is_of_web)
		page->step = BROWSER_PAGE_IS_READY;
	else
		go_to(page, BROWSER_PAGE_ADDRESS);
}

static void settle(struct browser_page *page)
{
	page->step = BROWSER_PAGE_SETTLES;
	if (page->web && !page->job->web->is_screen)
		show_for(page, "print");
	ask(page, "Emulation.setVirtualTimePolicy",
	    json_pack("{s:s, s:i}", "policy", "pauseIfNetworkFetchesPending",
	              "budget", page->web ? WEB_SETTLE_MS : SETTLE_MS));
}

/* The reply comes when it is through, or an error if the page has left. */
static void scroll(struct browser_page *page)
{
	json_t *params = call_of(page_lazy, "");

	json_object_set_new(params, "awaitPromise", json_true());
	page->step = BROWSER_PAGE_SCROLLS;
	ask(page, "Runtime.evaluate", params);
}

/* Mail has our rules already, see render/worker/html_paper.h. */
static void look(struct browser_page *page)
{
	double width = browser_paper_text_width(&page->job->page);
	char *arguments CLEANUP(xfree) =
		page->web ? xasprintf("%.2f, `%s`, %s", width, page_sheet,
	                              page_judge)
			  : xasprintf("%.2f", width);

	if (!page->web)
		show_for(page, "print");
	page->step = BROWSER_PAGE_IS_LOOKED_AT;
	ask(page, "Runtime.evaluate", call_of(page_paper, arguments));
}

/*
 * To look at a page takes as long as half its printing, so mail whose source
 * has nothing that scrolls or floats is only asked for its width.
 */
static void measure(struct browser_page *page)
{
	page->step = BROWSER_PAGE_IS_MEASURED;
	ask(page, "Page.getLayoutMetrics", NULL);
}

static void print(struct browser_page *page, double scale)
{
	page->step = BROWSER_PAGE_PRINTS;
	/* it waits for pictures, which wait for the page's time to go on */
	if (page->web || page->job->is_unfit)
		browser_page_tell(page, "Emulation.setVirtualTimePolicy",
		                  json_pack("{s:s}", "policy", "advance"));
	ask(page, "Page.printToPDF",
	    browser_paper_print(&page->job->page, page->is_turned, scale));
}

static void take_measure(struct browser_page *page, const json_t *result)
{
	double width = json_number_value(
		json_object_get(json_object_get(result, "cssContentSize"),
	                        "width"));

	if (width > browser_paper_text_width(&page->job->page))
		look(page);
	else
		print(page, 1);
}

/* Better a sentence than a useless sheet. NULL: it is none. */
static const char *fault_of(const char *what)
{
	static const struct {
		const char *what, *sentence;
	} faults[] = {
		{"empty", "the page is empty"},
		{"login", "the page asks to log in"},
		{"missing", "there is no such page, says the page"},
		{"closed", "there is an error in place of the page"},
		{"guarded", "the page is kept from programs that read it"},
	};

	for (size_t i = 0; i < ARRAY_LEN(faults); i++)
		if (strcmp(what, faults[i].what) == 0)
			return faults[i].sentence;
	return NULL;
}

/* What it needs does not change with the paper: it is not looked at again. */
static void fit(struct browser_page *page, double width)
{
	const struct convert_page *paper = &page->job->page;

	page->is_turned = browser_paper_may_turn(paper, width);
	print(page, browser_paper_scale(paper, page->is_turned, width));
}

/* A page whose scripts spoil ours is printed as it is. */
static void take_look(struct browser_page *page, const json_t *result)
{
	const json_t *value =
		json_object_get(json_object_get(result, "result"), "value");
	const char *what = json_string_value(json_object_get(value, "what"));
	const char *fault = what ? fault_of(what) : NULL;

	page->is_hopeless = fault != NULL;
	if (fault)
		break_off(page, fault);
	else
		fit(page, json_number_value(json_object_get(value, "width")));
}

static void read_on(struct browser_page *page)
{
	ask(page, "IO.read",
	    json_pack("{s:s, s:i}", "handle", page->stream, "size",
	              READ_BYTES));
}

static void take_stream(struct browser_page *page, const json_t *result)
{
	if (take_name(page->stream, result, "stream"))
		read_on(page);
	else
		break_off(page, "the browser prints nothing");
}

static void take_piece(struct browser_page *page, const json_t *result)
{
	const json_t *data = json_object_get(result, "data");
	char too_large[LIMIT_SENTENCE];

	if (!json_is_string(data) ||
	    !json_is_true(json_object_get(result, "base64Encoded"))) {
		break_off(page, "the browser prints nothing");
		return;
	}
	base64_decode(json_string_value(data), json_string_length(data),
	              &page->pdf);
	page->is_hopeless = page->pdf.len > page->max_pdf;
	if (page->is_hopeless)
		break_off(page, limit_pdf(page->max_pdf, too_large));
	else if (json_is_true(json_object_get(result, "eof")))
		page->step = BROWSER_PAGE_IS_DONE;
	else
		read_on(page);
}

static void take_result(struct browser_page *page, const json_t *result)
{
	switch (page->step) {
	case BROWSER_PAGE_OPENS:
		if (!page->context[0])
			open_target(page, result);
		else if (!page->has_target)
			attach(page, result);
		else if (!page->session[0])
			set_up(page, result);
		else if (page->n_unset == 0)
			break_off(page, "the browser opens no page");
		else if (--page->n_unset == 0)
			end_set_up(page);
		break;
	case BROWSER_PAGE_SCROLLS: settle(page); break;
	case BROWSER_PAGE_IS_MEASURED: take_measure(page, result); break;
	case BROWSER_PAGE_IS_LOOKED_AT: take_look(page, result); break;
	case BROWSER_PAGE_PRINTS:
		if (page->stream[0])
			take_piece(page, result);
		else
			take_stream(page, result);
		break;
	case BROWSER_PAGE_IS_READY:
	case BROWSER_PAGE_LOADS:
	case BROWSER_PAGE_SETTLES:
	case BROWSER_PAGE_IS_DONE:
	case BROWSER_PAGE_IS_BROKEN: break;
	}
}

void browser_page_stay(struct browser_page *page)
{
	if (page->step == BROWSER_PAGE_LOADS)
		scroll(page);
}

/* The first one is for the document: it waits until there is one. */
static void take_request(struct browser_page *page, const json_t *params)
{
	if (page->step == BROWSER_PAGE_OPENS &&
	    take_name(page->request, params, "requestId"))
		page->step = BROWSER_PAGE_IS_READY;
	else
		browser_request_answer(page, params);
}

/* A page of the web may stop its loading itself, by window.stop(). */
static bool is_loaded(const struct browser_page *page, const char *method,
                      const json_t *params)
{
	const char *frame =
		json_string_value(json_object_get(params, "frameId"));

	return strcmp(method, "Page.loadEventFired") == 0 ||
	       (page->web && frame && strcmp(frame, page->frame) == 0 &&
	        strcmp(method, "Page.frameStoppedLoading") == 0);
}

static void take_event(struct browser_page *page, const char *method,
                       const json_t *params)
{
	if (strcmp(method, "Fetch.requestPaused") == 0)
		take_request(page, params);
	else if (strcmp(method, "Inspector.targetCrashed") == 0)
		break_off(page, "the browser breaks on it");
	else if (page->step == BROWSER_PAGE_LOADS && page->is_served &&
	         is_loaded(page, method, params))
		page->web ? scroll(page) : settle(page);
	else if (strcmp(method, "Emulation.virtualTimeBudgetExpired") == 0 &&
	         page->step == BROWSER_PAGE_SETTLES)
		page->web || page->job->is_unfit ? look(page) : measure(page);
	else if (strcmp(method, "Page.javascriptDialogOpening") == 0)
		browser_page_tell(page, "Page.handleJavaScriptDialog",
		                  json_pack("{s:b}", "accept", 0));
}

void browser_page_take(struct browser_page *page, const json_t *message)
{
	const char *method =
		json_string_value(json_object_get(message, "method"));
	bool is_awaited = page->n_unset > 0 ||
	                  json_integer_value(json_object_get(message, "id")) ==
	                          page->awaited_id;

	if (method)
		take_event(page, method, json_object_get(message, "params"));
	else if (is_awaited && json_object_get(message, "error") &&
	         page->step != BROWSER_PAGE_SCROLLS)
		break_off(page, "the browser cannot print it");
	else if (is_awaited)
		take_result(page, json_object_get(message, "result"));
}
