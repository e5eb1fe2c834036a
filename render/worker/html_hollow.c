/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/html_hollow.h"

#include <string.h>

#include "base/mem.h"
#include "render/worker/charset.h"
#include "render/worker/html_text.h"

#define WORDS_MIN 60 /* letters: less is only where to look instead */
#define SHARE     4  /* HTML that says one part of so many is hollow */

/* Pictures on the web, and none that came with the mail. */
static bool may_be_hollow(const struct ledger_part *part)
{
	const struct buf *html = &part->content;

	return part->kind == LEDGER_HTML && part->alternative[0] &&
	       (buf_contains(html, "<img") || buf_contains(html, "<IMG")) &&
	       buf_contains(html, "http") && !buf_contains(html, "cid:") &&
	       !buf_contains(html, "data:image");
}

/* Bytes of words; addresses are none. */
static size_t count_words(const char *text)
{
	size_t sum = 0;

	for (text += strspn(text, " \t\r\n"); *text;
	     text += strspn(text, " \t\r\n")) {
		size_t n = strcspn(text, " \t\r\n");

		if (!memmem(text, n, "://", 3))
			sum += n;
		text += n;
	}
	return sum;
}

static size_t words_of_html(const struct ledger_part *part)
{
	struct html_text text CLEANUP(html_text_fini) = {0};

	if (html_text_read(part->content.data, part->content.len, part->charset,
	                   &text, NULL) < 0)
		return SIZE_MAX / SHARE;
	return count_words(buf_str(&text.words));
}

static size_t words_of_text(const struct ledger_part *part)
{
	struct buf utf8 CLEANUP(buf_fini) = {0};

	charset_to_utf8(part->content.data, part->content.len, part->charset,
	                &utf8);
	return count_words(buf_str(&utf8));
}

static size_t most_words_beside(const struct ledger *ledger,
                                const struct ledger_part *html)
{
	size_t most = 0;

	for (size_t i = 0; i < ledger->n_parts; i++) {
		const struct ledger_part *part = &ledger->parts[i];
		size_t n = part->kind == LEDGER_TEXT &&
		                           ledger_is_other_form(html, part)
		                   ? words_of_text(part)
		                   : 0;

		most = n > most ? n : most;
	}
	return most;
}

void html_mark_hollow(struct ledger *ledger)
{
	for (size_t i = 0; i < ledger->n_parts; i++) {
		struct ledger_part *part = &ledger->parts[i];
		size_t most;

		if (!may_be_hollow(part))
			continue;
		most = most_words_beside(ledger, part);
		part->hollow =
			most > WORDS_MIN && words_of_html(part) * SHARE < most;
	}
}
