/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/html.h"

#include <errno.h>

#include "base/mem.h"
#include "render/page/scripts.h"
#include "render/worker/charset.h"
#include "render/worker/convert.h"
#include "render/worker/hebrew.h"
#include "render/worker/html_decode.h"
#include "render/worker/html_frame.h"
#include "render/worker/html_lost.h"
#include "render/worker/html_paper.h"
#include "render/worker/html_pixel.h"
#include "render/worker/html_text.h"
#include "render/worker/text.h"

#define FILES_MAX     1000
#define HEADING_SPACE 400u /* 1/100 mm */

struct files {
	struct convert_file items[FILES_MAX];
	struct buf types[FILES_MAX]; /* of those that are text */
	size_t n;
};

static void files_free(struct files *files)
{
	for (size_t i = 0; i < files->n; i++)
		buf_fini(&files->types[i]);
	free(files);
}
DEFINE_CLEANUP(struct files *, files_free)

/* Frames and style sheets come in a charset; nobody is told to guess types. */
static const char *type_of(const struct ledger_part *part, struct buf *out)
{
	if (strncasecmp(part->type, "text/", 5) != 0)
		return part->detected;
	buf_printf(out, "%s%s%s", part->type, part->charset ? "; charset=" : "",
	           part->charset ? part->charset : "");
	return buf_str(out);
}

/* One that is shown by its name lies where the document does. */
static const char *location_of(const struct ledger_part *part)
{
	if (part->location)
		return part->location;
	return part->name ? part->name : "";
}

/* What a mail's HTML may ask for: everything that is not text itself. */
static struct files *collect_files(const struct ledger *ledger)
{
	struct files *files = xcalloc(1, sizeof *files);

	for (size_t i = 0; i < ledger->n_parts && files->n < FILES_MAX; i++) {
		const struct ledger_part *part = &ledger->parts[i];
		const char *name =
			part->cid && *part->cid ? part->cid : part->name;

		if (!part->referenced || (!name && !part->location) ||
		    !part->content.len)
			continue;
		files->items[files->n] = (struct convert_file){
			.name = name ? name : "",
			.location = location_of(part),
			.type = type_of(part, &files->types[files->n]),
			.data = part->content.data,
			.len = part->content.len,
		};
		files->n++;
	}
	return files;
}

/* After the <body> tag: in front of it, the page would change its layout mode.
 */
static size_t body_begin(const struct buf *html)
{
	const char *at = html->data, *end = html->data + html->len;

	while ((at = memchr(at, '<', (size_t)(end - at))) && end - at > 6) {
		const char *close;

		if (strncasecmp(++at, "body", 4) != 0 ||
		    !strchr("> \r\n\t", at[4]))
			continue;
		close = memchr(at, '>', (size_t)(end - at));
		return close ? (size_t)(close + 1 - html->data) : 0;
	}
	return 0;
}

/* Rules for paper, and the head, if it is wanted. */
static void begin_mail(struct buf *html, const struct ledger_part *part)
{
	struct buf whole CLEANUP(buf_fini) = {0};
	size_t at = body_begin(html);

	buf_append(&whole, html->data, at);
	buf_printf(&whole, "<style>%s%s</style>", page_sheet,
	           hebrew_is_visual(part->charset, html) ? HEBREW_RULES : "");
	if (part->head)
		card_html(part->head, &whole);
	buf_append(&whole, html->data + at, html->len - at);
	buf_fini(html);
	*html = whole;
	whole = (struct buf){0};
}

/* The pages have the paper's size and margins already. */
static struct page_spec as_made(const struct page_spec *spec)
{
	struct page_spec made = *spec;

	if (made.scaling == SCALING_AUTO && made.number_up <= 1)
		made.scaling = SCALING_NONE;
	return made;
}

/* Of a mail its sender saw them; of a page of the web it asks for too much. */
static void tell_left_out(const struct ledger_part *part,
                          const struct ledger_printing *printing, unsigned n)
{
	struct buf note CLEANUP(buf_fini) = {0};

	if (n == 0)
		return;
	if (part->is_web)
		buf_printf(&note,
		           "printed without %u of its files: it is made of "
		           "more than is fetched for one page",
		           n);
	else
		buf_printf(&note, "%u picture%s on the web %s not shown", n,
		           n == 1 ? "" : "s", n == 1 ? "is" : "are");
	control_note(printing->control, part->id, buf_str(&note), NULL);
}

static int render_by_browser(const struct ledger_part *part,
                             const struct ledger_printing *printing,
                             struct err *err)
{
	struct files *files CLEANUP(files_free) =
		collect_files(printing->ledger);
	struct buf html CLEANUP(buf_fini) = {0};
	struct buf pdf CLEANUP(buf_fini) = {0};
	struct page_spec spec;
	unsigned n_left_out = 0;
	int r;

	html_decode(part->content.data, part->content.len, part->charset,
	            &html);
	if (!part->is_web) {
		html_pixel_drop(&html);
		html_frame_rename(&html);
		begin_mail(&html, part);
	}

	const struct convert_request request = {
		.part = part->id,
		.engine = "html",
		.name = "html",
		.document = html.data,
		.len = html.len,
		.files = files->items,
		/* the mail's pictures are no business of a web page */
		.n_files = part->is_web ? 0 : files->n,
		/* without a head there may be nothing to see */
		.is_unfit =
			!part->head || html_paper_is_unfit(html.data, html.len),
		.n_left_out = &n_left_out,
	};
	r = convert_to_pdf(printing->control, &request, &pdf, err);
	if (r < 0)
		return r;
	if (!part->is_web && html_is_lost(part, &pdf))
		return err_set(err, -ENODATA, "as a page it shows no words");
	spec = as_made(printing->spec);
	r = pdf_render(pdf.data, pdf.len, &spec, printing->raster, err);
	if (r == 0)
		tell_left_out(part, printing, n_left_out);
	return r == -E2BIG ? err_wrap(err, r, "as pages") : r;
}

/* Words between two headings, whose empty lines around are a space instead. */
static int set_words(const char *words, size_t len, struct text *text,
                     struct err *err)
{
	while (len > 0 && *words == '\n') {
		words++;
		len--;
	}
	return len > 0 ? text_put(text, words, len, &text_reading, err) : 0;
}

static int set_heading(const char *words, const struct html_heading *heading,
                       struct text *text, struct err *err)
{
	static const struct text_options fonts[] = {
		{.font = "Sans Bold 16"},
		{.font = "Sans Bold 13"},
		{.font = "Sans Bold 11"},
	};
	size_t level = heading->level <= 3 ? heading->level : 3;
	int r;

	if (heading->start > 0)
		text_put_space(text, HEADING_SPACE);
	r = text_put(text, words + heading->start,
	             heading->end - heading->start, &fonts[level - 1], err);
	text_put_space(text, HEADING_SPACE / 2);
	return r;
}

static int set_text(const struct html_text *html, struct text *text,
                    struct err *err)
{
	const char *words = html->words.data;
	size_t done = 0;
	int r = 0;

	for (size_t i = 0; r == 0 && i < html->n_headings; i++) {
		const struct html_heading *heading = &html->headings[i];

		r = set_words(words + done, heading->start - done, text, err);
		if (r == 0)
			r = set_heading(words, heading, text, err);
		done = heading->end;
	}
	return r < 0 ? r
	             : set_words(words + done, html->words.len - done, text,
	                         err);
}

static int render_as_text(const struct ledger_part *part,
                          const struct ledger_printing *printing,
                          struct err *err)
{
	struct html_text html CLEANUP(html_text_fini) = {0};
	struct text *text CLEANUP(text_free) = NULL;
	int r = html_text_read(part->content.data, part->content.len,
	                       part->charset, &html, err);

	if (r == 0 && !part->head &&
	    html.words.len <= strspn(buf_str(&html.words), " \n"))
		r = err_set(
			err, -ENODATA, "%s",
			part->is_web
				? "the page has nothing to show without its scripts"
				: "there is nothing in it to print");
	if (r == 0)
		r = text_new(printing->spec, printing->raster, &text, err);
	if (r == 0)
		r = card_put_above(part->head, text, err);
	if (r == 0)
		r = set_text(&html, text, err);
	return r == 0 ? text_finish(text, err) : r;
}

/* Only before a page is out: nothing is printed twice. */
int html_render(const struct ledger_part *part,
                const struct ledger_printing *printing, struct err *err)
{
	unsigned n_before = raster_pages(printing->raster);
	struct buf note CLEANUP(buf_fini) = {0};
	struct err why = {0};
	int r = render_by_browser(part, printing, &why);

	/*
	 * Of a web page its fault is told: a login page is none to print. Nor
	 * does text, which needs less paper, get by the limit of pages.
	 */
	if (r == 0 || raster_pages(printing->raster) > n_before ||
	    r == -E2BIG || (part->is_web && r != -ENOTSUP))
		return r < 0 ? err_set(err, r, "%s", why.text) : 0;
	buf_printf(&note, "printed as text: %s",
	           r == -ENOTSUP ? "no browser is installed" : why.text);
	r = render_as_text(part, printing, err);
	if (r == 0)
		control_note(printing->control, part->id, buf_str(&note), NULL);
	return r;
}
