/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "printers/ipp.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <strings.h>

#include "base/mem.h"
#include "printers/text.h"

/* http: and https: are ways to get there; IPP names its printers ipp, ipps. */
static char *ipp_printer_uri(const char *uri)
{
	if (strncasecmp(uri, "http://", 7) == 0)
		return xasprintf("ipp://%s", uri + 7);
	if (strncasecmp(uri, "https://", 8) == 0)
		return xasprintf("ipps://%s", uri + 8);
	return xstrdup(uri);
}

ipp_t *ipp_request_new(ipp_op_t op, const char *printer_uri, const char *user)
{
	char *uri CLEANUP(xfree) = ipp_printer_uri(printer_uri);
	ipp_t *ipp = ippNew();

	if (!ipp)
		abort();
	ippSetOperation(ipp, op);
	ippSetRequestId(ipp, 1);
	ippSetVersion(ipp, 2, 0);
	ippAddString(ipp, IPP_TAG_OPERATION, IPP_TAG_CHARSET,
	             "attributes-charset", NULL, "utf-8");
	ippAddString(ipp, IPP_TAG_OPERATION, IPP_TAG_LANGUAGE,
	             "attributes-natural-language", NULL, "en");
	ippAddString(ipp, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", NULL,
	             uri);
	ippAddString(ipp, IPP_TAG_OPERATION, IPP_TAG_NAME,
	             "requesting-user-name", NULL, user);
	return ipp;
}

void ipp_request_attributes(ipp_t *request, const char *const *names,
                            unsigned n_names)
{
	ippAddStrings(request, IPP_TAG_OPERATION,
	              IPP_CONST_TAG(IPP_TAG_KEYWORD), "requested-attributes",
	              (int)n_names, NULL, names);
}

static ssize_t encode_cb(void *arg, ipp_uchar_t *data, size_t len)
{
	buf_append(arg, data, len);
	return (ssize_t)len;
}

void ipp_encode(ipp_t *ipp, struct buf *out)
{
	ippSetState(ipp, IPP_STATE_IDLE);
	if (ippWriteIO(out, encode_cb, 1, NULL, ipp) != IPP_STATE_DATA)
		abort(); /* only values of ours that no encoder can take */
}

/* Bytes left to look at. */
struct ipp_reader {
	const unsigned char *data;
	size_t len;
	size_t pos;
};

/* Skip a field with its two bytes of length in front. */
static bool reader_skip_field(struct ipp_reader *r, size_t *field_len)
{
	size_t n;

	if (r->len - r->pos < 2)
		return false;
	n = (size_t)r->data[r->pos] << 8 | r->data[r->pos + 1];
	r->pos += 2;
	if (r->len - r->pos < n || n > 32767)
		return false;
	r->pos += n;
	*field_len = n;
	return true;
}

int ipp_scan(const void *data, size_t len, struct err *err)
{
	struct ipp_reader r = {.data = data, .len = len, .pos = 8};
	unsigned depth = 0, n_values = 0;
	size_t n;

	while (r.pos < len) {
		unsigned char tag = r.data[r.pos++];

		if (tag == IPP_TAG_END)
			return 0;
		if (tag < IPP_TAG_UNSUPPORTED_VALUE)
			continue;
		if (!reader_skip_field(&r, &n) || !reader_skip_field(&r, &n))
			break;
		if (tag == IPP_TAG_BEGIN_COLLECTION && ++depth > IPP_DEPTH_MAX)
			return err_set(err, -EBADMSG,
			               "collections too deep in the answer");
		if (tag == IPP_TAG_END_COLLECTION && depth-- == 0)
			return err_set(err, -EBADMSG,
			               "a collection ends that never began");
		if (++n_values > IPP_VALUES_MAX)
			return err_set(err, -EBADMSG,
			               "too many values in the answer");
	}
	return err_set(err, -EBADMSG, "the answer is no complete IPP message");
}

static ssize_t decode_cb(void *arg, ipp_uchar_t *data, size_t len)
{
	struct ipp_reader *r = arg;
	size_t n = r->len - r->pos;

	if (n > len)
		n = len;
	memcpy(data, r->data + r->pos, n);
	r->pos += n;
	return (ssize_t)n;
}

int ipp_decode(const void *data, size_t len, ipp_t **out, struct err *err)
{
	struct ipp_reader r = {.data = data, .len = len};
	ipp_t *ipp CLEANUP(ippDelete) = NULL;
	int status = ipp_scan(data, len, err);

	if (status < 0)
		return status;
	ipp = ippNew();
	if (!ipp)
		abort();
	if (ippReadIO(&r, decode_cb, 1, NULL, ipp) != IPP_STATE_DATA)
		return err_set(err, -EBADMSG,
		               "the answer is no valid IPP message");
	*out = TAKE(ipp);
	return 0;
}

int ipp_peek_status(const void *data, size_t len)
{
	const unsigned char *p = data;

	if (len < 4 || p[0] < 1 || p[0] > 2)
		return -1;
	return p[2] << 8 | p[3];
}

ipp_attribute_t *ipp_find(ipp_t *ipp, ipp_tag_t group, const char *name)
{
	ipp_attribute_t *attr = ippFindAttribute(ipp, name, IPP_TAG_ZERO);

	while (attr && ippGetGroupTag(attr) != group)
		attr = ippFindNextAttribute(ipp, name, IPP_TAG_ZERO);
	return attr;
}

int ipp_int(ipp_t *ipp, ipp_tag_t group, const char *name, int min, int max,
            int fallback)
{
	ipp_attribute_t *attr = ipp_find(ipp, group, name);
	ipp_tag_t tag = ippGetValueTag(attr);
	int value;

	if (!attr || (tag != IPP_TAG_INTEGER && tag != IPP_TAG_ENUM))
		return fallback;
	value = ippGetInteger(attr, 0);
	return value >= min && value <= max ? value : fallback;
}

bool ipp_bool(ipp_t *ipp, ipp_tag_t group, const char *name, bool fallback)
{
	ipp_attribute_t *attr = ipp_find(ipp, group, name);

	if (!attr || ippGetValueTag(attr) != IPP_TAG_BOOLEAN)
		return fallback;
	return ippGetBoolean(attr, 0) != 0;
}

int ipp_member_int(ipp_t *collection, const char *name)
{
	ipp_attribute_t *attr =
		ippFindAttribute(collection, name, IPP_TAG_ZERO);

	if (!attr || ippGetValueTag(attr) != IPP_TAG_INTEGER)
		return 0;
	return ippGetInteger(attr, 0);
}

ipp_t *ipp_member_collection(ipp_t *collection, const char *name)
{
	ipp_attribute_t *attr =
		ippFindAttribute(collection, name, IPP_TAG_ZERO);

	if (!attr || ippGetValueTag(attr) != IPP_TAG_BEGIN_COLLECTION)
		return NULL;
	return ippGetCollection(attr, 0);
}

int ipp_count(ipp_attribute_t *attr)
{
	return attr ? ippGetCount(attr) : 0;
}

static bool octets_at(ipp_attribute_t *attr, int i, char *out, size_t size)
{
	char copy[1024];
	int len = 0;
	const void *data = ippGetOctetString(attr, i, &len);

	if (!data || len < 0 || (size_t)len >= sizeof copy)
		return false;
	memcpy(copy, data, (size_t)len);
	copy[len] = '\0';
	text_clean(out, size, copy);
	return true;
}

bool ipp_text_at(ipp_attribute_t *attr, int i, char *out, size_t size)
{
	const char *text;

	switch ((int)ippGetValueTag(attr)) {
	case IPP_TAG_STRING: return octets_at(attr, i, out, size);
	case IPP_TAG_TEXT:
	case IPP_TAG_NAME:
	case IPP_TAG_TEXTLANG:
	case IPP_TAG_NAMELANG:
	case IPP_TAG_KEYWORD:
	case IPP_TAG_URI:
	case IPP_TAG_MIMETYPE: break;
	default: return false;
	}
	text = ippGetString(attr, i, NULL);
	if (!text)
		return false;
	text_clean(out, size, text);
	return true;
}

char *ipp_text(ipp_t *ipp, ipp_tag_t group, const char *name, char *out,
               size_t size)
{
	ipp_attribute_t *attr = ipp_find(ipp, group, name);

	if (!attr || !ipp_text_at(attr, 0, out, size))
		out[0] = '\0';
	return out;
}

bool ipp_keyword_at(ipp_attribute_t *attr, int i, char *out, size_t size)
{
	ipp_tag_t tag = ippGetValueTag(attr);
	const char *text;

	out[0] = '\0';
	if (tag != IPP_TAG_KEYWORD && tag != IPP_TAG_NAME &&
	    tag != IPP_TAG_NAMELANG)
		return false;
	text = ippGetString(attr, i, NULL);
	return text && text_keyword(out, size, text);
}

char *ipp_keywords_of(ipp_attribute_t *attr, char *out, size_t size)
{
	size_t len = 0;

	out[0] = '\0';
	for (int i = 0; i < ipp_count(attr); i++) {
		char word[256];

		if (!ipp_keyword_at(attr, i, word, sizeof word) ||
		    strcmp(word, "none") == 0)
			continue;
		if (len + strlen(word) + 2 > size)
			break;
		len += (size_t)snprintf(out + len, size - len, "%s%s",
		                        len ? "," : "", word);
	}
	return out;
}

char *ipp_status_sentence(ipp_t *answer, char *out, size_t size)
{
	char text[128];

	ipp_text(answer, IPP_TAG_OPERATION, "status-message", text,
	         sizeof text);
	snprintf(out, size, "%s%s%s%s",
	         ippErrorString(ippGetStatusCode(answer)), text[0] ? " (" : "",
	         text, text[0] ? ")" : "");
	return out;
}
