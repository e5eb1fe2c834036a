/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/card.h"

#include <stdint.h>

#include <glib.h>

#include "base/mem.h"
#include "render/worker/charset.h"

#define LABEL_MM 2600u /* where values stand, 1/100 mm */
#define BELOW_MM 400u  /* under a head */
#define SPACE_MM 150u
#define PHOTO_MM 2500u /* its longer side */

/* !important: a document's own rules cannot hide or dress up the head. */
#define STYLE(display)                                                         \
	"style=\"all:initial!important;display:" display "!important;"         \
	"font:10pt sans-serif!important;color:#000!important;"
#define HTML_OPEN                                                                             \
	"<div " STYLE(                                                                        \
		"block") "background:#fff!important;border-bottom:1px "                       \
			 "solid #000!important;margin:0 0 12pt 0!important;padding:0 0 6pt 0" \
			 "!important;break-after:avoid!important\">"
#define HTML_TITLE                                                             \
	"<div " STYLE("block") "font:bold 15pt sans-serif!important;"          \
			       "margin:0 0 4pt 0!important\">"
#define HTML_TABLE "<table " STYLE("table") "border-spacing:0!important\">"
#define HTML_ROW   "<tr " STYLE("table-row") "\">"
#define CELL                                                                   \
	STYLE("table-cell")                                                    \
	"vertical-align:top!important;text-align:left!important;"              \
	"padding:1pt 8pt 1pt 0!important;"
#define HTML_LABEL                                                             \
	"<td " CELL "font-weight:bold!important;white-space:nowrap!important\">"
#define HTML_VALUE                                                             \
	"<td dir=\"auto\" " CELL "unicode-bidi:isolate!important;"             \
	"overflow-wrap:anywhere!important\">"

void card_set_title(struct card *card, const char *title)
{
	free(card->title);
	card->title = xstrdup(title);
}

void card_add(struct card *card, const char *label, const char *value)
{
	if (!value || !*value || card->n_rows == CARD_ROWS)
		return;
	if (card->n_rows == card->n_allocated) {
		card->n_allocated = card->n_allocated * 2 + 8;
		card->rows = xrealloc(card->rows,
		                      card->n_allocated * sizeof *card->rows);
	}
	card->rows[card->n_rows++] = (struct card_row){
		.label = label,
		.value = xstrdup(value),
	};
}

/*
 * First strong isolate and its end around each line: a Hebrew or Arabic name
 * with its address keeps its order beside the Latin label (UAX 9).
 */
static void put_isolated(struct buf *out, const char *value)
{
	while (*value) {
		size_t len = strcspn(value, "\n");

		buf_puts(out, "\xe2\x81\xa8");
		buf_append(out, value, len);
		buf_puts(out, "\xe2\x81\xa9");
		value += len;
		if (*value == '\n') {
			buf_puts(out, "\n");
			value++;
		}
	}
}

int card_put(const struct card *card, struct text *text, struct err *err)
{
	int r = 0;

	if (card->title) {
		r = text_put(text, card->title, strlen(card->title),
		             &text_heading, err);
		text_put_space(text, SPACE_MM);
	}
	if (r == 0 && card->photo.len > 0)
		r = text_put_picture(text, card->photo.data, card->photo.len,
		                     PHOTO_MM, err);
	for (size_t i = 0; r == 0 && i < card->n_rows; i++) {
		struct buf value CLEANUP(buf_fini) = {0};

		put_isolated(&value, card->rows[i].value);
		r = text_put_row(text, card->rows[i].label, buf_str(&value),
		                 LABEL_MM, err);
	}
	text_put_space(text, SPACE_MM);
	return r;
}

int card_put_above(const struct card *card, struct text *text, struct err *err)
{
	int r;

	if (!card || (card->n_rows == 0 && !card->title))
		return 0;
	r = card_put(card, text, err);
	text_put_rule(text);
	text_put_space(text, BELOW_MM);
	return r;
}

int card_above_text(const struct card *card, const struct buf *words,
                    const struct text_options *options,
                    const struct page_spec *spec, struct raster *raster,
                    struct err *err)
{
	struct text *text CLEANUP(text_free) = NULL;
	int r = text_new(spec, raster, &text, err);

	if (r == 0)
		r = card_put_above(card, text, err);
	if (r == 0)
		r = text_put(text, words->data, words->len, options, err);
	return r == 0 ? text_finish(text, err) : r;
}

/* Everything but letters, digits and blanks as a character reference. */
static void put_html(struct buf *out, const char *value)
{
	struct buf valid CLEANUP(buf_fini) = {0};

	charset_to_utf8(value, strlen(value), "utf-8", &valid);
	for (const char *p = buf_str(&valid); *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (c == '\n')
			buf_puts(out, "<br>");
		else if (c == ' ' || (c < 128 && g_ascii_isalnum((char)c)))
			buf_append(out, p, 1);
		else if (c > ' ')
			buf_printf(out, "&#%u;", (unsigned)c);
	}
}

static void put_html_row(struct buf *out, const struct card_row *row)
{
	buf_puts(out, HTML_ROW);
	buf_puts(out, HTML_LABEL);
	put_html(out, row->label);
	buf_puts(out, "</td>");
	buf_puts(out, HTML_VALUE);
	put_html(out, row->value);
	buf_puts(out, "</td></tr>");
}

void card_html(const struct card *card, struct buf *out)
{
	if (card->n_rows == 0 && !card->title)
		return;
	buf_puts(out, HTML_OPEN);
	if (card->title) {
		buf_puts(out, HTML_TITLE);
		put_html(out, card->title);
		buf_puts(out, "</div>");
	}
	buf_puts(out, HTML_TABLE);
	for (size_t i = 0; i < card->n_rows; i++)
		put_html_row(out, &card->rows[i]);
	buf_puts(out, "</table></div>\n");
}

void card_fini(struct card *card)
{
	for (size_t i = 0; i < card->n_rows; i++)
		free(card->rows[i].value);
	free(card->rows);
	free(card->title);
	buf_fini(&card->photo);
	*card = (struct card){0};
}
