/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/page_source.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"

struct page_source {
	int fd;
	struct content_key key;
	struct content_open *open;
	struct buf plain; /* decrypted, not asked for yet */
	int64_t at;       /* where in the document its first byte stands */
	const struct document_range *ranges; /* borrowed */
	size_t n;
};

static void rewind_file(struct page_source *source)
{
	content_open_free(source->open);
	source->open = content_open_new(&source->key);
	buf_clear(&source->plain);
	source->at = 0;
}

int page_source_open(int dir, const char *name, const struct content_key *key,
                     struct page_source **out, struct err *err)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct page_source *source;

	if (fd < 0)
		return err_errno(err, errno,
		                 "the stored pages cannot be opened");
	source = xcalloc(1, sizeof *source);
	source->fd = fd;
	source->key = *key;
	rewind_file(source);
	*out = source;
	return 0;
}

void page_source_free(struct page_source *source)
{
	if (!source)
		return;
	content_open_free(source->open);
	content_key_forget(&source->key);
	buf_fini(&source->plain);
	fs_close(source->fd);
	free(source);
}

void page_source_begin(struct page_source *source,
                       const struct document_range *ranges, size_t n)
{
	source->ranges = ranges;
	source->n = n;
	if (n > 0 && ranges[0].begin < source->at) {
		lseek(source->fd, 0, SEEK_SET);
		rewind_file(source);
	}
}

static void drop(struct page_source *source, size_t n)
{
	buf_consume(&source->plain, n);
	source->at += (int64_t)n;
}

/* What there is of the first range, which may lie further on. */
static bool take(struct page_source *source, struct buf *out)
{
	const struct document_range *range = source->ranges;
	int64_t skip = range->begin - source->at, n;

	if (skip > 0)
		drop(source, skip < (int64_t)source->plain.len
		                     ? (size_t)skip
		                     : source->plain.len);
	n = range->end - source->at;
	if (n > (int64_t)source->plain.len)
		n = (int64_t)source->plain.len;
	if (n <= 0)
		return false;
	buf_append(out, source->plain.data, (size_t)n);
	drop(source, (size_t)n);
	if (source->at == range->end) {
		source->ranges++;
		source->n--;
	}
	return true;
}

/* At the end of the file. */
static int ended(struct page_source *source, struct err *err)
{
	if (!content_open_is_whole(source->open))
		return PAGE_SOURCE_WAIT;
	if (source->n == 1 && source->ranges->end == INT64_MAX) {
		source->n = 0;
		return PAGE_SOURCE_END;
	}
	return err_set(err, -EBADMSG, "the stored pages are cut");
}

int page_source_read(struct page_source *source, struct buf *out,
                     struct err *err)
{
	char room[CONTENT_CHUNK];

	while (source->n > 0 && !take(source, out)) {
		ssize_t n = read(source->fd, room, sizeof room);
		int r;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, errno,
			                 "the stored pages cannot be read");
		if (n == 0)
			return ended(source, err);
		r = content_open_write(source->open, room, (size_t)n,
		                       &source->plain, err);
		if (r < 0)
			return r;
	}
	return source->n == 0 && out->len == 0 ? PAGE_SOURCE_END
	                                       : PAGE_SOURCE_DATA;
}
