/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_TEXT_JOIN_H
#define RENDER_WORKER_TEXT_JOIN_H

#include <stdbool.h>

#include "render/worker/ledger.h"

/*
 * Texts of one mail that follow each other on paper: what a mailing list puts
 * below a letter, what stood below a picture. They are parts of their own, but
 * nobody wants a sheet for each.
 *
 * Appends what `part` says to `to`, if both are text that was written as a mail
 * and the first can hold the second. False: `part` is a page of its own.
 */
bool text_join(struct ledger_part *to, const struct ledger_part *part);

#endif
