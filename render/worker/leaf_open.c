/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/leaf.h"

#include <stdio.h>
#include <strings.h>

#include "base/mem.h"
#include "render/worker/container.h"
#include "render/worker/msg.h"
#include "render/worker/office.h"
#include "render/worker/office_kind.h"
#include "render/worker/pdf.h"
#include "render/worker/scan.h"

/* What the leaf holds, when it holds parts. */
enum inside {
	INSIDE_NOTHING,
	INSIDE_TNEF,
	INSIDE_MAIL,
	INSIDE_CMS,
	INSIDE_MSG,
	INSIDE_ZIP,
	INSIDE_APPLES, /* Pages, Numbers, Keynote */
	INSIDE_GZIP,
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

	return leaf_name_ends(part, ".mht") || leaf_name_ends(part, ".mhtml") ||
	       ((leaf_name_ends(part, ".doc") ||
	         leaf_name_ends(part, ".xls")) &&
	        part->content.len > sizeof begin &&
	        strncasecmp(part->content.data, begin, sizeof begin - 1) == 0);
}

/* A ZIP file that is no document itself, nor was one. */
static enum inside inside_of_zip(const struct ledger_part *part)
{
	const struct buf *content = &part->content;

	if (office_kind_of(content->data, content->len) ||
	    pdf_type_of(content->data, content->len) || office_is_called(part))
		return INSIDE_NOTHING;
	return archive_is_apples(content->data, content->len) ? INSIDE_APPLES
	                                                      : INSIDE_ZIP;
}

static enum inside inside_of_packed(const struct ledger_part *part)
{
	const struct buf *content = &part->content;

	if (content->len > 4 && memcmp(content->data, "PK\3\4", 4) == 0)
		return inside_of_zip(part);
	if (content->len > 18 && memcmp(content->data, "\x1f\x8b\x08", 3) == 0)
		return INSIDE_GZIP;
	return msg_is(content->data, content->len) ? INSIDE_MSG
	                                           : INSIDE_NOTHING;
}

static enum inside inside_of(const struct ledger_part *part)
{
	const struct buf *content = &part->content;
	enum inside packed = inside_of_packed(part);

	if (packed != INSIDE_NOTHING)
		return packed;

	if (content->len > 6 &&
	    memcmp(content->data, "\x78\x9f\x3e\x22", 4) == 0)
		return INSIDE_TNEF;
	if ((leaf_type_is(part, "message/rfc822") ||
	     leaf_type_is(part, "message/global") ||
	     leaf_name_ends(part, ".eml") || is_web_archive(part)) &&
	    begins_like_mail(content))
		return INSIDE_MAIL;
	if (leaf_type_is(part, "application/pkcs7-mime") ||
	    leaf_type_is(part, "application/x-pkcs7-mime") ||
	    leaf_name_ends(part, ".p7m"))
		return INSIDE_CMS;
	return leaf_type_is(part, "text/plain") ? INSIDE_TEXT : INSIDE_NOTHING;
}

/* Items of a container come in here; ids count on from 1 below its own. */
struct opening {
	struct walk *walk;
	char id[64];
	unsigned n_items;
	const char *name, *cid; /* of the container; borrowed, or NULL */
	bool has_body;          /* the mail around has said it already */
	bool is_page;           /* a saved one of the web */
};

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
	leaf_finish(walk, walk->ledger->n_parts - 1);
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

static const char *open_msg(struct opening *opening, const struct buf *content)
{
	GMimeMessage *message = msg_read(content->data, content->len);

	if (!message)
		return "there is nothing readable in it";
	walk_message(opening->walk, message, opening->id);
	g_object_unref(message);
	return "a mail: its parts follow";
}

static const char *words_for(enum archive_end end, bool *encrypted)
{
	switch (end) {
	case ARCHIVE_OPENED: return "unpacked: what is in it follows";
	case ARCHIVE_IN_PART:
		return "unpacked, but for what is damaged or too large; what "
		       "is in it follows";
	case ARCHIVE_OF_MANY:
		return "an archive of more than 32 files is not printed; send "
		       "those that are meant";
	case ARCHIVE_LOCKED: *encrypted = true; break;
	case ARCHIVE_DAMAGED:
		return "the archive is empty, damaged or too large";
	}
	return "the archive is protected by a password; send what is in it "
	       "without one";
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
		               ? opening->is_page
		                         ? "a saved web page: its parts follow"
		                         : "a mail: its parts follow"
		               : "it cannot be read as a mail";
	case INSIDE_CMS: return open_cms(opening, content, encrypted);
	case INSIDE_MSG: return open_msg(opening, content);
	case INSIDE_ZIP:
		return words_for(archive_unzip(content->data, content->len,
		                               on_item, opening),
		                 encrypted);
	case INSIDE_GZIP:
		return words_for(archive_gunzip(content->data, content->len,
		                                opening->name, opening->cid,
		                                on_item, opening),
		                 encrypted);
	case INSIDE_APPLES:
		return archive_preview(content->data, content->len, on_item,
		                       opening)
		               ? "unpacked: the pages that it keeps follow"
		               : "files of Pages, Numbers and Keynote cannot "
		                 "be printed; export it as PDF, and send that";
	case INSIDE_TEXT: return open_text(opening, content, encrypted);
	}
	return NULL;
}

/*
 * Open what the part holds. The ledger grows meanwhile, so the part is not held
 * on to; its content is taken out and put back.
 */
void leaf_open(struct walk *walk, size_t at)
{
	struct ledger_part *part = &walk->ledger->parts[at];
	struct opening opening = {.walk = walk,
	                          .name = part->name,
	                          .cid = part->cid};
	enum inside inside = inside_of(part);
	struct buf content = part->content;
	bool encrypted = false;
	const char *note;

	if (inside == INSIDE_NOTHING || content.len == 0)
		return;
	opening.has_body = has_body_before(walk, at);
	opening.is_page = is_web_archive(part);
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
