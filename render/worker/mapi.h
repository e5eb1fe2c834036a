/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_MAPI_H
#define RENDER_WORKER_MAPI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A list of MAPI properties as TNEF holds it (MS-OXTNEF 2.1.3.4): those that
 * matter for paper, in place.
 */
struct mapi_bytes {
	const uint8_t *data; /* in the file */
	size_t len;
	bool is_utf16;
};

struct mapi {
	struct mapi_bytes body, html, rtf; /* of a message */
	unsigned internet_codepage;        /* of html; 0: unknown */
	struct mapi_bytes data, long_name, name, display_name, mime, cid;
	bool is_message; /* data is a message, in TNEF */
};

/* Up to where the list makes sense; *out keeps what it has. */
void mapi_read(const struct mapi_bytes *list, struct mapi *out);

/* UTF-8 without the NUL at its end, to be freed; NULL when empty. */
char *mapi_text(const struct mapi_bytes *bytes, const char *charset);

#endif
