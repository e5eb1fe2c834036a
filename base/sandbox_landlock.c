/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/sandbox_mechanism.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <linux/landlock.h>

#include "base/fs.h"
#include "base/mem.h"

/*
 * Landlock (since Linux 5.13): the file system, but for the role's paths, is
 * gone. The kernel says which ABI it has; the newer ones handle more rights.
 * Debian 12's header knows two of them, so the later bits are named here.
 */
struct ruleset {
	uint64_t handled_fs;
	uint64_t handled_net; /* ABI 4 */
	uint64_t scoped;      /* ABI 6 */
};

#define FS_READ       (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FS_ABI_1      ((UINT64_C(1) << 13) - 1)
#define FS_REFER      (UINT64_C(1) << 13) /* ABI 2 */
#define FS_TRUNCATE   (UINT64_C(1) << 14) /* ABI 3 */
#define FS_IOCTL_DEV  (UINT64_C(1) << 15) /* ABI 5 */
#define NET_TCP       UINT64_C(3)         /* ABI 4: bind, connect */
#define SCOPE_ALL     UINT64_C(3)         /* ABI 6: abstract sockets, signals */
#define PROBE_VERSION (1U << 0)

static size_t ruleset_for(int abi, struct ruleset *out)
{
	*out = (struct ruleset){.handled_fs = FS_ABI_1};
	if (abi >= 2)
		out->handled_fs |= FS_REFER;
	if (abi >= 3)
		out->handled_fs |= FS_TRUNCATE;
	if (abi >= 4)
		out->handled_net = NET_TCP;
	if (abi >= 5)
		out->handled_fs |= FS_IOCTL_DEV;
	if (abi >= 6)
		out->scoped = SCOPE_ALL;
	return abi >= 6   ? sizeof *out
	       : abi >= 4 ? __builtin_offsetof(struct ruleset, scoped)
	                  : __builtin_offsetof(struct ruleset, handled_net);
}

#define FS_OF_FILES                                                            \
	(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE |           \
	 LANDLOCK_ACCESS_FS_WRITE_FILE | FS_TRUNCATE | FS_IOCTL_DEV)

static int allow(int ruleset, const char *path, uint64_t access,
                 struct err *err)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = access};
	int fd CLEANUP(fs_close) = open(path, O_PATH | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return 0; /* not on this system: nothing to allow */
	if (fstat(fd, &st) < 0)
		return err_errno(err, errno, "cannot stat '%s'", path);
	if (!S_ISDIR(st.st_mode))
		rule.allowed_access &= FS_OF_FILES;
	rule.parent_fd = fd;
	if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH,
	            &rule, 0) < 0)
		return err_errno(err, errno, "landlock refuses '%s'", path);
	return 0;
}

static int allow_all(int ruleset, const char *const *paths, uint64_t access,
                     struct err *err)
{
	int r = 0;

	for (; r == 0 && paths && *paths; paths++)
		r = allow(ruleset, *paths, access, err);
	return r;
}

int sandbox_landlock_apply(const struct sandbox_role *role, int *abi,
                           struct err *err)
{
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, PROBE_VERSION);
	struct ruleset attr;
	size_t size;
	int r;

	if (version < 1)
		return 1;
	size = ruleset_for((int)version, &attr);

	int fd CLEANUP(fs_close) =
		(int)syscall(SYS_landlock_create_ruleset, &attr, size, 0);
	if (fd < 0)
		return err_errno(err, errno, "cannot make a landlock ruleset");
	r = allow_all(fd, role->readable,
	              role->runs_programs ? FS_READ | LANDLOCK_ACCESS_FS_EXECUTE
	                                  : FS_READ,
	              err);
	if (r == 0)
		r = allow_all(fd, role->writable, attr.handled_fs, err);
	if (r < 0)
		return r;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_errno(err, errno, "cannot set no_new_privs");
	if (syscall(SYS_landlock_restrict_self, fd, 0) < 0)
		return err_errno(err, errno, "cannot enter landlock");
	*abi = (int)version;
	return 0;
}
