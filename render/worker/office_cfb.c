/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/worker/office_cfb.h"

#include <stdint.h>

#include "base/mem.h"

#define HEADER_SIZE   512
#define ENTRY_SIZE    128
#define IN_HEADER     109 /* FAT sectors named in the header */
#define STREAM        2   /* kind of an entry */
#define MINI_BELOW    4096
#define BOF_8         0x0809
#define FILE_PASS     0x002f
#define RECORDS_MAX   32
#define FIB_ENCRYPTED 0x0100

struct cfb {
	const uint8_t *data;
	size_t len;
	size_t sector_size;
};

struct entry {
	uint32_t start; /* sector */
	uint32_t size;
};

static unsigned u16(const uint8_t *p)
{
	return p[0] | (unsigned)p[1] << 8;
}

static uint32_t u32(const uint8_t *p)
{
	return u16(p) | (uint32_t)u16(p + 2) << 16;
}

static int open_cfb(struct cfb *cfb, const void *data, size_t len)
{
	unsigned shift;

	if (len < HEADER_SIZE)
		return -1;
	shift = u16((const uint8_t *)data + 30);
	if (shift != 9 && shift != 12)
		return -1;
	*cfb = (struct cfb){data, len, (size_t)1 << shift};
	return 0;
}

/* NULL: not wholly in the file. The header counts as a sector of its own. */
static const uint8_t *sector(const struct cfb *cfb, uint32_t number)
{
	uint64_t at = ((uint64_t)number + 1) * cfb->sector_size;

	return at + cfb->sector_size <= cfb->len ? cfb->data + at : NULL;
}

/* The sector after this one; UINT32_MAX: none. */
static uint32_t next_sector(const struct cfb *cfb, uint32_t number)
{
	uint32_t per_sector = (uint32_t)(cfb->sector_size / 4);
	uint32_t index = number / per_sector;
	const uint8_t *fat;

	if (index >= IN_HEADER)
		return UINT32_MAX;
	fat = sector(cfb, u32(cfb->data + 76 + index * 4));
	return fat ? u32(fat + number % per_sector * 4) : UINT32_MAX;
}

/* Names are UTF-16, their length counts the final NUL. */
static bool is_named(const uint8_t *entry, const char *name)
{
	size_t n = strlen(name);

	if (u16(entry + 64) != (n + 1) * 2 || entry[66] != STREAM)
		return false;
	for (size_t i = 0; i < n; i++)
		if (u16(entry + i * 2) != (unsigned char)name[i])
			return false;
	return true;
}

static bool find(const struct cfb *cfb, const char *name, struct entry *out)
{
	uint32_t number = u32(cfb->data + 48);
	size_t per_sector = cfb->sector_size / ENTRY_SIZE;
	const uint8_t *entries;

	for (size_t n = 0; n < CFB_ENTRIES_MAX; n += per_sector) {
		entries = sector(cfb, number);
		if (!entries)
			return false;
		for (size_t i = 0; i < per_sector; i++) {
			const uint8_t *entry = entries + i * ENTRY_SIZE;

			if (!is_named(entry, name))
				continue;
			*out = (struct entry){u32(entry + 116),
			                      u32(entry + 120)};
			return true;
		}
		number = next_sector(cfb, number);
	}
	return false;
}

bool office_cfb_has(const void *data, size_t len, const char *name)
{
	struct entry entry;
	struct cfb cfb;

	return open_cfb(&cfb, data, len) == 0 && find(&cfb, name, &entry);
}

/* FilePass stands among the first records, after the BOF. */
static bool has_file_pass(const uint8_t *records, size_t len)
{
	for (size_t at = 0, n = 0; n < RECORDS_MAX && len - at >= 4; n++) {
		unsigned size = u16(records + at + 2);

		if (n == 0 && u16(records + at) != BOF_8)
			return false;
		if (u16(records + at) == FILE_PASS)
			return true;
		if (size > len - at - 4)
			return false;
		at += 4 + size;
	}
	return false;
}

bool office_cfb_is_encrypted(const void *data, size_t len, const char *name)
{
	const uint8_t *bytes;
	struct entry entry;
	struct cfb cfb;

	if (open_cfb(&cfb, data, len) < 0 || !find(&cfb, name, &entry))
		return false;
	if (strcmp(name, "PowerPoint Document") == 0)
		return find(&cfb, "EncryptedSummary", &entry);
	/* Short streams lie elsewhere; no document of these is that short. */
	bytes = entry.size >= MINI_BELOW ? sector(&cfb, entry.start) : NULL;
	if (!bytes)
		return false;
	if (strcmp(name, "WordDocument") == 0)
		return u16(bytes + 10) & FIB_ENCRYPTED;
	return has_file_pass(bytes, cfb.sector_size);
}
