/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/msg.h"

#include <stdio.h>

#include "base/mem.h"
#include "render/worker/cfb.h"
#include "render/worker/charset.h"
#include "render/worker/little_endian.h"
#include "render/worker/mapi.h"
#include "render/worker/rtf.h"

/*
 * A compound file: each storage is a message, a recipient or an attachment;
 * each of its streams is a property, named after its number and type, but for
 * those of fixed size, which stand in one stream as rows of 16 bytes.
 */
#define PROPERTIES "__properties_version1.0"
#define ROW_SIZE   16
#define TEXT_MAX   4096u /* of a name, an address, a subject */
#define PLACES_MAX 1000  /* recipients and attachments of all mails in it */

/* How many bytes stand in front of the rows ([MS-OXMSG] 2.4.1). */
enum rows {
	ROWS_OF_MAIL = 32,
	ROWS_OF_INNER_MAIL = 24,
	ROWS_OF_PART = 8, /* recipients, attachments */
};

enum property {
	SUBJECT = 0x0037,
	SUBMIT_TIME = 0x0039,
	SENDER_NAME = 0x0c1a,
	SENDER_ADDRESS = 0x0c1f,
	RECIPIENT_TYPE = 0x0c15,
	DELIVERY_TIME = 0x0e06,
	BODY = 0x1000,
	RTF = 0x1009,
	HTML = 0x1013,
	DISPLAY_NAME = 0x3001,
	ADDRESS = 0x3003,
	DATA = 0x3701,
	SHORT_NAME = 0x3704,
	LONG_NAME = 0x3707,
	MIME_TYPE = 0x370e,
	CONTENT_ID = 0x3712,
	SMTP_ADDRESS = 0x39fe,
	INTERNET_CODEPAGE = 0x3fde,
	CODEPAGE = 0x3ffd,
	SENDER_SMTP_ADDRESS = 0x5d01,
};

enum type {
	TYPE_INT32 = 0x0003,
	TYPE_OBJECT = 0x000d,
	TYPE_STRING8 = 0x001e,
	TYPE_UNICODE = 0x001f,
	TYPE_TIME = 0x0040,
	TYPE_BINARY = 0x0102,
};

/*
 * One file: its storages may point at one another as they like, so what is read
 * of it is counted, and is no more than there is.
 */
struct reading {
	struct cfb *cfb;
	size_t bytes_left;
	unsigned places_left;
};

/* A storage, with its rows. */
struct place {
	struct reading *reading;
	struct cfb_entry entry;
	struct buf rows;
	size_t first_row;
	char charset[24]; /* of its eight-bit texts */
};

static void place_fini(struct place *place)
{
	buf_fini(&place->rows);
}

static inline void place_fini_cleanup_(struct place *place)
{
	place_fini(place);
}

static void take(struct reading *reading, const struct cfb_entry *stream,
                 size_t max, struct buf *out)
{
	size_t before = out->len;

	if (max > reading->bytes_left)
		max = reading->bytes_left;
	cfb_read(reading->cfb, stream, max, out);
	reading->bytes_left -= out->len - before;
}

static bool find(const struct place *place, unsigned id, unsigned type,
                 struct cfb_entry *out)
{
	char name[CFB_NAME_SIZE];

	snprintf(name, sizeof name, "__substg1.0_%04X%04X", id, type);
	return cfb_find(place->reading->cfb, &place->entry, name, out);
}

static bool fixed(const struct place *place, unsigned id, unsigned type,
                  uint64_t *out)
{
	const uint8_t *row = (const uint8_t *)place->rows.data;

	for (size_t at = place->first_row; at + ROW_SIZE <= place->rows.len;
	     at += ROW_SIZE) {
		if (get_le32(row + at) != (id << 16 | type))
			continue;
		*out = get_le32(row + at + 8) |
		       (uint64_t)get_le32(row + at + 12) << 32;
		return true;
	}
	return false;
}

static void open_place(struct place *place, struct reading *reading,
                       const struct cfb_entry *entry, enum rows rows)
{
	struct cfb_entry stream;
	uint64_t codepage = 0;

	*place = (struct place){
		.reading = reading,
		.entry = *entry,
		.first_row = rows,
	};
	if (cfb_find(reading->cfb, entry, PROPERTIES, &stream))
		take(reading, &stream, SIZE_MAX, &place->rows);
	if (!fixed(place, CODEPAGE, TYPE_INT32, &codepage) || codepage == 0)
		codepage = 1252;
	snprintf(place->charset, sizeof place->charset, "CP%u",
	         (unsigned)codepage);
}

/* As UTF-8, to be freed; NULL: it has none, or an empty one. */
static char *text_of(const struct place *place, unsigned id, size_t max)
{
	struct buf bytes CLEANUP(buf_fini) = {0};
	struct buf text CLEANUP(buf_fini) = {0};
	struct cfb_entry stream;
	const char *charset = "utf-16le";

	if (!find(place, id, TYPE_UNICODE, &stream)) {
		if (!find(place, id, TYPE_STRING8, &stream))
			return NULL;
		charset = place->charset;
	}
	take(place->reading, &stream, max, &bytes);
	charset_to_utf8(bytes.data ? bytes.data : "", bytes.len, charset,
	                &text);
	return text.len > 0 ? xstrdup(buf_str(&text)) : NULL;
}

/* --- the head ----------------------------------------------------------------
 */

/* Exchange's own addresses have no @ and say nothing to a reader. */
static char *address_of(const struct place *place, unsigned smtp, unsigned any)
{
	char *text = text_of(place, smtp, TEXT_MAX);

	if (!text)
		text = text_of(place, any, TEXT_MAX);
	if (text && strchr(text, '@'))
		return text;
	free(text);
	return NULL;
}

/* A name alone is a group of nobody (RFC 5322, 3.4). */
static void add_person(GMimeMessage *message, GMimeAddressType type,
                       const char *name, const char *address)
{
	InternetAddress *group;

	if (address) {
		g_mime_message_add_mailbox(message, type, name, address);
		return;
	}
	if (!name)
		return;
	group = internet_address_group_new(name);
	internet_address_list_add(g_mime_message_get_addresses(message, type),
	                          group);
	g_object_unref(group);
}

static void add_recipient(GMimeMessage *message, struct reading *reading,
                          const struct cfb_entry *entry)
{
	struct place place CLEANUP(place_fini) = {0};
	uint64_t type = 1;

	open_place(&place, reading, entry, ROWS_OF_PART);
	fixed(&place, RECIPIENT_TYPE, TYPE_INT32, &type);

	char *name CLEANUP(xfree) = text_of(&place, DISPLAY_NAME, TEXT_MAX);
	char *address CLEANUP(xfree) =
		address_of(&place, SMTP_ADDRESS, ADDRESS);

	if ((type & 0xf) == 1 || (type & 0xf) == 2)
		add_person(message,
		           (type & 0xf) == 1 ? GMIME_ADDRESS_TYPE_TO
		                             : GMIME_ADDRESS_TYPE_CC,
		           name, address);
}

/* A FILETIME: from 1601 on, in tenths of a microsecond. */
static void set_date(GMimeMessage *message, const struct place *place)
{
	uint64_t time;
	GDateTime *date;

	if (!fixed(place, SUBMIT_TIME, TYPE_TIME, &time) &&
	    !fixed(place, DELIVERY_TIME, TYPE_TIME, &time))
		return;
	date = g_date_time_new_from_unix_utc((gint64)(time / 10000000) -
	                                     INT64_C(11644473600));
	if (!date)
		return;
	g_mime_message_set_date(message, date);
	g_date_time_unref(date);
}

static void set_head(GMimeMessage *message, const struct place *place)
{
	char *name CLEANUP(xfree) = text_of(place, SENDER_NAME, TEXT_MAX);
	char *address CLEANUP(xfree) =
		address_of(place, SENDER_SMTP_ADDRESS, SENDER_ADDRESS);
	char *subject CLEANUP(xfree) = text_of(place, SUBJECT, TEXT_MAX);

	add_person(message, GMIME_ADDRESS_TYPE_FROM, name, address);
	if (subject)
		g_mime_message_set_subject(message, subject, NULL);
	set_date(message, place);
}

/* --- what is in it -----------------------------------------------------------
 */

static GMimePart *part_of(const char *type, const char *subtype,
                          const char *charset, const void *data, size_t len)
{
	GMimePart *part = g_mime_part_new_with_type(type, subtype);
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(data, len);
	GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(
		stream, GMIME_CONTENT_ENCODING_DEFAULT);

	if (charset)
		g_mime_object_set_content_type_parameter(GMIME_OBJECT(part),
		                                         "charset", charset);
	g_mime_part_set_content(part, content);
	g_object_unref(content);
	g_object_unref(stream);
	return part;
}

static GMimePart *html_of(const struct place *place)
{
	struct buf html CLEANUP(buf_fini) = {0};
	struct cfb_entry stream;
	uint64_t codepage = 0;
	char charset[24];

	if (!find(place, HTML, TYPE_BINARY, &stream))
		return NULL;
	take(place->reading, &stream, SIZE_MAX, &html);
	if (html.len == 0)
		return NULL;
	fixed(place, INTERNET_CODEPAGE, TYPE_INT32, &codepage);
	snprintf(charset, sizeof charset, "CP%u", (unsigned)codepage);
	return part_of("text", "html", codepage > 0 ? charset : NULL, html.data,
	               html.len);
}

static GMimePart *rtf_of(const struct place *place)
{
	struct buf packed CLEANUP(buf_fini) = {0};
	struct buf rtf CLEANUP(buf_fini) = {0};
	struct buf text CLEANUP(buf_fini) = {0};
	struct cfb_entry stream;
	bool is_html;

	if (!find(place, RTF, TYPE_BINARY, &stream))
		return NULL;
	take(place->reading, &stream, SIZE_MAX, &packed);
	if (packed.len == 0 || !rtf_unpack(packed.data, packed.len, &rtf))
		return NULL;
	rtf_read(rtf.data, rtf.len, &text, &is_html);
	return text.len > 0 ? part_of("text", is_html ? "html" : "plain",
	                              "utf-8", text.data, text.len)
	                    : NULL;
}

/* The richest that it has. */
static GMimePart *body_of(const struct place *place)
{
	GMimePart *body = html_of(place);
	char *text CLEANUP(xfree) = NULL;

	if (!body)
		body = rtf_of(place);
	if (body)
		return body;
	text = text_of(place, HTML, SIZE_MAX);
	if (text)
		return part_of("text", "html", "utf-8", text, strlen(text));
	text = text_of(place, BODY, SIZE_MAX);
	return text ? part_of("text", "plain", "utf-8", text, strlen(text))
	            : NULL;
}

/* "image/png" as it stands in the file, if that is how types look. */
static bool split_type(char *text, const char **type, const char **subtype)
{
	static const char token[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+-";
	char *slash = text ? strchr(text, '/') : NULL;

	if (!slash)
		return false;
	*slash = '\0';
	*type = text;
	*subtype = slash + 1;
	return **type && **subtype && !text[strspn(text, token)] &&
	       !slash[1 + strspn(slash + 1, token)];
}

static GMimeObject *file_of(const struct place *place)
{
	char *mime CLEANUP(xfree) = text_of(place, MIME_TYPE, TEXT_MAX);
	char *cid CLEANUP(xfree) = text_of(place, CONTENT_ID, TEXT_MAX);
	char *name CLEANUP(xfree) = text_of(place, LONG_NAME, TEXT_MAX);
	struct buf data CLEANUP(buf_fini) = {0};
	struct cfb_entry stream;
	const char *type = "application", *subtype = "octet-stream";
	GMimePart *part;

	if (!name)
		name = text_of(place, SHORT_NAME, TEXT_MAX);
	if (!name)
		name = text_of(place, DISPLAY_NAME, TEXT_MAX);
	if (!find(place, DATA, TYPE_BINARY, &stream))
		return NULL;
	take(place->reading, &stream, SIZE_MAX, &data);
	if (!split_type(mime, &type, &subtype)) {
		type = "application";
		subtype = "octet-stream";
	}
	part = part_of(type, subtype, NULL, data.data ? data.data : "",
	               data.len);
	g_mime_object_set_disposition(GMIME_OBJECT(part), "attachment");
	if (name)
		g_mime_part_set_filename(part, name);
	if (cid)
		g_mime_part_set_content_id(part, cid);
	return GMIME_OBJECT(part);
}

static GMimeMessage *message_of(const struct place *place, unsigned depth);

static GMimeObject *attached_mail(const struct place *place,
                                  const struct cfb_entry *entry, unsigned depth)
{
	struct place inner CLEANUP(place_fini) = {0};
	GMimeMessagePart *part;
	GMimeMessage *message;

	if (depth >= MSG_DEPTH)
		return NULL;
	open_place(&inner, place->reading, entry, ROWS_OF_INNER_MAIL);
	message = message_of(&inner, depth + 1);
	if (!message)
		return NULL;
	part = g_mime_message_part_new_with_message("rfc822", message);
	g_object_unref(message);
	return GMIME_OBJECT(part);
}

/* Of one message: gone through in the order of its file. */
struct filling {
	const struct place *place;
	GMimeMessage *message;
	GMimeMultipart *parts;
	unsigned depth;
};

static void add_attachment(struct filling *filling,
                           const struct cfb_entry *entry)
{
	struct place place CLEANUP(place_fini) = {0};
	struct cfb_entry inner;
	GMimeObject *part;

	open_place(&place, filling->place->reading, entry, ROWS_OF_PART);
	part = find(&place, DATA, TYPE_OBJECT, &inner)
	               ? attached_mail(&place, &inner, filling->depth)
	               : file_of(&place);
	if (!part)
		return;
	g_mime_multipart_add(filling->parts, part);
	g_object_unref(part);
}

static bool begins_with(const char *name, const char *begin)
{
	return strncmp(name, begin, strlen(begin)) == 0;
}

static void on_entry(const struct cfb_entry *entry, void *arg)
{
	struct filling *filling = arg;
	struct reading *reading = filling->place->reading;
	bool is_recipient = begins_with(entry->name, "__recip_version1.0_#");

	if (!is_recipient && !begins_with(entry->name, "__attach_version1.0_#"))
		return;
	if (reading->places_left == 0)
		return;
	reading->places_left--;
	if (is_recipient)
		add_recipient(filling->message, reading, entry);
	else
		add_attachment(filling, entry);
}

static GMimeMessage *message_of(const struct place *place, unsigned depth)
{
	GMimeMessage *message = g_mime_message_new(TRUE);
	GMimeMultipart *parts = g_mime_multipart_new_with_subtype("mixed");
	GMimePart *body = body_of(place);
	struct filling filling = {place, message, parts, depth};

	set_head(message, place);
	if (body) {
		g_mime_multipart_add(parts, GMIME_OBJECT(body));
		g_object_unref(body);
	}
	cfb_each(place->reading->cfb, &place->entry, on_entry, &filling);
	g_mime_message_set_mime_part(message, GMIME_OBJECT(parts));
	if (g_mime_multipart_get_count(parts) == 0) {
		g_object_unref(message);
		message = NULL;
	}
	g_object_unref(parts);
	return message;
}

static bool is_msg(const struct cfb *cfb, struct cfb_entry *root)
{
	struct cfb_entry properties;

	return cfb && cfb_entry(cfb, 0, root) && root->kind == CFB_ROOT &&
	       cfb_find(cfb, root, PROPERTIES, &properties);
}

bool msg_is(const void *data, size_t len)
{
	struct cfb *cfb CLEANUP(cfb_free) = cfb_open(data, len);
	struct cfb_entry root;

	return is_msg(cfb, &root);
}

GMimeMessage *msg_read(const void *data, size_t len)
{
	struct cfb *cfb CLEANUP(cfb_free) = cfb_open(data, len);
	struct reading reading = {cfb, len, PLACES_MAX};
	struct place place CLEANUP(place_fini) = {0};
	struct cfb_entry root;

	if (!is_msg(cfb, &root))
		return NULL;
	open_place(&place, &reading, &root, ROWS_OF_MAIL);
	return message_of(&place, 0);
}
