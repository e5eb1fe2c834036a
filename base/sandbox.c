/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <linux/capability.h>
#include <linux/close_range.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/sandbox_mechanism.h"

#define NOBODY 65534

int sandbox_user_apply(struct err *err)
{
	if (geteuid() != 0)
		return 1;
	if (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
	    setresuid(NOBODY, NOBODY, NOBODY) < 0)
		return err_errno(err, errno, "cannot become nobody");
	if (setuid(0) == 0)
		return err_set(err, -EPERM, "can become root again");
	return 0;
}

/* A new user namespace gives all capabilities inside it: none is wanted. */
int sandbox_capabilities_drop(struct err *err)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};

	if (syscall(SYS_capset, &header, none) < 0)
		return err_errno(err, errno, "cannot drop capabilities");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_errno(err, errno, "cannot set no_new_privs");
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return err_errno(err, errno, "cannot forbid tracing");
	return 0;
}

/* Before the filter, which would kill or refuse the attempts themselves. */
static int prove_boxed(const struct sandbox_report *report, struct err *err)
{
	if (report->landlock) {
		int fd CLEANUP(fs_close) = open("/etc/passwd", O_RDONLY);

		if (fd >= 0)
			return err_set(err, -EPERM,
			               "landlock holds, yet a file opens");
	}
	if (report->namespaces) {
		struct sockaddr_in peer = {
			.sin_family = AF_INET,
			.sin_port = htons(9),
			.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		};
		int fd CLEANUP(fs_close) = socket(AF_INET, SOCK_DGRAM, 0);

		if (fd >= 0 &&
		    connect(fd, (struct sockaddr *)&peer, sizeof peer) == 0)
			return err_set(err, -EPERM,
			               "own network, yet an address answers");
	}
	return 0;
}

static int prove_filtered(struct err *err)
{
	int writing CLEANUP(fs_close) = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int fd CLEANUP(fs_close) = socket(AF_UNIX, SOCK_STREAM, 0);

	if (writing >= 0)
		return err_set(err, -EPERM,
		               "filtered, yet a file opens to write");
	if (fd >= 0)
		return err_set(err, -EPERM,
		               "filtered, yet a socket can be had");
	return 0;
}

static int leave_world(struct sandbox_report *report, struct err *err)
{
	int r;

	syscall(SYS_close_range, SANDBOX_LAST_FD + 1, ~0U, 0);
	r = sandbox_user_apply(err);
	if (r < 0)
		return r;
	report->user = r == 0;
	r = sandbox_namespace_enter(err);
	if (r < 0)
		return r;
	report->namespaces = r == 0;
	return sandbox_capabilities_drop(err);
}

static int close_box(const struct sandbox_role *role,
                     struct sandbox_report *report, struct err *err)
{
	int r = sandbox_limits_apply(role, err);

	if (r < 0)
		return r;
	report->limits = true;
	r = sandbox_landlock_apply(role, &report->landlock, err);
	if (r >= 0)
		r = prove_boxed(report, err);
	if (r < 0)
		return r;
	r = sandbox_seccomp_apply(err);
	if (r < 0)
		return r;
	report->seccomp = r == 0;
	return report->seccomp ? prove_filtered(err) : 0;
}

int sandbox_enter(const struct sandbox_role *role,
                  struct sandbox_report *report, struct err *err)
{
	int r;

	*report = (struct sandbox_report){0};
	r = leave_world(report, err);
	if (r < 0)
		return r;
	return close_box(role, report, err);
}

bool sandbox_holds(const struct sandbox_report *report)
{
	return report->namespaces || report->landlock > 0 || report->seccomp;
}

char *sandbox_describe(const struct sandbox_report *report, char *out,
                       size_t size)
{
	char landlock[32] = "";

	if (report->landlock)
		snprintf(landlock, sizeof landlock, " landlock-%d",
		         report->landlock);
	snprintf(out, size, "%s%s%s%s%s", report->user ? "nobody" : "same-user",
	         report->namespaces ? " namespaces" : "", landlock,
	         report->seccomp ? " seccomp" : "",
	         report->limits ? " limits" : "");
	return out;
}
