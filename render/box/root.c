/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/box/root.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "base/fs.h"
#include "base/mem.h"

/*
 * The new root grows on a file system in memory that is mounted over /tmp,
 * which every system has: nothing is written to a disk, and no name there can
 * be waited for by somebody else. The old root is below it until pivot_root
 * has put it on top of the new one (pivot_root(2), "."), where it is taken off.
 */
#define GROUND "/tmp"

/* A tmpfs with nothing that runs or has rights. */
static int mount_memory(const char *path, uint64_t bytes, const char *mode,
                        struct err *err)
{
	char options[64];

	snprintf(options, sizeof options, "size=%llu,mode=%s,nr_inodes=16384",
	         (unsigned long long)bytes, mode);
	if (mount("none", path, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
	          options) < 0)
		return err_errno(err, errno, "cannot mount '%s'", path);
	return 0;
}

static int make_parents(const char *path, struct err *err)
{
	char *copy CLEANUP(xfree) = xstrdup(path);

	for (char *slash = strchr(copy + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0755) < 0 && errno != EEXIST)
			return err_errno(err, errno, "cannot make '%s'", copy);
		*slash = '/';
	}
	return 0;
}

static int make_like(const char *path, const struct stat *st, struct err *err)
{
	int r = make_parents(path, err);

	if (r < 0)
		return r;
	if (S_ISDIR(st->st_mode)) {
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			return err_errno(err, errno, "cannot make '%s'", path);
		return 0;
	}
	int fd CLEANUP(fs_close) = open(path, O_WRONLY | O_CREAT, 0644);

	return fd < 0 ? err_errno(err, errno, "cannot make '%s'", path) : 0;
}

static int bind(const char *path, uint64_t attributes, struct err *err)
{
	char *target CLEANUP(xfree) = xasprintf(GROUND "%s", path);
	struct mount_attr attr = {.attr_set = attributes};
	struct stat st, shown;
	int r;

	if (stat(path, &st) < 0)
		return 0; /* not on this system */
	if (stat(target, &shown) == 0 && shown.st_dev == st.st_dev &&
	    shown.st_ino == st.st_ino)
		return 0; /* below a folder that is shown already */
	r = make_like(target, &st, err);
	if (r < 0)
		return r;
	if (mount(path, target, NULL, MS_BIND | MS_REC, NULL) < 0)
		return err_errno(err, errno, "cannot show '%s'", path);
	if (mount_setattr(AT_FDCWD, target, AT_RECURSIVE, &attr, sizeof attr) <
	    0)
		return err_errno(err, errno, "cannot protect '%s'", path);
	return 0;
}

static int bind_all(const char *const *paths, struct err *err)
{
	int r = 0;

	for (; r == 0 && *paths; paths++)
		r = bind(*paths,
		         MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
		                 MOUNT_ATTR_NODEV,
		         err);
	return r;
}

static int write_supplement(const struct box_supplement *file, const char *path,
                            struct err *err)
{
	char *folder CLEANUP(xfree) = xasprintf("%s/%s", path, file->subfolder);

	if (mkdir(folder, 0755) < 0 && errno != EEXIST)
		return err_errno(err, errno, "cannot make '%s'", folder);

	int dir CLEANUP(fs_close) = fs_open_dir(-1, folder, err);

	return dir < 0 ? dir
	               : fs_write_file(dir, file->name, 0644, file->text,
	                               strlen(file->text), err);
}

/* Where the folder is there, but without the file. */
static int supplement(const struct box_supplement *file, struct err *err)
{
	struct mount_attr attr = {.attr_set = MOUNT_ATTR_RDONLY};
	char *folder CLEANUP(xfree) = xasprintf(GROUND "%s", file->folder);
	char *path CLEANUP(xfree) =
		xasprintf("%s/%s/%s", folder, file->subfolder, file->name);
	int r;

	if (access(folder, F_OK) < 0 || access(path, F_OK) == 0)
		return 0;
	r = mount_memory(folder, 1 << 20, "0755", err);
	if (r == 0)
		r = write_supplement(file, folder, err);
	if (r == 0 &&
	    mount_setattr(AT_FDCWD, folder, 0, &attr, sizeof attr) < 0)
		r = err_errno(err, errno, "cannot protect '%s'", folder);
	return r;
}

static int supplement_all(const struct box_supplement *files, struct err *err)
{
	int r = 0;

	for (; r == 0 && files && files->folder; files++)
		r = supplement(files, err);
	return r;
}

static int bind_devices(struct err *err)
{
	static const char *const devices[] = {"/dev/null", "/dev/zero",
	                                      "/dev/full", "/dev/random",
	                                      "/dev/urandom"};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_LEN(devices); i++)
		r = bind(devices[i], MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC,
		         err);
	return r;
}

/* Where /usr is all there is, /lib and its like are links into it. */
static int copy_links(struct err *err)
{
	static const char *const links[] = {"/bin", "/sbin", "/lib", "/lib32",
	                                    "/lib64"};

	for (size_t i = 0; i < ARRAY_LEN(links); i++) {
		char *path CLEANUP(xfree) = xasprintf(GROUND "%s", links[i]);
		char target[64];
		ssize_t n = readlink(links[i], target, sizeof target - 1);
		int r = 0;

		if (n < 0 && errno == EINVAL)
			r = bind(links[i],
			         MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID, err);
		if (r < 0)
			return r;
		if (n <= 0)
			continue;
		target[n] = '\0';
		if (symlink(target, path) < 0)
			return err_errno(err, errno, "cannot link '%s'", path);
	}
	return 0;
}

/* Of its own pid namespace; a kernel that covers parts of /proc says EPERM. */
static int mount_proc(struct err *err)
{
	if (mkdir(GROUND "/proc", 0755) < 0 ||
	    mount("proc", GROUND "/proc", "proc",
	          MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		return err_errno(err, errno, "cannot mount '/proc'");
	return 0;
}

static int make_scratch(const struct box_role *role, struct err *err)
{
	int r;

	if (mkdir(GROUND "/tmp", 0700) < 0 ||
	    mkdir(GROUND "/dev/shm", 0700) < 0)
		return err_errno(err, errno, "cannot make '/tmp'");
	r = mount_memory(GROUND "/tmp", role->scratch_bytes, "0700", err);
	if (r == 0)
		r = mount_memory(GROUND "/dev/shm", role->shared_bytes, "0700",
		                 err);
	return r;
}

/* One user, whose home is the scratch space: some programs ask for it here. */
static int name_user(struct err *err)
{
	char *line CLEANUP(xfree) =
		xasprintf("nobody:x:%u:%u::/tmp:/usr/sbin/nologin\n", geteuid(),
	                  getegid());
	int fd CLEANUP(fs_close) = open(GROUND "/etc/passwd",
	                                O_WRONLY | O_CREAT | O_CLOEXEC, 0444);

	if (fd < 0)
		return err_errno(err, errno, "cannot make '/etc/passwd'");
	return fs_write_all(fd, line, strlen(line), err);
}

static int make_tree(const struct box_role *role, const char *const *extra,
                     struct err *err)
{
	int r = mount_memory(GROUND, 1 << 20, "0755", err);

	if (r == 0)
		r = bind_all(role->readable, err);
	if (r == 0)
		r = supplement_all(role->supplements, err);
	if (r == 0)
		r = copy_links(err);
	if (r == 0)
		r = bind_all(extra, err);
	if (r == 0)
		r = name_user(err);
	if (r == 0)
		r = bind_devices(err);
	if (r == 0)
		r = mount_proc(err);
	if (r == 0)
		r = make_scratch(role, err);
	return r;
}

static int change_root(struct err *err)
{
	struct mount_attr attr = {.attr_set = MOUNT_ATTR_RDONLY};

	if (chdir(GROUND) < 0 || syscall(SYS_pivot_root, ".", ".") < 0 ||
	    umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
		return err_errno(err, errno, "cannot change the root");
	if (mount_setattr(AT_FDCWD, "/", 0, &attr, sizeof attr) < 0)
		return err_errno(err, errno, "cannot protect the root");
	if (chdir("/tmp") < 0)
		return err_errno(err, errno, "cannot enter '/tmp'");
	return 0;
}

int box_root_enter(const struct box_role *role, const char *const *extra,
                   struct err *err)
{
	int r;

	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return err_errno(err, errno, "cannot have mounts of its own");
	r = make_tree(role, extra, err);
	return r == 0 ? change_root(err) : r;
}
