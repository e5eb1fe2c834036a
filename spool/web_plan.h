/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_WEB_PLAN_H
#define SPOOL_WEB_PLAN_H

#include "render/fetch.h"
#include "spool/plan.h"

/*
 * Which mails ask for a web page, and what became of it (K5). Pure.
 *
 * A page is printed instead of the body when the body is nothing but links, or
 * nothing at all and the subject a link, and no document is attached, or when
 * the job's options say so:
 *
 *   url      what the links in the body lead to, as it prints itself
 *   reader   the main article alone
 *   screen   as it looks on a screen
 */
enum web_mode {
	WEB_NONE,
	WEB_PAGE,
	WEB_READER,
	WEB_SCREEN,
};

#define WEB_LINKS_MAX 20

/* Of one mail, as its worker told them. */
struct web_links {
	char *urls[WEB_LINKS_MAX]; /* owned */
	size_t n;
	bool is_bare;
};

void web_links_add(struct web_links *links, const char *url, bool is_bare);
void web_links_fini(struct web_links *links);

/* What the job's option "web" means; WEB_NONE: it does not say. */
enum web_mode web_mode_of_word(const char *word);

/* Whether pages are to be fetched. `what` as for plan_decide(). */
enum web_mode web_plan_mode(enum web_mode asked, const char *what,
                            const struct web_links *links,
                            const struct plan_part *parts, size_t n);

/* The id of the page behind link number i, from 0; and whether it is one. */
#define WEB_PART_ID 16
char *web_part_id(char out[WEB_PART_ID], size_t i);
bool web_part_is(const struct plan_part *part);

/*
 * After plan_decide(), when pages were asked for: they are printed, if they can
 * be, and the body is not, unless `all` is to be printed and it says more than
 * its links.
 */
void web_plan_apply(struct plan_part *parts, size_t n, const char *what,
                    bool is_bare);

/*
 * What a fetch brought: 0 to print it, else -errno and a sentence for the
 * sender, without its address: "it asks to log in (HTTP 401)". `asked` is the
 * link as it stands in the mail.
 */
int web_verdict(const struct fetch_answer *answer, const char *asked,
                struct err *err);

#endif
