/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stdint.h>

#include "base/mem.h"
#include "render/worker/container.h"

/*
 * ContentInfo ::= SEQUENCE { contentType OID, [0] content }, and down to the
 * octets of encapContentInfo in SignedData. Nothing is verified: that is not
 * what paper is for. Streaming signers write indefinite lengths and the octets
 * in pieces (BER, X.690 8.1.3.6, 8.7.3).
 */
#define OCTETS_DEPTH 4

enum {
	TAG_INTEGER = 0x02,
	TAG_OCTETS = 0x04,
	TAG_OID = 0x06,
	TAG_OCTETS_PIECES = 0x24,
	TAG_SEQUENCE = 0x30,
	TAG_SET = 0x31,
	TAG_EXPLICIT_0 = 0xa0,
};

struct ber {
	const uint8_t *at, *end;
};

/* Takes one element off in: its tag, and its content as *inside. */
static bool take(struct ber *in, unsigned *tag, struct ber *inside)
{
	size_t left = (size_t)(in->end - in->at), len, n;

	if (left < 2 || (in->at[0] == 0 && in->at[1] == 0))
		return false;
	*tag = in->at[0];
	len = in->at[1];
	in->at += 2;
	left -= 2;
	if (len == 0x80) { /* indefinite: to wherever the outer one ends */
		*inside = *in;
		in->at = in->end;
		return true;
	}
	n = len & 0x7f;
	if (len > 0x80) {
		if (n > 4 || n > left)
			return false;
		for (len = 0; n > 0; n--, left--)
			len = len << 8 | *in->at++;
	}
	if (len > left)
		return false;
	*inside = (struct ber){in->at, in->at + len};
	in->at += len;
	return true;
}

static bool enter(struct ber *in, unsigned wanted, struct ber *inside)
{
	unsigned tag;

	return take(in, &tag, inside) && tag == wanted;
}

static void take_octets(struct ber *in, unsigned tag, struct ber inside,
                        struct buf *out, unsigned depth)
{
	unsigned inner;

	if (tag == TAG_OCTETS)
		buf_append(out, inside.at, (size_t)(inside.end - inside.at));
	else if (tag == TAG_OCTETS_PIECES && depth < OCTETS_DEPTH)
		for (struct ber piece; take(&inside, &inner, &piece);)
			take_octets(&inside, inner, piece, out, depth + 1);
}

static enum cms_kind kind_of(const struct ber *oid)
{
	static const struct {
		const char *bytes;
		size_t len;
		enum cms_kind kind;
	} kinds[] = {
		{"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", 9, CMS_SIGNED},
		{"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03", 9, CMS_ENCRYPTED},
		{"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17", 11,
	         CMS_ENCRYPTED}, /* authenticated, RFC 5083 */
		{"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x09", 11,
	         CMS_COMPRESSED}, /* RFC 3274 */
	};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if ((size_t)(oid->end - oid->at) == kinds[i].len &&
		    memcmp(oid->at, kinds[i].bytes, kinds[i].len) == 0)
			return kinds[i].kind;
	return CMS_NONE;
}

/* SignedData ::= SEQUENCE { version, digests, encapContentInfo, ... } */
static enum cms_kind unwrap_signed(struct ber *content, struct buf *out)
{
	struct ber data, part, encap, explicit0, octets;
	size_t before = out->len;
	unsigned tag;

	if (!enter(content, TAG_SEQUENCE, &data) ||
	    !enter(&data, TAG_INTEGER, &part) ||
	    !enter(&data, TAG_SET, &part) ||
	    !enter(&data, TAG_SEQUENCE, &encap) ||
	    !enter(&encap, TAG_OID, &part))
		return CMS_NONE;
	if (!enter(&encap, TAG_EXPLICIT_0, &explicit0) ||
	    !take(&explicit0, &tag, &octets))
		return CMS_DETACHED;
	take_octets(&explicit0, tag, octets, out, 0);
	return out->len > before ? CMS_SIGNED : CMS_DETACHED;
}

enum cms_kind cms_unwrap(const char *data, size_t len, struct buf *content)
{
	const uint8_t *start = (const uint8_t *)data;
	struct ber all = {start, start + len}, info, oid, inside;
	enum cms_kind kind;

	if (len == 0 || !enter(&all, TAG_SEQUENCE, &info) ||
	    !enter(&info, TAG_OID, &oid))
		return CMS_NONE;
	kind = kind_of(&oid);
	if (kind != CMS_SIGNED)
		return kind;
	if (!enter(&info, TAG_EXPLICIT_0, &inside))
		return CMS_NONE;
	return unwrap_signed(&inside, content);
}
