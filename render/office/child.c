/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "render/office/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/sandbox.h"
#include "base/sandbox_mechanism.h"
#include "render/office/kit.h"
#include "render/office/scratch.h"

/*
 *   start    fork; the child locks itself in and waits
 *   convert  the type and the seconds go over the pipe; the child converts
 *            and ends, its exit status is the answer
 *   reap     at its end, or after its time, all other processes of the box
 *            are killed: whatever a document started is gone before the next
 *            one comes
 */
struct order {
	char type[16];
	unsigned max_pages, seconds;
};

void child_document_path(char *out, const char *type)
{
	snprintf(out, CHILD_PATH_SIZE, SCRATCH_FOLDER "/document.%s", type);
}

/*
 * Writing is left to it in its own folder alone: the profile, and with it the
 * settings that forbid macros, stays as it is for the next document.
 */
static int lock_in(void)
{
	static const char *const everything[] = {"/", NULL};
	static const char *const writable[] = {SCRATCH_FOLDER, "/dev/null",
	                                       "/proc/self", NULL};
	const struct sandbox_role rights = {
		.readable = everything,
		.writable = writable,
	};
	int abi;

	return sandbox_landlock_apply(&rights, &abi, NULL);
}

static void limit_cpu(unsigned seconds)
{
	const struct rlimit limit = {seconds, seconds + 2};

	setrlimit(RLIMIT_CPU, &limit);
}

static _Noreturn void be_child(int go_fd)
{
	char document[CHILD_PATH_SIZE];
	char *url CLEANUP(xfree) = NULL;
	struct order order;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (lock_in() < 0 || read(go_fd, &order, sizeof order) != sizeof order)
		_exit(KIT_NOT_STARTED);
	limit_cpu(order.seconds);
	order.type[sizeof order.type - 1] = '\0';
	child_document_path(document, order.type);
	url = xasprintf("file://%s", document);
	_exit(kit_convert(url, "file://" CHILD_PDF_PATH, order.max_pages));
}

int child_start(struct child *child, const int not_for_it[2], struct err *err)
{
	int go[2];
	pid_t pid;

	if (pipe2(go, O_CLOEXEC) < 0)
		return err_errno(err, errno, "cannot make a pipe");
	pid = fork();
	if (pid < 0) {
		close(go[0]);
		close(go[1]);
		return err_errno(err, errno, "cannot fork");
	}
	if (pid == 0) {
		close(go[1]);
		for (size_t i = 0; i < 2; i++)
			close(not_for_it[i]);
		be_child(go[0]);
	}
	close(go[0]);
	*child = (struct child){.pid = pid, .go_fd = go[1]};
	return 0;
}

static bool ends_within(pid_t pid, unsigned seconds)
{
	int fd CLEANUP(fs_close) = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd ended = {.fd = fd, .events = POLLIN};

	return fd >= 0 && poll(&ended, 1, (int)seconds * 1000) == 1;
}

/* kill(-1): everything here but us and the first process of the box. */
static int reap(pid_t pid)
{
	int status = 0, other;

	kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	kill(-1, SIGKILL);
	while (waitpid(-1, &other, 0) > 0)
		;
	return status;
}

void child_drop(struct child *child)
{
	close(child->go_fd);
	reap(child->pid);
}

static int end_of(int status)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) <= KIT_UNWRITABLE)
		return WEXITSTATUS(status);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
		return CHILD_TOO_LONG;
	return CHILD_BROKE;
}

int child_convert(struct child *child, const char *type, unsigned max_pages,
                  unsigned seconds)
{
	struct order order = {.max_pages = max_pages, .seconds = seconds};
	bool ended;
	int status;

	snprintf(order.type, sizeof order.type, "%s", type);
	signal(SIGPIPE, SIG_IGN);
	ended = fs_write_all(child->go_fd, &order, sizeof order, NULL) == 0 &&
	        ends_within(child->pid, seconds);
	close(child->go_fd);
	child->go_fd = -1;
	status = reap(child->pid);
	return ended ? end_of(status) : CHILD_TOO_LONG;
}
