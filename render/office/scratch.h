/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef RENDER_OFFICE_SCRATCH_H
#define RENDER_OFFICE_SCRATCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * The folder of one document: the document as it came, the PDF it became, and
 * what LibreOffice writes besides. It is emptied before the next one. It is the
 * box's own /tmp, because LibreOffice makes its sockets nowhere else.
 */
#define SCRATCH_FOLDER   "/tmp"

/*
 * Names of what it keeps, empty: LibreOffice makes folders for its own
 * temporary files when it starts, and looks for them with every document.
 */
#define SCRATCH_KEPT_MAX 8
struct scratch {
	char *kept[SCRATCH_KEPT_MAX];
	size_t n_kept;
};

/* Before the first document: the folders that are there now are kept. */
int scratch_init(struct scratch *scratch, struct err *err);

/* -errno: something in it cannot be removed, or made again. */
int scratch_clear(const struct scratch *scratch, struct err *err);

/*
 * Take `size` bytes from a pipe into the file. -EPIPE when the pipe ends
 * before, -errno with a sentence when the file cannot hold them.
 */
int scratch_fill(const char *path, int from_fd, uint64_t size, struct err *err);

/*
 * Open what a converter that may be hostile left at path, for reading, and
 * tell its size. -ENOENT if it is missing, empty, or no plain file; -EFBIG
 * above max.
 */
int scratch_open(const char *path, uint64_t max, uint64_t *size,
                 struct err *err);

/* Send exactly size bytes of the file to a pipe. */
int scratch_send(int fd, uint64_t size, int to_fd, struct err *err);

#endif
