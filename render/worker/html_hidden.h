/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_HTML_HIDDEN_H
#define RENDER_WORKER_HTML_HIDDEN_H

#include <stdbool.h>

/*
 * Whether a style attribute hides its element: senders put the text that
 * previews show at the top, so that no reader of the mail itself sees it.
 */
bool html_style_hides(const char *style);

#endif
