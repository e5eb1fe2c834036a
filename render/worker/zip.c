/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/zip.h"

#include <stdint.h>

#include <zlib.h>

#include "base/mem.h"

#define END_SIZE     22 /* of the end record, without its comment */
#define CENTRAL_SIZE 46
#define LOCAL_SIZE   30
#define COMMENT_MAX  65535

struct zip {
	const uint8_t *data;
	size_t len;
	size_t at;     /* of the next entry of the directory */
	unsigned left; /* entries, as it says */
};

struct entry {
	const char *name;
	size_t name_len;
	unsigned method;
	size_t size; /* packed */
	size_t local;
};

static unsigned u16(const uint8_t *p)
{
	return p[0] | (unsigned)p[1] << 8;
}

static uint32_t u32(const uint8_t *p)
{
	return u16(p) | (uint32_t)u16(p + 2) << 16;
}

/* The end record is the last thing but a comment. */
static int open_zip(struct zip *zip, const void *data, size_t len)
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
			.at = u32(end + 16),
			.left = u16(end + 10),
		};
		if (zip->left > ZIP_NAMES_MAX)
			zip->left = ZIP_NAMES_MAX;
		return 0;
	}
	return -1;
}

static int next_entry(struct zip *zip, struct entry *out)
{
	const uint8_t *head = zip->data + zip->at;
	size_t room;

	if (zip->left == 0 || zip->at > zip->len ||
	    zip->len - zip->at < CENTRAL_SIZE || memcmp(head, "PK\1\2", 4) != 0)
		return -1;
	room = zip->len - zip->at - CENTRAL_SIZE;
	*out = (struct entry){
		.name = (const char *)head + CENTRAL_SIZE,
		.name_len = u16(head + 28),
		.method = u16(head + 10),
		.size = u32(head + 20),
		.local = u32(head + 42),
	};
	if (out->name_len > room)
		return -1;
	zip->left--;
	zip->at +=
		CENTRAL_SIZE + out->name_len + u16(head + 30) + u16(head + 32);
	return 0;
}

void zip_names(const void *data, size_t len, zip_name_fn *fn, void *arg)
{
	struct entry entry;
	struct zip zip;

	if (open_zip(&zip, data, len) < 0)
		return;
	while (next_entry(&zip, &entry) == 0)
		fn(entry.name, entry.name_len, arg);
}

static size_t inflate_some(const uint8_t *in, size_t len, void *out,
                           size_t size)
{
	z_stream stream = {
		.next_in = (uint8_t *)(uintptr_t)in,
		.avail_in = len > UINT32_MAX ? UINT32_MAX : (unsigned)len,
		.next_out = out,
		.avail_out = (unsigned)size,
	};

	if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
		return 0;
	inflate(&stream, Z_SYNC_FLUSH);
	inflateEnd(&stream);
	return size - stream.avail_out;
}

static size_t read_entry(const struct zip *zip, const struct entry *entry,
                         void *out, size_t size)
{
	const uint8_t *head = zip->data + entry->local;
	size_t start, n = entry->size;

	if (entry->local > zip->len || zip->len - entry->local < LOCAL_SIZE ||
	    memcmp(head, "PK\3\4", 4) != 0)
		return 0;
	start = entry->local + LOCAL_SIZE + u16(head + 26) + u16(head + 28);
	if (start > zip->len || n > zip->len - start)
		return 0;
	if (entry->method == Z_DEFLATED)
		return inflate_some(zip->data + start, n, out, size);
	if (entry->method != 0)
		return 0;
	n = n < size ? n : size;
	memcpy(out, zip->data + start, n);
	return n;
}

size_t zip_read(const void *data, size_t len, const char *name, void *out,
                size_t size)
{
	struct entry entry;
	struct zip zip;

	if (open_zip(&zip, data, len) < 0)
		return 0;
	while (next_entry(&zip, &entry) == 0)
		if (entry.name_len == strlen(name) &&
		    memcmp(entry.name, name, entry.name_len) == 0)
			return read_entry(&zip, &entry, out, size);
	return 0;
}
