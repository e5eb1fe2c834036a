/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_LINKS_H
#define RENDER_WORKER_LINKS_H

#include <stdbool.h>
#include <stddef.h>

#include "render/worker/ledger.h"

/*
 * The web addresses in a mail's body, for mails that are sent to have a page
 * printed. What is quoted and what stands below a signature's "-- " (RFC 3676,
 * 4.3) is not the writer's and does not count.
 */
#define LINKS_MAX     20
#define LINKS_URL_MAX 2000

struct links {
	char *urls[LINKS_MAX]; /* owned; http or https, each once, in order */
	size_t n;
	bool has_words; /* others are there, too */
	bool is_bare;   /* the body is nothing but these */
};

/* In a text, UTF-8. Adds to an empty or filled *links. */
void links_in_text(const char *text, size_t len, struct links *links);

/* In an HTML document, UTF-8: where its anchors lead. */
void links_in_html(const char *html, size_t len, struct links *links);

/* In the body of a message: its first text, else its first HTML; where it says
 * nothing, in a subject that begins with one. */
void links_in_body(const struct ledger *ledger, struct links *links);

void links_fini(struct links *links);

static inline __attribute__((unused)) void
links_fini_cleanup_(struct links *links)
{
	links_fini(links);
}

#endif
