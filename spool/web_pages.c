/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/web_pages.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/mem.h"

#define ACCEPT                                                                 \
	"text/html,application/xhtml+xml,application/pdf;q=0.9,image/*;q=0.8," \
	"*/*;q=0.5"

/*
 * Life of the pages:
 *
 *   next       fetch the next link
 *   on_answer  no use: failed, and the next; else into the worker, whose
 *              on_ledger brings the owner back to next
 *   on_done    no link is left, and the last one failed
 */
struct web_pages {
	struct web_pages_options options;
	struct web_links links;
	size_t next;
	int64_t until_ms;
	struct fetch *fetch; /* NULL: none under way */
};

static void fail(struct web_pages *pages, size_t i, const char *why)
{
	char id[WEB_PART_ID];

	pages->options.on_failed(web_part_id(id, i), pages->links.urls[i], why,
	                         pages->options.arg);
}

static void attach(struct web_pages *pages, size_t i,
                   const struct fetch_answer *answer)
{
	char id[WEB_PART_ID];
	const struct render_web_page page = {
		.id = web_part_id(id, i),
		.url = answer->url,
		.type = answer->type,
		.is_reader = pages->options.mode == WEB_READER,
		.is_screen = pages->options.mode == WEB_SCREEN,
	};

	render_attach(pages->options.render, &page, answer->data, answer->len);
}

static void on_answer(const struct fetch_answer *answer, void *arg)
{
	struct web_pages *pages = arg;
	size_t i = pages->next - 1;
	struct err err = {0};

	pages->fetch = NULL;
	if (web_verdict(answer, pages->links.urls[i], &err) == 0) {
		attach(pages, i, answer);
		return;
	}
	fail(pages, i, err.text);
	if (!web_pages_next(pages))
		pages->options.on_done(pages->options.arg);
}

/* Beyond the limits none is fetched: a worker waits for us meanwhile. */
static void fail_the_rest(struct web_pages *pages, bool is_late)
{
	for (size_t i = pages->next; i < pages->links.n; i++) {
		char why[80];

		if (is_late)
			snprintf(why, sizeof why,
			         "the links before it took too long");
		else
			snprintf(
				why, sizeof why,
				"only the first %zu links of a mail are printed",
				pages->options.max_pages);
		fail(pages, i, why);
	}
	pages->next = pages->links.n;
}

bool web_pages_next(struct web_pages *pages)
{
	struct fetch_wish wish = {
		.accept = ACCEPT,
		.follow = true,
		.done = on_answer,
		.arg = pages,
	};

	int64_t left_ms = pages->until_ms - clock_mono_ms();

	if (pages->next == pages->links.n ||
	    pages->next == pages->options.max_pages || left_ms <= 0) {
		fail_the_rest(pages, left_ms <= 0);
		return false;
	}
	wish.max_ms = (unsigned)left_ms;
	wish.url = pages->links.urls[pages->next++];
	pages->fetch = fetch_start(pages->options.fetcher, &wish);
	return true;
}

struct web_pages *web_pages_new(const struct web_pages_options *options,
                                struct web_links *links)
{
	struct web_pages *pages = xcalloc(1, sizeof *pages);

	pages->options = *options;
	pages->links = *links;
	pages->until_ms = clock_mono_ms() + options->max_ms;
	*links = (struct web_links){0};
	return pages;
}

void web_pages_free(struct web_pages *pages)
{
	if (!pages)
		return;
	if (pages->fetch)
		fetch_cancel(pages->fetch);
	web_links_fini(&pages->links);
	free(pages);
}
