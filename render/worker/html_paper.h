/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_HTML_PAPER_H
#define RENDER_WORKER_HTML_PAPER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether HTML of a mail, UTF-8, may have something in it that scrolls, floats,
 * moves, loads when it is seen, or is cut at a window's edge, which has to be
 * found and changed before it is printed: said by the words of its styles, and
 * rather once too often.
 */
bool html_paper_is_unfit(const char *html, size_t len);

#endif
