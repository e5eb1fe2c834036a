/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "spool/page_file.h"

#include <errno.h>
#include <fcntl.h>

#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"

struct page_file {
	struct spool *spool;
	char name[64];
	struct content_key key;
	struct content_seal *seal;
	struct buf sealed;
	int fd;
	int64_t bytes;
	int status; /* the first failure */
	uv_work_t sync;
	int sync_status;
	void (*sync_cb)(int status, void *arg);
	void *sync_arg;
};

void page_file_free(struct page_file *file)
{
	if (!file)
		return;
	content_seal_free(file->seal);
	content_key_forget(&file->key);
	buf_fini(&file->sealed);
	fs_close(file->fd);
	free(file);
}

int page_file_new(struct spool *spool, int64_t job_id, int run,
                  struct page_file **out, struct err *err)
{
	struct page_file *file = xcalloc(1, sizeof *file);

	file->spool = spool;
	snprintf(file->name, sizeof file->name, "job-%lld-%d",
	         (long long)job_id, run);
	file->fd = openat(spool->pages_dir, file->name,
	                  O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
	                  0600);
	if (file->fd < 0) {
		int r = err_errno(err, errno, "cannot store pages");

		page_file_free(file);
		return r;
	}
	content_key_random(&file->key);
	file->seal = content_seal_new(&file->key, &file->sealed);
	content_seal_hurry(file->seal);
	*out = file;
	return 0;
}

static int put(struct page_file *file)
{
	if (file->status == 0 && file->sealed.len > 0)
		file->status = fs_write_all(file->fd, file->sealed.data,
		                            file->sealed.len, NULL);
	buf_clear(&file->sealed);
	return file->status;
}

int page_file_write(struct page_file *file, const void *data, size_t len)
{
	if (file->status < 0)
		return file->status;
	file->bytes += (int64_t)len;
	content_seal_write(file->seal, data, len, &file->sealed);
	return put(file);
}

int page_file_flush(struct page_file *file)
{
	if (file->status == 0)
		content_seal_flush(file->seal, &file->sealed);
	return put(file);
}

int page_file_finish(struct page_file *file)
{
	if (file->status == 0)
		content_seal_end(file->seal, &file->sealed);
	return put(file);
}

static void do_sync(uv_work_t *request)
{
	struct page_file *file = request->data;

	if (fdatasync(file->fd) < 0 || fsync(file->spool->pages_dir) < 0)
		file->sync_status = -errno;
}

static void on_synced(uv_work_t *request, int status)
{
	struct page_file *file = request->data;

	file->sync_cb(status < 0 ? status : file->sync_status, file->sync_arg);
}

int page_file_sync(struct page_file *file, void (*cb)(int status, void *arg),
                   void *arg)
{
	file->sync.data = file;
	file->sync_cb = cb;
	file->sync_arg = arg;
	return uv_queue_work(file->spool->loop, &file->sync, do_sync,
	                     on_synced);
}

const char *page_file_name(const struct page_file *file)
{
	return file->name;
}

int64_t page_file_bytes(const struct page_file *file)
{
	return file->bytes;
}

const struct content_key *page_file_key(const struct page_file *file)
{
	return &file->key;
}

void page_file_unlink(struct page_file *file)
{
	struct err err = {0};

	if (file && fs_unlink(file->spool->pages_dir, file->name, &err) < 0)
		log_error("pages: %s", err.text);
}
