/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"
#include "render/worker/charset.h"
#include "render/worker/html_text.h"
#include "render/worker/message.h"

/* A message to its ledger, and each readable part to text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_header(const char *name, const char *value, void *arg)
{
	if (!charset_is_utf8(value, strlen(value)))
		abort();
}

static void read_part(const struct ledger_part *part)
{
	struct html_text html CLEANUP(html_text_fini) = {0};
	struct buf out CLEANUP(buf_fini) = {0};

	if (part->kind == LEDGER_HTML)
		html_text_read(part->content.data, part->content.len,
		               part->charset, &html, NULL);
	else
		charset_to_utf8(part->content.data, part->content.len,
		                part->charset, &out);
	buf_append(&out, html.words.data, html.words.len);
	if (out.len > 0 && !charset_is_utf8(out.data, out.len))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool is_ready;
	struct ledger ledger CLEANUP(ledger_fini) = {0};

	if (!is_ready)
		message_init();
	is_ready = true;
	message_read((const char *)data, size, &ledger, on_header, NULL, NULL);
	for (size_t i = 0; i < ledger.n_parts; i++)
		read_part(&ledger.parts[i]);
	return 0;
}
