/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/mem.h"

int fs_write_all(int fd, const void *data, size_t len, struct err *err)
{
	const char *p = data;

	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, errno, "cannot write");
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

int fs_pread_all(int fd, void *data, size_t len, int64_t offset,
                 struct err *err)
{
	char *p = data;

	while (len > 0) {
		ssize_t n = pread(fd, p, len, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, errno, "cannot read");
		if (n == 0)
			return err_set(err, -ENODATA, "the file ends early");
		p += n;
		offset += n;
		len -= (size_t)n;
	}
	return 0;
}

int fs_read_file(int dir, const char *name, size_t max, char **out, size_t *len,
                 struct err *err)
{
	int fd CLEANUP(fs_close) = openat(dir, name, O_RDONLY | O_CLOEXEC);
	char *data CLEANUP(xfree) = NULL;
	struct stat st;
	int r;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_errno(err, errno, "cannot open '%s'", name);
	if (!S_ISREG(st.st_mode))
		return err_set(err, -EINVAL, "'%s' is not a regular file",
		               name);
	if ((uint64_t)st.st_size > max)
		return err_set(err, -EFBIG, "'%s' is larger than %zu bytes",
		               name, max);
	data = xmalloc((size_t)st.st_size + 1);
	r = fs_pread_all(fd, data, (size_t)st.st_size, 0, err);
	if (r < 0)
		return err_wrap(err, r, "'%s'", name);
	data[st.st_size] = '\0';
	*len = (size_t)st.st_size;
	*out = TAKE(data);
	return 0;
}

int fs_sync_dir(int dir, struct err *err)
{
	if (fsync(dir) < 0)
		return err_errno(err, errno, "cannot sync the folder");
	return 0;
}

int fs_publish(int dir, int fd, const char *tmp, const char *name,
               struct err *err)
{
	if (fdatasync(fd) < 0)
		return err_errno(err, errno, "cannot sync '%s'", tmp);
	if (renameat(dir, tmp, dir, name) < 0)
		return err_errno(err, errno, "cannot rename '%s' to '%s'", tmp,
		                 name);
	return fs_sync_dir(dir, err);
}

int fs_write_file(int dir, const char *name, int mode, const void *data,
                  size_t len, struct err *err)
{
	char tmp[NAME_MAX];
	int fd CLEANUP(fs_close) = -1;
	int r;

	snprintf(tmp, sizeof tmp, "%s.tmp", name);
	fd = openat(dir, tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	if (fd < 0)
		return err_errno(err, errno, "cannot create '%s'", tmp);
	r = fs_write_all(fd, data, len, err);
	if (r < 0)
		return err_wrap(err, r, "'%s'", tmp);
	return fs_publish(dir, fd, tmp, name, err);
}

int fs_open_dir(int dir, const char *path, struct err *err)
{
	int fd;

	if (mkdirat(dir, path, 0700) < 0 && errno != EEXIST)
		return err_errno(err, errno, "cannot make the folder '%s'",
		                 path);
	fd = openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_errno(err, errno, "cannot open the folder '%s'",
		                 path);
	return fd;
}

int fs_unlink(int dir, const char *name, struct err *err)
{
	if (unlinkat(dir, name, 0) < 0 && errno != ENOENT)
		return err_errno(err, errno, "cannot delete '%s'", name);
	return 0;
}

int64_t fs_free_bytes(int dir)
{
	struct statvfs st;

	if (fstatvfs(dir, &st) < 0)
		return -errno;
	return (int64_t)st.f_bavail * (int64_t)st.f_frsize;
}

void fs_close(int fd)
{
	if (fd >= 0)
		close(fd);
}
