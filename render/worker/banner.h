/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_BANNER_H
#define RENDER_WORKER_BANNER_H

#include "render/worker/ledger.h"
#include "render/worker/plan.h"

/*
 * A page in front, for a tray that many people share: whose job this is, its
 * number, date and subject, and what becomes of its parts. Two-sided jobs begin
 * behind it on a sheet of their own. A picture of its own (JPEG) gets none.
 *
 * job: its number, or "" where nobody gave one.
 */
int banner_render(const char *job, const struct ledger *ledger,
                  struct plan *plan, const struct page_spec *spec,
                  struct raster *raster, struct err *err);

#endif
