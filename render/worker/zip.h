/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_ZIP_H
#define RENDER_WORKER_ZIP_H

#include <stddef.h>

/*
 * The little of ZIP (APPNOTE.TXT) that tells an Office file: names in the
 * central directory, at most ZIP_NAMES_MAX of them, and the beginning of an
 * entry. A file that is not in order has no names.
 */
#define ZIP_NAMES_MAX 4096

typedef void zip_name_fn(const char *name, size_t len, void *arg);

void zip_names(const void *data, size_t len, zip_name_fn *fn, void *arg);

/*
 * The first bytes of the entry of that name, at most size; returns how many, 0
 * when there is none that can be read.
 */
size_t zip_read(const void *data, size_t len, const char *name, void *out,
                size_t size);

#endif
