/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_HTML_LOST_H
#define RENDER_WORKER_HTML_LOST_H

#include <stdbool.h>

#include "base/buf.h"
#include "render/worker/ledger.h"

/*
 * Whether none of the words of a mail's HTML came to be on the pages that the
 * browser made of it: rules for printers hide them, or a tag that has no end
 * holds them. Its head, which may stand there, does not count. Cheap unless
 * there is reason to look.
 */
bool html_is_lost(const struct ledger_part *part, const struct buf *pdf);

#endif
