/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_PAGE_FILE_H
#define SPOOL_PAGE_FILE_H

#include "spool/spool_private.h"

/*
 * The print data of a job while it is being made: sealed with a key of its own
 * into a file of pages/. It is the job's once the row names it; a file that no
 * row names is deleted at the next start.
 */
struct page_file;

/* "job-<id>-<run>"; a left-over of that name is replaced. */
int page_file_new(struct spool *spool, int64_t job_id, int run,
                  struct page_file **out, struct err *err);

/* 0 or -errno; after an error nothing more is written. */
int page_file_write(struct page_file *file, const void *data, size_t len);
int page_file_flush(struct page_file *file);  /* readable up to here */
int page_file_finish(struct page_file *file); /* complete */

/* fdatasync in the thread pool, and the folder; cb comes later. */
int page_file_sync(struct page_file *file, void (*cb)(int status, void *arg),
                   void *arg);

const char *page_file_name(const struct page_file *file);
int64_t page_file_bytes(const struct page_file *file); /* of plaintext */
const struct content_key *page_file_key(const struct page_file *file);
void page_file_unlink(struct page_file *file); /* NULL is fine */
void page_file_free(struct page_file *file);   /* keeps the file; NULL too */

#endif
