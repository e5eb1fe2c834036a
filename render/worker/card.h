/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_CARD_H
#define RENDER_WORKER_CARD_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "render/worker/text.h"

/*
 * Facts about one thing, for people: an invitation, a person, a mail. A title
 * and rows of label and value. Zero-initialised is an empty card.
 */
struct card_row {
	const char *label; /* static */
	char *value;       /* owned; lines end with LF */
};

struct card {
	char *title; /* owned; NULL: none */
	struct card_row *rows;
	size_t n_rows, n_allocated;
	struct buf photo; /* a file; on paper it is small; empty: none */
};

#define CARD_ROWS 200 /* further ones are left out */

/* An empty value is left out. label is static, value is copied. */
void card_add(struct card *card, const char *label, const char *value);
void card_set_title(struct card *card, const char *title);

/* On paper, below what was put before. */
int card_put(const struct card *card, struct text *text, struct err *err);

/* The same, and a line below it; nothing for NULL. */
int card_put_above(const struct card *card, struct text *text, struct err *err);

/* The card (NULL: none), a line, and the text below it, to the last page. */
int card_above_text(const struct card *card, const struct buf *words,
                    const struct text_options *options,
                    const struct page_spec *spec, struct raster *raster,
                    struct err *err);

/*
 * As a block of HTML in plain ASCII, whatever the charset of the document it
 * goes into, with styles of its own that the document's cannot change.
 */
void card_html(const struct card *card, struct buf *out);

void card_fini(struct card *card);

static inline __attribute__((unused)) void card_fini_cleanup_(struct card *card)
{
	card_fini(card);
}

#endif
