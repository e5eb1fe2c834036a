/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/html_lost.h"

#include <string.h>

#include <glib.h>

#include "base/mem.h"
#include "render/worker/html_text.h"
#include "render/worker/pdf_blank.h"

/* The browser names its fonts and pictures in the open. */
static bool is_suspect(const struct buf *html, const struct buf *pdf)
{
	if (!buf_contains(pdf, "/Font"))
		return !buf_contains(pdf, "/Subtype /Image");
	return buf_contains(html, "@media") && buf_contains(html, "print");
}

static size_t letters_in(const char *utf8)
{
	size_t n = 0;

	for (; *utf8; utf8++)
		n += (*utf8 & 0xc0) != 0x80 && !g_ascii_isspace(*utf8);
	return n;
}

static size_t letters_in_head(const struct card *head)
{
	size_t n = 0;

	for (size_t i = 0; head && i < head->n_rows; i++)
		n += letters_in(head->rows[i].label) +
		     letters_in(head->rows[i].value);
	return n;
}

bool html_is_lost(const struct ledger_part *part, const struct buf *pdf)
{
	const struct buf *html = &part->content;
	struct html_text text CLEANUP(html_text_fini) = {0};
	size_t n_words, n_head, n_printed;

	if (!is_suspect(html, pdf) ||
	    html_text_read(html->data, html->len, part->charset, &text, NULL) <
	            0)
		return false;
	n_words = letters_in(buf_str(&text.words));
	n_head = letters_in_head(part->head);
	n_printed = pdf_letters(pdf->data, pdf->len);
	/* shapes of letters joined count as one, or as many */
	return n_words > 0 && n_printed < n_head + n_head / 8 + n_words / 8 + 1;
}
