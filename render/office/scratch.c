/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/office/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "base/mem.h"

#define CHUNK      (256 * 1024)
#define DEPTH_OPEN 16

static int remove_entry(const char *path, const struct stat *st, int kind,
                        struct FTW *ftw)
{
	return ftw->level > 0 && remove(path) < 0 ? -1 : 0;
}

int scratch_init(struct scratch *scratch, struct err *err)
{
	DIR *dir = opendir(SCRATCH_FOLDER);
	struct dirent *entry;

	if (!dir)
		return err_errno(err, errno, "cannot read the scratch folder");
	while ((entry = readdir(dir)))
		if (entry->d_type == DT_DIR && entry->d_name[0] != '.' &&
		    scratch->n_kept < SCRATCH_KEPT_MAX)
			scratch->kept[scratch->n_kept++] =
				xasprintf("%s/%s", SCRATCH_FOLDER,
			                  entry->d_name);
	closedir(dir);
	return 0;
}

/* Links are removed, never followed. */
int scratch_clear(const struct scratch *scratch, struct err *err)
{
	if (nftw(SCRATCH_FOLDER, remove_entry, DEPTH_OPEN,
	         FTW_DEPTH | FTW_PHYS) < 0)
		return err_errno(err, errno, "cannot empty the scratch folder");
	for (size_t i = 0; i < scratch->n_kept; i++)
		if (mkdir(scratch->kept[i], 0700) < 0)
			return err_errno(err, errno, "cannot make '%s'",
			                 scratch->kept[i]);
	return 0;
}

static ssize_t read_some(int fd, void *data, size_t len)
{
	ssize_t n;

	do
		n = read(fd, data, len);
	while (n < 0 && errno == EINTR);
	return n;
}

/* 0 with all of it copied; what cannot be written is read all the same. */
static int copy(int from_fd, int to_fd, uint64_t size, struct err *err)
{
	char *chunk CLEANUP(xfree) = xmalloc(CHUNK);
	int r = 0;

	while (size > 0) {
		size_t want = size < CHUNK ? (size_t)size : CHUNK;
		ssize_t n = read_some(from_fd, chunk, want);

		if (n <= 0)
			return err_set(err, -EPIPE, "the bytes end too early");
		if (r == 0)
			r = fs_write_all(to_fd, chunk, (size_t)n, err);
		size -= (uint64_t)n;
	}
	return r;
}

int scratch_fill(const char *path, int from_fd, uint64_t size, struct err *err)
{
	int fd CLEANUP(fs_close) =
		open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_errno(err, errno, "cannot make a scratch file");
	return copy(from_fd, fd, size, err);
}

int scratch_open(const char *path, uint64_t max, uint64_t *size,
                 struct err *err)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	int r = 0;

	if (fd < 0)
		return err_set(err, -ENOENT, "there is no result");
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size <= 0)
		r = err_set(err, -ENOENT, "there is no result");
	else if ((uint64_t)st.st_size > max)
		r = err_set(err, -EFBIG, "the result is too large");
	if (r < 0) {
		fs_close(fd);
		return r;
	}
	*size = (uint64_t)st.st_size;
	return fd;
}

int scratch_send(int fd, uint64_t size, int to_fd, struct err *err)
{
	return copy(fd, to_fd, size, err);
}
