/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef TESTS_OFFICE_MAKE_H
#define TESTS_OFFICE_MAKE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/mem.h"

/* The smallest files of the kinds that Office files are made of. */

static inline void put16(struct buf *out, unsigned value)
{
	const uint8_t bytes[] = {(uint8_t)value, (uint8_t)(value >> 8)};

	buf_append(out, bytes, sizeof bytes);
}

static inline void put32(struct buf *out, uint32_t value)
{
	put16(out, value & 0xffff);
	put16(out, value >> 16);
}

struct zip_member {
	const char *name, *text;
};

static inline void put_member(struct buf *out, const char *magic,
                              const struct zip_member *member, bool central)
{
	buf_append(out, magic, 4);
	if (central)
		put16(out, 20);
	put16(out, 20);
	for (int i = 0; i < 4; i++)
		put16(out, 0); /* flags, stored, time, date */
	put32(out, 0);
	put32(out, (uint32_t)strlen(member->text));
	put32(out, (uint32_t)strlen(member->text));
	put16(out, (unsigned)strlen(member->name));
	put16(out, 0);
}

/* Stored members; the list ends with a NULL name. */
static inline void make_zip(struct buf *out, const struct zip_member *members)
{
	struct buf directory = {0};
	unsigned n = 0;

	for (; members[n].name; n++) {
		uint32_t at = (uint32_t)out->len;

		put_member(out, "PK\3\4", &members[n], false);
		buf_puts(out, members[n].name);
		buf_puts(out, members[n].text);
		put_member(&directory, "PK\1\2", &members[n], true);
		for (int i = 0; i < 5; i++)
			put16(&directory, 0); /* comment, disk, attributes */
		put32(&directory, at);
		buf_puts(&directory, members[n].name);
	}
	uint32_t at = (uint32_t)out->len;

	buf_append(out, directory.data, directory.len);
	buf_append(out, "PK\5\6\0\0\0\0", 8);
	put16(out, n);
	put16(out, n);
	put32(out, (uint32_t)directory.len);
	put32(out, at);
	put16(out, 0);
	buf_fini(&directory);
}

#define CFB_SECTOR 512

static inline void put_entry(struct buf *out, const char *name)
{
	size_t start = out->len;

	for (const char *c = name; *c; c++)
		put16(out, (unsigned char)*c);
	while (out->len < start + 64)
		put16(out, 0);
	put16(out, (unsigned)(strlen(name) + 1) * 2);
	put16(out, 2); /* a stream */
	while (out->len < start + 116)
		put16(out, 0);
	put32(out, 2);    /* its first sector */
	put32(out, 4096); /* its size */
	put32(out, 0);
}

/*
 * A compound file with these streams (the list ends with NULL), all of which
 * begin with the same bytes. Sectors: 0 FAT, 1 directory, 2... content.
 */
static inline void make_cfb(struct buf *out, const char *const *names,
                            const void *content, size_t len)
{
	buf_append(out, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8);
	while (out->len < 30)
		put16(out, 0);
	put16(out, 9); /* sectors of 512 bytes */
	while (out->len < 48)
		put16(out, 0);
	put32(out, 1); /* the directory */
	while (out->len < 76)
		put16(out, 0);
	put32(out, 0); /* the FAT */
	while (out->len < CFB_SECTOR)
		put32(out, UINT32_MAX);
	while (out->len < 2 * CFB_SECTOR)
		put32(out, UINT32_MAX - 1);
	for (; *names; names++)
		put_entry(out, *names);
	while (out->len < 3 * CFB_SECTOR)
		put16(out, 0);
	buf_append(out, content, len);
	while (out->len < 12 * CFB_SECTOR)
		put16(out, 0);
}

#endif
