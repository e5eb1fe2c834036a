/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_HTML_BLANK_H
#define RENDER_WORKER_HTML_BLANK_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether HTML shows nothing on paper: no letter, picture, rule or form field.
 * Mailers write such pages for a mail in which nothing was written, and beside
 * a text that is all there is. When in doubt it shows something. Stops at the
 * first thing that is seen.
 */
bool html_blank(const char *html, size_t len);

#endif
