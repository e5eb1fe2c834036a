/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_BROWSER_PAGES_H
#define RENDER_BROWSER_PAGES_H

#include "render/browser_page.h"

/* Questions about the pages of a browser, a list of struct browser_page. */

#define BROWSER_PAGES_NEVER INT64_MAX

struct browser_page *browser_page_from(struct list *link);

unsigned browser_pages_count(const struct list *pages, bool with_job);

/* One that waits for a document; NULL: none. */
struct browser_page *browser_pages_ready(const struct list *pages,
                                         bool is_of_web);

/* One of this kind that is opened, or ready, for no job yet; NULL: none. */
struct browser_page *browser_pages_spare(const struct list *pages,
                                         bool is_of_web);

/* Whose message it is; NULL: nobody's. */
struct browser_page *browser_pages_find(const struct list *pages,
                                        const json_t *message);

/* Whether one of them has a job that has broken something before. */
bool browser_pages_have_suspect(const struct list *pages);

/* The first deadline of all, or BROWSER_PAGES_NEVER. */
int64_t browser_pages_deadline(const struct list *pages);

/* One whose deadline is over; NULL: none. */
struct browser_page *browser_pages_late(const struct list *pages, int64_t now);

#endif
