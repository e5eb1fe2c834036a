/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/browser_rest.h"

#include "base/clock.h"
#include "render/browser_pages.h"

#define REST_MS 300

void browser_rest_init(struct browser_rest *rest)
{
	list_init(&rest->used);
	rest->until_ms = 0;
}

void browser_rest_begin(struct browser_rest *rest, struct browser_page *page)
{
	rest->until_ms = clock_mono_ms() + REST_MS;
	if (page->is_of_web) {
		browser_page_free(page);
		return;
	}
	list_remove(&page->link);
	list_append(&rest->used, &page->link);
}

bool browser_rest_is_over(const struct browser_rest *rest)
{
	return rest->until_ms <= clock_mono_ms();
}

bool browser_rest_has_page(const struct browser_rest *rest)
{
	return !list_is_empty(&rest->used);
}

void browser_rest_close(struct browser_rest *rest, bool is_gone)
{
	while (!list_is_empty(&rest->used)) {
		struct browser_page *page = browser_page_from(rest->used.next);

		if (is_gone)
			browser_page_forget(page);
		browser_page_free(page);
	}
}
