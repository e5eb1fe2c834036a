/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef BASE_FS_H
#define BASE_FS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/err.h"

/*
 * Files that last. All calls block; use them at start, in a thread, or for
 * small things. Descriptors are opened close-on-exec. Failures are -errno with
 * a sentence that names the file.
 */

/* Write all of it at the descriptor's position; retries short writes, EINTR. */
int fs_write_all(int fd, const void *data, size_t len, struct err *err);

/* Read exactly len bytes at offset; -ENODATA when the file ends before. */
int fs_pread_all(int fd, void *data, size_t len, int64_t offset,
                 struct err *err);

/* The whole file, at most max bytes (else -EFBIG); *out is the caller's. */
int fs_read_file(int dir, const char *name, size_t max, char **out, size_t *len,
                 struct err *err);

/*
 * Publish: fdatasync(fd), rename tmp to name within dir, fsync(dir). After 0
 * the name survives a power cut with all bytes written to fd. On failure tmp
 * may still exist; fsync failures are final (the kernel may have dropped the
 * pages), so do not retry: tell the peer to try again later.
 */
int fs_publish(int dir, int fd, const char *tmp, const char *name,
               struct err *err);

/* Write a small file durably: temporary name, then fs_publish(). */
int fs_write_file(int dir, const char *name, int mode, const void *data,
                  size_t len, struct err *err);

/* Make the folder if it is missing (mode 0700) and open it. fd or -errno. */
int fs_open_dir(int dir, const char *path, struct err *err);

/* unlink, where "was not there" is success; no fsync. */
int fs_unlink(int dir, const char *name, struct err *err);

int fs_sync_dir(int dir, struct err *err);

/* Bytes an unprivileged writer may still use on dir's file system, or -errno.
 */
int64_t fs_free_bytes(int dir);

/* close() unless fd < 0. */
void fs_close(int fd);
DEFINE_CLEANUP(int, fs_close)

#endif
