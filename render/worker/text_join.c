/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/text_join.h"

#include <strings.h>

#include <glib.h>

#include "base/mem.h"
#include "render/worker/charset.h"
#include "render/worker/flowed.h"
#include "render/worker/html_decode.h"

static bool is_written(const struct ledger_part *part)
{
	return (part->kind == LEDGER_TEXT || part->kind == LEDGER_HTML) &&
	       !part->name && !part->is_web &&
	       strcasecmp(part->disposition, "attachment") != 0;
}

/* Of the mail itself, or beside each other in one that is attached. */
static bool is_same_mail(const struct ledger_part *a,
                         const struct ledger_part *b)
{
	const char *dot = strrchr(a->id, '.');
	size_t n = dot ? (size_t)(dot - a->id) + 1 : 0;

	if (a->attached != b->attached)
		return false;
	return !a->attached ||
	       (strncmp(a->id, b->id, n) == 0 && !strchr(b->id + n, '.'));
}

static void put_text(const struct ledger_part *part, struct buf *out)
{
	struct buf utf8 CLEANUP(buf_fini) = {0};

	charset_to_utf8(part->content.data, part->content.len, part->charset,
	                &utf8);
	if (part->flowed)
		flowed_join(utf8.data, utf8.len, part->delsp, out);
	else
		buf_append(out, utf8.data, utf8.len);
}

static void put_as_html(const struct ledger_part *part, struct buf *out)
{
	struct buf text CLEANUP(buf_fini) = {0};
	char *escaped;

	if (part->kind == LEDGER_HTML) {
		html_decode(part->content.data, part->content.len,
		            part->charset, out);
		return;
	}
	put_text(part, &text);
	escaped = g_markup_escape_text(text.data, (gssize)text.len);
	buf_printf(out, "<pre style='white-space:pre-wrap'>%s</pre>", escaped);
	g_free(escaped);
}

bool text_join(struct ledger_part *to, const struct ledger_part *part)
{
	struct buf whole = {0};

	/* nor is there a place for HTML in a text */
	if (!is_written(to) || !is_written(part) || part->head ||
	    !is_same_mail(to, part) ||
	    (to->kind == LEDGER_TEXT && part->kind == LEDGER_HTML))
		return false;
	if (to->kind == LEDGER_TEXT) {
		put_text(to, &whole);
		buf_puts(&whole, "\n");
		put_text(part, &whole);
	} else {
		put_as_html(to, &whole);
		put_as_html(part, &whole);
	}
	buf_fini(&to->content);
	to->content = whole;
	to->flowed = false;
	free(to->charset);
	to->charset = xstrdup("utf-8");
	return true;
}
