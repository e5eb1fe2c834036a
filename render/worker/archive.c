/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <stdio.h>

#include <zlib.h>

#include "base/mem.h"
#include "render/worker/container.h"
#include "render/worker/zip.h"

#define CHUNK     (256 * 1024)
#define NAME_SIZE 256

struct archive {
	struct zip zip;
	size_t room; /* of what may still be unpacked */
	container_item_fn *item;
	void *arg;
	unsigned n_given;
};

/* Without its folders: it says what a file is, and is nowhere written to. */
static const char *base_name(const struct zip_entry *entry, size_t *len)
{
	const char *name = entry->name;

	*len = entry->name_len;
	for (size_t i = 0; i < entry->name_len; i++)
		if (entry->name[i] == '/' || entry->name[i] == '\\') {
			name = entry->name + i + 1;
			*len = entry->name_len - i - 1;
		}
	return name;
}

/* Folders, and what systems leave in them beside people's files. */
static bool is_nothing(const struct zip_entry *entry)
{
	static const char *const names[] = {".DS_Store", "Thumbs.db",
	                                    "desktop.ini"};
	static const char mac[] = "__MACOSX/";
	size_t len, n = sizeof mac - 1;
	const char *name = base_name(entry, &len);

	if (len == 0 ||
	    (entry->name_len > n && memcmp(entry->name, mac, n) == 0))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (len == strlen(names[i]) && memcmp(name, names[i], len) == 0)
			return true;
	return false;
}

static bool give_file(struct archive *archive, const struct zip_entry *entry)
{
	struct buf content CLEANUP(buf_fini) = {0};
	char name[NAME_SIZE];
	struct container_item found = {
		.type = "application/octet-stream",
		.name = name,
		.is_attachment = true,
	};
	size_t len;
	const char *base = base_name(entry, &len);

	if (!zip_read_all(&archive->zip, entry, archive->room, &content))
		return false;
	snprintf(name, sizeof name, "%.*s", (int)len, base);
	archive->room -= content.len;
	found.data = content.data ? content.data : "";
	found.len = content.len;
	archive->item(&found, archive->arg);
	archive->n_given++;
	return true;
}

/* What its directory says, before anything is unpacked. */
static enum archive_end look_at(const void *data, size_t len)
{
	struct zip_entry entry;
	struct zip zip;
	unsigned n = 0;

	if (zip_open(&zip, data, len) < 0)
		return ARCHIVE_DAMAGED;
	while (zip_next(&zip, &entry) == 0) {
		if (is_nothing(&entry))
			continue;
		if (entry.is_encrypted)
			return ARCHIVE_LOCKED;
		if (++n > ARCHIVE_FILES)
			return ARCHIVE_OF_MANY;
	}
	return n > 0 ? ARCHIVE_OPENED : ARCHIVE_DAMAGED;
}

enum archive_end archive_unzip(const char *data, size_t len,
                               container_item_fn *item, void *arg)
{
	struct archive archive = {.room = ARCHIVE_BYTES,
	                          .item = item,
	                          .arg = arg};
	enum archive_end end = look_at(data, len);
	struct zip_entry entry;

	if (end != ARCHIVE_OPENED || zip_open(&archive.zip, data, len) < 0)
		return end;
	while (zip_next(&archive.zip, &entry) == 0)
		if (!is_nothing(&entry) && !give_file(&archive, &entry))
			end = ARCHIVE_IN_PART;
	return archive.n_given > 0 ? end : ARCHIVE_DAMAGED;
}

/* Members one after another are one file (RFC 1952, 2.2). */
static bool gunzip(const char *data, size_t len, struct buf *out)
{
	z_stream stream = {
		.next_in = (Bytef *)(uintptr_t)data,
		.avail_in = len > UINT32_MAX ? UINT32_MAX : (unsigned)len,
	};
	Bytef *chunk CLEANUP(xfree) = xmalloc(CHUNK);
	int r = inflateInit2(&stream, MAX_WBITS + 16);

	while (r == Z_OK && out->len <= ARCHIVE_BYTES) {
		stream.next_out = chunk;
		stream.avail_out = CHUNK;
		r = inflate(&stream, Z_NO_FLUSH);
		buf_append(out, chunk, CHUNK - stream.avail_out);
		if (r == Z_STREAM_END && stream.avail_in > 18 &&
		    stream.next_in[0] == 0x1f)
			r = inflateReset(&stream);
	}
	inflateEnd(&stream);
	return r == Z_STREAM_END && out->len <= ARCHIVE_BYTES;
}

/* "a.svgz" is "a.svg", "a.txt.gz" is "a.txt". */
static void name_inside(const char *name, char *out, size_t size)
{
	static const struct {
		const char *end, *instead;
	} ends[] = {{".svgz", ".svg"},
	            {".emz", ".emf"},
	            {".wmz", ".wmf"},
	            {".tgz", ".tar"},
	            {".gz", ""}};
	size_t n = name ? strlen(name) : 0;

	snprintf(out, size, "%s", name ? name : "");
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		size_t m = strlen(ends[i].end);

		if (n < m || n >= size ||
		    strcasecmp(name + n - m, ends[i].end) != 0)
			continue;
		snprintf(out + n - m, size - n + m, "%s", ends[i].instead);
		return;
	}
}

enum archive_end archive_gunzip(const char *data, size_t len, const char *name,
                                const char *cid, container_item_fn *item,
                                void *arg)
{
	struct buf content CLEANUP(buf_fini) = {0};
	char inside[NAME_SIZE];
	struct container_item found = {
		.type = "application/octet-stream",
		.name = inside,
		.cid = cid,
		.is_attachment = true,
	};

	if (!gunzip(data, len, &content) || content.len == 0)
		return ARCHIVE_DAMAGED;
	name_inside(name, inside, sizeof inside);
	found.data = content.data;
	found.len = content.len;
	item(&found, arg);
	return ARCHIVE_OPENED;
}

bool archive_preview(const char *data, size_t len, container_item_fn *item,
                     void *arg)
{
	struct archive archive = {.room = ARCHIVE_BYTES,
	                          .item = item,
	                          .arg = arg};
	struct zip_entry entry;

	return zip_find(data, len, "QuickLook/Preview.pdf", &archive.zip,
	                &entry) == 0 &&
	       give_file(&archive, &entry);
}

bool archive_is_apples(const char *data, size_t len)
{
	static const char *const names[] = {"Index/Document.iwa", "Index.zip",
	                                    "index.apxl", "index.xml"};
	struct zip_entry entry;
	struct zip zip;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (zip_find(data, len, names[i], &zip, &entry) == 0)
			return i == 0 ||
			       zip_find(data, len, "buildVersionHistory.plist",
			                &zip, &entry) == 0 ||
			       zip_find(data, len,
			                "Metadata/BuildVersionHistory.plist",
			                &zip, &entry) == 0;
	return false;
}
