/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_HTML_H
#define RENDER_WORKER_HTML_H

#include "base/err.h"
#include "render/worker/ledger.h"

/*
 * An HTML part as pages: by the daemon's browser, with the pictures that the
 * mail brings along; as well-set text where there is no browser or where it
 * fails, which is noted in the ledger.
 */
int html_render(const struct ledger_part *part,
                const struct ledger_printing *printing, struct err *err);

#endif
