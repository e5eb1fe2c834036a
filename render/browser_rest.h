/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_BROWSER_REST_H
#define RENDER_BROWSER_REST_H

#include <stdbool.h>
#include <stdint.h>

#include "render/browser_page.h"

/*
 * A browser does nothing for a while after each document, which is drawn
 * meanwhile. To close a page takes half as long as to print it, so that waits,
 * too; but for one of the web, in which scripts go on.
 */
struct browser_rest {
	struct list used; /* pages that are done, and not closed yet */
	int64_t until_ms; /* monotonic; 0: never begun */
};

void browser_rest_init(struct browser_rest *rest);

/* A page is done; it is taken over, out of the list it is in. */
void browser_rest_begin(struct browser_rest *rest, struct browser_page *page);

bool browser_rest_is_over(const struct browser_rest *rest);

/* Whether there is something to be done when it is over. */
bool browser_rest_has_page(const struct browser_rest *rest);

/* Close the pages. is_gone: the browser is, which would be told. */
void browser_rest_close(struct browser_rest *rest, bool is_gone);

#endif
