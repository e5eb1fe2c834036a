/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_RENDER_TURN_H
#define SPOOL_RENDER_TURN_H

#include "spool/dispatch.h"

/*
 * Whose mail is rendered next. A rendering that has begun keeps a mail, a file
 * and a ledger in memory, so only as many begin as there are workers for; the
 * printers of the others stand in line, which costs nothing, each with the one
 * job that it wants rendered. Those that may print now go before those whose
 * pages are made ahead.
 */
enum render_turn {
	RENDER_NOW,
	RENDER_AHEAD,
};

/*
 * Render job `id` of this printer when its turn comes, maybe at once. Nothing
 * happens when the printer has a rendering; if it stands in line already, it
 * keeps its place, or changes to the line before.
 */
void render_turn_take(struct spool_printer *printer, int64_t id,
                      enum render_turn turn);

/* A rendering began; it is over: the next printer gets its turn. */
void render_turn_begin(struct spool *spool);
void render_turn_end(struct spool *spool);

/* The printer goes. */
void render_turn_leave(struct spool_printer *printer);

#endif
