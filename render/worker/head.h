/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_HEAD_H
#define RENDER_WORKER_HEAD_H

#include <gmime/gmime.h>

#include "render/worker/card.h"

/*
 * The head of a mail as it stands above its body: From, To, Cc, Date and
 * Subject, decoded; long lists of people are shortened. Appended to *card.
 */
void head_read(GMimeMessage *message, struct card *card);

struct ledger;
struct ledger_part;

/*
 * What becomes of each part, as a row of the card: `printed` says whether part
 * is in the plan. Nothing for a mail that is its body alone.
 */
typedef bool head_printed_fn(const struct ledger_part *part, void *arg);

void head_add_parts(struct card *card, const struct ledger *ledger,
                    head_printed_fn *printed, void *arg);

#endif
