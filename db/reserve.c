/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "db/reserve.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"

/* The log when it is written back (4000 pages of 4 kB), and half as much. */
#define WANTED ((int64_t)24 << 20)

static int open_file(const struct reserve *reserve)
{
	return open(reserve->path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW,
	            0600);
}

/* What a file may have: its own part of the disk, and half of the rest. */
static int64_t affordable(int fd, int64_t has)
{
	struct statvfs st;

	if (fstatvfs(fd, &st) < 0)
		return has;
	int64_t room = (int64_t)(st.f_bavail * st.f_frsize);
	int64_t all = has + (room - has) / 2;
	return all < has ? has : all < WANTED ? all : WANTED;
}

void reserve_take(struct reserve *reserve)
{
	if (reserve->size >= WANTED)
		return;
	int fd CLEANUP(fs_close) = open_file(reserve);
	if (fd < 0)
		return;
	int64_t size = affordable(fd, reserve->size);
	/* Blocks, not a hole: a hole would reserve nothing. */
	if (size > reserve->size &&
	    posix_fallocate(fd, reserve->size, size - reserve->size) == 0)
		reserve->size = size;
}

void reserve_give_up(struct reserve *reserve)
{
	int fd CLEANUP(fs_close) = open_file(reserve);

	if (fd >= 0 && ftruncate(fd, 0) == 0)
		reserve->size = 0;
}

void reserve_init(struct reserve *reserve, const char *db_path)
{
	struct stat st;

	reserve->path = xasprintf("%s-reserve", db_path);
	reserve->size = 0;
	if (stat(reserve->path, &st) == 0 && S_ISREG(st.st_mode))
		reserve->size = st.st_blocks * 512 < st.st_size
		                        ? st.st_blocks * 512
		                        : st.st_size;
	reserve_take(reserve);
}

void reserve_fini(struct reserve *reserve)
{
	free(reserve->path);
}
