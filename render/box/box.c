/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/box/box.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/sandbox.h"
#include "base/sandbox_mechanism.h"
#include "render/box/filter.h"
#include "render/box/root.h"

/*
 *   outer     (asked for by the daemon)  waits, ends as inner ended
 *   inner     (pid 1 of the namespace)   makes the box, collects orphans; when
 *                                        it ends the kernel kills all the rest
 *   program   returns from box_enter()
 *
 * outer and inner ask to be killed with their parent; what the kernel forgets
 * between a fork and that request is caught by asking whether the parent is
 * still there afterwards: by number outside, by a pipe inside.
 */

static int write_proc(const char *path, const char *text, struct err *err)
{
	int fd CLEANUP(fs_close) = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return err_errno(err, errno, "cannot open '%s'", path);
	return fs_write_all(fd, text, strlen(text), err);
}

/*
 * One user, itself: files that it makes need an owner. The map is written by
 * the process itself, which after a change of user owns its /proc entries only
 * if it is "dumpable".
 */
static int make_namespaces(struct err *err)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	char map[64];
	int r;

	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	if (unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET |
	            CLONE_NEWIPC | CLONE_NEWUTS) < 0)
		return err_errno(err, errno, "cannot make namespaces");
	r = write_proc("/proc/self/setgroups", "deny", err);
	snprintf(map, sizeof map, "%u %u 1\n", uid, uid);
	if (r == 0)
		r = write_proc("/proc/self/uid_map", map, err);
	snprintf(map, sizeof map, "%u %u 1\n", gid, gid);
	return r == 0 ? write_proc("/proc/self/gid_map", map, err) : r;
}

static int lock_up(const struct box_role *role, const char *const *extra,
                   struct err *err)
{
	/* What is there is what may be read: root.c has made it so. */
	static const char *const everything[] = {"/", NULL};
	static const char *const writable[] = {"/tmp", "/dev", "/proc", NULL};
	const struct sandbox_role rights = {
		.readable = everything,
		.writable = writable,
		.runs_programs = true,
		.data = role->data_bytes,
		.file_bytes = role->scratch_bytes,
		.files = role->files,
		.processes = role->processes,
	};
	int abi, r;

	r = box_root_enter(role, extra, err);
	if (r == 0)
		r = sandbox_limits_apply(&rights, err);
	if (r == 0)
		r = sandbox_capabilities_drop(err);
	if (r == 0)
		r = sandbox_landlock_apply(&rights, &abi, err);
	return r < 0 ? r : box_filter_apply(err);
}

static int run_inner(const struct box_role *role, const char *const *extra,
                     int alive_fd, struct err *err)
{
	pid_t program;
	int r = sandbox_die_with_parent(alive_fd, err);

	if (r == 0)
		r = lock_up(role, extra, err);
	if (r < 0)
		return r;
	program = fork();
	if (program < 0)
		return err_errno(err, errno, "cannot fork");
	if (program > 0)
		sandbox_wait_for(program);
	return 0;
}

int box_enter(const struct box_role *role, const char *const *extra,
              struct err *err)
{
	pid_t parent = getppid(), inner;
	int alive[2], r;

	syscall(SYS_close_range, SANDBOX_LAST_FD + 1, ~0U, 0);
	r = sandbox_user_apply(err);
	if (r >= 0)
		r = make_namespaces(err);
	if (r < 0)
		return r;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return err_errno(err, errno, "cannot tie to the parent");
	if (getppid() != parent)
		_exit(0);
	r = sandbox_pipe(alive, err);
	if (r < 0)
		return r;
	inner = fork();
	if (inner < 0)
		return err_errno(err, errno, "cannot fork");
	if (inner > 0)
		sandbox_wait_for(inner);
	close(alive[1]);
	r = run_inner(role, extra, alive[0], err);
	close(alive[0]);
	return r;
}
