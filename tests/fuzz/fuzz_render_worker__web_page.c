/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "render/worker/charset.h"
#include "render/worker/links.h"
#include "render/worker/web_page.h"

/* A page to its verdict, its article and, as a mail's body, its links. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf utf8 CLEANUP(buf_fini) = {0};
	struct buf article CLEANUP(buf_fini) = {0};
	struct links links CLEANUP(links_fini) = {0};

	charset_to_utf8((const char *)data, size, NULL, &utf8);
	web_page_fault(utf8.data, utf8.len);
	web_page_article(utf8.data, utf8.len, &article);
	links_in_html(utf8.data, utf8.len, &links);
	for (size_t i = 0; i < links.n; i++)
		if (strlen(links.urls[i]) > LINKS_URL_MAX + 8)
			abort();
	links_fini(&links);
	if (utf8.len > 0)
		links_in_text(utf8.data, utf8.len, &links);
	return 0;
}
