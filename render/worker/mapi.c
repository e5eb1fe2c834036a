/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/mapi.h"

#include "base/buf.h"
#include "base/mem.h"
#include "render/worker/charset.h"
#include "render/worker/little_endian.h"

#define MANY       0x1000u /* flag of a type: a list of values */
#define NAMED      0x8000u /* from here on a property has a name beside it */
#define OBJECT_IID 16u     /* in front of an object's bytes */

enum type {
	TYPE_INT32 = 0x03,
	TYPE_DOUBLE = 0x05,
	TYPE_CURRENCY = 0x06,
	TYPE_APPTIME = 0x07,
	TYPE_OBJECT = 0x0d,
	TYPE_INT64 = 0x14,
	TYPE_STRING8 = 0x1e,
	TYPE_UNICODE = 0x1f,
	TYPE_TIME = 0x40,
	TYPE_GUID = 0x48,
	TYPE_BINARY = 0x102,
};

struct cursor {
	const uint8_t *at, *end;
};

struct property {
	unsigned type, id;
	struct mapi_bytes first; /* of its values */
};

/* n bytes, padded to a multiple of four. */
static bool take(struct cursor *in, size_t n, const uint8_t **out)
{
	size_t left = (size_t)(in->end - in->at);
	size_t padded = (n + 3) & ~(size_t)3;

	if (n > left)
		return false;
	*out = in->at;
	in->at += padded < left ? padded : left;
	return true;
}

static bool take32(struct cursor *in, uint32_t *out)
{
	const uint8_t *p;

	if (!take(in, 4, &p))
		return false;
	*out = get_le32(p);
	return true;
}

static bool skip_name(struct cursor *in)
{
	const uint8_t *p;
	uint32_t kind, n;

	if (!take(in, 16, &p) || !take32(in, &kind) || !take32(in, &n))
		return false;
	return kind == 0 || take(in, n, &p);
}

static bool has_length(unsigned type)
{
	return type == TYPE_STRING8 || type == TYPE_UNICODE ||
	       type == TYPE_BINARY || type == TYPE_OBJECT;
}

static size_t fixed_size(unsigned type)
{
	switch (type) {
	case TYPE_DOUBLE:
	case TYPE_CURRENCY:
	case TYPE_APPTIME:
	case TYPE_INT64:
	case TYPE_TIME: return 8;
	case TYPE_GUID: return 16;
	default: return 4;
	}
}

static bool take_values(struct cursor *in, struct property *property)
{
	unsigned type = property->type & ~MANY;
	bool counted = has_length(type) || property->type & MANY;
	uint32_t n = 1, len;

	if (counted && !take32(in, &n))
		return false;
	for (uint32_t i = 0; i < n; i++) {
		struct mapi_bytes value = {.is_utf16 = type == TYPE_UNICODE};

		len = (uint32_t)fixed_size(type);
		if (has_length(type) && !take32(in, &len))
			return false;
		if (!take(in, len, &value.data))
			return false;
		value.len = len;
		if (i == 0)
			property->first = value;
	}
	return true;
}

static struct mapi_bytes without_iid(struct mapi_bytes bytes)
{
	size_t n = bytes.len < OBJECT_IID ? bytes.len : OBJECT_IID;

	bytes.data += n;
	bytes.len -= n;
	return bytes;
}

static void keep(const struct property *property, struct mapi *out)
{
	switch (property->id) {
	case 0x1000: out->body = property->first; break;
	case 0x1009: out->rtf = property->first; break;
	case 0x1013: out->html = property->first; break;
	case 0x3001: out->display_name = property->first; break;
	case 0x3701:
		out->is_message = property->type == TYPE_OBJECT;
		out->data = out->is_message ? without_iid(property->first)
		                            : property->first;
		break;
	case 0x3704: out->name = property->first; break;
	case 0x3707: out->long_name = property->first; break;
	case 0x370e: out->mime = property->first; break;
	case 0x3712: out->cid = property->first; break;
	case 0x3fde:
		if (property->type == TYPE_INT32 && property->first.len == 4)
			out->internet_codepage = get_le32(property->first.data);
		break;
	default: break;
	}
}

void mapi_read(const struct mapi_bytes *list, struct mapi *out)
{
	struct cursor in = {list->data, list->data + list->len};
	uint32_t n, word;

	if (!take32(&in, &n))
		return;
	for (; n > 0 && take32(&in, &word); n--) {
		struct property property = {.type = word & 0xffff,
		                            .id = word >> 16};

		if (property.id >= NAMED && !skip_name(&in))
			return;
		if (!take_values(&in, &property))
			return;
		if (property.first.len > 0)
			keep(&property, out);
	}
}

char *mapi_text(const struct mapi_bytes *bytes, const char *charset)
{
	struct buf out CLEANUP(buf_fini) = {0};

	charset_to_utf8((const char *)bytes->data, bytes->len,
	                bytes->is_utf16 ? "utf-16le" : charset, &out);
	return out.len > 0 ? xstrdup(buf_str(&out)) : NULL;
}
