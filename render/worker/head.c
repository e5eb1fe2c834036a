/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/head.h"

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"
#include "render/worker/charset.h"
#include "render/worker/header.h"
#include "render/worker/ledger.h"
#include "render/worker/pdf.h"

#define PEOPLE_MAX 8   /* of one list; more are counted */
#define PARTS_MAX  20  /* listed; more are counted */
#define PERSON_MAX 200 /* bytes of one name and address */

/* To be freed by g_free(). A group of nobody is its name. */
static char *words_for_person(InternetAddress *person)
{
	InternetAddressList *members =
		INTERNET_ADDRESS_IS_GROUP(person)
			? internet_address_group_get_members(
				  INTERNET_ADDRESS_GROUP(person))
			: NULL;

	if (members && internet_address_list_length(members) == 0)
		return g_strdup(internet_address_get_name(person));
	return internet_address_to_string(person, NULL, FALSE);
}

/*
 * An address is isolated once more, from left to right: else FriBidi takes its
 * last bracket for what follows, behind a name from right to left.
 */
static void put_words(struct buf *out, const char *words, size_t len)
{
	const char *address = memrchr(words, '<', len);

	if (!address || words[len - 1] != '>') {
		buf_append(out, words, len);
		return;
	}
	buf_append(out, words, (size_t)(address - words));
	buf_puts(out, "\xe2\x81\xa6");
	buf_append(out, address, (size_t)(words + len - address));
	buf_puts(out, "\xe2\x81\xa9");
}

static void put_person(struct buf *out, InternetAddress *person)
{
	char *words = words_for_person(person);
	struct buf utf8 CLEANUP(buf_fini) = {0};
	struct buf clean CLEANUP(buf_fini) = {0};
	size_t len;

	charset_to_utf8(words ? words : "", words ? strlen(words) : 0, NULL,
	                &utf8);
	g_free(words);
	header_flatten(buf_str(&utf8), &clean);
	len = clean.len;
	if (len > PERSON_MAX)
		for (len = PERSON_MAX;
		     len > 0 && (clean.data[len] & 0xc0) == 0x80;)
			len--;
	if (out->len > 0)
		buf_puts(out, ", ");
	/* Isolated (UAX 9): names of two directions do not mix. */
	buf_puts(out, "\xe2\x81\xa8");
	put_words(out, buf_str(&clean), len);
	buf_puts(out,
	         len < clean.len ? "\xe2\x80\xa6\xe2\x81\xa9" : "\xe2\x81\xa9");
}

static void add_people(struct card *card, const char *label,
                       GMimeMessage *message)
{
	InternetAddressList *people = header_people(message, label);
	struct buf out CLEANUP(buf_fini) = {0};
	int n = people ? internet_address_list_length(people) : 0;
	int shown = n > PEOPLE_MAX + 1 ? PEOPLE_MAX : n;

	for (int i = 0; i < shown; i++)
		put_person(&out, internet_address_list_get_address(people, i));
	if (shown < n)
		buf_printf(&out, " and %d more", n - shown);
	if (people)
		g_object_unref(people);
	card_add(card, label, buf_str(&out));
}

void head_read(GMimeMessage *message, struct card *card)
{
	char *date CLEANUP(xfree) = header_text(message, "Date");
	char *subject CLEANUP(xfree) = header_text(message, "Subject");

	add_people(card, "From", message);
	add_people(card, "To", message);
	add_people(card, "Cc", message);
	card_add(card, "Date", date);
	card_add(card, "Subject", subject);
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
	struct buf what CLEANUP(buf_fini) = {0};

	header_flatten(words_for(part), &what);
	buf_printf(out, "%s%.200s: ", out->len > 0 ? "\n" : "", buf_str(&what));
	if (is_printed)
		buf_puts(out, "printed");
	else if (part->opened && part->note)
		buf_puts(out, part->note);
	else
		buf_printf(out, "not printed%s%s", part->note ? ", " : "",
		           part->note ? part->note : "");
}

/*
 * What its reader would count: not the pictures in the text, nor the text once
 * more in another form.
 */
static bool is_listed(const struct ledger_part *part, bool is_printed)
{
	if (part->kind == LEDGER_IMAGE && part->referenced)
		return false;
	return is_printed || part->name || part->alternative[0] == '\0';
}

void head_add_parts(struct card *card, const struct ledger *ledger,
                    head_printed_fn *printed, void *arg)
{
	struct buf out CLEANUP(buf_fini) = {0};
	size_t n = 0;

	for (size_t i = 0; i < ledger->n_parts; i++) {
		const struct ledger_part *part = &ledger->parts[i];
		bool is_printed = printed(part, arg);

		if (!is_listed(part, is_printed))
			continue;
		if (n++ < PARTS_MAX)
			put_part(&out, part, is_printed);
	}
	if (n > PARTS_MAX)
		buf_printf(&out, "\nand %zu more", n - PARTS_MAX);
	if (n > 1)
		card_add(card, "Parts", buf_str(&out));
}
