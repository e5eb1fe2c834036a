/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_HTML_REFERENCE_H
#define RENDER_WORKER_HTML_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether an HTML document shows the part with this Content-ID (without <>),
 * by a "cid:" URL (RFC 2392). As mail programs write them: in any case, with
 * any letter as %XX, or with none where the rules ask for it.
 */
bool html_refers_to(const char *html, size_t len, const char *cid);

/*
 * Whether it names the file that was found at this address (Content-Location,
 * RFC 2557), by whatever way leads there: what counts is the name of the file,
 * where the HTML can only mean an address by it.
 */
bool html_refers_to_address(const char *html, size_t len, const char *address);

/* Whether it shows the file of this name, as one that lies beside it. */
bool html_refers_to_name(const char *html, size_t len, const char *name);

#endif
