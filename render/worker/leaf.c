/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/leaf.h"

#include <stdio.h>
#include <strings.h>

#include "base/base64.h"
#include "base/mem.h"
#include "render/worker/charset.h"
#include "render/worker/header.h"
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

/* Blanks around a line, and what old mailers broke long ones with. */
static bool is_around_line(char c)
{
	return g_ascii_isspace(c) || c == '!' || c == '\0';
}

static bool is_coded_line(const char *line, size_t len)
{
	while (len > 0 && is_around_line(line[len - 1]))
		len--;
	while (len > 0 && is_around_line(*line)) {
		line++;
		len--;
	}
	for (size_t i = 0; i < len; i++)
		if (!g_ascii_isalnum(line[i]) && !memchr("+/=", line[i], 3))
			return false;
	return true;
}

/*
 * How much of a text is base64, but for its last line end. Mailing lists put
 * their footers below whatever there is, and some programs call a text coded
 * that is not.
 */
static size_t coded_length(const char *data, size_t len)
{
	size_t at = 0;

	while (at < len) {
		const char *end = memchr(data + at, '\n', len - at);
		size_t n = end ? (size_t)(end - data) - at : len - at;

		if (!is_coded_line(data + at, n))
			break;
		at += n + (end != NULL);
	}
	return at > 0 && at < len ? at - 1 : at;
}

/* Some programs put it in quotes or end it like a parameter. */
static GMimeContentEncoding encoding_of(GMimePart *part)
{
	GMimeContentEncoding encoding = g_mime_part_get_content_encoding(part);
	const char *words =
		g_mime_object_get_header(GMIME_OBJECT(part),
	                                 "Content-Transfer-Encoding");
	char *word CLEANUP(xfree) = NULL;

	if (encoding != GMIME_CONTENT_ENCODING_DEFAULT || !words)
		return encoding;
	words += strspn(words, " \t\"'");
	word = xstrndup(words, strcspn(words, " \t\"';("));
	return g_mime_content_encoding_from_string(word);
}

void leaf_content(GMimePart *part, struct buf *out)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	GByteArray *raw;
	size_t coded;

	if (!content)
		return;
	g_mime_data_wrapper_set_encoding(content, encoding_of(part));
	if (g_mime_data_wrapper_get_encoding(content) !=
	    GMIME_CONTENT_ENCODING_BASE64) {
		take_decoded(content, out);
		return;
	}
	raw = raw_content(content);
	if (raw->len == 0) { /* and no data */
		g_byte_array_unref(raw);
		return;
	}
	coded = raw->len;
	if (g_mime_content_type_is_type(g_mime_object_get_content_type(
						GMIME_OBJECT(part)),
	                                "text", "*"))
		coded = coded_length((const char *)raw->data, raw->len);
	base64_decode((const char *)raw->data, coded, out);
	buf_append(out, raw->data + coded, raw->len - coded);
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

/*
 * None, "text", "plain": no type by the rules, which call it text then (RFC
 * 2045, 5.2); what it is shows in its content.
 */
static bool is_typeless(GMimeObject *object)
{
	const char *value = g_mime_object_get_header(object, "Content-Type");
	size_t n;

	if (g_mime_part_get_filename(GMIME_PART(object)))
		return false;
	if (!value)
		return true;
	n = strcspn(value, "/; \t\r\n");
	return value[n] != '/' || !g_ascii_isalnum(value[n + 1]);
}

static char *typeless(const struct buf *content)
{
	return xstrdup(text_part_begins_as_html(content) ? "text/html"
	                                                 : "text/plain");
}

/* Its content is there. */
static void describe(struct ledger_part *part, GMimeObject *object)
{
	GMimeContentType *type = g_mime_object_get_content_type(object);
	GMimeContentDisposition *disposition =
		g_mime_object_get_content_disposition(object);
	const char *cid = g_mime_object_get_content_id(object);
	char *mime = g_mime_content_type_get_mime_type(type);

	part->type = is_typeless(object) ? typeless(&part->content)
	                                 : leaf_text(mime);
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

bool leaf_type_is(const struct ledger_part *part, const char *type)
{
	return strcasecmp(part->type, type) == 0;
}

bool leaf_name_ends(const struct ledger_part *part, const char *end)
{
	size_t n = part->name ? strlen(part->name) : 0, m = strlen(end);

	return n > m && strcasecmp(part->name + n - m, end) == 0;
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
	{"text/x-moz-deleted", NULL,
         "it was deleted from the mail by a mail program", false},
	{"text/x-amp-html", NULL,
         "it is the mail's interactive form (AMP), which is not for paper",
         false},
	{"application/applefile", NULL,
         "it is what a Macintosh notes about the file that follows", false},
	{NULL, ".dwg",
         "drawings of AutoCAD cannot be printed; save it as PDF, and send that",
         false},
	{"message/external-body", NULL,
         "it is not in the mail, which only says where it lies", false},
};

/*
 * A ZIP file is none of them: those of Keynote end as keys do (".key"), which
 * is all that mailers look at.
 */
static const char *note_by_type(const struct ledger_part *part, bool *encrypted)
{
	if (part->content.len > 4 &&
	    memcmp(part->content.data, "PK\3\4", 4) == 0)
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(notes); i++) {
		if (!(notes[i].type && leaf_type_is(part, notes[i].type)) &&
		    !(notes[i].end && leaf_name_ends(part, notes[i].end)))
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
void leaf_finish(struct walk *walk, size_t at)
{
	struct ledger_part *part = &walk->ledger->parts[at];

	memcpy(part->alternative, walk->alternative, sizeof part->alternative);
	part->note = note_by_type(part, &part->encrypted);
	if (walk->note)
		part->note = walk->note;
	if (!part->note)
		leaf_open(walk, at);
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

/* As its sender wrote it, in a form that GMime reads whole; NULL: no header. */
static char *mended_header(GMimePart *leaf, const char *name)
{
	GMimeHeader *header =
		g_mime_header_list_get_header(g_mime_object_get_header_list(
						      GMIME_OBJECT(leaf)),
	                                      name);
	const char *raw = header ? g_mime_header_get_raw_value(header) : NULL;
	struct buf out CLEANUP(buf_fini) = {0};
	char *unfolded;

	if (!raw || !strcasestr(raw, "?B?"))
		return NULL;
	unfolded = g_mime_utils_header_unfold(raw);
	header_mend_words(unfolded, &out);
	g_free(unfolded);
	return xstrdup(buf_str(&out));
}

/*
 * Names are written as encoded words against the rule (RFC 2047, 5), in runs of
 * which GMime's first reading lost all but one.
 */
static char *name_of(GMimePart *leaf)
{
	char *disposition CLEANUP(xfree) =
		mended_header(leaf, "Content-Disposition");
	char *type CLEANUP(xfree) = mended_header(leaf, "Content-Type");
	char *name = NULL;

	if (disposition) {
		GMimeContentDisposition *read =
			g_mime_content_disposition_parse(NULL, disposition);

		name = leaf_text(
			g_mime_content_disposition_get_parameter(read,
		                                                 "filename"));
		g_object_unref(read);
	}
	if (!name && type) {
		GMimeContentType *read = g_mime_content_type_parse(NULL, type);

		name = leaf_text(
			g_mime_content_type_get_parameter(read, "name"));
		g_object_unref(read);
	}
	if (!name)
		name = leaf_text(g_mime_part_get_filename(leaf));
	if (!name || name[strspn(name, " \t\r\n")])
		return name;
	free(name); /* IncrediMail calls its texts " " */
	return NULL;
}

/* Long ones are folded, which adds blanks that are none (RFC 2557, 4.4). */
static char *location_of(GMimePart *leaf)
{
	char *location = leaf_text(g_mime_part_get_content_location(leaf));
	size_t n = 0;

	for (const char *c = location; c && *c; c++)
		if (!g_ascii_isspace(*c))
			location[n++] = *c;
	if (location)
		location[n] = '\0';
	return location;
}

void leaf_add(struct walk *walk, GMimePart *leaf, const char *id)
{
	struct ledger_part *part = ledger_add(walk->ledger);

	snprintf(part->id, sizeof part->id, "%s", id);
	leaf_content(leaf, &part->content);
	describe(part, GMIME_OBJECT(leaf));
	part->name = name_of(leaf);
	part->location = location_of(leaf);
	part->attached = walk->attached;
	leaf_finish(walk, walk->ledger->n_parts - 1);
}

void leaf_add_text(struct walk *walk, const char *text, const char *id)
{
	struct ledger_part *part = ledger_add(walk->ledger);

	snprintf(part->id, sizeof part->id, "%s", id);
	part->type = xstrdup("text/plain");
	part->disposition = xstrdup("");
	part->attached = walk->attached;
	buf_puts(&part->content, text);
	leaf_finish(walk, walk->ledger->n_parts - 1);
}
