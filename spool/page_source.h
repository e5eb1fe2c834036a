/* SPDX-License-Identifier: AGPL-3.0-or-later */
#ifndef SPOOL_PAGE_SOURCE_H
#define SPOOL_PAGE_SOURCE_H

#include "base/buf.h"
#include "spool/content.h"
#include "spool/documents.h"

/*
 * The stored pages of a job, decrypted, document by document. The file may
 * still grow. Where a document begins before the last one ended, the file is
 * read from its beginning again: its encryption knows no other way.
 */
struct page_source;

/* `name` in the folder `dir`. */
int page_source_open(int dir, const char *name, const struct content_key *key,
                     struct page_source **out, struct err *err);
void page_source_free(struct page_source *source); /* NULL is fine */

/* From now on these, of the caller, until they are read. */
void page_source_begin(struct page_source *source,
                       const struct document_range *ranges, size_t n);

enum page_source_read {
	PAGE_SOURCE_DATA,
	PAGE_SOURCE_WAIT, /* nothing more is in the file, which is not whole */
	PAGE_SOURCE_END,  /* of the document */
};

/*
 * Append some of it to *out. < 0: damaged. A document to the end of the file
 * ends only where the file is whole.
 */
int page_source_read(struct page_source *source, struct buf *out,
                     struct err *err);

#endif
