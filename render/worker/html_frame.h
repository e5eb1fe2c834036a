/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_HTML_FRAME_H
#define RENDER_WORKER_HTML_FRAME_H

#include "base/buf.h"

/*
 * Pages that Chromium saved name the documents in their frames by "cid:", and
 * Chromium itself shows none there. They become paths, which it asks us for;
 * the document's length stays.
 */
void html_frame_rename(struct buf *html);

#endif
