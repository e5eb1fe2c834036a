/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/ledger.h"

#include <errno.h>
#include <strings.h>

#include "base/mem.h"
#include "render/worker/html.h"
#include "render/worker/html_blank.h"
#include "render/worker/html_reference.h"
#include "render/worker/image_kind.h"
#include "render/worker/office.h"
#include "render/worker/pdf.h"
#include "render/worker/postscript.h"
#include "render/worker/text_part.h"

#define EMPTY   "application/x-empty" /* what it is detected as */
#define HTML    "text/html"
#define OF_PAGE "it belongs to the web page"

struct ledger_part *ledger_add(struct ledger *ledger)
{
	if (ledger->n_parts == ledger->n_allocated) {
		ledger->n_allocated = ledger->n_allocated * 2 + 16;
		ledger->parts =
			xrealloc(ledger->parts,
		                 ledger->n_allocated * sizeof *ledger->parts);
	}
	ledger->parts[ledger->n_parts] = (struct ledger_part){0};
	return &ledger->parts[ledger->n_parts++];
}

struct ledger_part *ledger_find(const struct ledger *ledger, const char *id)
{
	for (size_t i = 0; i < ledger->n_parts; i++)
		if (strcmp(ledger->parts[i].id, id) == 0)
			return &ledger->parts[i];
	return NULL;
}

#define JPEG_XL                                                                \
	"pictures in JPEG XL cannot be printed; save it as JPEG, and send that"

/* First bytes that say what a file is, whatever its sender calls it. */
static const struct {
	const char *bytes;
	size_t len;
	const char *type;
	enum ledger_kind kind;
	const char *note;
} magics[] = {
	{"PK\3\4", 4, "application/zip", LEDGER_OTHER,
         "archives cannot be printed"},
	{"\xd0\xcf\x11\xe0", 4, "application/x-ole-storage", LEDGER_OTHER,
         "this kind of file cannot be printed"},
	{"\x1f\x8b", 2, "application/gzip", LEDGER_OTHER,
         "archives cannot be printed"},
	{"7z\xbc\xaf\x27\x1c", 6, "application/x-7z-compressed", LEDGER_OTHER,
         "archives of this kind cannot be printed; send what is in it"},
	{"Rar!\x1a\x07", 6, "application/vnd.rar", LEDGER_OTHER,
         "archives of this kind cannot be printed; send what is in it"},
	{"\xff\x0a", 2, "image/jxl", LEDGER_OTHER, JPEG_XL},
	{"\0\0\0\x0cJXL \r\n\x87\n", 12, "image/jxl", LEDGER_OTHER, JPEG_XL},
	{"\x78\x9f\x3e\x22", 4, "application/ms-tnef", LEDGER_OTHER, NULL},
};

/* Where somebody writes about a drawing, its source is what they mean. */
static bool is_body(const struct ledger_part *part)
{
	return !part->name && strncasecmp(part->type, "text/", 5) == 0;
}

static bool detect_image(struct ledger_part *part)
{
	const struct image_kind *kind =
		image_kind_of(part->content.data, part->content.len);

	if (!kind || (!kind->open && is_body(part)))
		return false;
	part->detected = kind->type;
	part->kind = LEDGER_IMAGE;
	return true;
}

static bool detect_pages(struct ledger_part *part)
{
	const struct buf *content = &part->content;
	const struct pdf_type *type = pdf_type_of(content->data, content->len);

	/* a text may say in its first lines how a PDF begins */
	if (!type || (strncasecmp(part->type, "text/", 5) == 0 &&
	              type->kind == PDF_KIND_PDF &&
	              memcmp(content->data, "%PDF-", 5) != 0))
		return false;
	part->detected = type->media_type;
	part->kind = LEDGER_PDF;
	part->encrypted =
		type->kind == PDF_KIND_PDF && buf_contains(content, "/Encrypt");
	return true;
}

static bool detect_magic(struct ledger_part *part)
{
	const struct buf *content = &part->content;

	if (office_detect(part) || detect_pages(part) ||
	    postscript_detect(part))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(magics); i++) {
		if (content->len < magics[i].len ||
		    memcmp(content->data, magics[i].bytes, magics[i].len) != 0)
			continue;
		part->detected = magics[i].type;
		part->kind = magics[i].kind;
		part->note =
			office_is_called(part)
				? "it is damaged, or not what its name says"
				: magics[i].note;
		return true;
	}
	return detect_image(part) || postscript_detect_by_name(part);
}

static bool is_blank(const struct ledger_part *part)
{
	const struct buf *content = &part->content;

	if (content->len > 0 && strncasecmp(part->type, "text/", 5) != 0)
		return false;
	if (!part->is_web && strcasecmp(part->type, HTML) == 0)
		return html_blank(content->data, content->len);
	for (size_t i = 0; i < content->len; i++)
		if (!strchr(" \t\r\n\f", content->data[i]) || !content->data[i])
			return false;
	return true;
}

bool ledger_is_other_form(const struct ledger_part *part,
                          const struct ledger_part *other)
{
	size_t group = strcspn(part->alternative, ":");

	return part->alternative[0] &&
	       strncmp(other->alternative, part->alternative, group + 1) == 0 &&
	       strcmp(other->alternative, part->alternative) != 0;
}

bool ledger_is_empty_body(const struct ledger_part *part)
{
	return strcmp(part->detected, EMPTY) == 0 && !part->attached &&
	       !part->name && strncasecmp(part->type, "text/", 5) == 0 &&
	       strcasecmp(part->disposition, "attachment") != 0;
}

void ledger_detect(struct ledger_part *part)
{
	const char *note = part->note;

	if (is_blank(part)) {
		part->detected = EMPTY;
		part->kind = LEDGER_OTHER;
		part->note = "it is empty";
		return;
	}
	if (!detect_magic(part))
		text_part_detect(part);
	if (note)
		part->note = note;
}

static bool is_style(const struct ledger_part *part)
{
	return strcasecmp(part->type, "text/css") == 0;
}

static bool is_html(const struct ledger_part *part)
{
	return strcasecmp(part->type, HTML) == 0;
}

static bool is_referred_to(const struct ledger_part *part,
                           const struct ledger_part *by)
{
	const struct buf *html = &by->content;

	/* a document that the text links to is one all the same */
	if (part->kind == LEDGER_IMAGE && part->name &&
	    part->attached == by->attached &&
	    html_refers_to_name(html->data, html->len, part->name))
		return true;
	return (part->cid && *part->cid &&
	        html_refers_to(html->data, html->len, part->cid)) ||
	       (part->location &&
	        html_refers_to_address(html->data, html->len, part->location));
}

void ledger_mark_referenced(struct ledger *ledger)
{
	for (size_t i = 0; i < ledger->n_parts; i++) {
		struct ledger_part *part = &ledger->parts[i];

		if (!part->cid && !part->location && !part->name)
			continue;
		for (size_t j = 0; j < ledger->n_parts; j++)
			if (j != i && (is_html(&ledger->parts[j]) ||
			               is_style(&ledger->parts[j])))
				part->referenced |=
					is_referred_to(part, &ledger->parts[j]);
		if (part->referenced && is_style(part) && !part->note)
			part->note = OF_PAGE;
	}
}

void ledger_mark_page(struct ledger *ledger, size_t first)
{
	size_t root = first;

	while (root < ledger->n_parts && !is_html(&ledger->parts[root]))
		root++;
	if (root == ledger->n_parts)
		return;
	for (size_t i = first; i < ledger->n_parts; i++) {
		if (i == root)
			continue;
		ledger->parts[i].referenced = true;
		ledger->parts[i].note = OF_PAGE;
	}
}

bool ledger_is_printable(const struct ledger_part *part)
{
	return part->kind != LEDGER_OTHER && !part->note;
}

bool ledger_is_wanted(const struct ledger_part *part)
{
	return ledger_is_printable(part) &&
	       !(part->kind == LEDGER_IMAGE && part->referenced);
}

static int render_pdf(const struct ledger_part *part,
                      const struct ledger_printing *printing, struct err *err)
{
	const struct buf *content = &part->content;
	struct pdf_faults faults = {0};
	struct buf note CLEANUP(buf_fini) = {0};
	const struct pdf_options options = {
		.kind = pdf_type_of(content->data, content->len)->kind,
		.password = printing->password,
		.faults = &faults,
	};
	int r = pdf_render_with(content->data, content->len, &options,
	                        printing->spec, printing->raster, err);

	pdf_faults_put(&faults, &note);
	if (r == 0 && note.len > 0)
		control_note(printing->control, part->id, buf_str(&note), NULL);
	return r;
}

static int render_image(const struct ledger_part *part,
                        const struct ledger_printing *printing, struct err *err)
{
	struct buf note CLEANUP(buf_fini) = {0};
	struct err why = {0};
	int r = image_render(part->content.data, part->content.len,
	                     printing->spec, printing->raster, &why);

	if (r < 0)
		return err_set(err, r, "%s", why.text);
	buf_printf(&note, "not printed as a whole: %s", why.text);
	if (r == IMAGE_INCOMPLETE)
		control_note(printing->control, part->id, buf_str(&note), NULL);
	return 0;
}

int ledger_render(const struct ledger_part *part,
                  const struct ledger_printing *printing, struct err *err)
{
	switch (part->kind) {
	case LEDGER_TEXT:
	case LEDGER_MARKDOWN:
	case LEDGER_TABLE:
	case LEDGER_CALENDAR:
	case LEDGER_VCARD: return text_part_render(part, printing, err);
	case LEDGER_HTML: return html_render(part, printing, err);
	case LEDGER_PDF: return render_pdf(part, printing, err);
	case LEDGER_IMAGE:
		return image_kind_of(part->content.data, part->content.len)
		               ? render_image(part, printing, err)
		               : office_render(part, printing, err);
	case LEDGER_OFFICE: return office_render(part, printing, err);
	case LEDGER_POSTSCRIPT: return postscript_render(part, printing, err);
	case LEDGER_OTHER: break;
	}
	return err_set(err, -ENOTSUP, "%s",
	               part->note ? part->note : "it cannot be printed");
}

static void fini_part(struct ledger_part *part)
{
	free(part->type);
	free(part->name);
	free(part->disposition);
	free(part->cid);
	free(part->location);
	free(part->charset);
	if (part->head)
		card_fini(part->head);
	free(part->head);
	buf_fini(&part->content);
}

void ledger_fini(struct ledger *ledger)
{
	for (size_t i = 0; i < ledger->n_parts; i++)
		fini_part(&ledger->parts[i]);
	free(ledger->parts);
	card_fini(&ledger->head);
	*ledger = (struct ledger){0};
}
