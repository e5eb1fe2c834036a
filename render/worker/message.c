/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/message.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <strings.h>

#include <gmime/gmime.h>

#include "base/mem.h"
#include "render/worker/charset.h"
#include "render/worker/head.h"
#include "render/worker/head_mend.h"
#include "render/worker/header.h"
#include "render/worker/html_hollow.h"
#include "render/worker/leaf.h"
#include "render/worker/scan.h"

/*
 * The tree is walked once, depth first. A multipart is no part of the ledger,
 * its children are, and those of a multipart/alternative say so: which of them
 * is printed is for the plan to say. Parameters are read one by one and never
 * re-encoded: g_mime_multipart_get_boundary() can grow without end (GMime issue
 * 165).
 */
void message_init(void)
{
	/* For headers with raw eight-bit bytes (RFC 5322 forbids them). */
	static const char *fallback[] = {"utf-8", "windows-1252", NULL};
	GMimeParserOptions *options;

	g_mime_init();
	options = g_mime_parser_options_get_default();
	g_mime_parser_options_set_fallback_charsets(options, fallback);
}

static void walk_object(struct walk *walk, GMimeObject *object, const char *id);

static void child_id(char *out, size_t size, const char *id, int n)
{
	snprintf(out, size, "%s%s%d", id, *id ? "." : "", n);
}

/* Its boundary never came: all the text stands before the first part. */
static void add_prologue(struct walk *walk, GMimeMultipart *multipart,
                         const char *id)
{
	const char *text = g_mime_multipart_get_prologue(multipart);
	char child_name[64];

	if (!text)
		return;
	child_id(child_name, sizeof child_name, id, 1);
	leaf_add_text(walk, text, child_name);
}

/* Which branch of which group of alternatives all that is below belongs to. */
static void enter_branch(struct walk *walk, const char *id, int branch)
{
	size_t used = strlen(walk->alternative);
	size_t room = sizeof walk->alternative - used;
	char text[96];
	int n = snprintf(text, sizeof text, "%s%s:%d", used ? "," : "",
	                 *id ? id : "0", branch);

	if (n > 0 && (size_t)n < room)
		memcpy(walk->alternative + used, text, (size_t)n + 1);
}

static void walk_multipart(struct walk *walk, GMimeMultipart *multipart,
                           const char *id)
{
	GMimeContentType *type =
		g_mime_object_get_content_type(GMIME_OBJECT(multipart));
	bool is_choice =
		g_mime_content_type_is_type(type, "multipart", "alternative");
	int n = g_mime_multipart_get_count(multipart);
	size_t outer = strlen(walk->alternative);
	const char *note = walk->note;

	if (g_mime_content_type_is_type(type, "multipart", "encrypted"))
		walk->note = "it is encrypted, and there is no key for it here";
	if (n == 0)
		add_prologue(walk, multipart, id);
	for (int i = 0; i < n; i++) {
		GMimeObject *child = g_mime_multipart_get_part(multipart, i);
		char child_name[64];

		child_id(child_name, sizeof child_name, id, i + 1);
		if (is_choice)
			enter_branch(walk, id, i + 1);
		walk_object(walk, child, child_name);
		walk->alternative[outer] = '\0';
	}
	walk->note = note;
}

static bool is_related(GMimeObject *object)
{
	return object &&
	       g_mime_content_type_is_type(g_mime_object_get_content_type(
						   object),
	                                   "multipart", "related");
}

/*
 * A page of the web that a browser or Word saved as one file is a mail by its
 * form only (RFC 2557): who wrote it is the program, or nobody.
 */
static bool is_saved_page(GMimeMessage *message)
{
	GMimeObject *object = GMIME_OBJECT(message);
	const char *from = g_mime_object_get_header(object, "From");

	if (g_mime_object_get_header(object, "Snapshot-Content-Location"))
		return true;
	if (!from && !g_mime_object_get_header(object, "Subject"))
		return is_related(g_mime_message_get_mime_part(message));
	if (!from)
		return false;
	return strncasecmp(from + strspn(from, "\"<"), "Saved by ", 9) == 0;
}

/*
 * An attached message opens with its own head, as on any forwarded mail; a
 * saved page with none.
 */
void walk_message(struct walk *walk, GMimeMessage *message, const char *id)
{
	GMimeObject *object = g_mime_message_get_mime_part(message);
	struct card head CLEANUP(card_fini) = {0};
	struct walk below = *walk;
	size_t n_before = walk->ledger->n_parts;
	bool is_page = is_saved_page(message);
	char child_name[64];

	if (!is_page)
		head_read(message, &head);
	below.head = &head;
	below.attached = true;
	child_id(child_name, sizeof child_name, id, 1);
	if (object)
		walk_object(&below, object,
		            GMIME_IS_MULTIPART(object) ? id : child_name);
	if (is_page)
		ledger_mark_page(walk->ledger, n_before);
}

static void walk_attached(struct walk *walk, GMimeMessagePart *holder,
                          const char *id)
{
	GMimeMessage *message = g_mime_message_part_get_message(holder);

	if (message)
		walk_message(walk, message, id);
}

static void walk_object(struct walk *walk, GMimeObject *object, const char *id)
{
	/* Beyond the scan's bound the scan and GMime disagree: cut here. */
	if (walk->depth > SCAN_DEPTH || walk->ledger->n_parts > SCAN_PARTS)
		return;
	walk->depth++;
	if (GMIME_IS_MULTIPART(object))
		walk_multipart(walk, GMIME_MULTIPART(object), id);
	else if (GMIME_IS_MESSAGE_PART(object))
		walk_attached(walk, GMIME_MESSAGE_PART(object), id);
	else if (GMIME_IS_PART(object))
		leaf_add(walk, GMIME_PART(object), id);
	walk->depth--;
}

static void tell_headers(GMimeMessage *message, message_header_fn *header,
                         void *arg)
{
	static const char *const names[] =
		{"subject",     "from",       "sender",         "reply-to",
	         "to",          "cc",         "date",           "message-id",
	         "in-reply-to", "references", "auto-submitted", "precedence",
	         "list-id"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char *value CLEANUP(xfree) = header_text(message, names[i]);

		if (value)
			header(names[i], value, arg);
	}
}

/* What a message refers to, as long as it lives. */
struct mail {
	GByteArray bytes;
	struct buf mended;
};

static void mail_fini(struct mail *mail)
{
	buf_fini(&mail->mended);
}

static inline __attribute__((unused)) void mail_fini_cleanup_(struct mail *mail)
{
	mail_fini(mail);
}

/* The message refers to *mail, which refers to the caller's data. */
static GMimeMessage *parse(const char *data, size_t len, struct mail *mail)
{
	bool is_mended = head_mend(data, len, &mail->mended);
	GMimeStream *stream;
	GMimeParser *parser;
	GMimeMessage *message;

	/* Read only; GMime has no borrowing stream for constant bytes. */
	mail->bytes.data =
		(guint8 *)(uintptr_t)(is_mended ? mail->mended.data : data);
	mail->bytes.len = (guint)(is_mended ? mail->mended.len : len);
	stream = g_mime_stream_mem_new_with_byte_array(&mail->bytes);
	parser = g_mime_parser_new_with_stream(stream);
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	g_mime_parser_set_persist_stream(parser, TRUE);
	message = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	g_object_unref(stream);
	return message;
}

bool walk_bytes(struct walk *walk, const char *data, size_t len, bool is_mail,
                const char *id)
{
	struct mail mail CLEANUP(mail_fini) = {0};
	GMimeMessage *message;
	GMimeObject *object;
	char child_name[64];

	if (len > G_MAXINT || walk->depth > SCAN_DEPTH ||
	    scan_message(data, len, &walk->ledger->limits, NULL) < 0)
		return false;
	message = parse(data, len, &mail);
	if (!message)
		return false;
	object = g_mime_message_get_mime_part(message);
	child_id(child_name, sizeof child_name, id, 1);
	walk->depth++;
	if (is_mail)
		walk_message(walk, message, id);
	else if (object)
		walk_object(walk, object,
		            GMIME_IS_MULTIPART(object) ? id : child_name);
	walk->depth--;
	g_object_unref(message);
	return true;
}

static bool has_subject(const struct card *head)
{
	for (size_t i = 0; i < head->n_rows; i++)
		if (strcmp(head->rows[i].label, "Subject") == 0)
			return true;
	return false;
}

/*
 * "Call Bob": who writes a subject alone has said it all. The text that is not
 * there is printed, below its head.
 */
static void keep_note(struct ledger *ledger)
{
	struct ledger_part *part;

	for (size_t i = 0; i < ledger->n_parts; i++)
		if (!ledger_is_empty_body(&ledger->parts[i]))
			return;
	if (!has_subject(&ledger->head))
		return;
	if (ledger->n_parts == 0) {
		part = ledger_add(ledger);
		snprintf(part->id, sizeof part->id, "1");
		part->type = xstrdup("text/plain");
		part->disposition = xstrdup("");
	}
	part = &ledger->parts[0];
	buf_clear(&part->content);
	part->detected = "text/plain";
	part->kind = LEDGER_TEXT;
	part->note = NULL;
}

int message_read(const char *data, size_t len, struct ledger *ledger,
                 message_header_fn *header, void *arg, struct err *err)
{
	struct walk walk = {.ledger = ledger};
	struct mail mail CLEANUP(mail_fini) = {0};
	GMimeObject *object;
	GMimeMessage *message;
	int r = scan_message(data, len, &ledger->limits, err);

	if (r < 0)
		return r;
	message = parse(data, len, &mail);
	if (!message)
		return err_set(err, -EINVAL, "it cannot be read as a mail");
	tell_headers(message, header, arg);
	head_read(message, &ledger->head);
	object = g_mime_message_get_mime_part(message);
	if (object)
		walk_object(&walk, object,
		            GMIME_IS_MULTIPART(object) ? "" : "1");
	g_object_unref(message);
	ledger_mark_referenced(ledger);
	html_mark_hollow(ledger);
	keep_note(ledger);
	return 0;
}
