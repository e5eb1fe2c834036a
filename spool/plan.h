/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_PLAN_H
#define SPOOL_PLAN_H

#include "db/job_table.h"
#include "render/pool.h"

/*
 * Which parts of a mail are printed (K5). Pure: the ledger of parts in, a
 * decision for each part out.
 *
 *   auto         documents that are attached; the body when there is none
 *   body         the body alone
 *   attachments  documents alone
 *   all          the body, then the documents
 *
 * A mail that is attached is a document, with all its parts; but not the one
 * that a bounce or a receipt tells of, which `all` and `attachments` alone
 * print. An address card or an invitation is printed as one, but never instead
 * of the body.
 *
 * A PDF or Office file always is a document, whatever its disposition says and
 * wherever it stands. A picture is none when the HTML shows it by its cid (it
 * belongs to the body), when it is too small to be looked at (a tracking
 * pixel), or when its sender's mails keep repeating it (a logo) and this one
 * holds anything else to print. One that was pasted, by its name, and that no
 * HTML shows is printed, but never instead of the body, nor, if it says that it
 * is inline, without it. Of a multipart/alternative the richest text
 * that can be read is printed; HTML whose words are in pictures that it left on
 * the web cannot, where those are not shown.
 */
struct plan_part {
	struct render_part part;
	bool is_logo;     /* in: this sender has mailed it again and again */
	bool is_reported; /* in: the mail only tells of it, plan_report.h */
	bool print;
	/* why it is not printed, after '!' if it was tried; "" when it is */
	char why[256];
};

/* What there is to print with. */
struct plan_means {
	bool html;     /* an engine that prints HTML as it is meant */
	bool pictures; /* it may show those that a mail left on the web */
};

/* Decide; parts in the order of the mail, which is the order of printing. */
void plan_decide(struct plan_part *parts, size_t n, const char *what,
                 const struct plan_means *means);

/*
 * Of parts of which none was printed, the one reason that is told: of what was
 * tried, else of what is encrypted, else of the largest, which is what was
 * meant.
 */
const char *plan_why_nothing(const struct plan_part *parts, size_t n);

/* What somebody wrote as this mail, not a document that came with it. */
bool plan_is_body(const struct render_part *part);

/* A picture that is attached, and might be a logo: worth remembering. */
bool plan_is_lone_picture(const struct plan_part *part);

/* The hash of the body's first text: tells mails from each other. "" if none.
 */
const char *plan_body_hash(const struct plan_part *parts, size_t n);

#endif
