/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_LEDGER_H
#define RENDER_WORKER_LEDGER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "render/worker/card.h"
#include "render/worker/control.h"
#include "render/worker/page.h"
#include "render/worker/scan.h"

/*
 * The part ledger: every part of a message that holds content, in order, with
 * what it is and whether it can be printed. Nothing of a mail is missing here,
 * so that every reply about it can say what became of each part.
 */
enum ledger_kind {
	LEDGER_TEXT,
	LEDGER_MARKDOWN,
	LEDGER_TABLE, /* as text: CSV */
	LEDGER_CALENDAR,
	LEDGER_VCARD,
	LEDGER_HTML,
	LEDGER_PDF, /* and what else pdf_type_of() knows */
	LEDGER_IMAGE,
	LEDGER_OFFICE,
	LEDGER_POSTSCRIPT,
	LEDGER_OTHER, /* not printable */
};

#define LEDGER_ALTERNATIVE 256

struct ledger_part {
	char id[64]; /* "1.2", as IMAP numbers parts (RFC 9051, 6.4.5) */
	char *type;  /* declared, owned as all text here */
	const char *detected; /* by content; static */
	char *name;           /* NULL if none */
	char *disposition;    /* "" if none */
	char *cid;            /* NULL if none */
	char *location;       /* Content-Location, NULL if none */
	char *charset;        /* NULL if none */
	struct card *head;    /* owned; of the mail it opens, or NULL */
	bool flowed, delsp;   /* RFC 3676 */
	bool attached;        /* of an attached message, not of this one */
	bool is_web;          /* fetched by the daemon from behind a link */
	bool referenced, encrypted;
	bool hollow; /* HTML whose words are in pictures on the web */
	bool opened; /* what was in it follows, as parts of their own */
	/* "GROUP:BRANCH,..." for each multipart/alternative around it */
	char alternative[LEDGER_ALTERNATIVE];
	enum ledger_kind kind;
	const char *note;   /* static: why it is not printed, or NULL */
	struct buf content; /* decoded */
};

struct ledger {
	struct ledger_part *parts;
	size_t n_parts, n_allocated;
	struct scan_limits limits; /* set before it is filled; zero: none */
	struct card head;          /* of the mail itself */
};

/* A zeroed part at the end; valid until the next call. */
struct ledger_part *ledger_add(struct ledger *ledger);

struct ledger_part *ledger_find(const struct ledger *ledger, const char *id);

/*
 * Look at the content: detected, kind, encrypted and, unless one is set, note.
 */
void ledger_detect(struct ledger_part *part);

/*
 * Mark what some HTML part shows as referenced: by "cid:", or by its address
 * (RFC 2557). Style sheets among them are no text to be printed.
 */
void ledger_mark_referenced(struct ledger *ledger);

/*
 * Parts from `first` on are a web page that was saved as one file: its first
 * HTML is the page, all others belong to it.
 */
void ledger_mark_page(struct ledger *ledger, size_t first);

/*
 * Whether `other` stands in another branch of the multipart/alternative that
 * the part stands in, the outermost one.
 */
bool ledger_is_other_form(const struct ledger_part *part,
                          const struct ledger_part *other);

/* A text of this mail that says nothing, and is not attached as a file. */
bool ledger_is_empty_body(const struct ledger_part *part);

bool ledger_is_printable(const struct ledger_part *part);

/*
 * Whether a reader would call it the message's content: what is printed when
 * nobody chooses. Pictures that the HTML shows are the body's.
 */
bool ledger_is_wanted(const struct ledger_part *part);

/* All that printing a part may need. */
struct ledger_printing {
	const struct ledger *ledger; /* the other parts: pictures by cid */
	const struct page_spec *spec;
	struct raster *raster;
	struct control *control; /* the way to the engines */
	const char *password;    /* of documents that want one, or NULL */
};

/*
 * The part as pages. Failures are sentences about the part; what is printed in
 * another way than its sender would think is noted to the daemon.
 */
int ledger_render(const struct ledger_part *part,
                  const struct ledger_printing *printing, struct err *err);

void ledger_fini(struct ledger *ledger);

static inline __attribute__((unused)) void
ledger_fini_cleanup_(struct ledger *ledger)
{
	ledger_fini(ledger);
}

#endif
