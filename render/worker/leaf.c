/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/leaf.h"

#include <stdio.h>
#include <strings.h>

#include "base/base64.h"
#include "base/mem.h"
#include "render/worker/charset.h"
#include "render/worker/container.h"
#include "render/worker/scan.h"
#include "render/worker/text_part.h"

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

void leaf_content(GMimePart *part, struct buf *out)
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
	base64_decode((const char *)raw->data, raw->len, out);
	g_byte_array_unref(raw);
}

char *leaf_text(const char *text)
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

	part->type = leaf_text(mime);
	g_free(mime);
	part->charset = leaf_text(
		g_mime_object_get_content_type_parameter(object, "charset"));
	part->flowed = parameter_is(object, "format", "flowed");
	part->delsp = parameter_is(object, "delsp", "yes");
	part->cid = leaf_text(cid);
	part->disposition = leaf_text(
		disposition ? g_mime_content_disposition_get_disposition(
				      disposition)
			    : "");
}

static bool type_is(const struct ledger_part *part, const char *type)
{
	return strcasecmp(part->type, type) == 0;
}

static bool name_ends(const struct ledger_part *part, const char *end)
{
	size_t n = part->name ? strlen(part->name) : 0, m = strlen(end);

	return n > m && strcasecmp(part->name + n - m, end) == 0;
}

/* What the leaf holds, when it holds parts. */
enum inside {
	INSIDE_NOTHING,
	INSIDE_TNEF,
	INSIDE_MAIL,
	INSIDE_CMS,
	INSIDE_TEXT, /* where files or a signature may stand */
};

/* "Name: " at the start of the first line, as mails begin. */
static bool begins_like_mail(const struct buf *content)
{
	size_t n = 0;

	while (n < content->len && n < 77 &&
	       (g_ascii_isalnum(content->data[n]) || content->data[n] == '-'))
		n++;
	return n > 1 && n < content->len && content->data[n] == ':';
}

/* A web page with its pictures: Word and browsers save it like a mail. */
static bool is_web_archive(const struct ledger_part *part)
{
	static const char begin[] = "MIME-Version:";

	return name_ends(part, ".mht") || name_ends(part, ".mhtml") ||
	       ((name_ends(part, ".doc") || name_ends(part, ".xls")) &&
	        part->content.len > sizeof begin &&
	        strncasecmp(part->content.data, begin, sizeof begin - 1) == 0);
}

static enum inside inside_of(const struct ledger_part *part)
{
	const struct buf *content = &part->content;

	if (content->len > 6 &&
	    memcmp(content->data, "\x78\x9f\x3e\x22", 4) == 0)
		return INSIDE_TNEF;
	if ((type_is(part, "message/rfc822") ||
	     type_is(part, "message/global") || name_ends(part, ".eml") ||
	     is_web_archive(part)) &&
	    begins_like_mail(content))
		return INSIDE_MAIL;
	if (type_is(part, "application/pkcs7-mime") ||
	    type_is(part, "application/x-pkcs7-mime") ||
	    name_ends(part, ".p7m"))
		return INSIDE_CMS;
	return type_is(part, "text/plain") ? INSIDE_TEXT : INSIDE_NOTHING;
}

/* Items of a container come in here; ids count on from 1 below its own. */
struct opening {
	struct walk *walk;
	char id[64];
	unsigned n_items;
	bool has_body; /* the mail around has said it already */
};

static void finish(struct walk *walk, size_t at);

static bool is_bounded(const struct walk *walk, size_t more)
{
	const struct ledger *ledger = walk->ledger;
	size_t sum = more;

	for (size_t i = 0; i < ledger->n_parts; i++)
		sum += ledger->parts[i].content.len;
	return sum <= LEAF_BYTES && ledger->n_parts < SCAN_PARTS &&
	       walk->depth <= SCAN_DEPTH;
}

static void on_item(const struct container_item *item, void *arg)
{
	struct opening *opening = arg;
	struct walk *walk = opening->walk;
	const char *note = walk->note;
	struct ledger_part *part;

	if (!is_bounded(walk, item->len))
		return;
	part = ledger_add(walk->ledger);
	snprintf(part->id, sizeof part->id, "%.50s.%u", opening->id,
	         ++opening->n_items);
	part->type = leaf_text(item->type);
	part->name = leaf_text(item->name);
	part->cid = leaf_text(item->cid);
	part->charset = leaf_text(item->charset);
	part->disposition = xstrdup(item->is_attachment ? "attachment" : "");
	part->attached = walk->attached;
	buf_append(&part->content, item->data, item->len);
	if (!item->is_attachment && opening->has_body && !note)
		walk->note = "the same text in another form";
	walk->depth++;
	finish(walk, walk->ledger->n_parts - 1);
	walk->depth--;
	walk->note = note;
}

/* A text of this very mail that is printed, before part `at`. */
static bool has_body_before(const struct walk *walk, size_t at)
{
	const struct ledger *ledger = walk->ledger;

	for (size_t i = 0; i < at; i++) {
		const struct ledger_part *part = &ledger->parts[i];

		if (part->attached == walk->attached &&
		    (part->kind == LEDGER_TEXT || part->kind == LEDGER_HTML) &&
		    ledger_is_printable(part) && !part->name)
			return true;
	}
	return false;
}

/* Notes: static, of the container itself; NULL: it is printed itself. */
static const char *open_cms(struct opening *opening, const struct buf *content,
                            bool *encrypted)
{
	struct buf entity CLEANUP(buf_fini) = {0};

	switch (cms_unwrap(content->data, content->len, &entity)) {
	case CMS_SIGNED:
		if (!is_bounded(opening->walk, entity.len) ||
		    !walk_bytes(opening->walk, entity.data, entity.len, false,
		                opening->id))
			return "the signed mail in it cannot be read";
		return "the signature around the parts that follow; it is "
		       "not checked";
	case CMS_DETACHED: return "it is a signature";
	case CMS_COMPRESSED:
		return "it is compressed by S/MIME, which cannot be opened";
	case CMS_ENCRYPTED:
	case CMS_NONE: break;
	}
	*encrypted = true;
	return "it is encrypted (S/MIME), and there is no key for it here";
}

static const char *open_text(struct opening *opening, struct buf *content,
                             bool *encrypted)
{
	struct buf rest CLEANUP(buf_fini) = {0};
	struct buf unsigned_rest CLEANUP(buf_fini) = {0};

	if (pgp_is_encrypted(content->data, content->len)) {
		*encrypted = true;
		return "it is encrypted (PGP), and there is no key for it "
		       "here";
	}
	if (pgp_unwrap(content->data, content->len, &unsigned_rest, on_item,
	               opening)) {
		buf_fini(content);
		*content = unsigned_rest;
		unsigned_rest = (struct buf){0};
	}
	if (uuencode_unpack(content->data, content->len, &rest, on_item,
	                    opening) > 0) {
		buf_fini(content);
		*content = rest;
		rest = (struct buf){0};
	}
	return NULL;
}

static const char *open_inside(struct opening *opening, enum inside inside,
                               struct buf *content, bool *encrypted)
{
	switch (inside) {
	case INSIDE_NOTHING: break;
	case INSIDE_TNEF:
		return tnef_unpack(content->data, content->len, on_item,
		                   opening) > 0
		               ? "unpacked: what is in it follows"
		               : "there is nothing readable in it";
	case INSIDE_MAIL:
		return is_bounded(opening->walk, content->len) &&
		                       walk_bytes(opening->walk, content->data,
		                                  content->len, true,
		                                  opening->id)
		               ? "a mail: its parts follow"
		               : "it cannot be read as a mail";
	case INSIDE_CMS: return open_cms(opening, content, encrypted);
	case INSIDE_TEXT: return open_text(opening, content, encrypted);
	}
	return NULL;
}

/*
 * Open what the part holds. The ledger grows meanwhile, so the part is not held
 * on to; its content is taken out and put back.
 */
static void open_part(struct walk *walk, size_t at)
{
	struct ledger_part *part = &walk->ledger->parts[at];
	struct opening opening = {.walk = walk};
	enum inside inside = inside_of(part);
	struct buf content = part->content;
	bool encrypted = false;
	const char *note;

	if (inside == INSIDE_NOTHING || content.len == 0)
		return;
	opening.has_body = has_body_before(walk, at);
	snprintf(opening.id, sizeof opening.id, "%s", part->id);
	part->content = (struct buf){0};
	part->detected = "";
	part->kind = LEDGER_OTHER;
	note = open_inside(&opening, inside, &content, &encrypted);
	part = &walk->ledger->parts[at];
	part->content = content;
	part->encrypted = encrypted;
	part->opened = walk->ledger->n_parts > at + 1;
	if (!part->note)
		part->note = note;
}

/*
 * Of a leaf that is encrypted, only signs another, or is no use on paper,
 * whatever it holds; by type, or by the end of its name. The interactive form
 * of a mail hides itself until its scripts run, and always stands beside one
 * that needs none.
 */
static const struct {
	const char *type, *end;
	const char *note;
	bool encrypted;
} notes[] = {
	{"application/pgp-encrypted", ".pgp",
         "it is encrypted (PGP), and there is no key for it here", true},
	{NULL, ".gpg", "it is encrypted (PGP), and there is no key for it here",
         true},
	{"application/pgp-signature", NULL, "it is a signature", false},
	{"application/pkcs7-signature", ".p7s", "it is a signature", false},
	{"application/x-pkcs7-signature", ".sig", "it is a signature", false},
	{"application/pgp-keys", NULL, "it is a key for PGP, not a document",
         false},
	{"text/x-amp-html", NULL,
         "it is the mail's interactive form (AMP), which is not for paper",
         false},
	{"application/applefile", NULL,
         "it is what a Macintosh notes about the file that follows", false},
	{"message/external-body", NULL,
         "it is not in the mail, which only says where it lies", false},
};

static const char *note_by_type(const struct ledger_part *part, bool *encrypted)
{
	for (size_t i = 0; i < ARRAY_LEN(notes); i++) {
		if (!(notes[i].type && type_is(part, notes[i].type)) &&
		    !(notes[i].end && name_ends(part, notes[i].end)))
			continue;
		*encrypted = notes[i].encrypted;
		return notes[i].note;
	}
	return NULL;
}

/* The value of the first UID, up to the end of its line. */
static const char *uid_of(const struct buf *content, size_t *len)
{
	const char *end = content->data + content->len, *at, *stop;

	at = content->len > 0 ? memmem(content->data, content->len, "\nUID:", 5)
	                      : NULL;
	if (!at)
		return NULL;
	at += 5;
	stop = memchr(at, '\n', (size_t)(end - at));
	*len = (size_t)((stop ? stop : end) - at);
	while (*len > 0 && at[*len - 1] == '\r')
		--*len;
	return at;
}

/* Mailers put an invitation beside the text, and as a file once more. */
static bool repeats_invitation(const struct ledger *ledger, size_t at)
{
	size_t len, other_len;
	const char *uid = uid_of(&ledger->parts[at].content, &len), *other;

	if (!uid || ledger->parts[at].kind != LEDGER_CALENDAR)
		return false;
	for (size_t i = 0; i < at; i++) {
		const struct ledger_part *part = &ledger->parts[i];

		if (part->kind != LEDGER_CALENDAR || part->note)
			continue;
		other = uid_of(&part->content, &other_len);
		if (other && len == other_len && memcmp(uid, other, len) == 0)
			return true;
	}
	return false;
}

/* A part whose content is there: opened, detected, and given its head. */
static void finish(struct walk *walk, size_t at)
{
	struct ledger_part *part = &walk->ledger->parts[at];

	memcpy(part->alternative, walk->alternative, sizeof part->alternative);
	part->note = note_by_type(part, &part->encrypted);
	if (walk->note)
		part->note = walk->note;
	if (!part->note)
		open_part(walk, at);
	part = &walk->ledger->parts[at];
	ledger_detect(part);
	if (!part->note && repeats_invitation(walk->ledger, at))
		part->note = "the same invitation once more";
	if (walk->head && walk->head->n_rows > 0 && !part->head &&
	    ledger_is_printable(part) && text_part_takes_head(part)) {
		part->head = xmemdup(walk->head, sizeof *walk->head);
		*walk->head = (struct card){0};
	}
}

void leaf_add(struct walk *walk, GMimePart *leaf, const char *id)
{
	struct ledger_part *part = ledger_add(walk->ledger);

	snprintf(part->id, sizeof part->id, "%s", id);
	describe(part, GMIME_OBJECT(leaf));
	part->name = leaf_text(g_mime_part_get_filename(leaf));
	part->attached = walk->attached;
	leaf_content(leaf, &part->content);
	finish(walk, walk->ledger->n_parts - 1);
}

void leaf_add_text(struct walk *walk, const char *text, const char *id)
{
	struct ledger_part *part = ledger_add(walk->ledger);

	snprintf(part->id, sizeof part->id, "%s", id);
	part->type = xstrdup("text/plain");
	part->disposition = xstrdup("");
	part->attached = walk->attached;
	buf_puts(&part->content, text);
	finish(walk, walk->ledger->n_parts - 1);
}
