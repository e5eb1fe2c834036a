/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/cfb.h"

#include "base/mem.h"
#include "render/worker/little_endian.h"

#define HEADER_SIZE 512
#define ENTRY_SIZE  128
#define IN_HEADER   109 /* FAT sectors named in the header */
#define MINI_SIZE   64  /* of a sector of short streams */
#define MINI_BELOW  4096
#define NO_SECTOR   UINT32_MAX
#define LAST_SECTOR 0xfffffffau /* above are marks */

/*
 * A stream is a chain of sectors, the FAT says which comes next. Short ones
 * are chains of small sectors within the root's own stream.
 */
struct cfb {
	const uint8_t *data;
	size_t len;
	size_t sector_size;
	struct buf fat, directory, mini_fat, mini;
};

/*
 * How much of it the file has: some writers leave the last one short. The
 * header counts as a sector of its own.
 */
static size_t sector(const struct cfb *cfb, uint32_t number,
                     const uint8_t **bytes)
{
	uint64_t at = ((uint64_t)number + 1) * cfb->sector_size;
	size_t left;

	if (number >= LAST_SECTOR || at >= cfb->len)
		return 0;
	*bytes = cfb->data + at;
	left = cfb->len - (size_t)at;
	return left < cfb->sector_size ? left : cfb->sector_size;
}

/* The row of a table of sector numbers. */
static uint32_t next_in(const struct buf *table, uint32_t number)
{
	return (uint64_t)number * 4 + 4 <= table->len
	               ? get_le32((const uint8_t *)table->data +
	                          (size_t)number * 4)
	               : NO_SECTOR;
}

/* No chain is longer than the file, or it runs in circles. */
static void read_chain(const struct cfb *cfb, uint32_t number, size_t max,
                       struct buf *out)
{
	size_t left = cfb->len / cfb->sector_size;
	const uint8_t *bytes = NULL;

	for (; max > 0 && left > 0; left--) {
		size_t n = sector(cfb, number, &bytes);

		if (n == 0)
			return;
		n = n < max ? n : max;
		buf_append(out, bytes, n);
		max -= n;
		number = next_in(&cfb->fat, number);
	}
}

static void add_fat_sector(struct cfb *cfb, uint32_t number)
{
	const uint8_t *bytes = NULL;
	size_t n = sector(cfb, number, &bytes);

	if (n > 0 && cfb->fat.len < cfb->len)
		buf_append(&cfb->fat, bytes, n);
}

/* The first sectors of the FAT are named in the header, others in a list. */
static void read_fat(struct cfb *cfb)
{
	size_t in_list = cfb->sector_size / 4 - 1;
	uint32_t number = get_le32(cfb->data + 68);
	size_t left = cfb->len / cfb->sector_size;
	const uint8_t *list = NULL;

	for (size_t i = 0; i < IN_HEADER; i++)
		add_fat_sector(cfb, get_le32(cfb->data + 76 + i * 4));
	for (; left > 0 && number < LAST_SECTOR; left--) {
		if (sector(cfb, number, &list) < cfb->sector_size)
			return;
		for (size_t i = 0; i < in_list; i++)
			add_fat_sector(cfb, get_le32(list + i * 4));
		number = get_le32(list + in_list * 4);
	}
}

struct cfb *cfb_open(const void *data, size_t len)
{
	static const char magic[] = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
	const uint8_t *bytes = data;
	struct cfb_entry root;
	struct cfb *cfb;

	if (len < HEADER_SIZE || memcmp(data, magic, 8) != 0 ||
	    (get_le16(bytes + 30) != 9 && get_le16(bytes + 30) != 12))
		return NULL;
	cfb = xcalloc(1, sizeof *cfb);
	cfb->data = data;
	cfb->len = len;
	cfb->sector_size = (size_t)1 << get_le16(bytes + 30);
	read_fat(cfb);
	read_chain(cfb, get_le32(bytes + 48), CFB_ENTRIES_MAX * ENTRY_SIZE,
	           &cfb->directory);
	read_chain(cfb, get_le32(bytes + 60), len, &cfb->mini_fat);
	if (cfb_entry(cfb, 0, &root) && root.kind == CFB_ROOT)
		read_chain(cfb, root.start, root.size, &cfb->mini);
	return cfb;
}

void cfb_free(struct cfb *cfb)
{
	if (!cfb)
		return;
	buf_fini(&cfb->fat);
	buf_fini(&cfb->directory);
	buf_fini(&cfb->mini_fat);
	buf_fini(&cfb->mini);
	free(cfb);
}

/* Names are UTF-16, their length counts the final NUL. */
static void read_name(const uint8_t *entry, char *out)
{
	size_t n = get_le16(entry + 64) / 2;

	n = n > 0 && n <= CFB_NAME_SIZE ? n - 1 : 0;
	for (size_t i = 0; i < n; i++) {
		unsigned c = get_le16(entry + i * 2);

		out[i] = (char)(c > 0 && c < 0x80 ? c : '?');
	}
	out[n] = '\0';
}

bool cfb_entry(const struct cfb *cfb, uint32_t number, struct cfb_entry *out)
{
	const uint8_t *entry;

	if (((uint64_t)number + 1) * ENTRY_SIZE > cfb->directory.len)
		return false;
	entry = (const uint8_t *)cfb->directory.data +
	        (size_t)number * ENTRY_SIZE;
	*out = (struct cfb_entry){
		.kind = entry[66],
		.left = get_le32(entry + 68),
		.right = get_le32(entry + 72),
		.child = get_le32(entry + 76),
		.start = get_le32(entry + 116),
		.size = get_le32(entry + 120),
	};
	read_name(entry, out->name);
	return true;
}

/*
 * The entries of a storage hang together as a tree: what is left of one comes
 * before it. None is gone to twice, however they point.
 */
void cfb_each(const struct cfb *cfb, const struct cfb_entry *storage,
              cfb_entry_fn *fn, void *arg)
{
	size_t n = cfb->directory.len / ENTRY_SIZE, depth = 0;
	uint32_t *path CLEANUP(xfree) = xcalloc(n + 1, sizeof *path);
	bool *seen CLEANUP(xfree) = xcalloc(n + 1, sizeof *seen);
	uint32_t at = storage->child;
	struct cfb_entry entry;

	for (;;) {
		while (at < n && !seen[at] && cfb_entry(cfb, at, &entry)) {
			seen[at] = true;
			path[depth++] = at;
			at = entry.left;
		}
		if (depth == 0)
			return;
		cfb_entry(cfb, path[--depth], &entry);
		fn(&entry, arg);
		at = entry.right;
	}
}

struct search {
	const char *name;
	struct cfb_entry *out;
	bool is_found;
};

static void on_searched(const struct cfb_entry *entry, void *arg)
{
	struct search *search = arg;

	if (search->is_found || strcmp(entry->name, search->name) != 0)
		return;
	*search->out = *entry;
	search->is_found = true;
}

bool cfb_find(const struct cfb *cfb, const struct cfb_entry *storage,
              const char *name, struct cfb_entry *out)
{
	struct search search = {.name = name, .out = out};

	cfb_each(cfb, storage, on_searched, &search);
	return search.is_found;
}

bool cfb_find_anywhere(const struct cfb *cfb, const char *name,
                       struct cfb_entry *out)
{
	struct cfb_entry entry;

	for (uint32_t n = 0; cfb_entry(cfb, n, &entry); n++) {
		if (entry.kind != CFB_STREAM || strcmp(entry.name, name) != 0)
			continue;
		*out = entry;
		return true;
	}
	return false;
}

static void read_mini(const struct cfb *cfb, uint32_t number, size_t max,
                      struct buf *out)
{
	for (size_t left = MINI_BELOW / MINI_SIZE; max > 0 && left > 0;
	     left--) {
		size_t n = max < MINI_SIZE ? max : MINI_SIZE;

		if (((uint64_t)number + 1) * MINI_SIZE > cfb->mini.len)
			return;
		buf_append(out, cfb->mini.data + (size_t)number * MINI_SIZE, n);
		max -= n;
		number = next_in(&cfb->mini_fat, number);
	}
}

void cfb_read(const struct cfb *cfb, const struct cfb_entry *stream, size_t max,
              struct buf *out)
{
	size_t n = stream->size < max ? stream->size : max;

	if (stream->size < MINI_BELOW)
		read_mini(cfb, stream->start, n, out);
	else
		read_chain(cfb, stream->start, n, out);
}
