/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/sandbox_mechanism.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <linux/close_range.h>

#include "base/fs.h"
#include "base/mem.h"

/*
 * Own user, pid, net, ipc and uts namespaces: no other process to signal or
 * trace, no network but a loopback that is down. A pid namespace begins with
 * the next child, hence one fork:
 *
 *   outer    (asked for by the daemon)  waits, ends as inner ended
 *   inner    (pid 1 of the namespace)   does the work; when it ends the kernel
 *                                       kills whatever it left behind
 *
 * Both ask to be killed with their parent. A pipe closes the gap between fork
 * and that request: if outer is already gone, its end is.
 */
static _Noreturn void end_like(int status)
{
	if (WIFSIGNALED(status)) {
		struct rlimit none = {0, 0};

		setrlimit(RLIMIT_CORE, &none);
		signal(WTERMSIG(status), SIG_DFL);
		raise(WTERMSIG(status));
		/* The first process of a namespace does not die of signals. */
		_exit(128 + WTERMSIG(status));
	}
	_exit(WEXITSTATUS(status));
}

_Noreturn void sandbox_wait_for(pid_t child)
{
	int status = 0;
	pid_t pid;

	/* Its pipes must close when it closes them, not when we end. */
	syscall(SYS_close_range, 0, SANDBOX_LAST_FD, 0);
	do
		pid = wait(&status);
	while (pid != child && (pid > 0 || errno == EINTR));
	end_like(status);
}

int sandbox_die_with_parent(int alive_fd, struct err *err)
{
	struct pollfd alive = {.fd = alive_fd};

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return err_errno(err, errno, "cannot tie to the parent");
	if (poll(&alive, 1, 0) != 0)
		_exit(0);
	return 0;
}

/* Below, a process that closes what the program uses would close it too. */
int sandbox_pipe(int ends[2], struct err *err)
{
	int low[2];

	if (pipe2(low, O_CLOEXEC) < 0)
		return err_errno(err, errno, "cannot make a pipe");
	for (int i = 0; i < 2; i++) {
		ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, SANDBOX_LAST_FD + 1);
		close(low[i]);
	}
	if (ends[0] >= 0 && ends[1] >= 0)
		return 0;
	fs_close(ends[0]);
	fs_close(ends[1]);
	return err_set(err, -EMFILE, "cannot make a pipe");
}

/*
 * The fork comes between unshare(CLONE_NEWPID) and any thread. The user
 * namespace maps nobody: whoever we are outside, inside we own nothing.
 */
int sandbox_namespace_enter(struct err *err)
{
	int alive[2];
	pid_t inner;
	int r;

	if (unshare(CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC |
	            CLONE_NEWUTS) < 0)
		return 1; /* switched off by the admin, or inside a container */
	r = sandbox_pipe(alive, err);
	if (r < 0)
		return r;
	inner = fork();
	if (inner < 0)
		return err_errno(err, errno, "cannot fork");
	if (inner > 0) {
		close(alive[0]);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		sandbox_wait_for(inner);
	}
	close(alive[1]);
	r = sandbox_die_with_parent(alive[0], err);
	close(alive[0]);
	return r;
}
