/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/browser_pages.h"

#include "base/mem.h"

struct browser_page *browser_page_from(struct list *link)
{
	return LIST_ENTRY(link, struct browser_page, link);
}

unsigned browser_pages_count(const struct list *pages, bool with_job)
{
	unsigned n = 0;

	list_for_each (link, pages)
		n += (browser_page_from(link)->job != NULL) == with_job;
	return n;
}

struct browser_page *browser_pages_spare(const struct list *pages,
                                         bool is_of_web)
{
	list_for_each (link, pages) {
		struct browser_page *page = browser_page_from(link);

		if (!page->job && page->is_of_web == is_of_web)
			return page;
	}
	return NULL;
}

struct browser_page *browser_pages_ready(const struct list *pages,
                                         bool is_of_web)
{
	struct browser_page *page = browser_pages_spare(pages, is_of_web);

	return page && page->step == BROWSER_PAGE_IS_READY ? page : NULL;
}

struct browser_page *browser_pages_find(const struct list *pages,
                                        const json_t *message)
{
	list_for_each (link, pages)
		if (browser_page_is_of(browser_page_from(link), message))
			return browser_page_from(link);
	return NULL;
}

bool browser_pages_have_suspect(const struct list *pages)
{
	list_for_each (link, pages) {
		const struct convert_job *job = browser_page_from(link)->job;

		if (job && job->tries > 0)
			return true;
	}
	return false;
}

int64_t browser_pages_deadline(const struct list *pages)
{
	int64_t first = BROWSER_PAGES_NEVER;

	list_for_each (link, pages)
		if (browser_page_from(link)->deadline_ms < first)
			first = browser_page_from(link)->deadline_ms;
	return first;
}

struct browser_page *browser_pages_late(const struct list *pages, int64_t now)
{
	list_for_each (link, pages)
		if (browser_page_from(link)->deadline_ms <= now)
			return browser_page_from(link);
	return NULL;
}
