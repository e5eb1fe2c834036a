/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_WORKER_OFFICE_CFB_H
#define RENDER_WORKER_OFFICE_CFB_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The little of the compound file format ([MS-CFB]) that tells an Office file.
 * At most CFB_ENTRIES_MAX directory entries are looked at.
 */
#define CFB_ENTRIES_MAX 4096

/* Whether it holds a stream of that name (ASCII). */
bool office_cfb_has(const void *data, size_t len, const char *name);

/*
 * Whether that stream, of Word ([MS-DOC] 2.5.2, fEncrypted) or Excel ([MS-XLS]
 * 2.4.117, FilePass), or the file around it (PowerPoint), wants a password.
 */
bool office_cfb_is_encrypted(const void *data, size_t len, const char *name);

#endif
