/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/html_frame.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#define SCHEME "cid:"
#define PATH   "   /" /* blanks around an address mean nothing */

static void rename_in_tag(char *tag, const char *end)
{
	for (; end - tag > (ptrdiff_t)strlen(SCHEME); tag++)
		if (strchr("\"'= ", tag[-1]) &&
		    strncasecmp(tag, SCHEME, strlen(SCHEME)) == 0)
			memcpy(tag, PATH, strlen(PATH));
}

void html_frame_rename(struct buf *html)
{
	char *at = html->data, *end = html->data + html->len;

	while (at && (at = memchr(at, '<', (size_t)(end - at))) != NULL) {
		char *close = memchr(at, '>', (size_t)(end - at));

		if (!close)
			return;
		at++;
		if (strncasecmp(at, "iframe", 6) == 0 ||
		    strncasecmp(at, "frame", 5) == 0)
			rename_in_tag(at + 5, close);
	}
}
