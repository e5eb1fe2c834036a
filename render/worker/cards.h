/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_CARDS_H
#define RENDER_WORKER_CARDS_H

#include <stddef.h>

#include "render/worker/card.h"

/*
 * Files that hold facts about events and people, as cards. Input is UTF-8 and
 * may be anything at all; what makes no sense is left out.
 */
#define CARDS_MAX 2000 /* of one file */

/* Borrowed during the call; < 0 ends the reading and is returned. */
typedef int card_fn(const struct card *card, void *arg);

/* Reads cards from a file. Returns what fn returned, or 0. */
typedef int cards_read_fn(const char *utf8, size_t len, card_fn *fn, void *arg);

/*
 * Calendars (RFC 5545): events and tasks with title, time and its zone,
 * recurrence in words, place, organiser and attendees.
 */
cards_read_fn calendar_read;

/* Address cards (RFC 6350, and the older 3.0 and 2.1). */
cards_read_fn vcard_read;

/*
 * All cards one below the other, under the mail's head (NULL: none). -EINVAL
 * when there are none.
 */
int cards_render(const char *utf8, size_t len, cards_read_fn *read,
                 const struct card *head, const struct page_spec *spec,
                 struct raster *raster, struct err *err);

#endif
