/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/zip.h"

#include <stdint.h>

#include <zlib.h>

#include "base/mem.h"
#include "render/worker/little_endian.h"

#define END_SIZE     22 /* of the end record, without its comment */
#define CENTRAL_SIZE 46
#define LOCAL_SIZE   30
#define COMMENT_MAX  65535
#define ENCRYPTED    1 /* flag */
#define CHUNK        (256 * 1024)

/* The end record is the last thing but a comment. */
int zip_open(struct zip *zip, const void *data, size_t len)
{
	const uint8_t *bytes = data;
	size_t lowest =
		len > END_SIZE + COMMENT_MAX ? len - END_SIZE - COMMENT_MAX : 0;

	for (size_t at = len >= END_SIZE ? len - END_SIZE + 1 : 0; at > lowest;
	     at--) {
		const uint8_t *end = bytes + at - 1;

		if (memcmp(end, "PK\5\6", 4) != 0)
			continue;
		*zip = (struct zip){
			.data = bytes,
			.len = len,
			.at = get_le32(end + 16),
			.left = get_le16(end + 10),
		};
		if (zip->left > ZIP_NAMES_MAX)
			zip->left = ZIP_NAMES_MAX;
		return 0;
	}
	return -1;
}

int zip_next(struct zip *zip, struct zip_entry *out)
{
	const uint8_t *head = zip->data + zip->at;
	size_t room;

	if (zip->left == 0 || zip->at > zip->len ||
	    zip->len - zip->at < CENTRAL_SIZE || memcmp(head, "PK\1\2", 4) != 0)
		return -1;
	room = zip->len - zip->at - CENTRAL_SIZE;
	*out = (struct zip_entry){
		.name = (const char *)head + CENTRAL_SIZE,
		.name_len = get_le16(head + 28),
		.is_encrypted = get_le16(head + 8) & ENCRYPTED,
		.method = get_le16(head + 10),
		.size = get_le32(head + 20),
		.unpacked = get_le32(head + 24),
		.local = get_le32(head + 42),
	};
	if (out->name_len > room)
		return -1;
	zip->left--;
	zip->at += CENTRAL_SIZE + out->name_len + get_le16(head + 30) +
	           get_le16(head + 32);
	return 0;
}

/* Where its bytes are; NULL: not wholly in the file. */
static const uint8_t *packed_bytes(const struct zip *zip,
                                   const struct zip_entry *entry)
{
	const uint8_t *head = zip->data + entry->local;
	size_t start;

	if (entry->local > zip->len || zip->len - entry->local < LOCAL_SIZE ||
	    memcmp(head, "PK\3\4", 4) != 0)
		return NULL;
	start = entry->local + LOCAL_SIZE + get_le16(head + 26) +
	        get_le16(head + 28);
	if (start > zip->len || entry->size > zip->len - start)
		return NULL;
	return zip->data + start;
}

/* More and more of it, up to the end or to max. */
struct inflation {
	z_stream stream;
	bool has_ended;
};

static bool begin_inflation(struct inflation *inflation, const uint8_t *in,
                            size_t len)
{
	inflation->stream = (z_stream){
		.next_in = (uint8_t *)(uintptr_t)in,
		.avail_in = len > UINT32_MAX ? UINT32_MAX : (unsigned)len,
	};
	inflation->has_ended = false;
	return inflateInit2(&inflation->stream, -MAX_WBITS) == Z_OK;
}

static size_t inflate_some(struct inflation *inflation, void *out, size_t size)
{
	z_stream *stream = &inflation->stream;
	int r;

	stream->next_out = out;
	stream->avail_out = (unsigned)size;
	r = inflate(stream, Z_SYNC_FLUSH);
	inflation->has_ended = r == Z_STREAM_END;
	return size - stream->avail_out;
}

size_t zip_read(const struct zip *zip, const struct zip_entry *entry, void *out,
                size_t size)
{
	const uint8_t *in = packed_bytes(zip, entry);
	struct inflation inflation;
	size_t n = entry->size < size ? entry->size : size;

	if (in && entry->method == 0)
		memcpy(out, in, n);
	if (!in || entry->method != Z_DEFLATED)
		return in && entry->method == 0 ? n : 0;
	if (!begin_inflation(&inflation, in, entry->size))
		return 0;
	n = inflate_some(&inflation, out, size);
	inflateEnd(&inflation.stream);
	return n;
}

static bool inflate_all(const uint8_t *in, size_t len, size_t max,
                        struct buf *out)
{
	char *chunk CLEANUP(xfree) = xmalloc(CHUNK);
	struct inflation inflation;
	size_t sum = 0, n;

	if (!begin_inflation(&inflation, in, len))
		return false;
	do {
		n = inflate_some(&inflation, chunk, CHUNK);
		sum += n;
		if (sum <= max)
			buf_append(out, chunk, n);
	} while (n > 0 && sum <= max && !inflation.has_ended);
	inflateEnd(&inflation.stream);
	return inflation.has_ended && sum <= max;
}

bool zip_read_all(const struct zip *zip, const struct zip_entry *entry,
                  size_t max, struct buf *out)
{
	const uint8_t *in = packed_bytes(zip, entry);

	if (!in || entry->is_encrypted)
		return false;
	if (entry->method == Z_DEFLATED)
		return inflate_all(in, entry->size, max, out);
	if (entry->method != 0 || entry->size > max)
		return false;
	buf_append(out, in, entry->size);
	return true;
}

int zip_find(const void *data, size_t len, const char *name, struct zip *zip,
             struct zip_entry *out)
{
	if (zip_open(zip, data, len) < 0)
		return -1;
	while (zip_next(zip, out) == 0)
		if (out->name_len == strlen(name) &&
		    memcmp(out->name, name, out->name_len) == 0)
			return 0;
	return -1;
}
