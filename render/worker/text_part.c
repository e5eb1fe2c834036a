/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/text_part.h"

#include <errno.h>
#include <strings.h>

#include "base/mem.h"
#include "render/worker/cards.h"
#include "render/worker/charset.h"
#include "render/worker/enriched.h"
#include "render/worker/flowed.h"
#include "render/worker/hebrew.h"
#include "render/worker/html.h"
#include "render/worker/markdown.h"
#include "render/worker/table.h"
#include "render/worker/terminal.h"
#include "render/worker/text.h"

#define HTML      "text/html"
#define HTML_HEAD 1024

/* By declared type, by the end of the name, or by how the text begins. */
static const struct {
	const char *type;
	const char *end;
	const char *begin;
	const char *detected;
	enum ledger_kind kind;
} kinds[] = {
	{"text/html", ".html", NULL, HTML, LEDGER_HTML},
	{"application/xhtml+xml", ".htm", NULL, HTML, LEDGER_HTML},
	{"text/calendar", ".ics", "BEGIN:VCALENDAR", "text/calendar",
         LEDGER_CALENDAR},
	{"application/ics", ".vcs", NULL, "text/calendar", LEDGER_CALENDAR},
	{"text/vcard", ".vcf", "BEGIN:VCARD", "text/vcard", LEDGER_VCARD},
	{"text/x-vcard", NULL, NULL, "text/vcard", LEDGER_VCARD},
	{"text/markdown", ".md", NULL, "text/markdown", LEDGER_MARKDOWN},
	{"text/x-markdown", ".markdown", NULL, "text/markdown",
         LEDGER_MARKDOWN},
	{"text/csv", ".csv", NULL, "text/csv", LEDGER_TABLE},
	{"text/tab-separated-values", ".tsv", NULL, "text/csv", LEDGER_TABLE},
	{"text/comma-separated-values", NULL, NULL, "text/csv", LEDGER_TABLE},
};

static bool name_ends(const char *name, const char *end)
{
	size_t n = name ? strlen(name) : 0, m = strlen(end);

	return n > m && strcasecmp(name + n - m, end) == 0;
}

/*
 * Programs write tables and pages as text and call them Excel's or Word's,
 * which open them.
 */
static const struct {
	const char *type;
	const char *end;
	enum ledger_kind kind;
} office_names[] = {
	{"application/vnd.ms-excel", ".xls", LEDGER_TABLE},
	{"application/excel", ".xlsx", LEDGER_TABLE},
	{"application/msword", ".doc", LEDGER_TEXT},
	{"application/vnd.ms-word", ".rtf", LEDGER_TEXT},
};

/* LEDGER_OTHER: it is not called an Office file. */
static enum ledger_kind called_office(const struct ledger_part *part)
{
	for (size_t i = 0; i < ARRAY_LEN(office_names); i++)
		if (strcasecmp(part->type, office_names[i].type) == 0 ||
		    name_ends(part->name, office_names[i].end))
			return office_names[i].kind;
	return LEDGER_OTHER;
}

static bool ends_like_text(const char *name)
{
	static const char *const ends[] = {
		".txt",  ".text",  ".log", ".ini",  ".conf", ".asc", ".json",
		".xml",  ".yaml",  ".yml", ".toml", ".sql",  ".tex", ".rst",
		".diff", ".patch", ".srt", ".c",    ".h",    ".cpp", ".java",
		".cs",   ".go",    ".rs",  ".py",   ".rb",   ".pl",  ".php",
		".js",   ".ts",    ".css", ".sh",   ".bat",  ".ps1",
	};

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (name_ends(name, ends[i]))
			return true;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (kinds[i].end && name_ends(name, kinds[i].end))
			return true;
	return false;
}

static bool begins_with(const struct buf *content, const char *words)
{
	size_t n = strlen(words), at = 0;

	if (content->len >= 3 && memcmp(content->data, "\xef\xbb\xbf", 3) == 0)
		at = 3;
	return content->len >= at + n &&
	       strncasecmp(content->data + at, words, n) == 0;
}

/* Types of data that are text all the same (RFC 6839: "+xml", "+json"). */
static bool is_text_type(const char *type)
{
	static const char *const types[] = {
		"application/json",       "application/xml",
		"application/xhtml+xml",  "application/ics",
		"application/javascript", "application/x-javascript",
		"application/yaml",       "application/x-yaml",
		"application/sql",        "application/x-sh",
	};

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (strcasecmp(type, types[i]) == 0)
			return true;
	return strncasecmp(type, "application/", 12) == 0 &&
	       (name_ends(type, "+xml") || name_ends(type, "+json"));
}

/*
 * Stray control characters and NULs do not make a text unreadable, and are left
 * out or shown; of a file that is none they are a tenth and more.
 */
static bool looks_like_text(const struct ledger_part *part)
{
	const struct buf *content = &part->content;
	bool shifts =
		part->charset && strncasecmp(part->charset, "iso-2022", 8) == 0;
	const char *known =
		shifts ? "\b\t\r\n\f\x1b\x0e\x0f" : "\b\t\r\n\f\x1b";
	size_t n = content->len < 4096 ? content->len : 4096, odd = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)content->data[i];

		odd += c == 0 || (c < 0x20 && !strchr(known, c));
	}
	return odd <= 4 + n / 50 && odd * 4 <= n;
}

bool text_part_begins_as_html(const struct buf *content)
{
	static const char *const tags[] = {"<html", "<table", "<!doctype html"};
	size_t n = content->len < HTML_HEAD ? content->len : HTML_HEAD;
	char *head CLEANUP(xfree) = n > 0 ? xstrndup(content->data, n) : NULL;

	if (!head || head[strspn(head, "\xef\xbb\xbf \t\r\n")] != '<')
		return false;
	for (size_t i = 0; i < ARRAY_LEN(tags); i++)
		if (strcasestr(head, tags[i]))
			return true;
	return false;
}

static void set_office_kind(struct ledger_part *part, enum ledger_kind kind)
{
	part->kind =
		text_part_begins_as_html(&part->content) ? LEDGER_HTML : kind;
	part->detected = part->kind == LEDGER_HTML    ? HTML
	                 : part->kind == LEDGER_TABLE ? "text/csv"
	                                              : "text/plain";
}

static void set_kind(struct ledger_part *part)
{
	part->detected = "text/plain";
	part->kind = LEDGER_TEXT;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (strcasecmp(part->type, kinds[i].type) != 0 &&
		    !(kinds[i].end && name_ends(part->name, kinds[i].end)) &&
		    !(kinds[i].begin &&
		      begins_with(&part->content, kinds[i].begin)))
			continue;
		part->detected = kinds[i].detected;
		part->kind = kinds[i].kind;
		return;
	}
}

/* Programs name the type of a .csv after what opens it at their place. */
static bool is_called_text(const struct ledger_part *part)
{
	static const char *const never[] = {"image/", "audio/", "video/",
	                                    "font/"};

	if (strncasecmp(part->type, "text/", 5) == 0 ||
	    strncasecmp(part->type, "message/", 8) == 0 ||
	    is_text_type(part->type))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(never); i++)
		if (strncasecmp(part->type, never[i], strlen(never[i])) == 0)
			return false;
	if (strcasecmp(part->type, "application/octet-stream") == 0 &&
	    part->name && !strchr(part->name, '.'))
		return true; /* README, Makefile: the content says it */
	return ends_like_text(part->name);
}

/* Kinds that are known by their content, which was looked at before. */
static bool is_called_document(const struct ledger_part *part)
{
	static const char *const ends[] = {
		".pdf",  ".jpg",  ".jpeg", ".png",  ".gif",  ".tif",  ".tiff",
		".webp", ".heic", ".bmp",  ".docx", ".xlsx", ".pptx", ".odt",
		".ods",  ".odp",  ".doc",  ".xls",  ".ppt",
	};

	if (strcasecmp(part->type, "application/pdf") == 0)
		return true;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (name_ends(part->name, ends[i]))
			return true;
	return false;
}

/*
 * Words that nobody calls text: source code, settings, lists under a name that
 * is not known here. Certain enough are only UTF-8 and lines with blanks; keys
 * and certificates (RFC 7468) are lines, too, but not to be read.
 */
static bool reads_as_text(const struct ledger_part *part)
{
	const struct buf *content = &part->content;

	if (strncasecmp(part->type, "application/", 12) != 0 ||
	    is_called_document(part) || begins_with(content, "-----BEGIN ") ||
	    !charset_is_utf8(content->data, content->len))
		return false;
	for (size_t i = 0; i < content->len; i++) {
		unsigned char c = (unsigned char)content->data[i];

		if (c < 0x20 && !memchr("\t\r\n\f", c, 4))
			return false;
	}
	return memchr(content->data, ' ', content->len) &&
	       memchr(content->data, '\n', content->len);
}

void text_part_detect(struct ledger_part *part)
{
	enum ledger_kind office = called_office(part);
	bool is_text = charset_is_wide(part->content.data, part->content.len,
	                               part->charset) ||
	               looks_like_text(part);

	part->detected = "application/octet-stream";
	part->kind = LEDGER_OTHER;
	if (office != LEDGER_OTHER && is_text && !name_ends(part->name, ".csv"))
		set_office_kind(part, office);
	else if (!is_called_text(part) && !reads_as_text(part))
		part->note = is_called_document(part)
		                     ? "it is broken, or not what its name says"
		                     : "this kind of file cannot be printed";
	else if (!is_text)
		part->note = "it is called text but is not";
	else
		set_kind(part);
}

bool text_part_takes_head(const struct ledger_part *part)
{
	return part->kind == LEDGER_TEXT || part->kind == LEDGER_HTML ||
	       part->kind == LEDGER_CALENDAR;
}

static int render_typed(const struct ledger_part *part, const struct buf *utf8,
                        const struct ledger_printing *printing, struct err *err)
{
	struct buf page CLEANUP(buf_fini) = {0};
	bool enriched = strcasecmp(part->type, "text/enriched") == 0;

	if (!part->flowed && !enriched)
		return card_above_text(part->head, utf8, &text_plain,
		                       printing->spec, printing->raster, err);
	if (enriched)
		enriched_read(utf8->data, utf8->len, &page);
	else
		flowed_join(utf8->data, utf8->len, part->delsp, &page);
	return card_above_text(part->head, &page, &text_plain, printing->spec,
	                       printing->raster, err);
}

/* The part, but for its content, as HTML. */
static int render_markdown(const struct ledger_part *part,
                           const struct buf *utf8,
                           const struct ledger_printing *printing,
                           struct err *err)
{
	struct buf html CLEANUP(buf_fini) = {0};
	struct ledger_part as_html = *part;
	char charset[] = "utf-8";

	if (utf8->len > MARKDOWN_BYTES)
		return render_typed(part, utf8, printing, err);
	markdown_read(utf8->data, utf8->len, &html);
	as_html.kind = LEDGER_HTML;
	as_html.charset = charset;
	as_html.content = html;
	return html_render(&as_html, printing, err);
}

static int render_kind(const struct ledger_part *part, const struct buf *utf8,
                       const struct ledger_printing *printing, struct err *err)
{
	const struct page_spec *spec = printing->spec;
	struct raster *raster = printing->raster;

	switch (part->kind) {
	case LEDGER_MARKDOWN: return render_markdown(part, utf8, printing, err);
	case LEDGER_TABLE:
		return table_render(utf8->data, utf8->len, spec, raster, err);
	case LEDGER_CALENDAR:
		return cards_render(utf8->data, utf8->len, calendar_read,
		                    part->head, spec, raster, err);
	case LEDGER_VCARD:
		return cards_render(utf8->data, utf8->len, vcard_read,
		                    part->head, spec, raster, err);
	case LEDGER_TEXT:
	case LEDGER_HTML:
	case LEDGER_PDF:
	case LEDGER_IMAGE:
	case LEDGER_OFFICE:
	case LEDGER_POSTSCRIPT:
	case LEDGER_OTHER: break;
	}
	return render_typed(part, utf8, printing, err);
}

int text_part_render(const struct ledger_part *part,
                     const struct ledger_printing *printing, struct err *err)
{
	struct buf utf8 CLEANUP(buf_fini) = {0};
	unsigned n_before = raster_pages(printing->raster);
	int r;

	if (part->content.len == 0 && !part->head)
		return err_set(err, -ENODATA,
		               "the mail has a subject alone, and its head is "
		               "not to be printed");
	charset_to_utf8(part->content.data, part->content.len, part->charset,
	                &utf8);
	terminal_clean(&utf8);
	buf_str(&utf8);
	if (hebrew_is_visual(part->charset, &utf8))
		hebrew_keep_order(&utf8);
	r = render_kind(part, &utf8, printing, err);
	if (r == -EINVAL && part->kind != LEDGER_TEXT &&
	    raster_pages(printing->raster) == n_before)
		r = render_typed(part, &utf8, printing, err);
	return r;
}
