/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/message.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <strings.h>

#include <gmime/gmime.h>

#include "base/mem.h"
#include "render/worker/charset.h"
#include "render/worker/scan.h"
#include "render/worker/transfer.h"

/*
 * The tree is walked once, depth first. A multipart is no part of the ledger,
 * its children are; of a multipart/alternative one child is the text that is
 * printed and the others say which. Parameters are read one by one and never
 * re-encoded: g_mime_multipart_get_boundary() can grow without end (GMime issue
 * 165).
 */
struct walk {
	struct ledger *ledger;
	const char *note;    /* for all that is below, or NULL */
	const char *preface; /* for the next readable part, or NULL */
	bool attached;       /* inside an attached message */
	unsigned depth;
};

void message_init(void)
{
	/* For headers with raw eight-bit bytes (RFC 5322 forbids them). */
	static const char *fallback[] = {"utf-8", "windows-1252", NULL};
	GMimeParserOptions *options;

	g_mime_init();
	options = g_mime_parser_options_get_default();
	g_mime_parser_options_set_fallback_charsets(options, fallback);
}

/* The content's bytes, as they stand in the message. */
static GByteArray *raw_content(GMimeDataWrapper *content)
{
	GMimeStream *source = g_mime_data_wrapper_get_stream(content);
	GMimeStream *target = g_mime_stream_mem_new();
	GByteArray *bytes = g_byte_array_new();

	g_mime_stream_mem_set_byte_array(GMIME_STREAM_MEM(target), bytes);
	g_mime_stream_reset(source);
	g_mime_stream_write_to_stream(source, target);
	g_object_unref(target);
	return bytes;
}

static void take_decoded(GMimeDataWrapper *content, struct buf *out)
{
	GMimeStream *target = g_mime_stream_mem_new();
	GByteArray *bytes;

	g_mime_data_wrapper_write_to_stream(content, target);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(target));
	buf_append(out, bytes->data, bytes->len);
	g_object_unref(target);
}

static void take_content(GMimePart *part, struct buf *out)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	GByteArray *raw;

	if (!content)
		return;
	if (g_mime_data_wrapper_get_encoding(content) !=
	    GMIME_CONTENT_ENCODING_BASE64) {
		take_decoded(content, out);
		return;
	}
	raw = raw_content(content);
	transfer_decode_base64((const char *)raw->data, raw->len, out);
	g_byte_array_unref(raw);
}

/* Any text of a header as valid UTF-8; NULL stays NULL. */
static char *as_utf8(const char *text)
{
	struct buf out CLEANUP(buf_fini) = {0};

	if (!text)
		return NULL;
	charset_to_utf8(text, strlen(text), NULL, &out);
	return xstrdup(buf_str(&out));
}

static bool parameter_is(GMimeObject *object, const char *name,
                         const char *value)
{
	const char *found =
		g_mime_object_get_content_type_parameter(object, name);

	return found && strcasecmp(found, value) == 0;
}

static void describe(struct ledger_part *part, GMimeObject *object)
{
	GMimeContentType *type = g_mime_object_get_content_type(object);
	GMimeContentDisposition *disposition =
		g_mime_object_get_content_disposition(object);
	const char *cid = g_mime_object_get_content_id(object);
	char *mime = g_mime_content_type_get_mime_type(type);

	part->type = as_utf8(mime);
	g_free(mime);
	part->charset = as_utf8(
		g_mime_object_get_content_type_parameter(object, "charset"));
	part->flowed = parameter_is(object, "format", "flowed");
	part->delsp = parameter_is(object, "delsp", "yes");
	part->cid = as_utf8(cid);
	part->disposition = as_utf8(
		disposition ? g_mime_content_disposition_get_disposition(
				      disposition)
			    : "");
}

/* Of a leaf that is encrypted or only signs another, whatever it holds. */
static const char *note_by_type(const char *type, bool *encrypted)
{
	if (strcasecmp(type, "application/pkcs7-mime") == 0 ||
	    strcasecmp(type, "application/x-pkcs7-mime") == 0 ||
	    strcasecmp(type, "application/pgp-encrypted") == 0) {
		*encrypted = true;
		return "it is encrypted or wrapped by S/MIME or PGP";
	}
	if (strcasecmp(type, "application/pgp-signature") == 0 ||
	    strcasecmp(type, "application/pkcs7-signature") == 0 ||
	    strcasecmp(type, "application/x-pkcs7-signature") == 0 ||
	    strcasecmp(type, "application/pgp-keys") == 0)
		return "it is a signature";
	return NULL;
}

static void add_leaf(struct walk *walk, GMimePart *leaf, const char *id)
{
	struct ledger_part *part = ledger_add(walk->ledger);

	snprintf(part->id, sizeof part->id, "%s", id);
	describe(part, GMIME_OBJECT(leaf));
	part->name = as_utf8(g_mime_part_get_filename(leaf));
	part->attached = walk->attached;
	take_content(leaf, &part->content);
	part->note = note_by_type(part->type, &part->encrypted);
	if (walk->note)
		part->note = walk->note;
	ledger_detect(part);
	if (walk->preface && ledger_is_printable(part) &&
	    (part->kind == LEDGER_TEXT || part->kind == LEDGER_HTML)) {
		part->preface = xstrdup(walk->preface);
		walk->preface = NULL;
	}
}

static void walk_object(struct walk *walk, GMimeObject *object, const char *id);

static void child_id(char *out, size_t size, const char *id, int n)
{
	snprintf(out, size, "%s%s%d", id, *id ? "." : "", n);
}

/* What a multipart/alternative's child would read like; 0: not readable. */
static int readability(GMimeObject *object)
{
	GMimeContentType *type = g_mime_object_get_content_type(object);
	GMimeMultipart *multipart;
	int best = 0;

	if (g_mime_content_type_is_type(type, "text", "plain"))
		return 3;
	if (g_mime_content_type_is_type(type, "text", "html"))
		return 2;
	if (!GMIME_IS_MULTIPART(object))
		return 0;
	multipart = GMIME_MULTIPART(object);
	if (g_mime_multipart_get_count(multipart) > 0)
		best = readability(g_mime_multipart_get_part(multipart, 0));
	return best;
}

static bool is_blank_text(GMimeObject *object)
{
	struct buf content CLEANUP(buf_fini) = {0};

	if (!GMIME_IS_TEXT_PART(object))
		return false;
	take_content(GMIME_PART(object), &content);
	for (size_t i = 0; i < content.len; i++)
		if (!strchr(" \t\r\n", content.data[i]))
			return false;
	return true;
}

/* Senders also put an empty text/plain beside the HTML that says it all. */
static int pick_alternative(GMimeMultipart *multipart)
{
	int n = g_mime_multipart_get_count(multipart), best = 0, picked = 0;

	for (int i = 0; i < n; i++) {
		GMimeObject *child = g_mime_multipart_get_part(multipart, i);
		int value = readability(child);

		if (value > best && !is_blank_text(child)) {
			best = value;
			picked = i;
		}
	}
	return picked;
}

/* Its boundary never came: all the text stands before the first part. */
static void add_prologue(struct walk *walk, GMimeMultipart *multipart,
                         const char *id)
{
	const char *text = g_mime_multipart_get_prologue(multipart);
	struct ledger_part *part;

	if (!text)
		return;
	part = ledger_add(walk->ledger);
	child_id(part->id, sizeof part->id, id, 1);
	part->type = xstrdup("text/plain");
	part->disposition = xstrdup("");
	part->attached = walk->attached;
	part->note = walk->note;
	buf_puts(&part->content, text);
	ledger_detect(part);
}

/* The one that is printed comes with its own verdict; the others are noted. */
static void walk_multipart(struct walk *walk, GMimeMultipart *multipart,
                           const char *id)
{
	GMimeContentType *type =
		g_mime_object_get_content_type(GMIME_OBJECT(multipart));
	bool alternative =
		g_mime_content_type_is_type(type, "multipart", "alternative");
	int n = g_mime_multipart_get_count(multipart);
	int picked = alternative ? pick_alternative(multipart) : 0;
	const char *note = walk->note;

	if (g_mime_content_type_is_type(type, "multipart", "encrypted"))
		walk->note = "it is encrypted";
	if (n == 0)
		add_prologue(walk, multipart, id);
	for (int i = 0; i < n; i++) {
		GMimeObject *child = g_mime_multipart_get_part(multipart, i);
		char child_name[64];

		child_id(child_name, sizeof child_name, id, i + 1);
		if (alternative && !note)
			walk->note = i == picked || readability(child) == 0
			                     ? NULL
			                     : "the same text in another form";
		walk_object(walk, child, child_name);
	}
	walk->note = note;
}

static void put_header(struct buf *out, const char *label, GMimeObject *object,
                       const char *name)
{
	const char *raw = g_mime_object_get_header(object, name);
	char *decoded = raw ? g_mime_utils_header_decode_text(NULL, raw) : NULL;
	char *value CLEANUP(xfree) = as_utf8(decoded);

	g_free(decoded);
	if (value)
		buf_printf(out, "%s: %s\n", label, value);
}

/* An attached message opens with its own header, as on any forwarded mail. */
static void walk_attached(struct walk *walk, GMimeMessagePart *holder,
                          const char *id)
{
	GMimeMessage *message = g_mime_message_part_get_message(holder);
	struct buf preface CLEANUP(buf_fini) = {0};
	struct walk below = *walk;
	GMimeObject *object;
	char child_name[64];

	if (!message)
		return;
	object = GMIME_OBJECT(message);
	put_header(&preface, "From", object, "From");
	put_header(&preface, "To", object, "To");
	put_header(&preface, "Date", object, "Date");
	put_header(&preface, "Subject", object, "Subject");
	below.preface = buf_str(&preface);
	below.attached = true;
	object = g_mime_message_get_mime_part(message);
	child_id(child_name, sizeof child_name, id, 1);
	if (object)
		walk_object(&below, object,
		            GMIME_IS_MULTIPART(object) ? id : child_name);
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
		add_leaf(walk, GMIME_PART(object), id);
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
		const char *raw =
			g_mime_object_get_header(GMIME_OBJECT(message),
		                                 names[i]);
		char *decoded =
			raw ? g_mime_utils_header_decode_text(NULL, raw) : NULL;
		char *value CLEANUP(xfree) = as_utf8(decoded);

		g_free(decoded);
		if (value)
			header(names[i], value, arg);
	}
}

/* The message refers to *bytes, which refers to the caller's data. */
static GMimeMessage *parse(GByteArray *bytes)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(bytes);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message;

	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	g_mime_parser_set_persist_stream(parser, TRUE);
	message = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	g_object_unref(stream);
	return message;
}

int message_read(const char *data, size_t len, struct ledger *ledger,
                 message_header_fn *header, void *arg, struct err *err)
{
	struct walk walk = {.ledger = ledger};
	/* Read only; GMime has no borrowing stream for constant bytes. */
	GByteArray bytes = {(guint8 *)(uintptr_t)data, (guint)len};
	GMimeObject *object;
	GMimeMessage *message;
	int r = scan_message(data, len, err);

	if (r < 0)
		return r;
	message = parse(&bytes);
	if (!message)
		return err_set(err, -EINVAL, "it cannot be read as a mail");
	tell_headers(message, header, arg);
	object = g_mime_message_get_mime_part(message);
	if (object)
		walk_object(&walk, object,
		            GMIME_IS_MULTIPART(object) ? "" : "1");
	g_object_unref(message);
	ledger_mark_referenced(ledger);
	return 0;
}
