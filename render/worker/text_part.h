/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_TEXT_PART_H
#define RENDER_WORKER_TEXT_PART_H

#include "base/err.h"
#include "render/worker/ledger.h"

/*
 * Parts that are text of some kind: as typed, Markdown, tables, calendars,
 * address cards.
 */

/*
 * What the part is, by its declared type, its name and its first words:
 * detected, kind and note, for everything that no magic number tells.
 */
void text_part_detect(struct ledger_part *part);

/* A tag that pages or tables begin with is among its first words. */
bool text_part_begins_as_html(const struct buf *content);

/* Whether a mail's head may stand above it. */
bool text_part_takes_head(const struct ledger_part *part);

/*
 * As pages. What cannot be read as what it says it is, is printed as typed:
 * nothing is lost.
 */
int text_part_render(const struct ledger_part *part,
                     const struct ledger_printing *printing, struct err *err);

#endif
