/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_CFB_H
#define RENDER_WORKER_CFB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cleanup.h"

/*
 * Compound files ([MS-CFB]), of which Word, Excel, PowerPoint and Outlook made
 * theirs: storages (folders) with streams (files) in them. Never more is held
 * than a few times the file's own size, whatever it says.
 */
#define CFB_ENTRIES_MAX 65536
#define CFB_NAME_SIZE   32

enum {
	CFB_STORAGE = 1,
	CFB_STREAM = 2,
	CFB_ROOT = 5,
};

struct cfb_entry {
	char name[CFB_NAME_SIZE]; /* what is not ASCII is '?' */
	unsigned kind;
	uint32_t left, right, child; /* numbers of entries */
	uint32_t start;              /* sector */
	uint32_t size;
};

struct cfb;

/* NULL: it is no such file. data outlives it. */
struct cfb *cfb_open(const void *data, size_t len);
void cfb_free(struct cfb *cfb);
DEFINE_CLEANUP(struct cfb *, cfb_free)

/* False: there is none of that number. The root's is 0. */
bool cfb_entry(const struct cfb *cfb, uint32_t number, struct cfb_entry *out);

/* What lies in a storage itself, sorted as the file has it. */
typedef void cfb_entry_fn(const struct cfb_entry *entry, void *arg);
void cfb_each(const struct cfb *cfb, const struct cfb_entry *storage,
              cfb_entry_fn *fn, void *arg);

/* The stream or storage of that name in a storage. */
bool cfb_find(const struct cfb *cfb, const struct cfb_entry *storage,
              const char *name, struct cfb_entry *out);

/* A stream of that name, wherever it lies. */
bool cfb_find_anywhere(const struct cfb *cfb, const char *name,
                       struct cfb_entry *out);

/* The stream's bytes, as far as they are there, appended; at most max. */
void cfb_read(const struct cfb *cfb, const struct cfb_entry *stream, size_t max,
              struct buf *out);

#endif
