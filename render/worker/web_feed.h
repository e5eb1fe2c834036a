/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_WEB_FEED_H
#define RENDER_WORKER_WEB_FEED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * A feed (RSS 0.9 to 2.0, RSS 1.0, Atom, RFC 4287) as an HTML document that can
 * be read: its entries, each with its title, date and author, the begin of its
 * text and its address. Appended to *out, in UTF-8.
 *
 * False: it is no feed, or one with entities of its own; *out is untouched.
 * Nothing is loaded.
 */
bool web_feed_write(const char *xml, size_t len, struct buf *out);

#endif
