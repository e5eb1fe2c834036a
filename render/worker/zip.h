/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_ZIP_H
#define RENDER_WORKER_ZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * ZIP files (APPNOTE.TXT) as their central directory describes them, in place:
 * at most ZIP_NAMES_MAX entries, stored or deflated. A file that is not in
 * order has none.
 */
#define ZIP_NAMES_MAX 4096

struct zip {
	const uint8_t *data; /* borrowed */
	size_t len;
	size_t at;     /* of the next entry of the directory */
	unsigned left; /* entries, as it says */
};

struct zip_entry {
	const char *name; /* in the file, without a NUL; its charset is open */
	size_t name_len;
	bool is_encrypted;
	unsigned method;
	size_t size;     /* packed */
	size_t unpacked; /* as it says: it may be more or less */
	size_t local;
};

/* -1: it is no ZIP file. */
int zip_open(struct zip *zip, const void *data, size_t len);

/* -1: there are no more. */
int zip_next(struct zip *zip, struct zip_entry *out);

/* The first bytes of an entry, at most size; how many, 0 if it cannot be read.
 */
size_t zip_read(const struct zip *zip, const struct zip_entry *entry, void *out,
                size_t size);

/* All of an entry, appended. False: it is damaged, or larger than max. */
bool zip_read_all(const struct zip *zip, const struct zip_entry *entry,
                  size_t max, struct buf *out);

/* The first entry of that name; -1: there is none. */
int zip_find(const void *data, size_t len, const char *name, struct zip *zip,
             struct zip_entry *out);

#endif
