/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_HTML_HOLLOW_H
#define RENDER_WORKER_HTML_HOLLOW_H

#include "render/worker/ledger.h"

/*
 * Mark as hollow the HTML of a multipart/alternative whose words are in
 * pictures that it left on the web: it says little itself, the text/plain
 * beside it much.
 */
void html_mark_hollow(struct ledger *ledger);

#endif
