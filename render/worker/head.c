/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/head.h"

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "render/worker/charset.h"
#include "render/worker/ledger.h"
#include "render/worker/pdf.h"

#define PEOPLE_MAX 8   /* of one list; more are counted */
#define PARTS_MAX  20  /* listed; more are counted */
#define PERSON_MAX 200 /* bytes of one name and address */

static void put_person(struct buf *out, InternetAddress *person)
{
	char *words = internet_address_to_string(person, NULL, FALSE);
	struct buf clean CLEANUP(buf_fini) = {0};
	size_t len;

	charset_to_utf8(words ? words : "", words ? strlen(words) : 0, NULL,
	                &clean);
	g_free(words);
	len = clean.len;
	if (len > PERSON_MAX)
		for (len = PERSON_MAX;
		     len > 0 && (clean.data[len] & 0xc0) == 0x80;)
			len--;
	if (out->len > 0)
		buf_puts(out, ", ");
	/* Isolated (UAX 9): names of two directions do not mix. */
	buf_puts(out, "\xe2\x81\xa8");
	buf_append(out, clean.data, len);
	buf_puts(out,
	         len < clean.len ? "\xe2\x80\xa6\xe2\x81\xa9" : "\xe2\x81\xa9");
}

static void add_people(struct card *card, const char *label,
                       InternetAddressList *people)
{
	struct buf out CLEANUP(buf_fini) = {0};
	int n = people ? internet_address_list_length(people) : 0;
	int shown = n > PEOPLE_MAX + 1 ? PEOPLE_MAX : n;

	for (int i = 0; i < shown; i++)
		put_person(&out, internet_address_list_get_address(people, i));
	if (shown < n)
		buf_printf(&out, " and %d more", n - shown);
	card_add(card, label, buf_str(&out));
}

static void add_header(struct card *card, const char *label,
                       GMimeMessage *message, const char *name)
{
	const char *raw = g_mime_object_get_header(GMIME_OBJECT(message), name);
	char *decoded = raw ? g_mime_utils_header_decode_text(NULL, raw) : NULL;
	struct buf value CLEANUP(buf_fini) = {0};

	charset_to_utf8(decoded ? decoded : "", decoded ? strlen(decoded) : 0,
	                NULL, &value);
	g_free(decoded);
	card_add(card, label, buf_str(&value));
}

void head_read(GMimeMessage *message, struct card *card)
{
	add_people(card, "From", g_mime_message_get_from(message));
	add_people(card, "To", g_mime_message_get_to(message));
	add_people(card, "Cc", g_mime_message_get_cc(message));
	add_header(card, "Date", message, "Date");
	add_header(card, "Subject", message, "Subject");
}

/* As a person would call it. */
static const char *words_for(const struct ledger_part *part)
{
	if (part->name && *part->name)
		return part->name;
	switch (part->kind) {
	case LEDGER_TEXT:
	case LEDGER_HTML:
		return part->attached ? "text of an attached mail" : "text";
	case LEDGER_MARKDOWN: return "Markdown";
	case LEDGER_TABLE: return "table";
	case LEDGER_CALENDAR: return "invitation";
	case LEDGER_VCARD: return "address card";
	case LEDGER_IMAGE: return "picture";
	case LEDGER_PDF:
		return pdf_type_of(part->content.data, part->content.len)->name;
	case LEDGER_POSTSCRIPT: return "PostScript";
	case LEDGER_OFFICE:
	case LEDGER_OTHER: break;
	}
	return part->type;
}

static void put_part(struct buf *out, const struct ledger_part *part,
                     bool is_printed)
{
	const char *what = words_for(part);

	buf_printf(out, "%s%.200s: ", out->len > 0 ? "\n" : "", what);
	if (is_printed)
		buf_puts(out, "printed");
	else if (part->opened && part->note)
		buf_puts(out, part->note);
	else
		buf_printf(out, "not printed, %s",
		           part->note ? part->note
		           : part->kind == LEDGER_IMAGE && part->referenced
		                   ? "it belongs to the body"
		                   : "as the settings say");
}

void head_add_parts(struct card *card, const struct ledger *ledger,
                    head_printed_fn *printed, void *arg)
{
	struct buf out CLEANUP(buf_fini) = {0};
	size_t shown = ledger->n_parts;

	if (ledger->n_parts < 2)
		return;
	if (shown > PARTS_MAX + 1)
		shown = PARTS_MAX;
	for (size_t i = 0; i < shown; i++)
		put_part(&out, &ledger->parts[i],
		         printed(&ledger->parts[i], arg));
	if (shown < ledger->n_parts)
		buf_printf(&out, "\nand %zu more", ledger->n_parts - shown);
	card_add(card, "Parts", buf_str(&out));
}
