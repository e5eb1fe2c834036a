/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/content_pack.h"

#include <errno.h>
#include <stdbool.h>
#include <zstd.h>

#include "base/mem.h"

/* The fastest level that still packs base64, which is most of large mail. */
#define LEVEL   1

/* Less than this would cost the reader more than it saves on the disk. */
#define MIN_LEN 64

enum {
	AS_IT_IS = 'r',
	ZSTD = 'z',
};

static ZSTD_CCtx *packer;
static ZSTD_DCtx *unpacker;

static void put_kind(struct buf *out, char kind)
{
	buf_append(out, &kind, 1);
}

/* The room given is less than what is there: zstd fails when it gains nothing.
 */
static bool pack(const void *data, size_t len, struct buf *out)
{
	size_t n;

	if (len < MIN_LEN)
		return false;
	if (!packer && !(packer = ZSTD_createCCtx()))
		abort(); /* out of memory */
	put_kind(out, ZSTD);
	buf_reserve(out, len);
	n = ZSTD_compressCCtx(packer, out->data + out->len, len - len / 16,
	                      data, len, LEVEL);
	if (ZSTD_isError(n)) {
		out->len--;
		return false;
	}
	out->len += n;
	return true;
}

void content_pack(const void *data, size_t len, struct buf *out)
{
	if (!pack(data, len, out))
		content_keep(data, len, out);
}

void content_keep(const void *data, size_t len, struct buf *out)
{
	put_kind(out, AS_IT_IS);
	buf_append(out, data, len);
}

static int unpack(const void *data, size_t len, size_t max, struct buf *out)
{
	size_t n;

	if (!unpacker && !(unpacker = ZSTD_createDCtx()))
		abort(); /* out of memory */
	buf_reserve(out, max);
	n = ZSTD_decompressDCtx(unpacker, out->data + out->len, max, data, len);
	if (ZSTD_isError(n) || n == 0)
		return -EBADMSG;
	out->len += n;
	return 0;
}

int content_unpack(const void *data, size_t len, size_t max, struct buf *out)
{
	const char *kind = data;

	if (len == 0 || len > CONTENT_PACK_MAX(max))
		return -EBADMSG;
	if (*kind == ZSTD)
		return unpack(kind + 1, len - 1, max, out);
	if (*kind != AS_IT_IS)
		return -EBADMSG;
	buf_append(out, kind + 1, len - 1);
	return 0;
}
